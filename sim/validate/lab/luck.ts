/**
 * Whether z values look like luck: standard normal, so neither too far out nor too near. Those of approximations and of
 * figures without luck do not count.
 */
import { normalCdf } from '../../lab/statistics/distributions.ts';
import { meanOf, varianceOf } from '../../lab/statistics/moments.ts';
import type { Comparison } from './comparison.ts';

export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly most: number;
  /** How many are beyond 1.96, of which luck has one in twenty. */
  readonly beyond: number;
  /** Values below which 2.5, 16, 50, 84 and 97.5 % of them are: -1.96, -1, 0, 1 and 1.96 for luck. */
  readonly quantiles: readonly number[];
  /** Kolmogorov's distance from luck, times the square root of the count: above 1.36 in one case of twenty, if they are independent. */
  readonly distance: number;
}

const SHARES = [0.025, 0.16, 0.5, 0.84, 0.975];

/** Null of fewer than two. */
export function spreadOf(comparisons: readonly Comparison[]): Spread | null {
  const z = Float64Array.from(
    comparisons.filter((row) => row.z !== 0 && Number.isFinite(row.z) && row.allowance === 0).map((row) => row.z),
  ).sort();
  const count = z.length;
  if (count < 2) return null;
  let distance = 0;
  for (const [rank, value] of z.entries()) {
    const share = normalCdf(value);
    distance = Math.max(distance, share - rank / count, (rank + 1) / count - share);
  }
  return {
    count,
    mean: meanOf(z),
    deviation: Math.sqrt(varianceOf(z)),
    most: Math.max(-z[0]!, z[count - 1]!),
    beyond: z.reduce((sum, value) => sum + (Math.abs(value) > 1.96 ? 1 : 0), 0),
    quantiles: SHARES.map((share) => z[Math.min(count - 1, Math.floor(share * count))]!),
    distance: distance * Math.sqrt(count),
  };
}
