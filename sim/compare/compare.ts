/**
 * Two sweeps side by side: what became worse by more than luck, and what was lost for certain.
 *
 * Facts need no statistics: a law that held and is broken now, a target that was held and is missed now. Everything else
 * is an estimate over runs, and a difference counts when its interval excludes zero. All intervals of one comparison hold
 * together with 95 %, so that a hundred metrics of thirty scenarios do not cry wolf by their number.
 */
import { badRunsOf, type ExploreDocument, type ScenarioDocument } from '../explore/document.ts';
import type { ComparedDocument, SampleDocument } from '../explore/per-run.ts';
import { type Fact, factsOf } from './facts.ts';
import { difference, type Interval, reach, shareInterval } from './interval.ts';
import { type Metric, metricsOf } from './metrics.ts';

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
}

export interface Comparison {
  readonly rows: readonly Row[];
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

export function compare(a: ExploreDocument, b: ExploreDocument, { leastPercent = 1 }: CompareOptions = {}): Comparison {
  const pairs = a.scenarios.flatMap((before) => {
    const after = b.scenarios.find(({ name }) => name === before.name);
    return after === undefined ? [] : [{ before, after }];
  });
  const differing = pairs.filter(({ before, after }) => before.digest !== after.digest);
  const intervals = differing.reduce((sum, { before, after }) => sum + metricsIn(before, after).length + 1, 0);
  const z = reach(intervals);
  const rows = differing.flatMap(({ before, after }) => rowsOf(before, after, z, leastPercent));
  const facts = pairs.flatMap(({ before, after }) => factsOf(before, after));
  const missing = (from: ExploreDocument, other: ExploreDocument): string[] =>
    from.scenarios.map(({ name }) => name).filter((name) => !other.scenarios.some((each) => each.name === name));
  return {
    rows,
    facts,
    identical: pairs.filter((pair) => !differing.includes(pair)).map(({ before }) => before.name),
    onlyA: missing(a, b),
    onlyB: missing(b, a),
    intervals,
    reach: z,
    regressions:
      rows.filter(({ verdict }) => verdict === 'worse').length + facts.filter(({ regression }) => regression).length,
  };
}

/** What two sweeps of a scenario measure, or one of them. */
function metricsIn(before: ScenarioDocument, after: ScenarioDocument): readonly Metric[] {
  const keys = new Map([...after.compared, ...before.compared].map((each) => [each.key, each]));
  const order = [...new Set([...before.compared, ...after.compared].map(({ key }) => key))];
  return order.flatMap((key) => metricsOf(keys.get(key) as ComparedDocument));
}

const NO_SAMPLE: SampleDocument = { samples: 0, buckets: [] };

function rowsOf(before: ScenarioDocument, after: ScenarioDocument, z: number, leastPercent: number): Row[] {
  const row = (
    { name, unit, moreIsBetter }: Pick<Metric, 'name' | 'unit' | 'moreIsBetter'>,
    a: Interval,
    b: Interval,
  ): Row => {
    const change = difference(a, b);
    const percent = a.value > 0 ? (change.value / a.value) * 100 : null;
    const verdict = verdictOf(change, percent, leastPercent);
    return { scenario: before.name, metric: name, unit, a, b, change, percent, verdict: turned(verdict, moreIsBetter) };
  };
  const bad = (scenario: ScenarioDocument): Interval => shareInterval(badRunsOf(scenario), scenario.runs, z);
  const estimated = (metric: Metric, { per_run }: ScenarioDocument): Interval =>
    metric.estimate(per_run[metric.from] ?? NO_SAMPLE, z);
  return [
    row({ name: 'broken runs', unit: 'share', moreIsBetter: false }, bad(before), bad(after)),
    ...metricsIn(before, after).map((metric) => row(metric, estimated(metric, before), estimated(metric, after))),
  ];
}

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
