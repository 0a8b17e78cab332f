/** What the laws of our session protocol know of the world that they judge: all that is promised anywhere, and more. */
import type { Policy } from '../backoff/policy.ts';
import type { Chunk, Content } from '../content.ts';
import type { ApplicationError } from '../errors.ts';
import type * as neutral from '../facts.ts';
import type { NodeId } from '../machine.ts';
import type { Duration } from '../time.ts';

export interface Facts extends neutral.Facts {
  readonly clients: readonly ClientFacts[];
  readonly allowedErrors: readonly ApplicationError[];
  readonly convergeWithin: Duration;
  readonly admits: readonly {
    readonly node: NodeId;
    readonly rate: number;
    readonly turnsAway: boolean;
    readonly window?: Duration;
  }[];
  readonly herd: neutral.HerdFacts;
  /** Chunks of each content, by content number. */
  readonly contents: readonly (readonly Chunk[])[];
  /** The same contents with their bytes and parts, for laws that look at what an application makes of the chunks. */
  readonly documents: readonly Content[];
  /** What of a stream's log the servers must be able to replay. */
  readonly window: WindowFacts;
  /** How patient servers are. */
  readonly server: ServerFacts;
  /** Bytes that one direction of one connection may have queued. */
  readonly connBufferBytes: number;
  /** A token opens nothing so long after its expiry, by clocks that are right: the leeway of the service and their difference. */
  readonly tokenLeeway: Duration;
  readonly stall: StallFacts;
  /** How soon what is durable is with its application. Missing where a path is quiet now and then, so that nobody can say. */
  readonly fresh?: FreshFacts;
  readonly absence: AbsenceFacts;
}

export interface ClientFacts extends neutral.ClientFacts {
  readonly policy: Policy;
  readonly deadAfter: Duration;
  /** A dial that did not lead to WELCOME is given up after connectTimeout + helloTimeout. */
  readonly connectTimeout: Duration;
  readonly helloTimeout: Duration;
  /** A token that was asked for and has not come is given up after this long; a retry follows. */
  readonly tokenTimeout: Duration;
  /** Credit per stream, in bytes. */
  readonly credit: number;
  /** Bytes and number of unsettled sends that it may hold. */
  readonly outboxBytes: number;
  readonly outboxCount: number;
}

/** How long a session waits for its client, and how soon that comes back if nothing keeps it. */
export interface AbsenceFacts {
  /** A session that no connection has served for so long ends. */
  readonly sessionTtl: Duration;
  /** A client that lost its connection is back so soon after nothing is wrong any more (derived from policy and conditions). */
  readonly backWithin: Duration;
}

/** The replay window: a chunk that is within all three of these of the head, and the head itself, can be replayed. */
export interface WindowFacts {
  readonly count: number;
  readonly bytes: number;
  readonly age: Duration;
}

export interface ServerFacts {
  /** A connection on which HELLO does not come is given up after so long. */
  readonly helloTimeout: Duration;
  /** A request of a connection that store or token service do not answer for so long ends it with 1013. */
  readonly callsWithin: Duration;
}

export interface FreshFacts {
  /** On a living connection over a healthy path an application has what is durable so soon. */
  readonly within: Duration;
  /** After the last fault it takes so long until news that was lost is asked for again. */
  readonly settle: Duration;
}

/** When a silent agent is noticed. */
export interface StallFacts {
  /** A stream that is silent for less is healthy. */
  readonly after: Duration;
  /** One that is silent for longer on a living connection was reported by its server. */
  readonly within: Duration;
}
