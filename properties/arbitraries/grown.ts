/**
 * Policies that use the whole vocabulary: jitter with a shape of its own, rounding, modes, limits, waits that count from the
 * dial, hints that are obeyed otherwise, waits that overflow a timer. And walks through an outage under them.
 */
import fc from 'fast-check';
import { policies } from '../../sim/testing/arbitraries/policies.ts';
import { policyProblems } from '../../src/backoff/parse.ts';
import { type Curve, type Jitter, LONGEST, type Mode, type Policy } from '../../src/backoff/policy.ts';
import { us } from '../../src/time.ts';
import { draw, upTo } from './retries.ts';

const ratio = (num: number, of: number) => ({ num, of });
const base = fc.oneof(
  { weight: 1, arbitrary: policies({ longest: LONGEST, givesUp: true }) },
  { weight: 2, arbitrary: policies({ longest: LONGEST }) },
);
/** Null more often than not. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const rounding = fc.option(
  fc.record({
    to: fc.oneof(fc.constantFrom(1, 51, 1000), fc.integer({ min: 1, max: 60_000_000 })).map(us),
    by: fc.constantFrom('down' as const, 'nearest' as const, 'even' as const),
  }),
);
const widens = fc.option(fc.record({ num: fc.integer({ min: 0, max: 40 }), of: fc.integer({ min: 1, max: 20 }) }), {
  nil: undefined,
});
const shaped: fc.Arbitrary<Jitter> = fc.oneof(
  fc.record({
    kind: fc.constant('comb' as const),
    share: fc.integer({ min: 0, max: 10 }).map((n) => ratio(n, 10)),
    teeth: fc.integer({ min: 1, max: 20 }),
  }),
  fc.constant<Jitter>({ kind: 'exponential' }),
  fc.constant<Jitter>({ kind: 'decorrelated-v2' }),
);

/** Another curve for a policy: kinds that it does not suit leave it as it was. */
const grownCurve = (curve: fc.Arbitrary<Curve>): fc.Arbitrary<Curve> =>
  fc
    .record({
      curve,
      rounding,
      jitter: fc.option(shaped),
      widens,
      ratchet: fc.boolean(),
      steepens: fc.boolean(),
      capOn: fc.constantFrom('range' as const, 'draw' as const, 'value' as const),
    })
    .map(({ curve: own, rounding, jitter, widens, ratchet, steepens, capOn }) => {
      const { delay } = own;
      const suits =
        jitter !== null &&
        own.jitter.kind !== 'decorrelated' &&
        (jitter.kind !== 'decorrelated-v2' || (delay.kind === 'exponential' && !delay.compounds));
      const kept: Jitter =
        own.jitter.kind === 'decorrelated'
          ? { ...own.jitter, ratchet }
          : (own.jitter.kind === 'proportional' || own.jitter.kind === 'additive') && widens !== undefined
            ? { ...own.jitter, widens }
            : own.jitter;
      const isSteep =
        delay.kind === 'exponential' && delay.compounds && steepens && delay.factor.num % delay.factor.of === 0;
      return {
        ...own,
        rounding,
        capOn,
        jitter: suits ? jitter : kept,
        delay: isSteep ? { ...delay, steepens } : delay,
      };
    });

const asCurve = ({ delay, jitter, first, cap, ceiling, capOn, rounding }: Policy): Curve => ({
  delay,
  jitter,
  first,
  cap,
  ceiling,
  capOn,
  rounding,
});

const mode: fc.Arbitrary<Mode> = fc
  .record({
    curve: grownCurve(base.map(asCurve)),
    on: fc.constantFrom(null, 'down' as const, 'overloaded' as const),
    after: fc.option(fc.oneof(upTo(300_000_000), upTo(LONGEST))),
    cuts: fc.boolean(),
  })
  .map(({ curve, on, after, cuts }) => {
    const begins = on === null && after === null ? us(60_000_000) : after;
    return { on, after: begins, cuts: cuts && begins !== null, ...curve };
  });

const count = fc.integer({ min: 1, max: 20 });
const limits = fc.record({
  budget: fc.option(
    fc
      .record({
        tokens: fc.integer({ min: 1, max: 500 }),
        cost: count,
        reserve: fc.option(fc.integer({ min: 0, max: 500 })),
        perSuccess: fc.record({ num: fc.integer({ min: 0, max: 40 }), of: count }),
        perSecond: fc.record({ num: fc.integer({ min: 0, max: 40 }), of: count }),
        empty: fc.constantFrom('stop' as const, 'wait' as const),
      })
      .map((budget) => ({
        ...budget,
        cost: Math.min(budget.cost, budget.tokens),
        reserve: budget.reserve === null ? null : budget.reserve % budget.tokens,
      })),
  ),
  window: fc.option(
    fc.record({
      dials: count,
      within: fc.integer({ min: 1, max: 600_000_000 }).map(us),
      full: fc.constantFrom('stop' as const, 'wait' as const),
    }),
  ),
  throttle: fc.option(
    fc.record({
      k: fc.integer({ min: 10, max: 40 }).map((n) => ratio(n, 10)),
      within: fc.integer({ min: 10, max: 600_000_000 }).map(us),
      most: fc.integer({ min: 0, max: 9 }).map((n) => ratio(n, 10)),
    }),
  ),
});

/** The whole vocabulary. A third of the policies has modes, a third limits. */
export const grown: fc.Arbitrary<Policy> = fc
  .record({
    policy: base,
    modes: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(mode, { minLength: 1, maxLength: 4 }) },
    ),
    limits: fc.oneof(
      { weight: 2, arbitrary: fc.constant({ budget: null, window: null, throttle: null }) },
      { weight: 1, arbitrary: limits },
    ),
    measuredFrom: fc.constantFrom('failure' as const, 'dial' as const),
    redraws: fc.boolean(),
    resetOn: fc.constantFrom('accepted' as const, 'open' as const, 'never' as const),
    idleAfter: seldom(upTo(600_000_000)),
    retryAfter: fc.constantFrom('honour' as const, 'floor' as const, 'exact' as const, 'ignore' as const),
    retryAfterMost: seldom(upTo(LONGEST)),
    overflows: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  })
  .chain(({ policy, limits: bounds, overflows, ...rest }) =>
    grownCurve(fc.constant(asCurve(policy))).map((curve): Policy => {
      const cap = overflows ? LONGEST : curve.cap;
      return {
        ...policy,
        ...curve,
        ...rest,
        ...bounds,
        cap,
        ceiling: overflows ? null : curve.ceiling,
        // So near to what a timer holds that a few retries are beyond it.
        delay:
          overflows && curve.delay.kind === 'exponential' ? { ...curve.delay, base: us(LONGEST / 4) } : curve.delay,
        redraws: rest.redraws && rest.measuredFrom === 'dial',
        overflow: overflows ? 'at-once' : 'longest',
      };
    }),
  )
  .filter((policy) => policyProblems(policy).length === 0);

/** What a client meets at one retry. */
export const meeting = fc.record({
  draw,
  retryAfter: seldom(upTo(LONGEST)),
  refusal: fc.constantFrom('down' as const, 'overloaded' as const),
  /** How long the dial took that failed, and whether a connection was good in between, and for how long. */
  took: fc.oneof(upTo(1_000_000), upTo(120_000_000)),
  good: seldom(upTo(600_000_000)),
});
export type Meeting = typeof meeting extends fc.Arbitrary<infer T> ? T : never;

/** An outage, and those that follow. */
export const walk = fc.array(meeting, { minLength: 1, maxLength: 40 });
