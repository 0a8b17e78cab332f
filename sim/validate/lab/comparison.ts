/**
 * A figure of somebody else beside ours. Both are means over replications, so each has a standard error, and the difference over
 * both of them is a z value: standard normal if the two simulate the same thing.
 */
import { normalQuantile, normalTails, tTails } from '../../lab/statistics/distributions.ts';
import { holm } from '../../lab/statistics/holm.ts';
import { meanOf, varianceOf } from '../../lab/statistics/moments.ts';

/** A figure, and how far luck and printing may have taken it from the truth. */
export interface Figure {
  readonly value: number;
  /** Standard error; 0 for what is exact. */
  readonly error: number;
  /** Degrees of freedom behind the error: infinite for what is derived, or known well. */
  readonly df: number;
}

export interface Comparison {
  /** What was simulated, e.g. `100 clients, aws-full-jitter`. */
  readonly cell: string;
  readonly figure: string;
  readonly reference: Figure;
  readonly ours: Figure;
  /** By how much the reference itself is known to be off: an approximation that its author gives as one. Else 0. */
  readonly allowance: number;
  /**
   * The difference in standard errors; with few replications behind them the normal deviate that is as unlikely. Infinite
   * when two figures without any luck differ.
   */
  readonly z: number;
}

/** Several comparisons that stand or fall together. */
export interface Verdict {
  readonly comparisons: readonly Comparison[];
  /** Those that differ by more than luck, at `LEVEL` for all comparisons together. */
  readonly missed: readonly Comparison[];
}

/** How often all comparisons of a part together may fail by luck alone. */
export const LEVEL = 0.01;

export function compare(cell: string, figure: string, reference: Figure, ours: Figure, allowance = 0): Comparison {
  return { cell, figure, reference, ours, allowance, z: deviate(reference, ours, allowance) };
}

function deviate(reference: Figure, ours: Figure, allowance: number): number {
  const difference = ours.value - reference.value;
  const beyond = Math.max(0, Math.abs(difference) - allowance);
  const variances = [reference, ours].map(({ error }) => error * error) as [number, number];
  const error = Math.sqrt(variances[0] + variances[1]);
  // What has no luck in it may still have been rounded by the arithmetic.
  const slack = 1e-9 * Math.abs(reference.value);
  if (beyond <= slack) return Number.isNaN(difference) ? Number.NaN : 0;
  if (error <= slack / 1000) return difference * Number.POSITIVE_INFINITY;
  // Welch and Satterthwaite.
  const df = error ** 4 / (variances[0] ** 2 / reference.df + variances[1] ** 2 / ours.df);
  const t = beyond / error;
  const z = df > 1000 ? t : -normalQuantile(tTails(t, df) / 2);
  return Math.sign(difference) * z;
}

/** The mean of replications. */
export const meanFigure = (values: ArrayLike<number>): Figure => ({
  value: meanOf(values),
  error: values.length < 2 ? 0 : Math.sqrt(varianceOf(values) / values.length),
  df: Math.max(1, values.length - 1),
});

/**
 * A mean over `theirs` replications that was published without a standard error, or with one of a few replications. Where both
 * simulate the same thing the luck of one replication is the same, so it is taken from `replications` of ours.
 */
export const meanOfTheirs = (value: number, theirs: number, ours: Figure, replications: number): Figure => ({
  value,
  error: ours.error * Math.sqrt(replications / theirs),
  df: ours.df,
});

export const exactly = (value: number): Figure => ({ value, error: 0, df: Number.POSITIVE_INFINITY });

/** A figure that was printed in steps of `unit`: rounding is an error, uniform over one step. */
export const printed = (figure: Figure, unit: number): Figure => ({
  ...figure,
  error: Math.sqrt(figure.error * figure.error + (unit * unit) / 12),
});

export function judge(comparisons: readonly Comparison[]): Verdict {
  const decisions = holm(
    comparisons.map(({ z }) => normalTails(z)),
    LEVEL,
  );
  // A figure that is unknown was not reproduced.
  return { comparisons, missed: comparisons.filter(({ z }, index) => decisions[index]!.decided || Number.isNaN(z)) };
}
