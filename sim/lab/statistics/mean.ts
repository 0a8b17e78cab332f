/** The mean over replications, with Student's interval. */
import { tReach, tTails } from './distributions.ts';
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
 * Replications that are all alike are either exactly there (1) or not (0); NaN of fewer than two.
 */
export function meanPValue({ n, value, error }: MeanEstimate, expected = 0): number {
  if (n < 2 || !Number.isFinite(value)) return Number.NaN;
  if (error === 0) return value === expected ? 1 : 0;
  return tTails((value - expected) / error, n - 1);
}
