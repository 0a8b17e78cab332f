/** What one replication of a storm leaves behind, whichever of the two fidelities ran it: metrics are made of this. */
import type { Storm } from './storm.ts';

export interface StormRun {
  readonly storm: Storm;
  /** Of each client, in microseconds from the first drop: when its connection was lost last (-1: never). */
  readonly droppedAt: Float64Array;
  /** Of each client: when it was admitted for good, behind its last loss; -1 if it never was. */
  readonly recoveredAt: Float64Array;
  /** Of each client: dials that began before the end of the last outage, and since (the one that was admitted counts). */
  readonly attemptsDuring: Uint32Array;
  readonly attemptsAfter: Uint32Array;
  /** Of each client: 1 if its policy ended in giving up. */
  readonly gaveUp: Uint8Array;
  /** Dials that reached the servers, and those that were admitted, in bins of `binWidth` from the first drop on. */
  readonly binWidth: number;
  readonly arrivals: Uint32Array;
  readonly admissions: Uint32Array;
  /** Events that the run took, and the instant of the last one. */
  readonly events: number;
  readonly end: number;
}
