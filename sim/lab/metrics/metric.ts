/** A metric of one replication of a storm. */
import type { StormRun } from '../storm/run.ts';

export interface Metric {
  /** As commands, CSV and pictures name it, e.g. `recovery_p99`, `peak_arrivals_100ms`. */
  readonly name: string;
  readonly unit: 's' | 'ratio' | 'count' | 'share' | 'per_second' | 'per_hour';
  readonly better: 'less' | 'more' | null;
  /** One sentence: what it is, and from when it counts. */
  readonly states: string;
  /** NaN when the run has no such value: nobody recovered. */
  of(run: StormRun): number;
}
