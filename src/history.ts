/**
 * History: what an outside witness can see of a run.
 *
 * Entries are written where machines meet the world: at the application, on the wire, in the store's commits, at the
 * kernel's timers. None is a machine's report about itself, so laws over this vocabulary judge a simulated run, a run over
 * real sockets and somebody else's client alike.
 */
import type { ApplicationError, SendOutcome } from './application.ts';
import type { Chunk, Content } from './content.ts';
import type { NodeId } from './machine.ts';
import type { Duration, Instant } from './time.ts';
import type { ConnId, Payload } from './transport.ts';
import type { ContextSummary, Token, WorkSummary } from './wire/frames.ts';

interface Base {
  readonly at: Instant;
  /** Where it happened. For `sent` the sender, for `delivered` the receiver. */
  readonly node: NodeId;
  /** The number of the event (as the digest counts them) during which it happened. */
  readonly event: number;
}

export type Entry = Base &
  (
    | { readonly kind: 'submitted'; readonly key: string; readonly ask: number; readonly bytes: number }
    | { readonly kind: 'settled'; readonly key: string; readonly outcome: SendOutcome; readonly stream: number }
    | {
        readonly kind: 'performed';
        readonly session: number;
        readonly client: NodeId;
        readonly clientSeq: number;
        readonly key: string;
      }
    /** An agent's note became durable in its session; `node` is the store. */
    | {
        readonly kind: 'noted';
        readonly session: number;
        readonly client: NodeId;
        readonly about: 'tool' | 'memory' | 'step';
        readonly key: string;
        readonly value: number;
      }
    | {
        readonly kind: 'produced';
        readonly session: number;
        readonly stream: number;
        readonly epoch: number;
        readonly seq: number;
        readonly chunk: Chunk;
      }
    /**
     * A chunk became durable in the store's log; `node` is the store, `generation` the one under which the agent wrote it
     * (and not the session's present one, or a stale write would look like a good one).
     */
    | {
        readonly kind: 'durable';
        readonly session: number;
        readonly stream: number;
        readonly epoch: number;
        readonly seq: number;
        readonly chunk: Chunk;
        readonly generation: number;
      }
    | {
        readonly kind: 'received';
        readonly conn: ConnId;
        readonly stream: number;
        readonly epoch: number;
        readonly seq: number;
        readonly chunk: Chunk;
      }
    | {
        readonly kind: 'replaced';
        readonly conn: ConnId;
        readonly stream: number;
        readonly epoch: number;
        readonly seq: number;
        readonly chunks: readonly Chunk[];
      }
    | {
        readonly kind: 'restored';
        readonly session: number;
        readonly generation: number;
        readonly resumed: boolean;
        readonly context: ContextSummary;
        readonly work?: WorkSummary;
      }
    /** The application was told that a stream stalls behind `seq`: its agent is silent, the connection is well. */
    | {
        readonly kind: 'stalled';
        readonly conn: ConnId;
        readonly stream: number;
        readonly epoch: number;
        readonly seq: number;
      }
    | {
        readonly kind: 'told';
        readonly error: ApplicationError;
        readonly detail: string;
        /** The stream that it is about, if it is about one. */
        readonly stream?: number;
      }
    /** A fact of a protocol's own vocabulary: a machine had the effect `{ type: 'custom', name, value }`. */
    | { readonly kind: 'custom'; readonly name: string; readonly value: number }
    /** The application began or left, or the device said that it is online, offline, or at another address. */
    | { readonly kind: 'intent'; readonly intent: 'start' | 'leave' | 'online' | 'offline' | 'moved' }
    | {
        readonly kind: 'owned';
        readonly session: number;
        readonly generation: number;
        readonly client: NodeId;
        readonly server: NodeId;
      }
    /** The token service gave out a token; `node` is the service. */
    | { readonly kind: 'issued'; readonly token: Token }
    /** The token service took back every token of `subject` up to `serial`. */
    | { readonly kind: 'revoked'; readonly subject: string; readonly serial: number }
    | { readonly kind: 'dialled'; readonly conn: ConnId; readonly to: NodeId }
    | { readonly kind: 'opened'; readonly conn: ConnId }
    /** A handshake reached its acceptor, `node`; and what that answered: it took the connection, or refused it. */
    | { readonly kind: 'asked'; readonly conn: ConnId }
    | { readonly kind: 'accepted'; readonly conn: ConnId }
    | {
        readonly kind: 'refused';
        readonly conn: ConnId;
        readonly status: number;
        /** Its Retry-After; 0 for none. */
        readonly retryAfter: Duration;
      }
    /** The endpoint's own decision to end a connection. */
    | { readonly kind: 'hungUp'; readonly conn: ConnId; readonly code: number; readonly reason: string }
    /**
     * The endpoint was told that a connection ended (1006 without a close frame; `status` of a refused handshake, and its
     * Retry-After if it had one).
     */
    | {
        readonly kind: 'closed';
        readonly conn: ConnId;
        readonly code: number;
        readonly reason: string;
        readonly status: number;
        readonly retryAfter?: Duration;
      }
    | { readonly kind: 'sent'; readonly conn: ConnId; readonly payload: Payload; readonly bytes: number }
    | { readonly kind: 'delivered'; readonly conn: ConnId; readonly payload: Payload; readonly bytes: number }
    /**
     * A message never arrives: its connection died before it entered the path, or on it (`node` is the link), or the
     * process that it reached was gone (`node` is that process).
     */
    | {
        readonly kind: 'lost';
        /** Which way it went: whom it does not reach. */
        readonly to: NodeId;
        readonly conn: ConnId;
        readonly payload: Payload;
        readonly bytes: number;
        readonly why: string;
      }
    | {
        readonly kind: 'timerSet';
        readonly timer: string;
        readonly key: number;
        readonly until: Instant;
        readonly attempt: number;
        readonly least: number;
        readonly most: number;
      }
    | { readonly kind: 'timerFired'; readonly timer: string; readonly key: number }
    | { readonly kind: 'crashed'; readonly how: 'process' | 'host' | 'exit' }
    | { readonly kind: 'restarted' }
    /** A client's page was thrown away, to be loaded again: with its stored state, or (`kept` false) as if it had never been. */
    | { readonly kind: 'reloaded'; readonly kept: boolean }
    /** A process stands still (a frozen tab, a sleeping device, a stopped server), or goes on. */
    | { readonly kind: 'paused'; readonly begins: boolean }
    /** The timers of a process fire only every `resolution` microseconds from here on; 0: whenever they are due. */
    | { readonly kind: 'throttled'; readonly resolution: number }
    /** A host's wall clock shows so much more than the true time from here on (less, when negative). */
    | { readonly kind: 'clock'; readonly ahead: number }
    /** A fault of the plan begins or ends; `node` is its target. */
    | { readonly kind: 'fault'; readonly fault: number; readonly name: string; readonly begins: boolean }
    /** From here on no fault is active: everything must converge within the derived bound. */
    | { readonly kind: 'healed' }
    /** What was left when the run came to rest. */
    | {
        readonly kind: 'rest';
        readonly timers: readonly { readonly node: NodeId; readonly timer: string; readonly key: number }[];
        readonly conns: readonly { readonly node: NodeId; readonly conn: ConnId }[];
        readonly sessions: readonly number[];
      }
  );

/** Whose process this is: a second tab of the client `c1` is called `c1~2`. */
export function clientOf(node: NodeId): NodeId {
  const tab = node.indexOf('~');
  return tab < 0 ? node : node.slice(0, tab);
}

export type EntryKind = Entry['kind'];
export type EntryOf<K extends EntryKind> = Extract<Entry, { kind: K }>;

/** Entries about a frame on a connection. */
export type FrameKind = 'sent' | 'delivered' | 'lost';
/** Those about frames of one type: `sent WELCOME`. */
export type FrameTopic = `${FrameKind} ${Payload['type']}`;
export type EntryAbout<T extends FrameTopic> = T extends `${infer K extends FrameKind} ${infer F}`
  ? EntryOf<K> & { readonly payload: Extract<Payload, { type: F }> }
  : never;

/**
 * Handlers of what somebody wants to hear of: a kind of entry, or frames of one type only. Nearly all frames carry data,
 * and whoever means another type spares every one of those a call.
 */
export type Handlers<Memory, Say> = {
  readonly [K in EntryKind]?: (memory: Memory, entry: EntryOf<K>, say: Say) => void;
} & {
  readonly [T in FrameTopic]?: (memory: Memory, entry: EntryAbout<T>, say: Say) => void;
};

/** What laws may know of the world that they judge: its promises, not its inner life. */
export interface Facts {
  readonly clients: readonly {
    readonly node: NodeId;
    /** The policy that the client promised to follow. */
    readonly policy: import('./backoff/policy.ts').Policy;
    /** A connection counts as dead after this long without a byte. */
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
  }[];
  /** Chunks of each content, by content number. */
  readonly contents: readonly (readonly Chunk[])[];
  /** The same contents with their bytes and parts, for laws that look at what an application makes of the chunks. */
  readonly documents: readonly Content[];
  /** Terminal and other errors that this scenario allows to reach an application. */
  readonly allowedErrors: readonly ApplicationError[];
  /** Everything must have completed this long after `healed` (derived from policy and conditions). */
  readonly convergeWithin: Duration;
  /** Why nothing says that everything completes, where nothing does; `convergeWithin` then has no meaning. */
  readonly diverges?: string;
  /** Bytes of a stream kept in the replay window. */
  readonly windowBytes: number;
  /** Bytes that one direction of one connection may have queued. */
  readonly connBufferBytes: number;
  /** A token opens nothing so long after its expiry, by clocks that are right: the leeway of the service and their difference. */
  readonly tokenLeeway: Duration;
  /** Servers that admit so many connections a second and no more; `turnsAway`: the others are accepted, and closed with 1013. */
  readonly admits: readonly { readonly node: NodeId; readonly rate: number; readonly turnsAway: boolean }[];
  /** How dense the arrivals at one recovering server may be. */
  readonly herd: HerdFacts;
  readonly stall: StallFacts;
  readonly absence: AbsenceFacts;
}

/** How long a session waits for its client, and how soon that comes back if nothing keeps it. */
export interface AbsenceFacts {
  /** A session that no connection has served for so long ends. */
  readonly sessionTtl: Duration;
  /** A client that lost its connection is back so soon after nothing is wrong any more (derived from policy and conditions). */
  readonly backWithin: Duration;
}

/** When a silent agent is noticed. */
export interface StallFacts {
  /** A stream that is silent for less is healthy. */
  readonly after: Duration;
  /** One that is silent for longer on a living connection was reported by its server. */
  readonly within: Duration;
}

/** Arrivals at one door in any window: at most `most`, or it is a herd. */
export interface HerdFacts {
  readonly window: Duration;
  readonly most: number;
  /** Connections that all servers behind it can admit in a second; 0 for no limit. */
  readonly capacity: number;
}
