/** The mean over replications, with Student's interval. */
import { binomialAtMost, tCdf, tReach, tTails } from './distributions.ts';
import { type Confidence, type Estimate, unknown } from './interval.ts';
import { meanOf, varianceOf } from './moments.ts';

export interface MeanEstimate extends Estimate {
  /** Standard deviation of one replication, and of the mean; NaN of fewer than two. */
  readonly deviation: number;
  readonly error: number;
}

/**
 * The mean of what replications came to. Exact for normal ones, and good for others from some thirty on, unless they are
 * very skewed (the bootstrap of `bootstrap.ts` follows skewness). Replications that are all alike give an interval without
 * width, which is as much as they say. A value that is not finite leaves the mean without bounds.
 */
export function meanInterval(values: ArrayLike<number>, { confidence = 0.95 }: Confidence = {}): MeanEstimate {
  const n = values.length;
  const value = meanOf(values);
  const deviation = Math.sqrt(varianceOf(values));
  const error = deviation / Math.sqrt(n);
  if (n < 2 || !Number.isFinite(value)) return { ...unknown(n, confidence, value), deviation, error };
  const half = error === 0 ? 0 : tReach(confidence, n - 1) * error;
  return { n, confidence, least: value - half, value, most: value + half, deviation, error };
}

/**
 * How likely luck alone takes a mean so far from `expected`, to either side, if that were the truth (t test of one sample).
 * NaN of fewer than two, and of an infinite mean.
 */
export function meanPValue({ n, value, error }: MeanEstimate, expected = 0): number {
  if (n < 2 || !Number.isFinite(value)) return Number.NaN;
  if (error === 0) return value === expected ? 1 : Math.min(1, 2 * luckOfAlike(n));
  return tTails((value - expected) / error, n - 1);
}

/**
 * How likely luck alone takes a mean so far below 0 (t test to one side); 1 where nothing is known. Infinite values have no
 * mean: then it is judged by how many values are below 0 (sign test).
 */
export function luckBelow(values: ArrayLike<number>): number {
  const { n, value, error } = meanInterval(values);
  if (n < 2 || Number.isNaN(value)) return 1;
  if (!Number.isFinite(value)) return signLuck(values);
  if (error === 0) return value < 0 ? luckOfAlike(n) : 1;
  return tCdf(value / error, n - 1);
}

/** How likely n values are all on the same side of 0 where either side is as likely: all that is known when all are alike. */
export function luckOfAlike(n: number): number {
  let luck = 1;
  for (let index = 0; index < n && luck > 0; index++) luck /= 2;
  return luck;
}

/** How likely luck alone puts so many values below 0; those at 0 say nothing. */
function signLuck(values: ArrayLike<number>): number {
  let below = 0;
  let above = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (value < 0) below++;
    else if (value > 0) above++;
  }
  return binomialAtMost(above, below + above, 0.5);
}
