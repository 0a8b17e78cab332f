/**
 * The front of what cannot be had together (Pareto): time against attempts, say. A point leaves it only when another one is
 * better by more than luck, so that a front drawn from few replications is wide rather than wrong.
 *
 * To say that one point dominates another takes that it is better in one axis and not worse in the other, each beyond luck:
 * both must hold, so the larger of their two p values is that of the claim (an intersection-union test; Berger 1982). With n
 * points there are n (n - 1) such claims, and Holm's rule holds all of them together.
 */
import { holm } from './holm.ts';
import { luckBelow, luckOfAlike } from './mean.ts';
import { differencesOf, meanOf } from './moments.ts';

/** One value a replication on both axes, less being better; replication i on the same luck for all points. */
export interface Point {
  readonly time: readonly number[];
  readonly cost: readonly number[];
}

export interface FrontRules {
  /** How likely luck may be to take any point from the front that belongs there. Default 0.05. */
  readonly level?: number;
  /** Differences up to which nobody calls a point worse in an axis. Default 0. */
  readonly indifference?: { readonly time: number; readonly cost: number };
}

export interface Place {
  /**
   * `front`: no other point's means are as good in both axes; `open`: some are, but it may be luck; `dominated`: by more
   * than luck; `unknown`: a replication has no value.
   */
  readonly is: 'front' | 'open' | 'dominated' | 'unknown';
  /** Who dominates it most surely, or whose means do; null on the front. */
  readonly by: number | null;
  /** Of the claim that `by` dominates it, by Holm's rule; 1 on the front. */
  readonly adjusted: number;
}

/** Where each point stands, in the order given. */
export function frontOf(points: readonly Point[], rules: FrontRules = {}): readonly Place[] {
  const { level = 0.05, indifference = { time: 0, cost: 0 } } = rules;
  const means = points.map(({ time, cost }) => [meanOf(time), meanOf(cost)] as const);
  const isKnown = (index: number): boolean => means[index]?.every((mean) => !Number.isNaN(mean)) === true;
  const claims = points.flatMap((point, index) =>
    points.flatMap((other, by) =>
      by === index || !isKnown(index) || !isKnown(by)
        ? []
        : [{ index, by, pValue: luckOf(other, point, indifference) }],
    ),
  );
  const decisions = holm(
    claims.map(({ pValue }) => pValue),
    level,
  );
  return points.map((_, index): Place => {
    if (!isKnown(index)) return { is: 'unknown', by: null, adjusted: 1 };
    let best: Place | null = null;
    for (const [at, claim] of claims.entries()) {
      if (claim.index !== index) continue;
      const { adjusted, decided } = decisions[at] as (typeof decisions)[number];
      const is = decided ? 'dominated' : isBelow(means[claim.by] as Pair, means[index] as Pair) ? 'open' : null;
      if (is === null) continue;
      if (best === null || adjusted < best.adjusted || (best.is === 'open' && decided))
        best = { is, by: claim.by, adjusted };
    }
    return best ?? { is: 'front', by: null, adjusted: 1 };
  });
}

type Pair = readonly [time: number, cost: number];

/** At least as good in both, and better in one. */
const isBelow = (a: Pair, b: Pair): boolean => a[0] <= b[0] && a[1] <= b[1] && (a[0] < b[0] || a[1] < b[1]);

/** How likely luck alone makes `a` look as if it dominated `b`. */
function luckOf(a: Point, b: Point, margin: { readonly time: number; readonly cost: number }): number {
  const time = differencesOf(b.time, a.time);
  const cost = differencesOf(b.cost, a.cost);
  // Better in time and not worse in cost, or the other way round: two chances, where a margin makes them two claims.
  const either = Math.min(
    Math.max(luckBelow(time), luckNotAbove(cost, margin.cost)),
    Math.max(luckNotAbove(time, margin.time), luckBelow(cost)),
  );
  return margin.time === 0 && margin.cost === 0 ? either : Math.min(1, 2 * either);
}

/** How likely luck alone makes a mean look as if it were not above `margin`. Without any difference it is not. */
const luckNotAbove = (values: Float64Array, margin: number): number =>
  margin === 0 && values.every((value) => value === 0)
    ? luckOfAlike(values.length)
    : luckBelow(values.map((value) => value - margin));
