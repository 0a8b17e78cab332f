/** What `hangup compare` looks at in each scenario: what its figures say of themselves. */
import type { ComparedDocument, SampleDocument } from '../explore/per-run.ts';
import { correlationOf } from '../lab/statistics/moments.ts';
import { agreementOf } from './agreement.ts';
import { type Interval, meanInterval, quantileInterval, shareInterval } from './interval.ts';

export interface Metric {
  /** As printed, e.g. `recovery p95`. */
  readonly name: string;
  /** Which figure of a run it is taken from. */
  readonly from: string;
  readonly unit: 'us' | 'bytes' | 'share' | 'percent' | 'count';
  /** Whether more of it is better. */
  readonly moreIsBetter: boolean;
  /** A sentence on what it is. */
  readonly states: string;
  estimate(sample: SampleDocument, z: number): Interval;
  /**
   * How far the estimates of two sweeps go together, -1 to 1, from what both measured in runs that are twins; `a` and `b` are
   * the estimates.
   */
  correlation(ofA: Float64Array, ofB: Float64Array, a: number, b: number): number;
  /** Whether it is a mean, of whose pairs a difference can be taken. */
  readonly isMean: boolean;
}

/** What a document says that its runs are compared by. */
export function metricsOf({
  key: from,
  name,
  states,
  unit,
  by,
  more_is_better: moreIsBetter,
}: ComparedDocument): Metric[] {
  const metric = { from, unit, moreIsBetter };
  if (by === 'any')
    return [
      {
        ...{ ...metric, name, unit: 'share', states: `the share of ${states}`, isMean: false },
        estimate: shareAbove0,
        correlation: (ofA, ofB) => agreementOf(ofA, ofB, 0, 0),
      },
    ];
  if (by === 'mean')
    return [
      {
        ...{ ...metric, name: `${name} mean`, states: `${states}: mean over runs`, isMean: true },
        estimate: meanInterval,
        correlation: (ofA, ofB) => correlationOf(ofA, ofB),
      },
    ];
  return by.map((p) => ({
    ...metric,
    name: `${name} p${p}`,
    states: `${states}: what ${p} % of runs do not exceed`,
    isMean: false,
    estimate: (sample, z) => quantileInterval(sample, p, 100, z),
    // A quantile is where a share of runs lies below: two of them go together as far as the same runs do (Bahadur 1966).
    correlation: agreementOf,
  }));
}

/** The share of runs in which something happened at all. */
function shareAbove0({ samples, buckets }: SampleDocument, z: number): Interval {
  const without = buckets[0]?.[0] === 0 ? buckets[0][1] : 0;
  return shareInterval(samples - without, samples, z);
}
