/**
 * The client session: connects, stays connected, and keeps the protocol's promises to its application across connections.
 *
 *     idle -> token -> connecting -> handshaking -> replaying -> live
 *                ^                                        |        |
 *                '------------- backoff / suspended <-----'--------'        failed, left: the ends
 *
 * This file routes events; what they mean is in the file of the concept: attempts (`connecting.ts`), WELCOME, streams,
 * outbox, liveness, handover, token, network, endings. It refuses to know what carries the frames, what time it is other
 * than `now`, and what the application does with what it is given. Everything that is stale or out of place is dropped.
 */
import { type Context, type Machine, NOTHING, unreachable } from '../../machine.ts';
import type { MessageEvent } from '../../post.ts';
import type { Duration } from '../../time.ts';
import type { ConnId, TimerEvent, TransportEvent } from '../../transport.ts';
import type { Intent } from '../application.ts';
import type { Message } from '../services.ts';
import type { ErrorFrame, Frame } from '../wire/frames.ts';
import type { ClientConfig } from './config.ts';
import { begin, dial, noteStability } from './connecting.ts';
import { leave } from './ending.ts';
import { closeOld, goAway, seekSecond } from './handover.ts';
import { ready, take as takeChunks } from './inbox.ts';
import { beat, isDead } from './liveness.ts';
import { attemptTimedOut, closed, drop, moved, offline, online, opened } from './network.ts';
import { settle, submit } from './outbox.ts';
import { collect, reset } from './snapshot.ts';
import { noteStall } from './stall.ts';
import {
  type Attached,
  attached,
  type ClientEffect,
  type ClientEvent,
  type ClientState,
  type Effects,
  init,
  transmit,
  underWay,
} from './state.ts';
import { acknowledgeLate, endReplay, receive } from './streams.ts';
import { presentToken, refresh, take } from './token.ts';
import { becomeLive, welcome } from './welcome.ts';

/** The client side of the session protocol (PROTOCOL.md). */
export const client: Machine<ClientConfig, ClientState, ClientEvent, ClientEffect> = { kind: 'client', init, step };

function step(state: ClientState, event: ClientEvent, context: Context): readonly ClientEffect[] {
  if (event.type === 'frame') return frame(state, event.conn, event.payload, context);
  if (event.type === 'submit') return submit(state, event, context.now);
  const { phase } = state.doing;
  if (phase === 'failed' || phase === 'left') return NOTHING;
  if (event.type === 'busy' || event.type === 'take' || event.type === 'ready') return pace(state, event, context);
  const effects: Effects = [];
  rare(state, event, context, effects);
  return effects.length === 0 ? NOTHING : effects;
}

/** Everything but frames and sends: it happens too seldom for its allocations to matter. */
function rare(
  state: ClientState,
  event:
    | Exclude<Intent, { type: 'submit' | 'busy' | 'take' | 'ready' }>
    | Exclude<TransportEvent, { type: 'frame' }>
    | TimerEvent
    | MessageEvent<Message>,
  context: Context,
  effects: Effects,
): unknown {
  switch (event.type) {
    case 'timer':
      return timer(state, event, context, effects);
    case 'opened':
      return opened(state, event.conn, context, effects);
    case 'closed':
      return closed(state, event, context, effects);
    case 'message':
      return message(state, event, context, effects);
    case 'start':
      if (state.doing.phase !== 'idle') return;
      state.outageSince = context.now;
      return begin(state, context, effects);
    case 'leave':
      return leave(state, effects);
    case 'online':
      return online(state, context, effects);
    case 'offline':
      return offline(state, effects);
    case 'moved':
      return moved(state, context, effects);
    // A client accepts no connections, has no raw bytes, sends no pings and does not ask what is buffered.
    case 'incoming':
    case 'ping':
    case 'pong':
    case 'drained':
    case 'ended':
      return;
    default:
      return unreachable(event);
  }
}

function frame(state: ClientState, conn: ConnId, payload: Frame, context: Context): readonly ClientEffect[] {
  const { doing } = state;
  if ((doing.phase === 'live' || doing.phase === 'replaying') && doing.conn === conn) {
    doing.lastHeard = context.now;
    return heard(state, doing, payload, context);
  }
  const attempt = underWay(state);
  if (attempt?.phase !== 'handshaking' || attempt.conn !== conn) return NOTHING;
  if (payload.type === 'ERROR') {
    noteHint(state, conn, payload);
    if (payload.code === 'state_corrupt') attempt.corrupt = true;
  }
  if (payload.type !== 'WELCOME') return NOTHING;
  const effects: Effects = [];
  welcome(state, attempt, payload, context, effects);
  return effects;
}

/** A frame on the connection that owns the session. */
function heard(state: ClientState, connection: Attached, payload: Frame, context: Context): readonly ClientEffect[] {
  const { conn } = connection;
  const { now } = context;
  switch (payload.type) {
    case 'DATA': {
      const effects = receive(state, connection, payload, now);
      return effects === null ? gap(state, conn, context) : progress(state, effects, context);
    }
    case 'SEND_ACK': {
      const { clientSeq, key, stream } = payload;
      return progress(state, settle(state, { clientSeq, key, outcome: 'done', stream }), context);
    }
    case 'SNAPSHOT':
      return progress(state, collect(state, connection, payload, now), context);
    case 'STALLED':
      return noteStall(state, connection, payload);
    case 'RESET':
      return reset(state, payload) ? NOTHING : gap(state, conn, context);
    case 'ERROR':
      noteHint(state, conn, payload);
      if (payload.clientSeq === 0) return NOTHING;
      return settle(state, { clientSeq: payload.clientSeq, key: null, outcome: 'failed', stream: 0 });
    case 'REPLAY_END': {
      if (!endReplay(state, connection, payload)) return gap(state, conn, context);
      if (connection.phase === 'live' || connection.left > 0) return NOTHING;
      const effects: Effects = [];
      becomeLive(state, effects);
      return effects;
    }
    case 'GOAWAY': {
      const effects: Effects = [];
      goAway(state, payload, context, effects);
      return effects;
    }
    case 'PING': {
      const effects: Effects = [];
      transmit(connection, { type: 'PONG', nonce: payload.nonce }, now, effects);
      return effects;
    }
    // Their news is that the peer lives.
    case 'PONG':
    case 'AUTH':
    // Out of place: a second WELCOME, or a frame that only clients send.
    case 'WELCOME':
    case 'HELLO':
    case 'ACK':
    case 'HELD':
    case 'SEND':
      return NOTHING;
    default:
      return unreachable(payload);
  }
}

/** The application says how much it can take. */
function pace(
  state: ClientState,
  event: Extract<Intent, { type: 'busy' | 'take' | 'ready' }>,
  context: Context,
): readonly ClientEffect[] {
  if (event.type === 'ready') return ready(state, context.now);
  if (event.type === 'take') return takeChunks(state, event.chunks, context.now);
  state.busy = true;
  return NOTHING;
}

/** Effects mean progress: the connection proved itself. */
function progress(state: ClientState, effects: readonly ClientEffect[], context: Context): readonly ClientEffect[] {
  if (effects.length > 0) noteStability(state, context.now, true);
  return effects;
}

function gap(state: ClientState, conn: ConnId, context: Context): readonly ClientEffect[] {
  const effects: Effects = [];
  drop(state, conn, 'gap', context, effects);
  return effects;
}

function noteHint(state: ClientState, conn: ConnId, { clientSeq, retryAfter }: ErrorFrame): void {
  if (clientSeq === 0 && retryAfter > 0) state.hint = { conn, retryAfter: retryAfter as Duration, slot: null };
}

/** Timers are about the client itself (key 0) or about one connection. */
function timer(state: ClientState, { timer, key }: TimerEvent, context: Context, effects: Effects): unknown {
  if (key !== 0) return connectionTimer(state, timer, key, context, effects);
  const connection = attached(state);
  switch (timer) {
    case 'retry':
      return underWay(state)?.phase === 'backoff' && begin(state, context, effects);
    case 'token':
      return attemptTimedOut(state, 'token', 0, context, effects);
    case 'handover':
      return seekSecond(state, context, effects);
    case 'refresh':
      return refresh(state, context.now, effects);
    case 'ack':
      return connection !== null && acknowledgeLate(state, connection, context.now, effects);
    default:
      return;
  }
}

function connectionTimer(state: ClientState, timer: string, conn: ConnId, context: Context, effects: Effects): unknown {
  switch (timer) {
    case 'connect':
      return attemptTimedOut(state, 'connecting', conn, context, effects);
    case 'welcome':
      return attemptTimedOut(state, 'handshaking', conn, context, effects);
    case 'drained':
      return state.handover?.stage === 'switching' && state.handover.old === conn && closeOld(state, effects);
  }
  const connection = attached(state);
  if (connection?.conn !== conn) return;
  if (timer === 'heartbeat') return beat(state, connection, context.now, effects);
  if (timer !== 'liveness' || !isDead(state, connection, context.now, effects)) return;
  return drop(state, conn, 'silent', context, effects);
}

/** An answer of the token service, to whichever request. */
function message(
  state: ClientState,
  { from, message }: MessageEvent<Message>,
  context: Context,
  effects: Effects,
): void {
  if (message.type !== 'issued' || from !== state.config.auth || state.doing.phase === 'idle') return;
  if (!take(state, message.token, context.now)) return;
  presentToken(state, message.token, context.now, effects);
  if (underWay(state)?.phase !== 'token') return;
  effects.push({ type: 'clearTimer', timer: 'token', key: 0 });
  dial(state, context.now, effects);
}
