/**
 * What laws may know of the world that they judge: its promises, not its inner life.
 *
 * Every promise can be left out. What nobody promised nobody can break: a law that is about it is then *not judged*, and
 * the report of the run says so; it never counts as held.
 */
import type { Policy } from './backoff/policy.ts';
import { APPLICATION_ERRORS, type ApplicationError, losesSession } from './errors.ts';
import { clientOf } from './history.ts';
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
  readonly admits?: readonly { readonly node: NodeId; readonly rate: number; readonly turnsAway?: boolean }[];
  /** How dense the arrivals at one recovering server may be. Missing: nobody says. */
  readonly herd?: HerdFacts;
}

export interface ClientFacts {
  readonly node: NodeId;
  /** The policy that the client promised to follow. Missing: none. */
  readonly policy?: Policy;
  /** A connection counts as dead after this long without a byte. Missing: nobody says. */
  readonly deadAfter?: Duration;
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
