/** What a server process remembers: its connections, the sessions that they own, and what it asked and has not heard. */
import type { WorldEffect } from '../application.ts';
import type { NodeId } from '../machine.ts';
import type { Message, MessageEvent, PostEffect } from '../services.ts';
import type { Duration, Instant } from '../time.ts';
import type { ConnId, TimerEffect, TimerEvent, TransportEffect, TransportEvent } from '../transport.ts';
import type { Cursor, Frame } from '../wire/frames.ts';
import { frameBytes } from '../wire/size.ts';
import type { ServerConfig } from './config.ts';

export type ServerEvent =
  | TransportEvent
  | TimerEvent
  | MessageEvent
  | { readonly type: 'started' }
  /** The operator wants it gone within `deadline`. */
  | { readonly type: 'drain'; readonly deadline: Duration };
export type ServerEffect = TransportEffect | TimerEffect | PostEffect | Extract<WorldEffect, { type: 'exit' }>;
/** The effects of one step, in the making. */
export type Effects = ServerEffect[];

/** What a HELLO asked for. */
export interface Greeting {
  /** The highest version that both sides speak. */
  proto: number;
  client: string;
  dial: number;
  credit: number;
  session: number;
  resumeToken: number;
  cursors: Cursor[];
}

/** A stream on an attached connection. */
export interface ServerStream {
  epoch: number;
  /** Last sequence number sent on this connection, and last durable one. */
  sent: number;
  head: number;
  /** Credit: the byte offset up to which may be sent. */
  limit: number;
  /** Whether a read is under way, and whether the next chunk waits for credit. */
  reading: boolean;
  starved: boolean;
  /** Whether the last chunk was sent: nothing more will come. */
  finished: boolean;
  /** REPLAY_END is due once this was sent; -1 when it was said. */
  replayTo: number;
  /** A snapshot under way: pieces sent so far. Nothing else of the stream is sent meanwhile. */
  snapshot: null | { from: number; asOf: number };
}

export interface ServerConn {
  /** `greeting`: waits for HELLO; `admitting`: token and claim are being checked; `attached`: owns the session. */
  stage: 'greeting' | 'admitting' | 'attached';
  hello: Greeting | null;
  session: number;
  generation: number;
  lastHeard: Instant;
  lastSent: Instant;
  /** When the timer `liveness` should fire, and when a late one sent its probe (-1: none). */
  livenessDue: Instant;
  probedAt: number;
  tokenExpires: Instant;
  nonce: number;
  lastSend: number;
  streams: Record<number, ServerStream>;
}

/** A request that was not answered yet. */
export interface Call {
  to: NodeId;
  message: Message;
  conn: ConnId;
  deadline: Instant;
  attempts: number;
}

export interface ServerState {
  readonly config: ServerConfig;
  phase: 'serving' | 'draining' | 'exited';
  conns: Record<number, ServerConn>;
  connections: number;
  /** The connection that owns each session here. */
  sessions: Record<number, ConnId>;
  calls: Record<number, Call>;
  callArmed: boolean;
  nextOp: number;
  drainEnds: Instant;
}

export const init = (config: ServerConfig): ServerState => ({
  config,
  phase: 'serving',
  conns: {},
  connections: 0,
  sessions: {},
  calls: {},
  callArmed: false,
  nextOp: 1,
  drainEnds: 0 as Instant,
});

/** Sends a frame on a connection. */
export function transmit(conn: ServerConn, id: ConnId, frame: Frame, now: Instant, effects: Effects): void {
  conn.lastSent = now;
  effects.push({ type: 'send', conn: id, payload: frame, bytes: frameBytes(frame) });
}

export const post = (to: NodeId, message: Message): ServerEffect => ({ type: 'post', to, message });
export const setTimer = (timer: string, key: number, at: Instant): ServerEffect => ({
  type: 'setTimer',
  timer,
  key,
  at,
});
export const clearTimer = (timer: string, key: number): ServerEffect => ({ type: 'clearTimer', timer, key });
