/**
 * Twins: the runs of one seed in two sweeps. They met the same luck (the same draws for the same purposes), so whatever
 * the sweeps have in common cancels out of their difference, and what one version does otherwise is left.
 */
import { seedNumber } from '../core/seeds.ts';
import type { ScenarioDocument } from '../explore/document.ts';
import type { SampleDocument } from '../explore/per-run.ts';
import { badColumnOf, columnOf, PER_SEED_FORMAT } from '../explore/per-seed.ts';
import { meanOf } from '../lab/statistics/moments.ts';
import { pairedDifference } from '../lab/statistics/pairs.ts';
import { confidenceOfEach, difference, type Interval } from './interval.ts';
import type { Metric } from './metrics.ts';

/** What pairs came to, for one row. */
export interface Pairing {
  /** Runs that are twins, and have such a value both times. */
  readonly pairs: number;
  /** The correlation achieved between the estimates of both sweeps; null where a side does not vary. */
  readonly correlation: number | null;
  /** How many times more runs would be needed without pairs; null where nothing varies between them. */
  readonly gain: number | null;
}

/** The runs that two sweeps of one scenario have in common. */
export interface Twins {
  readonly runs: number;
  /** What both measured under a key, run by run; null where a document does not have it. */
  column(key: string): readonly [a: Float64Array, b: Float64Array] | null;
  /** Which of them did not hold, as 1. */
  readonly bad: readonly [a: Float64Array, b: Float64Array];
}

/** Null where nothing is paired: no seed in common, or a document of before, or of a search. */
export function twinsOf(a: ScenarioDocument, b: ScenarioDocument): Twins | null {
  const [one, other] = [a.per_seed, b.per_seed];
  if (one?.format !== PER_SEED_FORMAT || other?.format !== PER_SEED_FORMAT) return null;
  const [fromA, fromB] = [seedNumber(one.from) as number, seedNumber(other.from) as number];
  const from = Math.max(fromA, fromB);
  const runs = Math.min(fromA + one.runs, fromB + other.runs) - from;
  if (runs < 2) return null;
  const common = (left: Float64Array, right: Float64Array): readonly [Float64Array, Float64Array] => [
    left.subarray(from - fromA, from - fromA + runs),
    right.subarray(from - fromB, from - fromB + runs),
  ];
  return {
    runs,
    bad: common(badColumnOf(one.bad, one.runs) as Float64Array, badColumnOf(other.bad, other.runs) as Float64Array),
    column(key) {
      if (!Object.hasOwn(one.values, key) || !Object.hasOwn(other.values, key)) return null;
      return common(
        columnOf(one.values[key], one.runs) as Float64Array,
        columnOf(other.values[key], other.runs) as Float64Array,
      );
    },
  };
}

/** From fewer pairs the correlation of two estimates is a guess; differences of means need none. */
const FEWEST_PAIRS = 30;

/** Estimates of one metric in both sweeps, and of the change. */
export interface Estimates {
  readonly a: Interval;
  readonly b: Interval;
  readonly change: Interval;
  readonly pairs: Pairing | null;
}

/** What is compared: how it is estimated from a sample, and how two estimates go together. */
type Compared = Pick<Metric, 'estimate' | 'correlation' | 'isMean'>;

/**
 * The change of a metric, by pairs where there are any; `samples` are those of the documents, for what is not paired. All
 * intervals hold together when there are as many as `comparisons`.
 */
export function estimatesOf(
  metric: Compared,
  samples: readonly [a: SampleDocument, b: SampleDocument],
  columns: readonly [a: Float64Array, b: Float64Array] | null,
  z: number,
  comparisons: number,
): Estimates {
  const [a, b] = [metric.estimate(samples[0], z), metric.estimate(samples[1], z)];
  const alone = { a, b, change: difference(a, b), pairs: null };
  if (columns === null) return alone;
  const [ofA, ofB] = completeOf(columns);
  const pairs = ofA.length;
  const isWhole = pairs === samples[0].samples && pairs === samples[1].samples;
  if (metric.isMean && isWhole && pairs >= 2) {
    const change = pairedDifference(ofA, ofB, { confidence: confidenceOfEach(comparisons) });
    const { least, value, most, correlation, gain } = change;
    const shifted = (of: Interval, mean: number): Interval => ({
      least: of.least - of.value + mean,
      value: mean,
      most: of.most - of.value + mean,
    });
    return {
      a: shifted(a, meanOf(ofA)),
      b: shifted(b, meanOf(ofB)),
      change: { least, value, most },
      pairs: { pairs, correlation: finite(correlation), gain: finite(gain) },
    };
  }
  if (pairs < FEWEST_PAIRS || Number.isNaN(a.value + b.value)) return alone;
  // Only runs that are twins go together: a part of both sweeps, or less.
  const part = pairs / Math.sqrt(samples[0].samples * samples[1].samples);
  const correlation = metric.correlation(ofA, ofB, a.value, b.value) * Math.min(1, part);
  if (Number.isNaN(correlation)) return { ...alone, pairs: { pairs, correlation: null, gain: null } };
  const change = difference(a, b, correlation);
  const [wide, narrow] = [alone.change.most - alone.change.least, change.most - change.least];
  return { a, b, change, pairs: { pairs, correlation, gain: finite((wide / narrow) * (wide / narrow)) } };
}

/** Pairs in which both sides have a value. */
function completeOf([a, b]: readonly [Float64Array, Float64Array]): readonly [Float64Array, Float64Array] {
  const isWhole = (_: number, index: number): boolean =>
    !Number.isNaN(a[index] as number) && !Number.isNaN(b[index] as number);
  return [a.filter(isWhole), b.filter(isWhole)];
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
