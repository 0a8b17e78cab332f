/**
 * Confidence intervals for what a sweep measured, from histograms with one sample a run (runs are independent).
 *
 * A share has Wilson's interval. A quantile has the values whose ranks bound it: the rank of a quantile is a binomial
 * count, so Wilson's interval of the share gives two ranks, whatever the shape of the distribution. A mean has the normal
 * interval. The difference of two of them follows Zou and Donner ("method of variance estimates recovery", 2008), which
 * needs nothing but the two intervals and keeps their asymmetry; for shares it is Newcombe's well-known interval.
 */
import type { SampleDocument } from '../explore/per-run.ts';

/** An estimate between its bounds; a bound that the sample cannot give is infinite. */
export interface Interval {
  readonly least: number;
  readonly value: number;
  readonly most: number;
}

/**
 * How many standard errors an interval reaches to each side so that, of so many intervals, all hold at once with 95 %
 * (Bonferroni: each holds with 1 - 0.05 / comparisons). Rounded up to the next power of two comparisons: an interval that
 * is a little too wide keeps its promise.
 */
export function reach(comparisons: number): number {
  let row = 0;
  for (let covered = 1; covered < comparisons && row < REACH.length - 1; covered *= 2) row++;
  return REACH[row] as number;
}

/** The normal quantile of 1 - 0.025 / 2^row. */
const REACH = [
  1.95997, 2.24141, 2.49771, 2.73437, 2.95518, 3.16276, 3.35912, 3.54578, 3.72397, 3.89467, 4.05869, 4.21668, 4.36922,
  4.51679, 4.6598, 4.79862,
] as const;

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

/** `b - a` for two independent estimates. */
export function difference(a: Interval, b: Interval): Interval {
  const value = b.value - a.value;
  return {
    least: value - root(b.value - b.least, a.most - a.value),
    value,
    most: value + root(b.most - b.value, a.value - a.least),
  };
}

const root = (x: number, y: number): number => Math.sqrt(x * x + y * y);
