/**
 * What a law is: a fold over history that says when, and why, something must never have happened.
 *
 * A law sees entries as they happen, keeps only what it needs, and reports a breach at the very entry that breaks it.
 * It knows the machines' vocabulary (`src/`) and nothing of the simulator.
 */
import type { Facts, Handlers } from '../../src/history.ts';
import type { Instant } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';

/** Says that the law is broken here; the first breach of a law counts, the run goes on. */
export interface Breach {
  (message: string): void;
  /** What a connection is called wherever people read of it: a law sees numbers, and names are the business of its reporter. */
  nameOf(conn: ConnId): string;
}

export interface Law<Memory = unknown> {
  /** Short and stable: it names the law in tables, failure files and on the command line. */
  readonly name: string;
  /** The law as one sentence. */
  readonly states: string;
  remember(facts: Facts): Memory;
  /** The entries that it looks at. */
  readonly on: Handlers<Memory, Breach>;
  /** The run is over. What a budget cut off may not be judged by what it might still have come to. */
  end?(memory: Memory, breach: Breach, ending: Ending): void;
}

/** How a run ended. */
export interface Ending {
  /** At rest; false when a budget ended it. */
  readonly complete: boolean;
  readonly at: Instant;
}

/** Fixes a law's memory type for inference, and forgets it for lists of laws. */
export function law<Memory>(definition: Law<Memory>): Law {
  return definition as unknown as Law;
}
