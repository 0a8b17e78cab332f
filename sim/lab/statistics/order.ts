/**
 * Quantiles over replications, whatever their distribution: how many of n lie below a quantile is a binomial count, so two
 * order statistics bound it (Thompson 1936; David and Nagaraja, "Order Statistics", 7.1). Exact for continuous values, and
 * never too narrow for those with ties.
 */
import { binomialAtMost } from './distributions.ts';
import type { Confidence, Estimate } from './interval.ts';

export interface QuantileEstimate extends Estimate {
  /** Of which share it is the quantile. */
  readonly share: number;
  /** Ranks of the bounds, 1 being the smallest; 0 and n + 1 where the sample cannot give them. */
  readonly ranks: readonly [least: number, most: number];
  /** Replications from which on both bounds exist. */
  readonly needed: number;
}

/**
 * The value that a `share` of replications does not exceed. Half of what confidence leaves over lies beyond each bound. A
 * bound that so few replications cannot give is infinite: `needed` says how many would do, and `refusal` says it in a line.
 */
export function quantileInterval(
  values: ArrayLike<number>,
  share: number,
  { confidence = 0.95 }: Confidence = {},
): QuantileEstimate {
  if (!(share > 0 && share < 1)) throw new RangeError(`a quantile lies between 0 and 1, got ${share}`);
  const n = values.length;
  const needed = replicationsFor(share, confidence);
  const sorted = Float64Array.from(values).sort();
  // Typed arrays sort NaN to the end: one that is unknown might stand anywhere.
  if (n === 0 || Number.isNaN(sorted[n - 1]))
    return {
      ...{ n, confidence, share, needed, ranks: [0, n + 1] },
      ...{ least: Number.NEGATIVE_INFINITY, value: Number.NaN, most: Number.POSITIVE_INFINITY },
    };
  const ranks = ranksOf(n, share, confidence);
  const at = (rank: number): number =>
    rank < 1 ? Number.NEGATIVE_INFINITY : rank > n ? Number.POSITIVE_INFINITY : (sorted[rank - 1] as number);
  return {
    ...{ n, confidence, share, ranks, needed },
    ...{ least: at(ranks[0]), value: at(valueRank(n, share)), most: at(ranks[1]) },
  };
}

/** The rank of the quantile itself; shares like 0.07 are no binary numbers, and 100 of them are 7, not the next one. */
const valueRank = (n: number, share: number): number => Math.max(1, Math.min(n, Math.ceil(n * share - 1e-9)));

/** The ranks that bound it with equal tails; 0 or n + 1 where there is no such value. */
export function ranksOf(n: number, share: number, confidence: number): readonly [number, number] {
  const tail = (1 - confidence) / 2;
  // The quantile lies below the value of rank r when fewer than r of n are below it.
  const least = firstWhere(0, n, (rank) => binomialAtMost(rank, n, share) > tail);
  const most = firstWhere(0, n, (rank) => binomialAtMost(rank, n, share) >= 1 - tail) + 1;
  return [least, most];
}

/** The first of ascending numbers for which it holds; one beyond the last where it does not. */
function firstWhere(from: number, to: number, holds: (value: number) => boolean): number {
  let least = from;
  let most = to + 1;
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (holds(middle)) most = middle;
    else least = middle + 1;
  }
  return least;
}

/**
 * The fewest replications with which both bounds of a quantile exist: none of n is above it with probability share^n. For
 * an upper bound of p99 alone, with 95 %, they are 299; for both bounds of an interval of 95 %, 368.
 */
export function replicationsFor(share: number, confidence = 0.95, sides: 1 | 2 = 2): number {
  const tail = (1 - confidence) / sides;
  const extreme = Math.max(share, sides === 2 ? 1 - share : 0);
  if (!(tail > 0 && extreme < 1)) return Number.POSITIVE_INFINITY;
  let n = 0;
  for (let missed = 1; missed > tail; missed *= extreme) n++;
  return n;
}

/** Why there is no whole interval, in a sentence; null where there is one. */
export function refusal({ n, share, confidence, needed }: QuantileEstimate): string | null {
  if (n >= needed) return null;
  const percent = Number((share * 100).toFixed(3));
  return `p${percent} over replications needs ${needed} replications for an interval of ${Number((confidence * 100).toFixed(3))} %, and has ${n}`;
}
