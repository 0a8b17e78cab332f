/** What one replication of a storm leaves behind, whichever of the two fidelities ran it: metrics are made of this. */
import type { Storm } from './storm.ts';

export interface StormRun {
  readonly storm: Storm;
  /** Of each client, in microseconds from the first drop: when its connection was lost last (-1: never). */
  readonly droppedAt: Float64Array;
  /** Of each client: when it was admitted for good, behind its last loss; -1 if it never was, or never lost anything. */
  readonly recoveredAt: Float64Array;
  /** Of each client: dials that began before the end of the last outage, and since (the one that was admitted counts). */
  readonly attemptsDuring: Uint32Array;
  readonly attemptsAfter: Uint32Array;
  /** Of each client: 1 if its policy ended in giving up. */
  readonly gaveUp: Uint8Array;
  /**
   * Dials that reached the servers (or where they were), and those that were admitted, in bins of `binWidth`. Bins are laid
   * out from the end of the last outage in both directions, so that one begins there; the first begins at `binsFrom`, 0
   * or a little earlier.
   */
  readonly binWidth: number;
  readonly binsFrom: number;
  readonly arrivals: Uint32Array;
  readonly admissions: Uint32Array;
  readonly outcomes: Outcomes;
  /** Events that the run took, and the instant of the last one. */
  readonly events: number;
  readonly end: number;
}

/** What became of all dials: they add up. */
export interface Outcomes {
  /** Dials that began. */
  readonly dials: number;
  /** Met an outage, and were refused at once or waited for their time-out. */
  readonly down: number;
  /** Met servers without room. */
  readonly refused: number;
  readonly admitted: number;
  /** Given up by their clients before an answer came, while they stood in the queue or were on their way. */
  readonly timedOut: number;
  /** Had no answer yet when the run ended. */
  readonly pending: number;
  /** Of those that timed out: admitted nevertheless, for nobody. They cost as much as any other. */
  readonly inVain: number;
}
