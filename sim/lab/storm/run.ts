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
   * Dials that reached the servers (or where they were), those that were admitted (for nobody included), and those that
   * the servers refused and paid for, in bins of `binWidth`. Bins are laid out from the end of the last outage in both
   * directions, so that one begins there; the first begins at `binsFrom`, 0 or a little earlier.
   */
  readonly binWidth: number;
  readonly binsFrom: number;
  readonly arrivals: Uint32Array;
  readonly admissions: Uint32Array;
  readonly refusals: Uint32Array;
  readonly outcomes: Outcomes;
  /** Events that the run took, and the instant of the last one. */
  readonly events: number;
  readonly end: number;
}

/**
 * How long an LTE radio stays up behind the last packet, in microseconds: 11.576 s (Huang, Qian, Gerber, Mao, Sen,
 * Spatscheck, "A close examination of performance and power characteristics of 4G LTE networks", MobiSys 2012, table 3).
 */
export const RADIO_TAIL = 11_576_000;

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
  /** Of all dials: those for which a mobile client had to wake its radio, because it had been silent for `RADIO_TAIL`. */
  readonly wakeUps: number;
  /** Microseconds without a connection, of all clients and losses: each until it was back, gave up, or the run ended. */
  readonly offline: number;
}
