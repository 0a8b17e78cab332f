/**
 * The whole space of sound backoff policies, and of the circumstances of one retry: attempts up to 2^31 - 1, delays up to
 * the longest that a timer can hold.
 */
import fc from 'fast-check';
import type { BackoffMemory, nextDelay } from '../../src/backoff/delay.ts';
import { ATTEMPT_MAX, type Delay, type Jitter, LONGEST, type Policy, RATIO_MAX } from '../../src/backoff/policy.ts';
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
const factor = fc.oneof(
  fc.constantFrom(
    ratio(2, 1),
    ratio(16, 10),
    ratio(13, 10),
    ratio(115, 100),
    ratio(101, 100),
    ratio(1000, 1),
    ratio(RATIO_MAX, 1),
  ),
  fc.integer({ min: 1, max: 50 }).chain((of) => fc.integer({ min: of + 1, max: 1000 }).map((num) => ratio(num, of))),
);
/** Growth of an exponential delay, which may be none. */
const growth = fc.oneof({ weight: 9, arbitrary: factor }, { weight: 1, arbitrary: fc.constant(ratio(1, 1)) });
const cap = fc.oneof(fc.integer({ min: 10_000, max: 60_000_000 }), fc.constantFrom(10_000, LONGEST)).map(us);

const jitters = (most: number): fc.Arbitrary<Jitter> =>
  fc.oneof(
    fc.constant<Jitter>({ kind: 'none' }),
    upTo(most).map((floor): Jitter => ({ kind: 'full', floor })),
    fc.constant<Jitter>({ kind: 'full', floor: ZERO }),
    fc.constant<Jitter>({ kind: 'equal' }),
    fc
      .tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 1000 }))
      .map(
        ([below, above, of]): Jitter => ({ kind: 'proportional', below: ratio(below, 10), above: ratio(above, of) }),
      ),
    fc
      .tuple(upTo(most), upTo(most))
      .map(([a, b]): Jitter => ({ kind: 'additive', least: us(Math.min(a, b)), most: us(Math.max(a, b)) })),
  );

const delays = (most: number): fc.Arbitrary<Delay> =>
  fc.oneof(
    upTo(most).map((base): Delay => ({ kind: 'constant', base })),
    fc.tuple(upTo(most), upTo(LONGEST)).map(([base, step]): Delay => ({ kind: 'linear', base, step })),
    fc
      .record({ kind: fc.constant('exponential' as const), base: upTo(most), factor: growth, compounds: fc.boolean() })
      .map((delay) => ({ ...delay, base: us(Math.max(delay.base, 10_000)) })),
    fc.record({
      kind: fc.constant('table' as const),
      delays: fc.array(upTo(most), { minLength: 1, maxLength: 12 }),
      afterLast: fc.constantFrom('repeat' as const, 'stop' as const),
    }),
  );

/** Every kind of delay with every kind of jitter that a sound policy may combine. */
export const policy: fc.Arbitrary<Policy> = cap.chain((limit) =>
  fc
    .record({
      shape: fc.oneof(
        { weight: 5, arbitrary: fc.record({ delay: delays(limit), jitter: jitters(limit) }) },
        {
          weight: 1,
          arbitrary: fc.record({
            delay: fc.record({ kind: fc.constant('constant' as const), base: upTo(limit - 1).map((n) => us(n + 1)) }),
            jitter: fc.record({ kind: fc.constant('decorrelated' as const), factor }),
          }),
        },
      ),
      atOnce: fc.boolean(),
      first: fc.option(fc.tuple(upTo(limit), upTo(limit))),
      ceiling: fc.option(fc.oneof(upTo(limit), upTo(LONGEST))),
      capOn: fc.constantFrom('range' as const, 'draw' as const),
      attemptsMax: fc.option(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: ATTEMPT_MAX }))),
      elapsedMax: fc.option(upTo(LONGEST)),
      stableAfter: upTo(60_000_000),
      retryAfter: fc.constantFrom('honour' as const, 'ignore' as const),
      retryAfterSpread: upTo(60_000_000),
    })
    .map(({ shape, first, ceiling, ...rest }) => ({
      ...rest,
      ...shape,
      cap: limit,
      ceiling: ceiling === null || shape.delay.kind === 'table' ? ceiling : us(Math.max(ceiling, shape.delay.base)),
      first: first === null ? null : { least: us(Math.min(...first)), most: us(Math.max(...first)) },
    })),
);
/** The policies that never give up. */
export const endless = policy.map(
  (p): Policy => ({
    ...p,
    delay: p.delay.kind === 'table' ? { ...p.delay, afterLast: 'repeat' } : p.delay,
    attemptsMax: null,
    elapsedMax: null,
  }),
);

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
