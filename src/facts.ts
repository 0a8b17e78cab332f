/**
 * What laws may know of the world that they judge: its promises, not its inner life.
 *
 * Every promise can be left out. What nobody promised nobody can break: a law that is about it is then *not judged*, and
 * the report of the run says so; it never counts as held.
 */
import type { Policy } from './backoff/policy.ts';
import { APPLICATION_ERRORS, type ApplicationError, losesSession } from './errors.ts';
import { clientOf, type StreamId } from './history.ts';
import type { NodeId } from './machine.ts';
import type { Duration } from './time.ts';

export interface Facts {
  /** The clients: who has an application behind it. */
  readonly clients: readonly ClientFacts[];
  /** The role of each node of the world, by its name. */
  readonly roles?: Readonly<Record<NodeId, string>>;
  /** What errors of its own names mean, besides those that every application knows (`APPLICATION_ERRORS`). */
  readonly errors?: Readonly<Record<string, ErrorMeaning>>;
  /**
   * Kinds of entries of the boundary that its machines and applications write (`submitted`, `produced`, `custom`, …). A law
   * about one that none of them writes is not judged; one about what should happen and never does fails a sweep, as a claim
   * does that never comes true. Missing: nobody can tell, and what never happens is only reported.
   */
  readonly writes?: readonly string[];
  /** Errors that this world allows to reach an application. Missing: any. */
  readonly allowedErrors?: readonly string[];
  /** Everything must have completed this long after `healed` (derived from policy and conditions). Missing: nobody says when. */
  readonly convergeWithin?: Duration;
  /** Why nothing says that everything completes, where nothing does; `convergeWithin` then has no meaning. */
  readonly diverges?: string;
  /** Whether a client may come late to a stream: the first piece that it is given of one may be any. Default false. */
  readonly joinsLate?: boolean;
  /** Servers that admit so many connections a second and no more; `turnsAway`: the others are accepted, and closed with 1013. */
  readonly admits?: readonly {
    readonly node: NodeId;
    readonly rate: number;
    readonly turnsAway?: boolean;
    /** It counts them out in windows of this length; without one it admits one after another. */
    readonly window?: Duration;
  }[];
  /** How dense the arrivals at one recovering server may be. Missing: nobody says. */
  readonly herd?: HerdFacts;
  /** What was promised to whoever uses it, in words that need no protocol. Missing: nothing. */
  readonly promises?: Promises;
}

/**
 * What somebody promises of a system of their own. Each can be left out, and then nobody is held to it.
 *
 * A bound counts from the moment at which nothing stands in the way any more: the last fault of the plan is over, and
 * what it is about has begun.
 */
export interface Promises {
  /**
   * How often what was asked for is done, and how often what was written is read: `exactly-once`; `at-least-once`, where
   * something may come again; or `at-most-once`, where something may be missing, though never twice.
   */
  readonly delivery?: Delivery;
  /** `per-stream`: what is read on a stream comes in the order in which it was written there. `none`: in any. */
  readonly order?: 'per-stream' | 'none';
  /** Every client that is to be connected has a connection that works so soon. */
  readonly backWithin?: Duration;
  /** All that was written has been read, and all that was asked for is settled, so soon. */
  readonly completeWithin?: Duration;
  /** On a connection that works over a path that nothing is wrong with, what is written is read so soon after. */
  readonly freshWithin?: Duration;
  /** How long clients wait from a failure to their next dial: a policy of their own, or the `least` that anybody must keep. */
  readonly backoff?: Policy | 'least';
  /** Who may see what: streams and keys of one client are nobody else's. */
  readonly isolated?: Isolation;
  /**
   * Nothing is held any more a while after its application left: no timer, socket or listener. `keeps`: but for what is told
   * in a line with one of these texts in it, as a library may register something once, for as long as its page lives.
   */
  readonly noLeak?: true | { readonly keeps: readonly string[] };
}

export type Delivery = 'exactly-once' | 'at-least-once' | 'at-most-once';

/**
 * `by-key`: a stream that is called like a key that somebody asked under is theirs alone. A function says it for every
 * stream: whether that client (`c1`, for all of its tabs) may be given something of it.
 */
export type Isolation = 'by-key' | ((client: NodeId, stream: StreamId) => boolean);

export interface ClientFacts {
  readonly node: NodeId;
  /** The policy that the client promised to follow. Missing: none. */
  readonly policy?: Policy;
  /** A connection counts as dead after this long without a byte. Missing: nobody says. */
  readonly deadAfter?: Duration;
  /** It is to be connected from its `start` until it leaves. Missing: only while its code sees fit. */
  readonly connected?: true;
}

/** What an error means for whoever is told it. */
export interface ErrorMeaning {
  /** It ends everything: the client stops by itself. */
  readonly terminal: boolean;
  /** The client goes on by itself: it only names what happened to a connection or a dial. */
  readonly transient: boolean;
  /** What was under way is gone with the session; a clean one was started. */
  readonly losesSession?: boolean;
}

/** What an error means in that world; undefined for a name that nobody knows. */
export function meaningOf({ errors = {} }: Pick<Facts, 'errors'>, error: string): ErrorMeaning | undefined {
  if (Object.hasOwn(errors, error)) return errors[error];
  if (!Object.hasOwn(APPLICATION_ERRORS, error)) return undefined;
  const known = error as ApplicationError;
  return losesSession(known) ? { ...APPLICATION_ERRORS[known], losesSession: true } : APPLICATION_ERRORS[known];
}

/** The role of a node; a second tab of a client plays that of the first, and of a name that nobody gave nothing is known. */
export const roleOf = ({ roles = {} }: Pick<Facts, 'roles'>, node: NodeId): string | undefined =>
  Object.hasOwn(roles, clientOf(node)) ? roles[clientOf(node)] : undefined;

/** Arrivals at one door in any window: at most `most`, or it is a herd. */
export interface HerdFacts {
  readonly window: Duration;
  readonly most: number;
  /** Connections that all servers behind it can admit in a second; 0 for no limit. */
  readonly capacity: number;
}
