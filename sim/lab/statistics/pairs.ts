/**
 * Differences under common random numbers: replication i of both sides met the same luck, so what they share cancels out
 * of `b[i] - a[i]`, and the mean of the differences is known as well as if there were `gain` times as many replications.
 */
import type { Confidence } from './interval.ts';
import { type MeanEstimate, meanInterval, meanPValue } from './mean.ts';
import { correlationOf, differencesOf, varianceOf } from './moments.ts';

export interface PairedDifference extends MeanEstimate {
  /** How likely luck alone makes such a difference where there is none (two-sided paired t test). */
  readonly pValue: number;
  /** The correlation achieved between both sides, -1 to 1; NaN where a side does not vary. */
  readonly correlation: number;
  /**
   * How many times the variance of a difference of independent samples is that of the pairs: 4 means that four times the
   * replications would be needed without pairs. Infinite where all differences are alike, NaN where nothing varies at all,
   * below 1 where the pairs did harm.
   */
  readonly gain: number;
}

/** The mean of `b[i] - a[i]`, with Student's interval over pairs. Throws a RangeError for arrays of different lengths. */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: Confidence = {},
): PairedDifference {
  const estimate = meanInterval(differencesOf(a, b), options);
  return {
    ...estimate,
    pValue: meanPValue(estimate),
    correlation: correlationOf(a, b),
    gain: (varianceOf(a) + varianceOf(b)) / (estimate.deviation * estimate.deviation),
  };
}
