/**
 * The circumstances of one retry under any sound policy: attempts up to 2^31 - 1, delays up to the longest that a timer can
 * hold.
 */
import fc from 'fast-check';
import { policies } from '../../sim/testing/arbitraries/policies.ts';
import type { BackoffMemory, nextDelay } from '../../src/backoff/delay.ts';
import { ATTEMPT_MAX, LONGEST, type Policy } from '../../src/backoff/policy.ts';
import { type Duration, us, ZERO } from '../../src/time.ts';

/** The highest draw. */
export const UINT32_MAX = 4_294_967_295;

/** `num / of`, as policies write it. */
export const ratio = (num: number, of: number) => ({ num, of });
/** A duration of 0 to `most` microseconds. */
export const upTo = (most: number): fc.Arbitrary<Duration> => fc.integer({ min: 0, max: most }).map(us);
/** A draw of 32 bits, often one of its ends. */
export const draw = fc.oneof(fc.integer({ min: 0, max: UINT32_MAX }), fc.constantFrom(0, 1, UINT32_MAX));
/** The number of a retry, small or anywhere up to the last that a counter can hold. */
export const attempt = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: ATTEMPT_MAX }),
  fc.constantFrom(10_000, ATTEMPT_MAX - 1, ATTEMPT_MAX),
);
/** A server's retry-after, or none. */
export const hint = fc.option(upTo(LONGEST));
/** The whole space of sound policies, up to the longest wait that a timer can hold. */
export const policy = policies({ longest: LONGEST, givesUp: true });
/** The policies that never give up. */
export const endless = policies({ longest: LONGEST });

/** What a client remembers of an outage, at any point of it. */
export const memory: fc.Arbitrary<BackoffMemory> = fc.record({
  attempt,
  previous: fc.oneof(upTo(60_000_000), upTo(LONGEST)),
});

/** One retry anywhere in the space of parameters, of a policy that doesn't give up. */
export const retry = fc.record({ policy: endless, memory, draw, retryAfter: hint });

/** What `next` answers to one retry; a policy that gives up here is a mistake of the law. */
export const waits = (
  next: typeof nextDelay,
  of: { policy: Policy; memory: BackoffMemory; draw: number; retryAfter: Duration | null },
) => {
  const result = next(of.policy, of.memory, of.draw, { retryAfter: of.retryAfter, elapsed: ZERO });
  if ('stop' in result) throw new Error(`stopped by ${result.stop}`);
  return result;
};
