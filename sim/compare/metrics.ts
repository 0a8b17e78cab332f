/** What `hangup compare` looks at in each scenario. */
import type { FigureDocument } from '../explore/metrics.ts';
import type { SampleDocument } from '../explore/per-run.ts';
import { type Interval, meanInterval, quantileInterval, shareInterval } from './interval.ts';

export interface Metric {
  /** As printed, e.g. `recovery p95`. */
  readonly name: string;
  /** Which figure of a run it is taken from. */
  readonly from: string;
  readonly unit: 'us' | 'bytes' | 'share' | 'percent' | 'count';
  /** Whether more of it is better. Default false. */
  readonly moreIsBetter?: boolean;
  /** A sentence on what it is. */
  readonly states: string;
  estimate(sample: SampleDocument, z: number): Interval;
}

const quantileOf = (name: string, from: string, unit: Metric['unit'], num: number, states: string): Metric => ({
  name: `${name} p${num}`,
  from,
  unit,
  states: `${states}: what ${num} % of runs do not exceed`,
  estimate: (sample, z) => quantileInterval(sample, num, 100, z),
});

const meanOf = (name: string, from: string, unit: Metric['unit'], states: string): Metric => ({
  name: `${name} mean`,
  from,
  unit,
  states: `${states}: mean over runs`,
  estimate: meanInterval,
});

/** The share of runs in which something happened at all. */
const shareOf = (name: string, from: string, states: string): Metric => ({
  name,
  from,
  unit: 'share',
  states,
  estimate: ({ samples, buckets }, z) => {
    const without = buckets[0]?.[0] === 0 ? buckets[0][1] : 0;
    return shareInterval(samples - without, samples, z);
  },
});

/** What sessions and all runs are compared by. */
export const METRICS: readonly Metric[] = [
  ...[50, 95, 99].map((p) => quantileOf('recovery', 'recovery_us', 'us', p, 'the slowest recovery of a run')),
  ...[50, 95].map((p) => quantileOf('reconnect', 'reconnect_us', 'us', p, 'the slowest reconnect of a run')),
  ...[50, 95].map((p) => quantileOf('resume', 'resume_us', 'us', p, 'the slowest resume of a run')),
  shareOf('runs with a missing stream', 'streams_missing', 'the share of runs in which a stream stayed incomplete'),
  shareOf('runs with a spoiled stream', 'streams_spoiled', 'the share of runs in which a stream had other bytes'),
  shareOf('runs with a lost stream', 'streams_lost', 'the share of runs in which a stream ended with its session'),
  meanOf('resent', 'bytes_resent', 'bytes', 'bytes sent again in a run'),
  quantileOf('buffer', 'peak_buffer_bytes', 'bytes', 95, 'the most bytes that one connection held in a run'),
  meanOf('events', 'events', 'count', 'events of a run, the cost of simulating it'),
  meanOf('virtual time', 'virtual_us', 'us', 'virtual time until a run came to rest'),
];

/** What a figure of a scenario's own is compared by: one sample a run, as it stands in the document. */
export function metricsOfFigure({ name, unit, statistic, states, per_run, more_is_better }: FigureDocument): Metric[] {
  if (per_run === null) return [];
  const of = unit === 'ms' ? 'us' : unit;
  const directed = (metric: Metric): Metric => ({ ...metric, moreIsBetter: more_is_better });
  switch (statistic) {
    case 'p95':
    case 'max':
      return [50, 95].map((p) => directed(quantileOf(name, per_run, of, p, `${states}, the most of a run`)));
    case 'share':
      return [directed(meanOf(name, per_run, 'count', `${states}: what is missing, or too much, in a run`))];
    default:
      return [directed(meanOf(name, per_run, of, states))];
  }
}
