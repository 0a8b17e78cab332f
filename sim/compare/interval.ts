/**
 * Confidence intervals for what a sweep measured, from histograms with one sample a run (runs of a sweep are independent).
 *
 * A share has Wilson's interval. A quantile has the values whose ranks bound it: the rank of a quantile is a binomial
 * count, so Wilson's interval of the share gives two ranks, whatever the shape of the distribution. A mean has the normal
 * interval. The difference of two of them follows Zou and Donner ("method of variance estimates recovery", 2008), which
 * needs nothing but the two intervals and how their estimates go together, and keeps their asymmetry; for shares it is
 * Newcombe's well-known interval.
 */
import type { SampleDocument } from '../explore/per-run.ts';
import { normalQuantile } from '../lab/statistics/distributions.ts';
import type { Interval } from '../lab/statistics/interval.ts';

export type { Interval };

/** How sure all intervals of a comparison together are. */
const TOGETHER = 0.95;

/** How sure each of so many intervals has to be (Bonferroni's rule). */
export const confidenceOfEach = (comparisons: number): number => 1 - (1 - TOGETHER) / Math.max(1, comparisons);

/** How many standard errors an interval reaches to each side so that, of so many intervals, all hold at once with 95 %. */
export const reach = (comparisons: number): number => normalQuantile((1 + confidenceOfEach(comparisons)) / 2);

/** The share of `part` in `whole` (Wilson's score interval). */
export function shareInterval(part: number, whole: number, z: number): Interval {
  if (whole === 0) return { least: 0, value: 0, most: 1 };
  const share = part / whole;
  const zz = (z * z) / whole;
  const middle = (share + zz / 2) / (1 + zz);
  const half = (z * Math.sqrt((share * (1 - share)) / whole + zz / (4 * whole))) / (1 + zz);
  // At the ends the formula is exact, up to the last bit.
  return {
    least: part === 0 ? 0 : Math.max(0, middle - half),
    value: share,
    most: part === whole ? 1 : Math.min(1, middle + half),
  };
}

/** The value that a share of `num` in `of` does not exceed. */
export function quantileInterval({ samples, buckets }: SampleDocument, num: number, of: number, z: number): Interval {
  const ranks = shareInterval((samples * num) / of, samples, z);
  return {
    least: atRank(buckets, Math.floor(samples * ranks.least)),
    value: samples === 0 ? Number.NaN : atRank(buckets, Math.max(1, Math.ceil((samples * num) / of))),
    most: atRank(buckets, Math.ceil(samples * ranks.most) + 1),
  };
}

/** The value of that rank, 1 being the smallest; infinite beyond either end. */
function atRank(buckets: SampleDocument['buckets'], rank: number): number {
  if (rank < 1) return Number.NEGATIVE_INFINITY;
  let seen = 0;
  for (const [value, count] of buckets) {
    seen += count;
    if (seen >= rank) return value;
  }
  return Number.POSITIVE_INFINITY;
}

/** The mean, with the normal interval: good for the hundreds of runs that a sweep has. */
export function meanInterval({ samples, buckets }: SampleDocument, z: number): Interval {
  let sum = 0;
  for (const [value, count] of buckets) sum += value * count;
  const mean = sum / samples;
  if (samples < 2) return { least: Number.NEGATIVE_INFINITY, value: mean, most: Number.POSITIVE_INFINITY };
  let squares = 0;
  for (const [value, count] of buckets) squares += count * (value - mean) * (value - mean);
  const half = z * Math.sqrt(squares / (samples - 1) / samples);
  return { least: mean - half, value: mean, most: mean + half };
}

/**
 * `b - a` of two estimates, which are independent unless they have a correlation: then what they share cancels out of the
 * difference (Zou and Donner's formula for dependent estimates; of means it is the interval of paired samples).
 */
export function difference(a: Interval, b: Interval, correlation = 0): Interval {
  const value = b.value - a.value;
  return {
    least: value - root(b.value - b.least, a.most - a.value, correlation),
    value,
    most: value + root(b.most - b.value, a.value - a.least, correlation),
  };
}

function root(x: number, y: number, correlation: number): number {
  // Nothing of what is unbounded cancels out.
  if (correlation === 0 || !Number.isFinite(x + y)) return Math.sqrt(x * x + y * y);
  return Math.sqrt(Math.max(0, x * x + y * y - 2 * correlation * x * y));
}
