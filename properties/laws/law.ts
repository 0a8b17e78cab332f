/**
 * What a law is: a fold over history that says when, and why, something must never have happened.
 *
 * A law sees entries as they happen, keeps only what it needs, and reports a breach at the very entry that breaks it.
 * It knows the machines' vocabulary (`src/`) and nothing of the simulator. Where nothing was promised that it could hold
 * anybody to, or nothing happened that it is about, it is *not judged*; that is not the same as held.
 */
import type { Facts, Promises } from '../../src/facts.ts';
import type { Entries, EntriesOf, EntryKind, Handlers } from '../../src/history.ts';
import type { Instant } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';

/** Says that the law is broken here; the first breach of a law counts, the run goes on. */
export interface Breach {
  (message: string): void;
  /** What a connection is called wherever people read of it: a law sees numbers, and names are the business of its reporter. */
  nameOf(conn: ConnId): string;
}

export interface Law<Memory = unknown, F extends Facts = Facts, M extends Entries = Entries> {
  /** Short and stable: it names the law in tables, failure files and on the command line. */
  readonly name: string;
  /** The law as one sentence. */
  readonly states: string;
  /** What it cannot be judged without; nothing by default. */
  readonly needs?: Needs<F, M>;
  remember(facts: F): Memory;
  /** The entries that it looks at. */
  readonly on: Handlers<Memory, Breach, M>;
  /**
   * Asked at instants of its own choice, whatever happens or does not: at `START`, and from then on at the instant that it
   * returned the last time, which must be later than `now`. Everything of `now` has happened by then, and nothing behind it.
   */
  look?(memory: Memory, breach: Breach, now: Instant): Instant;
  /**
   * What it finds broken when it looks is broken for good, because what should have happened by then did not: the run ends
   * there, before it comes to rest. Default false: it goes on.
   */
  readonly endsRun?: boolean;
  /**
   * What of its memory still matters once another fault begins, as data: for a search that compares states. By default all
   * of it; leave out only what is replaced by then, or never read again.
   */
  matters?(memory: Memory): unknown;
  /**
   * What it counted in this run, for a verdict on a sweep: whole numbers by name, plain, of which those of many runs are added
   * up. Asked for when the run is over.
   */
  counts?(memory: Memory): Readonly<Record<string, number>>;
  /** What counts that were added up over a sweep must fit to. */
  expects?(counts: Readonly<Record<string, number>>): readonly Share[];
  /** The run is over. What a budget cut off may not be judged by what it might still have come to. */
  end?(memory: Memory, breach: Breach, ending: Ending): void;
}

/**
 * What luck does over a sweep: of `whole` trials `part` came out so, and whatever came before a trial, it comes out so with
 * a probability from `least` to `most`. A sweep breaks the law where that is beyond all luck.
 */
export interface Share {
  /** Of what, and what came of it: `waits of retry 1 lay in the first eighth of their range`. */
  readonly what: string;
  readonly part: number;
  readonly whole: number;
  readonly least: number;
  readonly most: number;
}

/** What a law stands on: without a promise, or without anything to look at, it says nothing of a run. */
export interface Needs<F extends Facts = Facts, M extends Entries = Entries> {
  /** Facts that must be there, and no empty lists. */
  readonly facts?: readonly (keyof F & string)[];
  /** What must have been promised: in one of these ways (`undefined` among them: or not at all), or in any (`true`). */
  readonly promises?: { readonly [K in keyof Promises]: true | readonly Promises[K][] };
  /** What every client must have promised. */
  readonly clients?: readonly (keyof F['clients'][number] & string)[];
  /** What one client at least must have promised. */
  readonly anyClient?: keyof F['clients'][number] & string;
  /** Kinds of entries that must happen, each of them at least once in the run. */
  readonly entries?: readonly EntryKind<M>[];
  /** Kinds of entries of which one at least must happen. */
  readonly anyOf?: readonly EntryKind<M>[];
}

/** How a run ended. */
export interface Ending {
  /** At rest; false when a budget ended it. */
  readonly complete: boolean;
  readonly at: Instant;
}

/** Fixes a law's memory type for inference, and forgets it for lists of laws. `P` is what your protocol sends. */
export function law<Memory, P = unknown>(definition: Law<Memory, Facts, EntriesOf<P>>): Law {
  return definition as unknown as Law;
}
