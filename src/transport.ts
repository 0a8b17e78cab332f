/**
 * What an endpoint (client, balancer, server) says to the network and hears from it.
 *
 * This is the vocabulary of a WebSocket (RFC 6455, and what browsers make of it: https://websockets.spec.whatwg.org): whoever
 * turns these events into these effects can stand in an endpoint's place. A connection of raw bytes speaks the same words,
 * without what TCP does not have. A connection is named by its dialler: `connBase + n` for its n-th dial, or `newConn()` of
 * its context, unique in the run; both ends use that name. Whatever is said of a connection that is not, or is over, is
 * dropped. Everything with a question mark may be left out, and means nothing then.
 */
import type { NodeId } from './machine.ts';
import type { Duration, Instant } from './time.ts';

/** A connection's name in the whole run. */
export type ConnId = number;

/** Connections a single node can dial in a run; its `connBase` is its index times this. */
export const CONNS_PER_NODE = 65_536;

/** What stands on TCP: a WebSocket, which is the default, or nothing (`bytes`): a stream of bytes, as HTTP or a protocol of one's own uses it. */
export type Over = 'websocket' | 'bytes';

/** What a dial says, and its acceptor hears. */
export interface Handshake {
  /** As a browser sends it; none otherwise. */
  readonly origin?: string;
  /** The URL that is asked for, path and query included (RFC 6455 section 3). */
  readonly url?: string;
  /** Subprotocols that the dialler can speak, the one that it likes best first (RFC 6455 section 1.9). */
  readonly protocols?: readonly string[];
  readonly over?: Over;
}

/** `P`: what the connections of a protocol carry. A link reads nothing of it: plain data, text, bytes. */
export type TransportEvent<P = unknown> =
  /**
   * Acceptor: somebody's handshake arrived. Answer with `accept` or `refuse`. Over raw bytes the connection is open, as TCP
   * has it (the kernel took it), and `refuse` resets it.
   */
  | ({ readonly type: 'incoming'; readonly conn: ConnId; readonly from: NodeId } & Handshake)
  /** Dialler: the connection is open (TCP and WebSocket handshake done). `protocol`: the subprotocol that was chosen. */
  | { readonly type: 'opened'; readonly conn: ConnId; readonly protocol?: string }
  /** `binary`: it was sent as binary, and neither text nor bytes, which show it by themselves. */
  | {
      readonly type: 'frame';
      readonly conn: ConnId;
      readonly payload: P;
      readonly bytes: number;
      readonly binary?: true;
    }
  /**
   * A ping arrived (RFC 6455 section 5.5.2), and is answered already, by the machine's own library, unless it was dialled or
   * accepted with `autoPong: false`. A page (a node with `page`) hears of none: its browser answers, even while it is frozen.
   */
  | { readonly type: 'ping'; readonly conn: ConnId; readonly data: string }
  /** A pong arrived: what the ping said that it answers. A page hears of none. */
  | { readonly type: 'pong'; readonly conn: ConnId; readonly data: string }
  /** The answer to `drain`: so many bytes are still in the sender, which is no more than it asked for. */
  | { readonly type: 'drained'; readonly conn: ConnId; readonly buffered: number }
  /**
   * Raw bytes that were dialled or accepted with `halfOpen`: the other end has ended its stream, and still reads. The connection
   * is over (`closed`) when this end has ended its own with `close`, too.
   */
  | { readonly type: 'ended'; readonly conn: ConnId }
  /**
   * The connection is over. 1006 when no close frame came (`clean` false); `status` names a refused handshake (e.g. 503; 0
   * otherwise), `retryAfter` what its Retry-After asked for, if there was one, and `slot` the place that is kept for then. The end of a stream of raw bytes is 1000,
   * `clean`: all that was written before it has arrived.
   */
  | {
      readonly type: 'closed';
      readonly conn: ConnId;
      readonly code: number;
      readonly reason: string;
      readonly clean: boolean;
      readonly status: number;
      readonly retryAfter?: Duration;
      readonly slot?: number;
    };

/** Who answers the pings of a connection: by default the library that the machine uses, or its browser. */
interface Pongs {
  /** False: the machine itself, with `pong`, as a proxy does that passes them on (option `autoPong` of `ws`). Default true. */
  readonly autoPong?: boolean;
}

/** What becomes of raw bytes when the other end has ended its stream: by default that of this end is ended at once. */
interface Halves {
  /** True: this end is told so (`ended`), may go on, and ends its own stream with `close` (option `allowHalfOpen` of Node's `net`). Default false. */
  readonly halfOpen?: boolean;
}

export type TransportEffect<P = unknown> =
  /**
   * `to`: a node by its name, or by a URL with one of its host names (`hosts` of a node, its name by default) in it: `wss:`,
   * `ws:`, `https:` or `http:`, without a fragment; for raw bytes any scheme. `url`: what is asked for, where `to` is a name.
   * Throws where no link leads there, and where `protocols` has something twice or that is no token (RFC 6455 section 4.1).
   */
  | ({ readonly type: 'dial'; readonly conn: ConnId; readonly to: string } & Handshake & Pongs & Halves)
  /**
   * `protocol`: the subprotocol that is chosen. The dialler fails a connection (1006) for which one was chosen that it did not
   * offer (RFC 6455 section 4.1), or none although it offered some (WHATWG, "establish a WebSocket connection"). Raw bytes are open
   * already: there it only says `halfOpen`.
   */
  | ({ readonly type: 'accept'; readonly conn: ConnId; readonly protocol?: string } & Pongs & Halves)
  /**
   * Whether anybody listens at this node. Who dials it while nobody does is refused by its kernel, and the node does not hear of it;
   * what is open stays so. A process that begins listens until it says otherwise.
   */
  | { readonly type: 'listen'; readonly active: boolean }
  /**
   * Answers a handshake with an HTTP status; `retryAfter` is its Retry-After, which HTTP counts in whole seconds (a header
   * `retry-after-ms` beside it in milliseconds), `slot` the number of a place that is kept for then.
   */
  | {
      readonly type: 'refuse';
      readonly conn: ConnId;
      readonly status: number;
      readonly retryAfter?: Duration;
      readonly slot?: number;
    }
  /** `bytes`: its size as it is framed. `binary`: for what is neither text nor bytes; throws where it contradicts the payload. */
  | {
      readonly type: 'send';
      readonly conn: ConnId;
      readonly payload: P;
      readonly bytes: number;
      readonly binary?: boolean;
    }
  /** Control frames of a WebSocket (RFC 6455 sections 5.5.2, 5.5.3): at most 125 bytes of text, none by default; throws over raw bytes, and for a page. */
  | { readonly type: 'ping' | 'pong'; readonly conn: ConnId; readonly data?: string }
  /**
   * Asks to hear `drained` as soon as no more than `below` bytes (default 0) of what was sent are still in this process,
   * because the kernel has no room for them: `bufferedAmount` of WHATWG. At once, if that is so already; a later one takes
   * the place of one that was not answered, and the end of the connection is an answer, too.
   */
  | { readonly type: 'drain'; readonly conn: ConnId; readonly below?: number }
  /** Closing handshake behind everything that was sent; the end of a stream of raw bytes. */
  | { readonly type: 'close'; readonly conn: ConnId; readonly code: number; readonly reason: string }
  /** Gone at once: `fin` lets the kernel's buffer drain, `rst` drops it. The peer sees 1006. */
  | { readonly type: 'terminate'; readonly conn: ConnId; readonly how: 'fin' | 'rst' };

/**
 * Timers are named, and keyed by what they are about (a connection, a session; 0 for the machine itself). Setting a timer
 * again replaces it; a timer about something that no longer exists is dropped by the machine. The kernel re-arms lazily:
 * moving a deadline later costs nothing, so machines may move them at every frame.
 */
export type TimerEffect =
  | {
      readonly type: 'setTimer';
      readonly timer: string;
      readonly key: number;
      readonly at: Instant;
      /** For a decision that people ask about ("why did it wait?"): the numbers it was drawn from. */
      readonly why?: { readonly attempt: number; readonly least: number; readonly most: number };
    }
  | { readonly type: 'clearTimer'; readonly timer: string; readonly key: number };

export type TimerEvent = { readonly type: 'timer'; readonly timer: string; readonly key: number };
