/**
 * Sweeps side by side: what became worse by more than luck, and what was lost for certain.
 *
 * Facts need no statistics: a law that held and is broken now, a target that was held and is missed now. Everything else
 * is an estimate over runs, and a difference counts when its interval excludes zero. Runs of the same seed are held against
 * each other (`pairs.ts`). All intervals of one comparison hold together with 95 %, so that a hundred metrics of thirty
 * scenarios do not cry wolf by their number.
 */
import { badRunsOf, type ExploreDocument, type ScenarioDocument } from '../explore/document.ts';
import type { ComparedDocument, SampleDocument } from '../explore/per-run.ts';
import { agreementOf } from './agreement.ts';
import { type Fact, factsOf } from './facts.ts';
import { type Interval, reach, shareInterval } from './interval.ts';
import { type Metric, metricsOf } from './metrics.ts';
import { type Estimates, estimatesOf, type Pairing, type Twins, twinsOf } from './pairs.ts';

export type Verdict = 'worse' | 'better' | 'same' | 'unknown';

/** One metric of one scenario in both sweeps. */
export interface Row {
  readonly scenario: string;
  readonly metric: string;
  readonly unit: Metric['unit'];
  readonly a: Interval;
  readonly b: Interval;
  /** `b - a`. */
  readonly change: Interval;
  /** The change in percent of `a`; null when `a` is zero or unknown. */
  readonly percent: number | null;
  readonly verdict: Verdict;
  /** What pairs of runs came to; null where the change was estimated as between independent runs. */
  readonly pairs: Pairing | null;
}

export interface Comparison {
  readonly rows: readonly Row[];
  /** Runs that are twins, by scenario; those without any are not in it. */
  readonly twins: Readonly<Record<string, number>>;
  readonly facts: readonly Fact[];
  /** Scenarios whose runs are the same event by event in both sweeps: there is nothing to estimate. */
  readonly identical: readonly string[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  /** How many intervals hold together with 95 %, and how many standard errors that takes. */
  readonly intervals: number;
  readonly reach: number;
  /** Rows that are worse and facts that are regressions. */
  readonly regressions: number;
}

export interface CompareOptions {
  /** Percent of `a` up to which a change is called the same. Default 1: histograms are within 0.8 %. */
  readonly leastPercent?: number;
}

export const compare = (a: ExploreDocument, b: ExploreDocument, options: CompareOptions = {}): Comparison =>
  compareAll(a, [b], options)[0] as Comparison;

/** Each of the others against `a`; the intervals of all comparisons hold together. */
export function compareAll(
  a: ExploreDocument,
  others: readonly ExploreDocument[],
  { leastPercent = 1 }: CompareOptions = {},
): readonly Comparison[] {
  const sides = others.map((b) => {
    const common = a.scenarios.flatMap((before): Side[] => {
      const after = b.scenarios.find(({ name }) => name === before.name);
      return after === undefined ? [] : [{ before, after }];
    });
    return { b, common, differing: common.filter(({ before, after }) => before.digest !== after.digest) };
  });
  const intervals = sides
    .flatMap(({ differing }) => differing)
    .reduce((sum, { before, after }) => sum + metricsIn(before, after).length + 1, 0);
  const z = reach(intervals);
  const missing = (from: ExploreDocument, other: ExploreDocument): string[] =>
    from.scenarios.map(({ name }) => name).filter((name) => !other.scenarios.some((each) => each.name === name));
  return sides.map(({ b, common, differing }) => {
    const twins: Record<string, number> = {};
    const rows = differing.flatMap((side) => {
      const common = twinsOf(side.before, side.after);
      if (common !== null) twins[side.before.name] = common.runs;
      return rowsOf(side, common, z, intervals, leastPercent);
    });
    const facts = common.flatMap(({ before, after }) => factsOf(before, after));
    return {
      rows,
      facts,
      twins,
      identical: common.filter((side) => !differing.includes(side)).map(({ before }) => before.name),
      onlyA: missing(a, b),
      onlyB: missing(b, a),
      intervals,
      reach: z,
      regressions:
        rows.filter(({ verdict }) => verdict === 'worse').length + facts.filter(({ regression }) => regression).length,
    };
  });
}

/** One scenario in both sweeps. */
interface Side {
  readonly before: ScenarioDocument;
  readonly after: ScenarioDocument;
}

/** What two sweeps of a scenario measure, or one of them. */
function metricsIn(before: ScenarioDocument, after: ScenarioDocument): readonly Metric[] {
  const keys = new Map([...after.compared, ...before.compared].map((each) => [each.key, each]));
  const order = [...new Set([...before.compared, ...after.compared].map(({ key }) => key))];
  return order.flatMap((key) => metricsOf(keys.get(key) as ComparedDocument));
}

const NO_SAMPLE: SampleDocument = { samples: 0, buckets: [] };

function rowsOf(
  { before, after }: Side,
  twins: Twins | null,
  z: number,
  intervals: number,
  leastPercent: number,
): Row[] {
  const row = (
    { name, unit, moreIsBetter }: Pick<Metric, 'name' | 'unit' | 'moreIsBetter'>,
    { a, b, change, pairs }: Estimates,
  ): Row => {
    const percent = a.value > 0 ? (change.value / a.value) * 100 : null;
    const verdict = turned(verdictOf(change, percent, leastPercent), moreIsBetter);
    return { scenario: before.name, metric: name, unit, a, b, change, percent, verdict, pairs };
  };
  const sampleIn = ({ per_run }: ScenarioDocument, key: string): SampleDocument => per_run[key] ?? NO_SAMPLE;
  return [
    row(
      { name: 'broken runs', unit: 'share', moreIsBetter: false },
      estimatesOf(BROKEN, [badOf(before), badOf(after)], twins?.bad ?? null, z, intervals),
    ),
    ...metricsIn(before, after).map((metric) => {
      const samples = [sampleIn(before, metric.from), sampleIn(after, metric.from)] as const;
      return row(metric, estimatesOf(metric, samples, twins?.column(metric.from) ?? null, z, intervals));
    }),
  ];
}

/** Runs that did not hold, as 1. */
function badOf(scenario: ScenarioDocument): SampleDocument {
  const bad = badRunsOf(scenario);
  return {
    samples: scenario.runs,
    buckets: [
      [0, scenario.runs - bad],
      [1, bad],
    ],
  };
}

const BROKEN: Pick<Metric, 'estimate' | 'correlation' | 'isMean'> = {
  isMean: false,
  estimate: ({ samples, buckets }, z): Interval => shareInterval(buckets[1]?.[1] ?? 0, samples, z),
  correlation: (ofA, ofB) => agreementOf(ofA, ofB, 0, 0),
};

/** Where more is better, more is not worse. */
function turned(verdict: Verdict, moreIsBetter: boolean): Verdict {
  if (!moreIsBetter) return verdict;
  return verdict === 'worse' ? 'better' : verdict === 'better' ? 'worse' : verdict;
}

function verdictOf({ least, value, most }: Interval, percent: number | null, leastPercent: number): Verdict {
  if (Number.isNaN(value)) return 'unknown';
  if (percent !== null && Math.abs(percent) <= leastPercent) return 'same';
  if (least > 0) return 'worse';
  return most < 0 ? 'better' : 'same';
}
