/**
 * The short form of `npm run validate`, and what it would find: each breach that is planted here is one that a person could
 * make. docs/lab-validation.md says how small a breach may be and is still found by the whole of it.
 */
import { describe, expect, test } from 'vitest';
import { compare, exactly, judge, meanOfTheirs, printed } from '../../sim/validate/lab/comparison.ts';
import { conflicts } from '../../sim/validate/lab/conflicts/part.ts';
import { contention } from '../../sim/validate/lab/contention/part.ts';
import { binomial, expectedBelow, poisson } from '../../sim/validate/lab/forms/counts.ts';
import { spreadOf } from '../../sim/validate/lab/luck.ts';
import type { Effort, Part, Planted } from '../../sim/validate/lab/part.ts';
import { PARTS } from '../../sim/validate/lab/parts.ts';
import { storms } from '../../sim/validate/lab/storms/part.ts';
import { lines } from '../../sim/validate/lab/table.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { ms, us } from '../../src/time.ts';

const SHORT: Effort = { seed: 'short', replications: 20, isShort: true };

test.each(PARTS.map((part) => [part.name, part] as const))('%s are reproduced', (_, part) => {
  const verdict = judge(part.run(SHORT));
  expect(lines(verdict, { isWhole: false }).filter((line) => line.includes('MISSED'))).toEqual([]);
  // A part that compared nothing reproduced nothing.
  expect(verdict.comparisons.length).toBeGreaterThan(3);
});

/** The base of every wait, so much longer. */
const longer =
  (share: number) =>
  (policy: Policy): Policy =>
    policy.delay.kind === 'exponential' || policy.delay.kind === 'constant'
      ? { ...policy, delay: { ...policy.delay, base: us(Math.round(policy.delay.base * share)) } }
      : policy;

const BREACHES: readonly (readonly [breach: string, part: Part, planted: Planted])[] = [
  ['the attempt is counted once too often', conflicts, { policy: longer(2) }],
  ['equal jitter instead of full', conflicts, { policy: (policy) => ({ ...policy, jitter: { kind: 'equal' } }) }],
  ['dice whose highest bit always falls alike', conflicts, { draw: (word) => word >>> 1 }],
  ['dice that never throw their upper tenth', contention, { draw: (word) => Math.floor(word * 0.9) }],
  ['windows of 15 slots instead of 16', contention, { policy: longer(15 / 16) }],
  ['waits 5 % too long', storms, { policy: longer(1.05) }],
  ['windows 5 % too long', storms, { storm: (storm) => ({ ...storm, window: us(storm.window * 1.05) }) }],
  [
    'windows that do not begin where the outage ends',
    storms,
    {
      storm: (storm) => ({
        ...storm,
        outages: storm.outages.map((outage) => ({ ...outage, lasts: us(outage.lasts + ms(50)) })),
      }),
    },
  ],
  ['a capacity 1 % too large', storms, { storm: (storm) => ({ ...storm, capacity: 505 }) }],
];

test.each(BREACHES.map(([breach, part, planted]) => [breach, part.name, part, planted] as const))(
  '%s: found in %s',
  (_, __, part, planted) => {
    expect(judge(part.run({ ...SHORT, planted })).missed).not.toEqual([]);
  },
);

describe('a comparison', () => {
  const of = (value: number, error: number, df = Number.POSITIVE_INFINITY) => ({ value, error, df });
  const z = (reference: ReturnType<typeof of>, ours: ReturnType<typeof of>, allowance = 0): number =>
    compare('cell', 'figure', reference, ours, allowance).z;

  test('counts the errors of both sides', () => {
    expect(z(of(10, 3), of(15, 4))).toBeCloseTo(1, 12);
    expect(z(of(15, 3), of(10, 4))).toBeCloseTo(-1, 12);
  });

  test('is as unlikely with few replications as its z says', () => {
    // t of 2.262 with 9 degrees of freedom is what 1.96 is of a normal deviate.
    expect(z(of(0, 1, 9), of(2.2621571628, 0))).toBeCloseTo(1.959964, 5);
  });

  test('of figures without luck is of all or nothing, but for the rounding of a sum', () => {
    expect(z(exactly(0.1 + 0.2), exactly(0.3))).toBe(0);
    expect(z(exactly(3), exactly(4))).toBe(Number.POSITIVE_INFINITY);
    expect(z(printed(exactly(4.26), 0.01), exactly(4.263))).toBeCloseTo(0.003 / (0.01 / Math.sqrt(12)), 9);
  });

  test('lets a reference be off by as much as it says, and by no more', () => {
    expect(z(exactly(10), of(10.5, 0.1), 0.5)).toBe(0);
    expect(z(exactly(10), of(10.7, 0.1), 0.5)).toBeCloseTo(2, 9);
  });

  test('with a figure that is unknown is missed', () => {
    const unknown = compare('cell', 'figure', exactly(1), exactly(Number.NaN));
    expect(judge([unknown]).missed).toEqual([unknown]);
  });

  test('takes the luck of ten replications from a hundred', () => {
    expect(meanOfTheirs(5, 10, of(0, 0.1, 99), 100)).toEqual(of(5, 0.1 * Math.sqrt(10), 99));
  });
});

test('one in a hundred is missed among a hundred comparisons only beyond what luck does to the worst of them', () => {
  const at = (z: number) =>
    compare('cell', 'figure', exactly(1), { value: 1 + z, error: 1, df: Number.POSITIVE_INFINITY });
  const others = Array.from({ length: 99 }, (_, index) => at((index - 49) / 25));
  // Two sides of 1 % over a hundred: 3.89.
  expect(judge([...others, at(3.88)]).missed).toHaveLength(0);
  expect(judge([...others, at(3.9)]).missed).toHaveLength(1);
});

test('z values that are all near zero are as far from luck as those that are far out', () => {
  const at = (z: number) =>
    compare('cell', 'figure', exactly(1), { value: 1 + z, error: 1, df: Number.POSITIVE_INFINITY });
  const lucky = Array.from({ length: 200 }, (_, index) => at(Math.sqrt(3) * ((2 * index + 1) / 200 - 1)));
  const near = lucky.map(({ z }) => at(z / 2));
  const far = lucky.map(({ z }) => at(z * 2));
  expect(spreadOf(lucky)!.deviation).toBeCloseTo(1, 1);
  expect(spreadOf(near)!.distance).toBeGreaterThan(1.36);
  expect(spreadOf(far)!.distance).toBeGreaterThan(1.36);
});

test('probabilities of counts sum to one, and have their mean', () => {
  for (const probabilities of [binomial(10_000, 0.02, 10_000), poisson(500, 2000), binomial(3, 0.9, 3)]) {
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  }
  expect(expectedBelow(poisson(500, 2000), 2000)).toBeCloseTo(500, 9);
  // By hand: 0, 1, 2 of two with 1/4.
  expect([...binomial(2, 0.25, 2)].map((p) => p * 16)).toEqual([9, 6, 1].map((p) => expect.closeTo(p, 12)));
});
