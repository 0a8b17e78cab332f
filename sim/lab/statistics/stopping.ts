/**
 * When there are enough replications: once the half-width of the interval is a small enough part of the mean.
 *
 * A rule that looks at its own data stops too gladly when the data happen to vary little, so the interval at the stop holds
 * the truth less often than it says (Chow and Robbins 1965 have the limit, Law and Carson 1979 and Singham and Schruben 2012
 * what is lost before it). Four things keep that loss below two points for what has moderate tails, as the test measures:
 * - nobody looks before `fewest` replications. What shows in one replication of twenty is in 59 of them with 95 %; without
 *   it the variance would be that of another world;
 * - nobody looks at each replication, only at stages that grow by half, so there are few chances to be lucky;
 * - the interval has to be narrow enough, too, if one more replication came that is as far out as the farthest so far;
 * - the half-width is held against `relative / (1 + relative)` of the mean found, so that the error is at most `relative` of
 *   the true one (Law, "Simulation Modeling and Analysis", 9.4.1).
 * Stages are numbers that follow from the rule alone: workers and the order in which they end change nothing.
 */
import { tReach } from './distributions.ts';
import type { Confidence } from './interval.ts';
import { meanOf, varianceOf } from './moments.ts';

export interface Precision extends Confidence {
  /** The half-width asked for, as a part of the mean: 0.02. */
  readonly relative: number;
  /** A half-width that is enough whatever the mean: for means that may be zero. Default 0. */
  readonly absolute?: number;
  /** Replications before anybody looks (default 59), and after which nobody goes on (default 10,000). */
  readonly fewest?: number;
  readonly most?: number;
}

export interface Stage {
  /** Why it is over; `unknown`: a replication has no value, so the mean will not have one. Null: go on up to `next`. */
  readonly ends: 'precise' | 'most' | 'unknown' | null;
  /** Replications to have in all before the next look. */
  readonly next: number;
  /** The half-width by which it was judged, as a part of the mean; infinite where nothing is known. */
  readonly relative: number;
}

const FEWEST = 59;
const MOST = 10_000;

/** The numbers of replications at which the rule looks: `fewest`, half as many again, … up to `most`. */
export function stagesOf({ fewest = FEWEST, most = MOST }: Omit<Precision, 'relative'> = {}): readonly number[] {
  const stages = [Math.max(2, Math.min(fewest, most))];
  for (let n = stages[0] as number; n < most; ) {
    n = Math.min(most, Math.ceil(n * 1.5));
    stages.push(n);
  }
  return stages;
}

/** What to do with these replications; between two stages it goes on up to the next one. */
export function stageOf(values: ArrayLike<number>, precision: Precision): Stage {
  const { most = MOST } = precision;
  const n = values.length;
  const stages = stagesOf(precision);
  const next = stages.find((stage) => stage > n) ?? most;
  const relative = n < 2 ? Number.POSITIVE_INFINITY : relativeHalfWidth(values, precision);
  if (Number.isNaN(relative)) return { ends: 'unknown', next, relative: Number.POSITIVE_INFINITY };
  if (n >= most) return { ends: relative <= precision.relative ? 'precise' : 'most', next, relative };
  return { ends: stages.includes(n) && relative <= precision.relative ? 'precise' : null, next, relative };
}

/** Several samples of equal length (metrics of one contender): over when each of them is. What has no value holds nobody up. */
export function stageOfAll(samples: readonly ArrayLike<number>[], precision: Precision): Stage {
  const stages = samples.map((values) => stageOf(values, precision));
  const known = stages.filter(({ ends }) => ends !== 'unknown');
  const [first] = stages;
  if (first === undefined) throw new RangeError('expected at least one sample');
  const ends =
    known.length === 0 ? 'unknown' : (ENDS.find((each) => known.some((stage) => stage.ends === each)) ?? null);
  return {
    ends,
    next: first.next,
    relative: (known.length === 0 ? stages : known).reduce((worst, { relative }) => Math.max(worst, relative), 0),
  };
}

/** What decides for all, the first that occurs. */
const ENDS: readonly Stage['ends'][] = [null, 'most', 'precise'];

/** The smallest `relative` that would be kept here; 0 where the absolute half-width is enough; NaN where the mean is unknown. */
function relativeHalfWidth(values: ArrayLike<number>, { confidence = 0.95, absolute = 0 }: Precision): number {
  const n = values.length;
  const mean = meanOf(values);
  if (!Number.isFinite(mean)) return Number.NaN;
  const half = tReach(confidence, n - 1) * Math.sqrt(Math.max(varianceOf(values) / n, withFarthest(values, mean)));
  if (half <= absolute) return 0;
  // half <= r / (1 + r) |mean| is r >= half / (|mean| - half).
  return half < Math.abs(mean) ? half / (Math.abs(mean) - half) : Number.POSITIVE_INFINITY;
}

/** The variance of the mean if one more replication came, as far out as the farthest. */
function withFarthest(values: ArrayLike<number>, mean: number): number {
  const n = values.length;
  let farthest = 0;
  for (let index = 0; index < n; index++) farthest = Math.max(farthest, Math.abs((values[index] as number) - mean));
  const squares = varianceOf(values) * (n - 1) + (farthest * farthest * n) / (n + 1);
  return squares / n / (n + 1);
}

/**
 * How often something may happen that none of `n` replications showed: with `confidence` no more often than this (3/n
 * for 95 %, Hanley and Lippman-Hand 1983). What is rarer than that is in no mean and no interval.
 */
export function unseenShare(n: number, confidence = 0.95): number {
  // (1 - share)^n = 1 - confidence, by halving: products only.
  let least = 0;
  let most = 1;
  for (let step = 0; step < 60; step++) {
    const share = (least + most) / 2;
    if (power(1 - share, n) > 1 - confidence) least = share;
    else most = share;
  }
  return most;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
