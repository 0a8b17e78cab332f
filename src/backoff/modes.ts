/** Which curve holds, by what is known of the outage, and where a client stands on it. */
import { type Duration, ZERO } from '../time.ts';
import { type BackoffMemory, counted, type Kept, keeps, type Place } from './memory.ts';
import type { Curve, Mode, Policy, Refusal } from './policy.ts';

/** The curve that holds: 0 for the policy's own, else 1 more than the index of its mode. */
export function modeAt({ modes }: Policy, refusal: Refusal, elapsed: number): number {
  let mode = modes.length;
  while (mode > 0 && !holds(modes[mode - 1] as Mode, refusal, elapsed)) mode--;
  return mode;
}

const holds = ({ on, after }: Mode, refusal: Refusal, elapsed: number): boolean =>
  (on === null || on === refusal) && (after === null || elapsed >= after);

export const curveOf = (policy: Policy, mode: number): Curve =>
  mode === 0 ? policy : (policy.modes[mode - 1] as Mode);

/** The next mode that a wait from `elapsed` to `until` would last into and that cuts it, and when it begins; null if there is none. */
export function cutBy(
  { modes }: Policy,
  mode: number,
  refusal: Refusal,
  elapsed: number,
  until: number,
): { readonly mode: number; readonly begins: number } | null {
  let soonest: { mode: number; begins: number } | null = null;
  // A mode that stands before the one that holds now does not hold later either.
  for (let index = mode; index < modes.length; index++) {
    const { on, after, cuts } = modes[index] as Mode;
    if (!cuts || after === null || after <= elapsed || until <= after || (on !== null && on !== refusal)) continue;
    if (soonest === null || after < soonest.begins) soonest = { mode: index + 1, begins: after };
  }
  return soonest;
}

/** The memory, if the counters have not begun anew because nothing was retried for so long. */
export function unlessIdle(policy: Policy, memory: BackoffMemory, now: number): BackoffMemory {
  const { kept } = memory;
  const isIdle = policy.idleAfter !== null && kept !== undefined && kept.at >= 0 && now - kept.at >= policy.idleAfter;
  return isIdle ? { attempt: 0, previous: ZERO, kept: { ...kept, places: [] } } : memory;
}

/** Before the first retry on a curve. */
export const START: Place = { attempt: 0, previous: ZERO, luck: 0 };

/** Where the next retry stands on a curve: behind the one that came at once, which stands before it. */
export function placeOn(policy: Policy, { attempt, previous, kept }: BackoffMemory, mode: number): Place {
  if (keeps(policy)) return kept?.places[mode] ?? START;
  return { attempt: policy.atOnce ? attempt - 1 : attempt, previous, luck: 0 };
}

/** The place after a retry. */
export const behind = ({ attempt }: Place, previous: Duration, luck: number): Place => ({
  attempt: counted(attempt),
  previous,
  luck,
});

/** All places with one of them changed, in the order of the curves. */
export const withPlace = (policy: Policy, kept: Kept, mode: number, place: Place): readonly Place[] =>
  [policy, ...policy.modes].map((_, index) => (index === mode ? place : (kept.places[index] ?? START)));
