/** What a server process remembers: its connections, the sessions that they own, and what it asked and has not heard. */
import type { NodeId } from '../../machine.ts';
import type { MessageEvent, PostEffect } from '../../post.ts';
import { type Duration, type Instant, NEVER, START, ZERO } from '../../time.ts';
import type { ConnId, TimerEffect, TimerEvent, TransportEffect, TransportEvent } from '../../transport.ts';
import type { WorldEffect } from '../application.ts';
import type { Message } from '../services.ts';
import type { Cursor, Frame } from '../wire/frames.ts';
import { frameBytes } from '../wire/size.ts';
import type { ServerConfig } from './config.ts';
import { type Intake, newIntake } from './intake.ts';
import type { StreamHealth } from './stall.ts';
import type { Refuses, TroubleEvent } from './trouble.ts';

export type ServerEvent =
  | TransportEvent<Frame>
  | TimerEvent
  | MessageEvent<Message>
  | { readonly type: 'started' }
  /** The operator wants it gone within `deadline`. */
  | { readonly type: 'drain'; readonly deadline: Duration }
  | TroubleEvent;
export type ServerEffect =
  | TransportEffect<Frame>
  | TimerEffect
  | PostEffect<Message>
  | Extract<WorldEffect, { type: 'exit' }>;
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
  /** Whether a read is under way, and whether the next chunk (or that of the snapshot under way) waits for credit. */
  reading: boolean;
  starved: boolean;
  /** Whether the last chunk was sent: nothing more will come. */
  finished: boolean;
  /** REPLAY_END is due once this was sent; -1 when it was said. */
  replayTo: number;
  /** A snapshot under way: pieces sent so far. Nothing else of the stream is sent meanwhile. */
  snapshot: null | { from: number; asOf: number };
  /** Whether the client may have an older epoch of it: HELLO named no cursor, and nothing of this epoch was acknowledged. */
  unnamed: boolean;
  /** Whether WELCOME listed it. */
  listed: boolean;
}

export interface ServerConn {
  /** `greeting`: waits for HELLO; `admitting`: token and claim are being checked; `attached`: owns the session. */
  stage: 'greeting' | 'admitting' | 'attached';
  hello: Greeting | null;
  /** Whether it was only taken to be told that nobody can be. */
  turnedAway: boolean;
  /** The slot that its handshake named, of one that is turned away. */
  slot: number | null;
  session: number;
  generation: number;
  lastHeard: Instant;
  lastSent: Instant;
  /** When the timer `liveness` should fire, and when a late one sent its probe (-1: none). */
  livenessDue: Instant;
  probedAt: number;
  /** Until when its token is accepted by the wall clock and by the steady clock, and which one it is. */
  tokenExpires: Instant;
  tokenLasts: Instant;
  tokenSerial: number;
  nonce: number;
  lastSend: number;
  /** Requests about this connection that were not answered yet. */
  asked: number[];
  /** Its claim, while that was asked and not answered; else 0. */
  claim: number;
  /** SENDs that were not answered yet, and their bodies in bytes. */
  sends: number;
  sendsBytes: number;
  /** Streams to serve; one that the client has whole is forgotten. */
  streams: Record<number, ServerStream>;
  /** What the last heartbeat saw of them. */
  health: Record<number, StreamHealth>;
  /** When that was. */
  lookedAt: Instant;
  /** Streams of WELCOME that were forgotten since: what asked for them may be repeated, and must not open them again. */
  forgotten: number[];
}

/** A request that was not answered yet. */
export interface Call {
  to: NodeId;
  message: Message;
  conn: ConnId;
  /** When it was asked for the first time. */
  asked: Instant;
  deadline: Instant;
  attempts: number;
}

export interface ServerState {
  readonly config: ServerConfig;
  phase: 'serving' | 'draining' | 'exited';
  conns: Record<number, ServerConn>;
  connections: number;
  /** Handshakes that wait to be taken. */
  intake: Intake;
  /** The connection that owns each session here. */
  sessions: Record<number, ConnId>;
  calls: Record<number, Call>;
  /** Calls in the order in which they are due, those that were answered among them; so many of them were taken. */
  due: number[];
  dueTaken: number;
  callArmed: boolean;
  nextOp: number;
  /** All claims with a lower number were answered or given up. */
  settled: number;
  drainEnds: Instant;
  /** What it refuses because of overload. */
  refuses: Refuses;
  /** How late requests go out, and when the last one does. */
  slowBy: Duration;
  slowUntil: Instant;
  /** Protocol versions that it speaks. */
  protoMin: number;
  protoMax: number;
  /** Origins that it admits; null for all. */
  origins: string[] | null;
  /** Its wall clock minus the true time, in microseconds. */
  clockAhead: number;
  /** No token of an attached connection is over before this. */
  tokensUntil: Instant;
}

export const init = (config: ServerConfig): ServerState => ({
  config,
  phase: 'serving',
  conns: {},
  connections: 0,
  intake: newIntake(),
  sessions: {},
  calls: {},
  due: [],
  dueTaken: 0,
  callArmed: false,
  nextOp: 1,
  settled: 1,
  drainEnds: START,
  refuses: 'none',
  slowBy: ZERO,
  slowUntil: START,
  protoMin: config.protoMin,
  protoMax: config.protoMax,
  origins: null,
  clockAhead: 0,
  tokensUntil: NEVER,
});

/** A connection that was just accepted. */
export const newConn = (now: Instant): ServerConn => ({
  stage: 'greeting',
  hello: null,
  turnedAway: false,
  slot: null,
  session: 0,
  generation: 0,
  lastHeard: now,
  lastSent: now,
  livenessDue: START,
  probedAt: -1,
  tokenExpires: START,
  tokenLasts: START,
  tokenSerial: 0,
  nonce: 0,
  lastSend: 0,
  asked: [],
  claim: 0,
  sends: 0,
  sendsBytes: 0,
  streams: {},
  health: {},
  lookedAt: START,
  forgotten: [],
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
