/** The space of sound backoff policies as arbitraries: every kind of delay with every kind of jitter that a policy may combine. */
import fc from 'fast-check';
import {
  ATTEMPT_MAX,
  type Delay,
  type Jitter,
  LONGEST,
  POLICY_DEFAULTS,
  type Policy,
  RATIO_MAX,
} from '../../../src/backoff/policy.ts';
import { type Duration, minutes, us, ZERO } from '../../../src/time.ts';
import { mustBeOptions } from '../../core/options.ts';
import { must, type Shapes, truth } from '../../core/shape.ts';

export interface PoliciesOptions {
  /** No wait is longer, unless a server asks for it: 10 ms to 2^31 - 1 ms. Default one minute. */
  readonly longest?: Duration;
  /** Whether some policies give up after so many attempts, or so long. Default false: a run in which a client gives up has lost its stream. */
  readonly givesUp?: boolean;
}

const POLICIES_OPTIONS: Shapes<PoliciesOptions> = {
  longest: must(
    'whole microseconds from 10,000 to 2,147,483,647,000',
    (value) => Number.isSafeInteger(value) && (value as number) >= 10_000 && (value as number) <= 2_147_483_647_000,
  ),
  givesUp: truth,
};

/** The shortest cap that is drawn: under a shorter one a client does nothing but dial. */
const SHORTEST = 10_000;

const ratio = (num: number, of: number) => ({ num, of });
const upTo = (most: number): fc.Arbitrary<Duration> => fc.integer({ min: 0, max: most }).map(us);

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

const caps = (longest: number): fc.Arbitrary<Duration> =>
  fc
    .oneof(fc.integer({ min: SHORTEST, max: Math.min(longest, minutes(1)) }), fc.constantFrom(SHORTEST, longest))
    .map(us);

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

const delays = (most: number, givesUp: boolean): fc.Arbitrary<Delay> =>
  fc.oneof(
    upTo(most).map((base): Delay => ({ kind: 'constant', base })),
    fc.tuple(upTo(most), upTo(LONGEST)).map(([base, step]): Delay => ({ kind: 'linear', base, step })),
    fc
      .record({ kind: fc.constant('exponential' as const), base: upTo(most), factor: growth, compounds: fc.boolean() })
      .map((delay) => ({ ...delay, base: us(Math.max(delay.base, SHORTEST)) })),
    fc.record({
      kind: fc.constant('table' as const),
      delays: fc.array(upTo(most), { minLength: 1, maxLength: 12 }),
      afterLast: givesUp ? fc.constantFrom('repeat' as const, 'stop' as const) : fc.constant('repeat' as const),
    }),
  );

/** Sound policies, which shrink to short waits without jitter. Throws in one line for an option of another form. */
export function policies(options: PoliciesOptions = {}): fc.Arbitrary<Policy> {
  mustBeOptions('policies', options, POLICIES_OPTIONS);
  const { longest = minutes(1), givesUp = false } = options;
  const limits = <T>(limit: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
    givesUp ? fc.option(limit) : fc.constant(null);
  return caps(longest).chain((limit) =>
    fc
      .record({
        shape: fc.oneof(
          { weight: 5, arbitrary: fc.record({ delay: delays(limit, givesUp), jitter: jitters(limit) }) },
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
        attemptsMax: limits(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: ATTEMPT_MAX }))),
        elapsedMax: limits(upTo(LONGEST)),
        stableAfter: upTo(minutes(1)),
        retryAfter: fc.constantFrom('honour' as const, 'ignore' as const),
        retryAfterSpread: upTo(minutes(1)),
      })
      .map(({ shape, first, ceiling, ...rest }) => ({
        ...POLICY_DEFAULTS,
        ...rest,
        ...shape,
        cap: limit,
        ceiling: ceiling === null || shape.delay.kind === 'table' ? ceiling : us(Math.max(ceiling, shape.delay.base)),
        first: first === null ? null : { least: us(Math.min(...first)), most: us(Math.max(...first)) },
      })),
  );
}
