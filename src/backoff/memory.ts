/**
 * What a client remembers between retries, beside its policy. Plain JSON, so that it can be a part of a machine's state.
 *
 * Two numbers are enough for most policies. What `kept` holds is only there for policies that ask for it.
 */
import { type Duration, type Instant, ZERO } from '../time.ts';
import { credited, newKept } from './limits.ts';
import { ATTEMPT_MAX, type Policy } from './policy.ts';

export interface BackoffMemory {
  /** Retries scheduled since the last reset: 0 before the first, saturating at `ATTEMPT_MAX`. */
  readonly attempt: number;
  /** The wait drawn last, 0 before the first; with `measuredFrom` `dial` as it counts from the dial. */
  readonly previous: Duration;
  readonly kept?: Kept;
}

/** Where a client stands on one curve. */
export interface Place {
  /** Retries that this curve gave since the last reset, and the last of its waits. */
  readonly attempt: number;
  readonly previous: Duration;
  /** The draw of the last one: `decorrelated-v2` goes on from there. */
  readonly luck: number;
}

export interface Kept {
  /** When the last retry was scheduled; -1 before the first. */
  readonly at: number;
  /** The place on the policy's own curve, then on that of each mode. */
  readonly places: readonly Place[];
  /** What the bucket holds, in millionths of a token, as of `refilledAt`. */
  readonly tokens: number;
  readonly refilledAt: number;
  /** When the last dials of a window began, the oldest first. */
  readonly dials: readonly number[];
  /** What throttling counted in each tenth of its stretch, the last one first: the number of the tenth, dials, acceptances. */
  readonly calls: readonly (readonly [tenth: number, requests: number, accepts: number])[];
}

/** The memory of a client that has not failed yet. */
export const freshMemory = (): BackoffMemory => ({ attempt: 0, previous: ZERO });

/** One retry more; the counter stays at its end. */
export const counted = (attempt: number): number => (attempt < ATTEMPT_MAX ? attempt + 1 : ATTEMPT_MAX);

/** The memory after a retry was scheduled with this delay, under a policy that keeps nothing else. */
export const advance = (memory: BackoffMemory, delay: Duration): BackoffMemory => ({
  attempt: counted(memory.attempt),
  previous: delay,
});

/** The memory without the outage that was counted so far, although nothing has proved to be good. */
export const forgotten = ({ kept }: BackoffMemory): BackoffMemory =>
  kept === undefined ? freshMemory() : { ...freshMemory(), kept: { ...kept, places: [] } };

/** Whether a policy keeps more than two numbers. */
export const keeps = ({ modes, jitter, idleAfter, budget, window, throttle }: Policy): boolean =>
  modes.length > 0 ||
  jitter.kind === 'decorrelated-v2' ||
  idleAfter !== null ||
  budget !== null ||
  window !== null ||
  throttle !== null;

/**
 * The memory when a connection has proved to be good: the counters begin anew, unless they never do, and what outlives an
 * outage stays.
 */
export function recovered(policy: Policy, memory: BackoffMemory, now: Instant): BackoffMemory {
  const { attempt, previous } = policy.resetOn === 'never' ? memory : freshMemory();
  if (!keeps(policy)) return { attempt, previous };
  const kept = credited(policy, memory.kept ?? newKept(policy, now), now);
  return { attempt, previous, kept: policy.resetOn === 'never' ? kept : { ...kept, places: [] } };
}
