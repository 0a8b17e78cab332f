/**
 * History: what an outside witness can see of a run, whatever protocol is spoken in it.
 *
 * Entries are written where machines meet the world: at the application, on the wire, at the kernel's timers. None is a
 * machine's report about itself, so laws over this vocabulary judge a simulated run, a run over real sockets and somebody
 * else's client alike. A protocol may say more in entries of its own (`session/history.ts` has those of our session
 * protocol); one without a word for something writes `custom`.
 */
import type { SendOutcome } from './boundary.ts';
import type { NodeId } from './machine.ts';
import type { Duration, Instant } from './time.ts';
import type { ConnId } from './transport.ts';

export interface Base {
  readonly at: Instant;
  /** Where it happened. For `sent` the sender, for `delivered` the receiver. */
  readonly node: NodeId;
  /** The number of the event (as the digest counts them) during which it happened. */
  readonly event: number;
}

/** What a stream is called: any number or text, the same at both ends. */
export type StreamId = number | string;

/** What a stream without numbers is made of. */
export type Piece = string | Uint8Array;

/** What a process holds: each in a line that its author would know it by (`setInterval of 5,000 ms, set in chat.ts:12`). */
export interface Held {
  readonly timers: readonly string[];
  readonly sockets: readonly string[];
  readonly listeners: readonly string[];
}

/** A message on a connection. `P` is what the protocol sends: an object with a `type`, text, bytes, anything plain. */
export interface Carried<P> {
  readonly conn: ConnId;
  readonly payload: P;
  readonly bytes: number;
}

export interface SocketState {
  readonly socket: number;
  readonly state: 'connecting' | 'open' | 'closing' | 'closed';
  readonly url: string;
  readonly conn?: ConnId;
  readonly code?: number;
  readonly reason?: string;
  /** Its application asked for it: `close()`, and not what the other side said. */
  readonly own?: true;
}

/** What is said by each kind of entry, besides when, where and in which event. `P` is what the protocol sends. */
export interface EntriesOf<P> {
  // At the application.
  /** An application asks for something, under a key of its own. */
  readonly submitted: { readonly key: string; readonly bytes: number };
  /** It was told how that ended, and which stream answers it (0 for none). */
  readonly settled: { readonly key: string; readonly outcome: SendOutcome; readonly stream: StreamId };
  /** What `client` asked for took effect in the outside world; `node` is who did it, and need not know for whom (''). */
  readonly performed: { readonly client: NodeId; readonly key: string };
  /** The next piece of a stream was made; `node` is who made it. Seq is dense from the first piece on. */
  readonly produced: { readonly stream: StreamId; readonly seq: number; readonly value?: unknown };
  /** An application was given a piece of a stream; `last`: there is none behind it. */
  readonly received: {
    readonly conn?: ConnId;
    readonly stream: StreamId;
    readonly seq: number;
    readonly value?: unknown;
    readonly last?: boolean;
  };
  /** The next piece of a stream that has no numbers was made: text or bytes, cut where it happened to be. `node` is who made it. */
  readonly wrote: { readonly stream: StreamId; readonly value: Piece };
  /** An application was given the next piece of such a stream; its cuts need not be those with which it was made. */
  readonly read: { readonly stream: StreamId; readonly value: Piece };
  /**
   * What an application has of a stream is this from here on (a snapshot), and nothing of what it was given before; without a
   * `value` it has nothing of it, and waits for nothing. A server that says so begins the stream anew.
   */
  readonly replaced: { readonly stream: StreamId; readonly value?: Piece };
  /** An application was told an error, and of which stream, if it is about one. */
  readonly told: { readonly error: string; readonly detail: string; readonly stream?: StreamId };
  /** The application began (`start`) or left (`leave`), or the device said that it is `online`, `offline`, or at another address (`moved`). */
  readonly intent: { readonly intent: string };
  /** A remark of somebody's own code, for whoever reads the timeline; no law reads it. */
  readonly noted: { readonly text: string; readonly data?: unknown };
  /** A line of the console of somebody's own code: `log`, `info`, `warn`, `error`, … */
  readonly console: { readonly level: string; readonly text: string };
  /** An error that nobody caught, or a rejection that nobody handled; `stack`: where in the source, '' for a thrown value that has none. */
  readonly uncaught: { readonly how: 'error' | 'rejection'; readonly error: string; readonly stack: string };
  /**
   * What an application sees of one of its sockets: a WebSocket of its page, or whatever it talks through. `socket` is its
   * number in this life of its process; `conn` the connection that carries it, once there is one; code and reason when it is
   * closed. A socket may be open here and dead on its way, as long as nobody has noticed.
   */
  readonly socket: SocketState;
  /** What a process still holds a while after its application left, one line for each. */
  readonly held: Held;
  /** A fact in a protocol's own words, from the effect `custom` of any machine. */
  readonly custom: { readonly name: string; readonly value?: unknown };
  // On the wire.
  /** `url`: where it was dialled by one, or asked for one. */
  readonly dialled: { readonly conn: ConnId; readonly to: NodeId; readonly url?: string };
  /** `protocol`: the subprotocol, if one was chosen. */
  readonly opened: { readonly conn: ConnId; readonly protocol?: string };
  /** A handshake reached its acceptor, `node`; and what that answered: it took the connection, or refused it. */
  readonly asked: { readonly conn: ConnId };
  readonly accepted: { readonly conn: ConnId };
  /** `retryAfter`: 0 for none. */
  readonly refused: { readonly conn: ConnId; readonly status: number; readonly retryAfter: Duration };
  /** The endpoint's own decision to end a connection. */
  readonly hungUp: { readonly conn: ConnId; readonly code: number; readonly reason: string };
  /**
   * The endpoint was told that a connection ended (1006 without a close frame; `status` of a refused handshake, and its
   * Retry-After if it had one).
   */
  readonly closed: {
    readonly conn: ConnId;
    readonly code: number;
    readonly reason: string;
    readonly status: number;
    readonly retryAfter?: Duration;
  };
  readonly sent: Carried<P>;
  readonly delivered: Carried<P>;
  /**
   * A message never arrives: its connection died before it entered the path, or on it (`node` is the link), or the
   * process that it reached was gone (`node` is that process). `to`: whom it does not reach.
   */
  readonly lost: Carried<P> & { readonly to: NodeId; readonly why: string };
  // In processes.
  readonly timerSet: {
    readonly timer: string;
    readonly key: number;
    readonly until: Instant;
    readonly attempt: number;
    readonly least: number;
    readonly most: number;
  };
  readonly timerFired: { readonly timer: string; readonly key: number };
  readonly crashed: { readonly how: 'process' | 'host' | 'exit' };
  readonly restarted: object;
  /** A client's page was thrown away, to be loaded again: with its stored state, or (`kept` false) as if it had never been. */
  readonly reloaded: { readonly kept: boolean };
  /** A process stands still (a frozen tab, a sleeping device, a stopped server), or goes on. */
  readonly paused: { readonly begins: boolean };
  /** The timers of a process fire only every `resolution` microseconds from here on; 0: whenever they are due. */
  readonly throttled: { readonly resolution: number };
  /** A host's wall clock shows so much more than the true time from here on (less, when negative). */
  readonly clock: { readonly ahead: number };
  // Of the run.
  /** A fault of the plan begins or ends; `node` is its target. */
  readonly fault: { readonly fault: number; readonly name: string; readonly begins: boolean };
  /** From here on no fault is active: everything must converge within the derived bound. */
  readonly healed: object;
  /** What was left when the run came to rest. */
  readonly rest: {
    readonly timers: readonly { readonly node: NodeId; readonly timer: string; readonly key: number }[];
    readonly conns: readonly { readonly node: NodeId; readonly conn: ConnId }[];
    readonly sessions: readonly number[];
  };
}

export type Entries = EntriesOf<unknown>;
export type EntryKind<M extends Entries = Entries> = keyof M & string;
export type EntryOf<K extends EntryKind<M>, M extends Entries = Entries> = K extends unknown
  ? Base & { readonly kind: K } & M[K]
  : never;
export type Entry<M extends Entries = Entries> = EntryOf<EntryKind<M>, M>;

/** Whose process this is: a second tab of the client `c1` is called `c1~2`. */
export function clientOf(node: NodeId): NodeId {
  const tab = node.indexOf('~');
  return tab < 0 ? node : node.slice(0, tab);
}

/** Entries about a message on a connection. */
export type FrameKind = 'sent' | 'delivered' | 'lost';

/** A message that says of which type it is. */
export type AnyFrame = { readonly type: string } & Readonly<Record<string, unknown>>;
type FrameOf<M extends Entries> = unknown extends M['sent']['payload']
  ? AnyFrame
  : Extract<M['sent']['payload'], { readonly type: string }>;

/** Entries about messages of one type: `sent WELCOME`. */
export type FrameTopic<M extends Entries = Entries> = `${FrameKind} ${FrameOf<M>['type']}`;
export type EntryAbout<T extends FrameTopic<M>, M extends Entries = Entries> = T extends `${infer K extends
  FrameKind} ${infer F}`
  ? Base & { readonly kind: K } & Omit<M[K], 'payload'> & {
        readonly payload: string extends FrameOf<M>['type'] ? FrameOf<M> : Extract<FrameOf<M>, { readonly type: F }>;
      }
  : never;

/**
 * Handlers of what somebody wants to hear of: a kind of entry, or messages of one type only. Nearly all of them carry data,
 * and whoever means another type spares every one of those a call.
 */
export type Handlers<Memory, Say, M extends Entries = Entries> = {
  readonly [K in EntryKind<M>]?: (memory: Memory, entry: EntryOf<K, M>, say: Say) => void;
} & {
  readonly [T in FrameTopic<M>]?: (memory: Memory, entry: EntryAbout<T, M>, say: Say) => void;
};
