/**
 * The machine contract.
 *
 * Every client, server, balancer, link, store, token service and agent is a state machine whose transition is written
 * once, as a recipe: `step` changes the state that it is given and returns effects. The universe runs that recipe in
 * place during sweeps, and on an immer draft when a run is recorded, so a recipe must be safe on both:
 *
 * - State is plain JSON (no Map, Set, class, Date, undefined), and only reached through the argument `state`.
 * - Events, effects, configurations, frames and messages are values: never changed after they were made. An effect never
 *   holds a piece of mutable state (a draft would leak); copy the numbers out.
 * - No clock and no dice but the context's. No iteration over anything whose order comes from outside.
 * - Total: no event, in any phase, throws. What is stale or out of place is dropped.
 *
 * A machine around code that nobody can write so (it has closures, classes, private fields) is `opaque`: its state may be
 * anything. All else holds for it, too.
 */
import type { Instant } from './time.ts';

/** The name of a machine in a run: `c1`, `lb`, `s2`, `store`, `auth`, `agent1`, `c1-lb`. */
export type NodeId = string;

/** What a step may ask of the world around it. */
export interface Context {
  /** The present. Time stands still during a step. */
  readonly now: Instant;
  /**
   * A uniform 32-bit unsigned integer from the stream named `purpose` of this node. Streams are keyed by seed, node and
   * purpose: a draw depends on nothing else that happens in the run, so switching one fault off reshuffles nothing.
   */
  random(purpose: string): number;
  /**
   * The name of a connection that this node is about to dial, different from every other in the run, whatever life its
   * process is in: 65,536 in all. A machine that numbers its connections itself must not ask for any.
   */
  newConn(): number;
}

/** A pure state machine. `Config` is read-only data that the state may keep a reference to (as `state.config`). */
export interface Machine<Config, State, Event, Effect> {
  /** What it models: `client`, `server`, `balancer`, `link`, `store`, `auth` or `agent`. */
  readonly kind: string;
  init(config: Config): State;
  /** Changes `state` in place and returns what the world should do, in order. */
  step(state: State, event: Event, context: Context): readonly Effect[];
  /**
   * True: the state is no plain data. Then every run steps it in place, recorded or not: a record keeps its events and
   * effects, and whoever wants a state of it runs the seed again up to there. It cannot be `durable`. Default: false.
   */
  readonly opaque?: true;
  /**
   * The life of a state is over: its process died, its page was unloaded, or the run came to an end, by itself, by a
   * budget, or because something in it threw. Called once for each `init`, for what has to be given back; nothing that it
   * does reaches the world. A state that is never given up without it is left to the garbage collector.
   */
  dispose?(state: State): void;
}

/** The empty list of effects, shared so that a quiet step allocates nothing. */
export const NOTHING: readonly never[] = Object.freeze([]) as readonly never[];

/** Marks a case that the types exclude; at run time (foreign input) it is dropped without effect. */
export function unreachable(_value: never): readonly never[] {
  return NOTHING;
}

/** A probability or share as a ratio of integers: no float reaches a decision. */
export interface Ratio {
  /** 0 to `of`. */
  readonly num: number;
  /** 1 or more. */
  readonly of: number;
}

/** Whether a 32-bit draw falls under the ratio: true in `num` of `of` cases. */
export const chance = (draw: number, ratio: Ratio): boolean => draw * ratio.of < ratio.num * 4294967296;

/** A 32-bit draw spread uniformly over the integers `least` to `most`, both included. */
export const between = (draw: number, least: number, most: number): number =>
  least + Math.floor((draw / 4294967296) * (most - least + 1));

/** Throws for a bug of our own, with the numbers that show it; never for a user's input. */
export function invariant(condition: unknown, message: string, details?: unknown): asserts condition {
  if (!condition)
    throw new Error(`hangup bug: ${message}${details === undefined ? '' : ` ${JSON.stringify(details)}`}`);
}
