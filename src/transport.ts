/**
 * What an endpoint (client, balancer, server) says to the network and hears from it.
 *
 * This is the vocabulary of a WebSocket: whoever turns these events into these effects can stand in an endpoint's place.
 * A connection is named by its dialler: `connBase + n` for its n-th dial, unique in the run; both ends use that name.
 */
import type { NodeId } from './machine.ts';
import type { Duration, Instant } from './time.ts';

/** A connection's name in the whole run. */
export type ConnId = number;

/** Connections a single node can dial in a run; its `connBase` is its index times this. */
export const CONNS_PER_NODE = 65_536;

/** `P`: what the connections of a protocol carry. A link reads nothing of it: plain data, text, bytes. */
export type TransportEvent<P = unknown> =
  /** Acceptor: somebody's handshake arrived. Answer with `accept` or `refuse`. `origin` as a browser sends it; none otherwise. */
  | { readonly type: 'incoming'; readonly conn: ConnId; readonly from: NodeId; readonly origin?: string }
  /** Dialler: the connection is open (TCP and WebSocket handshake done). */
  | { readonly type: 'opened'; readonly conn: ConnId }
  | { readonly type: 'frame'; readonly conn: ConnId; readonly payload: P; readonly bytes: number }
  /**
   * The connection is over. 1006 when no close frame came (`clean` false); `status` names a refused handshake (e.g. 503; 0
   * otherwise), and `retryAfter` what its Retry-After asked for, if there was one.
   */
  | {
      readonly type: 'closed';
      readonly conn: ConnId;
      readonly code: number;
      readonly reason: string;
      readonly clean: boolean;
      readonly status: number;
      readonly retryAfter?: Duration;
    };

export type TransportEffect<P = unknown> =
  | { readonly type: 'dial'; readonly conn: ConnId; readonly to: NodeId; readonly origin?: string }
  | { readonly type: 'accept'; readonly conn: ConnId }
  /** Answers a handshake with an HTTP status; `retryAfter` is its Retry-After, which HTTP counts in whole seconds. */
  | { readonly type: 'refuse'; readonly conn: ConnId; readonly status: number; readonly retryAfter?: Duration }
  | { readonly type: 'send'; readonly conn: ConnId; readonly payload: P; readonly bytes: number }
  /** Closing handshake behind everything that was sent. */
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
