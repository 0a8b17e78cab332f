/**
 * Two estimates that share no luck: what was simulated against what somebody published, or two samples of different seeds.
 * Whether they differ by more than luck (Welch's t, z), and whether they are equal for all that matters (two one-sided
 * tests), which not having seen a difference does not say.
 */
import { normalCdf, normalTails, tCdf, tReach, tTails } from './distributions.ts';
import type { Confidence, Estimate } from './interval.ts';
import { meanInterval } from './mean.ts';

/** A mean with its standard error; 0 for a number that is exact. */
export interface Measured {
  readonly value: number;
  readonly error: number;
}

export interface ZTest {
  /** Standard errors of the difference between the two. */
  readonly z: number;
  /** How likely luck alone takes them so far apart, to either side. */
  readonly pValue: number;
}

/** z of `ours` against `theirs`, for means of some thirty replications or more each. */
export function zTest(ours: Measured, theirs: Measured): ZTest {
  const difference = ours.value - theirs.value;
  const error = Math.sqrt(ours.error * ours.error + theirs.error * theirs.error);
  const z = difference === 0 ? 0 : difference / error;
  return { z, pValue: Number.isNaN(z) ? Number.NaN : Number.isFinite(z) ? normalTails(z) : 0 };
}

export interface Difference extends Estimate {
  readonly error: number;
  /** Degrees of freedom (Welch 1947, Satterthwaite 1946). */
  readonly df: number;
  readonly pValue: number;
}

/** The mean of `b` minus that of `a`, of independent samples whose variances may differ. `n` is the smaller of the two. */
export function welchDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { confidence = 0.95 }: Confidence = {},
): Difference {
  const before = meanInterval(a);
  const after = meanInterval(b);
  const value = after.value - before.value;
  const n = Math.min(a.length, b.length);
  const [left, right] = [before.error * before.error, after.error * after.error];
  const error = Math.sqrt(left + right);
  if (!Number.isFinite(value) || !Number.isFinite(error))
    return {
      ...{ n, confidence, value, error, df: Number.NaN, pValue: Number.NaN },
      ...{ least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY },
    };
  if (error === 0)
    return {
      ...{ n, confidence, value, error, least: value, most: value },
      df: a.length + b.length - 2,
      pValue: value === 0 ? 1 : 0,
    };
  const df = ((left + right) * (left + right)) / ((left * left) / (a.length - 1) + (right * right) / (b.length - 1));
  const half = tReach(confidence, df) * error;
  return {
    n,
    confidence,
    value,
    error,
    df,
    pValue: tTails(value / error, df),
    least: value - half,
    most: value + half,
  };
}

/**
 * How likely luck alone makes a difference look smaller than `margin` that is not (two one-sided tests, Schuirmann 1987): at
 * most `level` means that both are equal within the margin. `df` is infinite for a z test.
 */
export function equivalencePValue(
  { value, error }: Measured,
  margin: number,
  df: number = Number.POSITIVE_INFINITY,
): number {
  if (!(margin > 0) || Number.isNaN(value) || Number.isNaN(error)) return Number.NaN;
  if (error === 0) return Math.abs(value) < margin ? 0 : 1;
  const below = (value - margin) / error;
  const above = (-margin - value) / error;
  const tail = (t: number): number => (df === Number.POSITIVE_INFINITY ? normalCdf(t) : tCdf(t, df));
  return Math.max(tail(below), tail(above));
}
