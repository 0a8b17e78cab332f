/** What a run comes to: plain data, small enough to send between threads by the thousand. */
import type { Instant } from '../src/time.ts';
import type { Cell } from './cells.ts';
import type { FaultPlan } from './faults/plan.ts';

export interface BreachReport {
  readonly law: string;
  readonly message: string;
  readonly at: Instant;
  /** Number of the event during which it happened. */
  readonly event: number;
}

/** What a run measured, all from history; durations in microseconds. */
export interface Figures {
  /** Response streams that were asked for and owed (not excused by a permitted terminal error), and those completed. */
  readonly streamsOwed: number;
  /** Streams that ended with their session: the application was told `session_expired`. */
  readonly streamsLost: number;
  readonly streamsCompleted: number;
  /** Completed streams whose assembled bytes equal the content (and parse, for JSON), of `streamsCompleted`. */
  readonly streamsIntact: number;
  /** One sample per lost connection: from the loss (as the client saw it) to the next WELCOME. */
  readonly reconnect: readonly number[];
  /** From that WELCOME to the last REPLAY_END. */
  readonly resume: readonly number[];
  /** From the loss to the first new byte for the application (or, with nothing to come, to the last REPLAY_END). */
  readonly recovery: readonly number[];
  readonly peakBufferBytes: number;
  /** DATA and SNAPSHOT bytes that servers sent, and those of them that had been sent before. */
  readonly bytesSent: number;
  readonly bytesResent: number;
  readonly disconnects: number;
  readonly dials: number;
}

export interface Outcome {
  readonly scenario: string;
  readonly seed: string;
  /** The values of the scenario's dimensions in this run. */
  readonly cell: Cell;
  /** 16 hex digits over every event of the run. */
  readonly digest: string;
  readonly events: number;
  /** Virtual microseconds until the run came to rest. */
  readonly ended: Instant;
  /** `budget`: events, time, queue or attempts ran out, see `exceeded`. */
  readonly verdict: 'holds' | 'broken' | 'budget';
  /** Which budget, and which timer was busiest; null when none was. */
  readonly exceeded: string | null;
  readonly breaches: readonly BreachReport[];
  readonly figures: Figures;
  /** Names of the sometimes-claims that came true. */
  readonly reached: readonly string[];
  readonly plan: FaultPlan;
  /** One line on the conditions that this seed drew (network, content). */
  readonly conditions: string;
}
