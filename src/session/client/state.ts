/**
 * What a client session remembers, and what it is doing.
 *
 * A session outlives its connections, so most of the state stands beside `doing`: identity, cursors, outbox, token and
 * the memory of the backoff. `doing` is one union on `phase`. An *attempt* is the way to one connection (token, connect,
 * handshake, or the wait before); there is never more than one, so a client can't dial while a dial is pending. It stands
 * in `doing` when the client has no connection, and in `handover` when it seeks a second one while the first still works.
 */
import { type BackoffMemory, freshMemory } from '../../backoff/delay.ts';
import type { Chunk } from '../../content.ts';
import type { ApplicationError } from '../../errors.ts';
import type { MessageEvent, PostEffect } from '../../post.ts';
import type { Duration, Instant } from '../../time.ts';
import type { ConnId, TimerEffect, TimerEvent, TransportEffect, TransportEvent } from '../../transport.ts';
import type { ApplicationEffect, Intent } from '../application.ts';
import type { Message } from '../services.ts';
import type { Frame, Token } from '../wire/frames.ts';
import { frameBytes } from '../wire/size.ts';
import type { ClientConfig } from './config.ts';
import { newPace, type Pace } from './pacing.ts';

export type ClientEvent = Intent | TransportEvent<Frame> | TimerEvent | MessageEvent<Message>;
export type ClientEffect = TransportEffect<Frame> | TimerEffect | PostEffect<Message> | ApplicationEffect;
/** The effects of one step, in the making. */
export type Effects = ClientEffect[];

/** The way to one connection. */
export type Attempt =
  /** Waits for a token; timer `token`. */
  | { phase: 'token' }
  /** Dialled; timer `connect`, keyed by the connection. */
  | { phase: 'connecting'; conn: ConnId }
  /**
   * Open, HELLO sent with the token of that serial; timer `welcome`, keyed by the connection. `beside`: another
   * connection went on delivering behind the cursors that HELLO named. `corrupt`: ERROR said that the session is lost.
   */
  | { phase: 'handshaking'; conn: ConnId; serial: number; beside: boolean; corrupt: boolean; openedAt: Instant }
  /** Waits before the next dial; timer `retry`. */
  | { phase: 'backoff'; until: Instant }
  /** Offline: waits for the intent `online`. */
  | { phase: 'suspended' };

/** A connection that owns the session. Scalars only, because every frame writes here. */
export interface Connection {
  conn: ConnId;
  openedAt: Instant;
  welcomedAt: Instant;
  /** When a frame came last; a PING is due, or the peer dead, so long after these two. */
  lastHeard: Instant;
  lastSent: Instant;
  /** When the timer `liveness` should fire: it shows whether it fired late. */
  livenessDue: Instant;
  /** When a late timer sent its probe, or null. */
  probedAt: Instant | null;
  /** Highest client_seq that had taken effect when it was welcomed. */
  sendAck: number;
  /** Whether the backoff was reset on this connection; once is enough. */
  stable: boolean;
  heartbeatInterval: Duration;
  deadAfter: Duration;
}

/** Timers `heartbeat` and `liveness`, keyed by the connection; `refresh`, and `ack` while something is unacknowledged. */
export interface Attached extends Connection {
  phase: 'replaying' | 'live';
  /** Streams whose REPLAY_END is still to come; 0 when it is live. */
  left: number;
}

export type Doing =
  | { phase: 'idle' }
  | Attempt
  | Attached
  | { phase: 'failed'; error: ApplicationError }
  | { phase: 'left' };

export type PhaseName = Doing['phase'];

/** The second socket while a server drains; only ever beside an attached connection. */
export type Handover =
  /** GOAWAY came; timer `handover`. */
  | { stage: 'waiting' }
  /** `claimed`: HELLO was sent on a second socket, so 4001 on the first is our own doing. */
  | { stage: 'attempt'; attempt: Attempt; claimed: boolean }
  /** The backoff policy gave up on the second; the first goes on until it dies. */
  | { stage: 'abandoned'; claimed: boolean }
  /** The second owns the session; the first is kept open until the replay is over; timer `drained`, keyed by `old`. */
  | { stage: 'switching'; old: ConnId };

/** A client's place in one stream. */
export interface StreamCursor {
  epoch: number;
  /** Last sequence number that the application processed. */
  lastSeq: number;
  /** Byte offset that the application processed up to. */
  bytes: number;
  /** Credit as the server was told it last: a byte offset. */
  limit: number;
  done: boolean;
  /** Chunks processed and not yet acknowledged, and when the first of them came. */
  unacked: number;
  unackedSince: Instant;
  /** Chunks behind `lastSeq` that wait in the inbox. */
  waiting: number;
  /** The sequence number behind which the application was told that the stream stalls; -1 for none. */
  stalledAt: number;
  /** Whether a REPLAY_END is still to come on this connection. */
  replaying: boolean;
  /** A RESET came, and its SNAPSHOT is not whole yet. */
  resync: Resync | null;
}

/** A snapshot under way. It is kept when its connection ends, so that the next one can go on with it. */
export interface Resync {
  epoch: number;
  /** It goes on behind this sequence number of the cursor's own epoch; 0: it begins at the first, and replaces all. */
  from: number;
  /** Its pieces so far. */
  chunks: Chunk[];
  /** Credit for it as the server was told it last: a byte offset. */
  limit: number;
}

/** A chunk that came while the application was busy. */
export interface WaitingChunk {
  stream: number;
  epoch: number;
  seq: number;
  chunk: Chunk;
}

/** A send that has not settled. */
export interface PendingSend {
  key: string;
  ask: number;
  bytes: number;
  /** Whether it ever went out: then only the server knows whether it took effect. */
  sent: boolean;
}

export interface ClientState {
  readonly config: ClientConfig;
  doing: Doing;
  handover: Handover | null;
  online: boolean;
  /** How often it dialled: the number of the last dial; and when that one began. */
  dials: number;
  dialledAt: Instant | null;
  /** Number of the last token request, and of the last PING. */
  op: number;
  nonce: number;
  token: Token | null;
  /** Serial of the token that a server called expired, 0 for none: no dial begins with it. */
  distrusted: number;
  session: null | { id: number; resumeToken: number; generation: number };
  streams: Record<number, StreamCursor>;
  /** Streams that a SEND_ACK announced and that nothing has come of yet. */
  promised: Record<number, true>;
  /** Streams that are complete and forgotten, for as long as a send may still be answered with their number. */
  finished: Record<number, true>;
  /** Whether the application takes nothing by itself; and what waits for it, over all streams, in order. */
  busy: boolean;
  inbox: WaitingChunk[];
  /** Whether the timer `ack` is set. */
  ackArmed: boolean;
  /** Unsettled sends by client_seq (integer keys iterate in ascending order), with their number and bytes. */
  outbox: Record<number, PendingSend>;
  outboxCount: number;
  outboxBytes: number;
  /** The client_seq of the next send. */
  nextSend: number;
  backoff: BackoffMemory;
  /** When the present outage began, or null while there is none. */
  outageSince: Instant | null;
  pace: Pace;
  /** The floor that a server set for the retry after this connection. */
  hint: null | Hint;
  /** The place that a server keeps for the next dial. */
  slot: number | null;
}

/** What a refusal asked for: when to come again, and under which number a place is kept. */
export interface Hint {
  conn: ConnId;
  retryAfter: Duration;
  slot: number | null;
}

export const init = (config: ClientConfig): ClientState => ({
  config,
  doing: { phase: 'idle' },
  handover: null,
  online: true,
  dials: 0,
  dialledAt: null,
  op: 0,
  nonce: 0,
  token: null,
  distrusted: 0,
  session: null,
  streams: {},
  promised: {},
  finished: {},
  busy: false,
  inbox: [],
  ackArmed: false,
  outbox: {},
  outboxCount: 0,
  outboxBytes: 0,
  nextSend: 1,
  backoff: freshMemory(),
  outageSince: null,
  pace: newPace(config.credit),
  hint: null,
  slot: null,
});

/** The connection that owns the session, or null. */
export function attached(state: ClientState): Attached | null {
  const doing = state.doing;
  return doing.phase === 'live' || doing.phase === 'replaying' ? doing : null;
}

/** The attempt under way, or null. */
export function underWay(state: ClientState): Attempt | null {
  const doing = state.doing;
  switch (doing.phase) {
    case 'token':
    case 'connecting':
    case 'handshaking':
    case 'backoff':
    case 'suspended':
      return doing;
    case 'replaying':
    case 'live':
      return state.handover?.stage === 'attempt' ? state.handover.attempt : null;
    default:
      return null;
  }
}

/** Sends a frame on the connection that owns the session. */
export function transmit(connection: Connection, frame: Frame, now: Instant, effects: Effects): void {
  connection.lastSent = now;
  effects.push({ type: 'send', conn: connection.conn, payload: frame, bytes: frameBytes(frame) });
}

export const setTimer = (timer: string, key: number, at: Instant): ClientEffect => ({
  type: 'setTimer',
  timer,
  key,
  at,
});
export const clearTimer = (timer: string, key: number): ClientEffect => ({ type: 'clearTimer', timer, key });
