/** What travels to a thread of the lab, and what comes back. */
import type { Contender } from '../contender.ts';
import type { Storm } from '../storm/storm.ts';
import type { LabTrace } from './document.ts';
import type { Fidelity } from './experiment.ts';

/** Consecutive replications of one cell. */
export interface Task {
  readonly storm: Storm;
  readonly policy: Contender['policy'];
  readonly seed: string;
  readonly fidelity: Fidelity;
  readonly metrics: readonly string[];
  readonly from: number;
  readonly count: number;
}

/** One replication, looked at closely. */
export interface TraceTask extends Omit<Task, 'metrics' | 'count'> {
  readonly trace: true;
}

/** What a trace shows, without the names of whom. */
export type Traced = Omit<LabTrace, 'storm' | 'contender' | 'replication'>;

export type ToThread = Task | TraceTask;

export type FromThread =
  /** Values of all replications behind each other, and what they took: milliseconds of wall time. */
  | { readonly values: Float64Array; readonly wallMs: number }
  | { readonly traced: Traced }
  /** A policy or a storm that cannot be run, in a line. */
  | { readonly refused: string }
  /** A bug of ours, or what somebody's own policy threw. */
  | { readonly thrown: string };
