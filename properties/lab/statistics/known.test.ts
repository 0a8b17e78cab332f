/** Answers that others published, to data that others published. */
import { describe, expect, test } from 'vitest';
import { bootstrapInterval, studentisedInterval } from '../../../sim/lab/statistics/bootstrap.ts';
import {
  binomialAtMost,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
  tReach,
} from '../../../sim/lab/statistics/distributions.ts';
import { holm } from '../../../sim/lab/statistics/holm.ts';
import { luckBelow, meanInterval, meanPValue } from '../../../sim/lab/statistics/mean.ts';
import { correlationOf, meanOf, varianceOf } from '../../../sim/lab/statistics/moments.ts';
import { quantileInterval, ranksOf, refusal, replicationsFor } from '../../../sim/lab/statistics/order.ts';
import { pairedDifference } from '../../../sim/lab/statistics/pairs.ts';
import { unseenShare } from '../../../sim/lab/statistics/stopping.ts';
import { equivalencePValue, welchDifference, zTest } from '../../../sim/lab/statistics/two-samples.ts';

describe('distributions', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2 (critical values of Student's t) and 1.3.6.7.1 (normal).
  test.each([
    [1, 0.975, 12.706],
    [1, 0.99, 31.821],
    [2, 0.9, 1.886],
    [9, 0.975, 2.262],
    [10, 0.995, 3.169],
    [29, 0.95, 1.699],
    [60, 0.999, 3.232],
    [100, 0.975, 1.984],
    [Number.POSITIVE_INFINITY, 0.975, 1.96],
    [Number.POSITIVE_INFINITY, 0.999, 3.09],
  ])("Student's t with %s degrees of freedom is below its quantile of %s, as tabled", (df, p, t) => {
    expect(tQuantile(p, df)).toBeCloseTo(t, 3);
    expect(tQuantile(1 - p, df)).toBeCloseTo(-t, 3);
    expect(tCdf(tQuantile(p, df), df)).toBeCloseTo(p, 12);
  });

  test('tails far out are right: those of many degrees of freedom are nearly normal', () => {
    // R 4: qt(1 - 1e-9, 1e5), qnorm(1 - 1e-9)
    expect(tQuantile(1 - 1e-9, 1e5)).toBeCloseTo(5.998361, 5);
    expect(normalQuantile(1 - 1e-9)).toBeCloseTo(5.997807, 5);
    // Degrees of freedom need not be whole (@stdlib/stats-base-dists-t-quantile 0.2.3).
    expect(tReach(0.95, 4.5)).toBeCloseTo(2.6589123, 6);
    expect([-40, -1e300, 1e300].map(normalCdf)).toEqual([0, 0, 1]);
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021, 7);
  });

  test('binomial sums are exact where they can be counted', () => {
    // 1 + 10 + 45 of 1024 ways
    expect(binomialAtMost(2, 10, 0.5)).toBeCloseTo(56 / 1024, 14);
    expect(binomialAtMost(-1, 10, 0.5)).toBe(0);
    expect(binomialAtMost(10, 10, 0.5)).toBe(1);
  });

  test('every engine answers to the last bit alike', () => {
    const bits = (value: number): string => new BigUint64Array(new Float64Array([value]).buffer)[0]?.toString(16) ?? '';
    expect([tReach(0.95, 9), tReach(0.999, 58.5), normalQuantile(0.9987), normalCdf(-2.5)].map(bits)).toEqual([
      '400218e5dac50b22',
      '400bb7d1c93b7090',
      '4008177511716213',
      '3f796f4e57e49ce4',
    ]);
  });
});

/** Hours of sleep that two drugs gave ten patients (Cushny and Peebles 1905; Student 1908), and what R says: `?sleep`. */
const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

describe("Student's sleep data", () => {
  test('differ pair by pair as t.test(paired = TRUE) says', () => {
    const { value, least, most, pValue, correlation, error, gain } = pairedDifference(FIRST, SECOND);
    expect(value).toBeCloseTo(1.58, 12);
    expect(value / error).toBeCloseTo(4.0621, 4);
    expect([least, most]).toEqual([expect.closeTo(0.7001142, 7), expect.closeTo(2.4598858, 7)]);
    expect(pValue).toBeCloseTo(0.002833, 6);
    expect(correlation).toBeCloseTo(0.7951702, 7);
    // Variances 3.200556 and 4.009, and of the differences 1.512889.
    expect(gain).toBeCloseTo((3.200556 + 4.009) / 1.512889, 4);
  });

  test('differ as independent samples as t.test() says: without their pairs it may be luck', () => {
    const { value, least, most, pValue, df, error } = welchDifference(FIRST, SECOND);
    expect(value / error).toBeCloseTo(1.8608, 4);
    expect(df).toBeCloseTo(17.776, 3);
    expect(pValue).toBeCloseTo(0.07939, 5);
    expect([least, most]).toEqual([expect.closeTo(-0.2054832, 7), expect.closeTo(3.3654832, 7)]);
  });
});

describe('bootstrap', () => {
  /** Spatial perception of 26 children (Efron and Tibshirani 1993, table 14.1), of which the variance is asked. */
  const SPATIAL = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];
  const plugIn = (values: Float64Array): number => (varianceOf(values) * (values.length - 1)) / values.length;

  test('the BCa interval of a variance is that of the book (table 14.2: 115.8 to 259.6 from 2,000 resamples)', () => {
    const { value, least, most } = bootstrapInterval([SPATIAL], plugIn, { confidence: 0.9, resamples: 4_000 });
    expect(value).toBeCloseTo(171.5, 1);
    // The percentile interval, 100.8 to 233.9, and the studentised one, 112.3 to 314.8, are far away.
    expect(Math.abs(least - 115.8)).toBeLessThan(3);
    expect(Math.abs(most - 259.6)).toBeLessThan(5);
  });

  test('pairs are resampled together: the correlation of the law schools (Efron and Tibshirani 1993, table 3.1)', () => {
    const lsat = [576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594];
    const gpa = [3.39, 3.3, 2.81, 3.03, 3.44, 3.07, 3.0, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96];
    const { value, least, most } = bootstrapInterval([lsat, gpa], correlationOf, { resamples: 1_000 });
    expect(value).toBeCloseTo(0.776, 3);
    expect(most).toBeLessThan(1);
    expect(least).toBeGreaterThan(0.2);
  });

  test('the same values and seed give the same interval, and another seed another', () => {
    const [one, same, other] = [7, 7, 8].map((seed) => bootstrapInterval([SPATIAL], meanOf, { seed, resamples: 200 }));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });
});

describe('the studentised interval', () => {
  test('of five values comes from the t of all 3,125 resamples', () => {
    const values = [0, 1, 2, 4, 8];
    const ts: number[] = [];
    for (let resample = 0; resample < 5 ** 5; resample++) {
      const drawn = Array.from({ length: 5 }, (_, at) => values[Math.floor(resample / 5 ** at) % 5] as number);
      const mean = meanOf(drawn) - 3;
      ts.push(mean === 0 ? 0 : mean / Math.sqrt(varianceOf(drawn) / 5));
    }
    ts.sort((a, b) => a - b);
    const error = Math.sqrt(varianceOf(values) / 5);
    const { least, most } = studentisedInterval(values, { confidence: 0.6, resamples: 20_000 });
    expect(least).toBeCloseTo(3 - error * (ts[2499] as number), 1);
    expect(most).toBeCloseTo(3 - error * (ts[624] as number), 1);
  });
});

describe('order statistics', () => {
  test('bound quantiles by the ranks of the tables', () => {
    // David and Nagaraja, "Order Statistics", 7.1: the median of ten lies between the 2nd and the 9th with 97.9 %.
    expect(ranksOf(10, 0.5, 0.95)).toEqual([2, 9]);
    // Conover, "Practical Nonparametric Statistics", 3.2: the upper quartile of 16, 3 % and 2 % beyond the bounds.
    expect(
      quantileInterval(
        Array.from({ length: 100 }, (_, i) => i + 1),
        0.5,
      ),
    ).toMatchObject({ least: 40, value: 50, most: 61 });
  });

  test('say how many replications they need', () => {
    // Wilks 1941: 59 for 95 % of the 95th percentile, one-sided; 299 for the 99th.
    expect([replicationsFor(0.95, 0.95, 1), replicationsFor(0.99, 0.95, 1)]).toEqual([59, 299]);
    expect([replicationsFor(0.99), replicationsFor(0.01), replicationsFor(0.5)]).toEqual([368, 368, 6]);
    const few = quantileInterval(
      Array.from({ length: 367 }, (_, i) => i),
      0.99,
    );
    expect(few.most).toBe(Number.POSITIVE_INFINITY);
    expect(refusal(few)).toBe('p99 over replications needs 368 replications for an interval of 95 %, and has 367');
    const enough = quantileInterval(
      Array.from({ length: 368 }, (_, i) => i),
      0.99,
    );
    expect([enough.most, refusal(enough)]).toEqual([367, null]);
  });

  test('stand what never came: infinite values are the largest, unknown ones leave nothing known', () => {
    const values = [...Array.from({ length: 50 }, (_, i) => i), ...Array<number>(10).fill(Number.POSITIVE_INFINITY)];
    expect(quantileInterval(values, 0.5).value).toBe(29);
    expect(quantileInterval(values, 0.95)).toMatchObject({ value: Number.POSITIVE_INFINITY });
    expect(quantileInterval([1, Number.NaN, 3], 0.5).value).toBeNaN();
  });
});

describe('many comparisons', () => {
  test("Holm's rule adjusts as R's p.adjust does", () => {
    expect(holm([0.01, 0.02, 0.03, 0.04, 0.05]).map(({ adjusted }) => adjusted)).toEqual(
      [0.05, 0.08, 0.09, 0.09, 0.09].map((p) => expect.closeTo(p, 12)),
    );
    // In whatever order, and it decides more than Bonferroni, who would ask for 0.0125.
    const decisions = holm([0.03, 0.001, 0.04, 0.015]);
    expect(decisions.map(({ decided }) => decided)).toEqual([false, true, false, true]);
    expect(decisions[3]?.adjusted).toBeCloseTo(0.045, 12);
  });

  test('an unknown p value counts and is not decided', () => {
    expect(holm([0.03, Number.NaN]).map(({ adjusted, decided }) => [adjusted, decided])).toEqual([
      [0.06, false],
      [1, false],
    ]);
    expect(holm([])).toEqual([]);
  });
});

describe('two samples', () => {
  test('of unequal sizes have the degrees of freedom of Welch and Satterthwaite', () => {
    // Squared errors 1/3 and 14/6 with 2 and 5 degrees: (8/3)^2 / ((1/3)^2 / 2 + (7/3)^2 / 5).
    expect(welchDifference([1, 2, 3], [2, 4, 6, 8, 10, 12]).df).toBeCloseTo(6.21359, 5);
  });

  test('z and equivalence are those of the formula', () => {
    expect(zTest({ value: 10.3, error: 0.3 }, { value: 9.5, error: 0.4 }).z).toBeCloseTo(1.6, 12);
    expect(zTest({ value: 10.3, error: 0.3 }, { value: 9.5, error: 0.4 }).pValue).toBeCloseTo(0.1096, 4);
    expect(zTest({ value: 3, error: 0 }, { value: 3, error: 0 })).toEqual({ z: 0, pValue: 1 });
    expect(zTest({ value: 3, error: 0 }, { value: 4, error: 0 }).pValue).toBe(0);
    // Within 2 of each other: the nearer margin is 1.5 standard errors away.
    expect(equivalencePValue({ value: 0.5, error: 1 }, 2)).toBeCloseTo(0.0668, 4);
    expect(equivalencePValue({ value: 2.5, error: 1 }, 2)).toBeGreaterThan(0.5);
  });
});

describe('at the edges', () => {
  test('sums lose nothing beside what is large', () => {
    expect(meanOf([1e16, 1, -1e16, 1])).toBe(0.5);
    const far = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16];
    expect(varianceOf(far)).toBeCloseTo(30, 9);
  });

  test('few replications have no bounds, and alike ones none but themselves', () => {
    expect(meanInterval([3])).toMatchObject({
      value: 3,
      least: Number.NEGATIVE_INFINITY,
      most: Number.POSITIVE_INFINITY,
    });
    expect(meanInterval([]).value).toBeNaN();
    expect(meanInterval([2, 2, 2])).toMatchObject({ value: 2, least: 2, most: 2 });
    expect(meanInterval([1, Number.NaN, 3])).toMatchObject({ value: Number.NaN, most: Number.POSITIVE_INFINITY });
    expect(meanInterval([1, Number.POSITIVE_INFINITY])).toMatchObject({ value: Number.POSITIVE_INFINITY });
    expect(pairedDifference([1, 2], [1, 2])).toMatchObject({ value: 0, pValue: 1 });
    expect(() => pairedDifference([1, 2], [1])).toThrow('as many on both sides');
  });

  test('that all are alike is no more certain than a sign test of so many', () => {
    expect(meanPValue(meanInterval([1, 1, 1, 1, 1]))).toBe(2 / 32);
    expect(luckBelow([-1, -1, -1, -1, -1])).toBe(1 / 32);
    expect(luckBelow([Number.NEGATIVE_INFINITY, -1, -1, 2])).toBe(5 / 16);
    expect(luckBelow([-1])).toBe(1);
  });

  test('what none of 100 replications showed may happen in 3 of 100', () => {
    expect(unseenShare(100)).toBeCloseTo(0.0295, 4);
    expect((1 - unseenShare(59)) ** 59).toBeCloseTo(0.05, 10);
  });
});
