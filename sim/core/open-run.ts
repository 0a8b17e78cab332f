/** A run that is looked at while it goes on: one event at a time, with what was seen and what changed in it. */
import type { NodeId } from '../../src/machine.ts';
import type { Instant } from '../../src/time.ts';
import type { AnyEvent, Handler, Node } from './kernel.ts';
import type { BreachReport, Outcome } from './outcome.ts';
import type { Change } from './record.ts';
import type { Running, Watch } from './running.ts';
import { shown } from './shown.ts';
import type { RecordedEntry } from './trail.ts';

/** One event of a run. */
export interface RunStep {
  /** Its number, from 1, as the digest and history count. */
  readonly event: number;
  readonly at: Instant;
  /** Whom it reached, or was meant for if that process was gone; null: the world itself acts (a fault, an application). */
  readonly node: NodeId | null;
  /** What happened, in the words of whom it reached: `{ type: 'frame', … }`. */
  readonly what: AnyEvent;
  /** The `id` of the entry of history that led to it; 0: it began with the world. */
  readonly cause: number;
  /** What a witness saw since the last step. */
  readonly entries: readonly RecordedEntry[];
  /** What machines did in it, one after the other (a client that sends steps its link); empty without `changes`. */
  readonly changes: readonly Change[];
}

type Reached = Pick<RunStep, 'node' | 'what' | 'cause'>;

/** Calls something of a run: what it throws says how far that had come. */
export type Guard = <T>(call: () => T) => T;

/** What was seen since the last step; null when nobody asks any more. */
export interface Seen {
  entries: RecordedEntry[] | null;
  changes: Change[] | null;
}

/** Whoever fills it. */
export const watchOf = (seen: Seen, changes: boolean): Watch => ({
  entry: (entry) => void seen.entries?.push(entry),
  ...(changes ? { change: (change: Change) => void seen.changes?.push(change) } : {}),
});

/**
 * A run that `open` has opened. It keeps the present and nothing of the past: what a step returned is the caller's, so
 * memory grows with the steps that the caller keeps (their states share what is alike), and not with the run.
 */
export class OpenRun<O extends Outcome = Outcome> {
  readonly #running: Running;
  readonly #guard: Guard;
  readonly #seen: Seen;
  readonly #handler: Handler;
  #reached: Reached | null = null;
  #outcome: O | null = null;
  #closed = false;

  constructor(running: Running, guard: Guard, seen: Seen) {
    const { universe, kernel } = running;
    const see = (node: Node | null, what: AnyEvent): void => {
      this.#reached = { node: node?.id ?? null, what, cause: kernel.trail?.root ?? 0 };
    };
    this.#running = running;
    this.#guard = guard;
    this.#seen = seen;
    this.#handler = {
      deliver(node, event, sort) {
        see(node, event);
        universe.deliver(node, event, sort);
      },
      miss(node, event) {
        see(node, event);
        universe.miss(node, event);
      },
      act(action) {
        see(null, action);
        universe.act(action);
      },
    };
  }

  /** Virtual time, and the number of the event that was last. */
  get now(): Instant {
    return this.#running.kernel.now;
  }

  get event(): number {
    return this.#running.kernel.event;
  }

  /** Laws that are broken so far. */
  get breaches(): readonly BreachReport[] {
    return this.#running.breaches;
  }

  /** Everybody who is there: machines, links, pages that were opened later. */
  get nodes(): readonly NodeId[] {
    return this.#running.kernel.nodes.map(({ id }) => id);
  }

  /**
   * The present state of a machine; null while its process is down. A value for ever in modes `recorded` and `frozen`; in
   * mode `sweep`, and of an opaque machine, what it works with itself: look, and change nothing. Throws for an unknown name.
   */
  state(node: NodeId): unknown {
    const found = this.#running.universe.wiring.find(node);
    if (found === undefined)
      throw new Error(`state: expected the name of a node or link of this world, got ${shown(node)}`);
    return found.up ? found.state : null;
  }

  /** The next event happens; null when none is left, or a budget is used up. */
  step(): RunStep | null {
    if (this.#closed || !this.#safely(() => this.#running.step(this.#handler))) return null;
    const { entries, changes } = this.#seen;
    this.#seen.entries = [];
    this.#seen.changes = [];
    const { event, now: at } = this;
    return { event, at, ...(this.#reached as Reached), entries: entries ?? [], changes: changes ?? [] };
  }

  /**
   * Runs what is left to its end, and judges: the outcome of `run`. Again, the same one. What is written only then (`rest`)
   * is for the `witness` of the options.
   */
  finish(): O {
    if (this.#outcome !== null) return this.#outcome;
    if (this.#closed) throw new Error('finish: expected a run that is open, got one that was closed, or threw');
    this.#seen.entries = null;
    this.#seen.changes = null;
    this.#outcome = this.#safely(() => this.#running.finish()) as O;
    this.#closed = true;
    return this.#outcome;
  }

  /** Ends the lives of its machines without an outcome. Nothing to do for a run that is finished, or threw. */
  close(): void {
    if (!this.#closed) this.#safely(() => this.#running.kernel.endAll());
    this.#closed = true;
  }

  /** What throws ends the run. */
  #safely<T>(call: () => T): T {
    try {
      return this.#guard(call);
    } catch (error) {
      this.#closed = true;
      throw error;
    }
  }
}
