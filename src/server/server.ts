/**
 * The server: admits connections, serves the streams of their sessions from the durable log, and passes sends to the
 * store. It keeps nothing that a crash could take from a client: whatever it says was durable before.
 *
 * This file routes events; admission, streams, calls, liveness, drain and endings have a file each.
 */
import { type Context, type Machine, NOTHING } from '../machine.ts';
import type { Message } from '../services.ts';
import { after, type Instant, START } from '../time.ts';
import type { ConnId, TimerEvent } from '../transport.ts';
import { CLOSE } from '../wire/close-codes.ts';
import type { Frame, Send } from '../wire/frames.ts';
import { LIMITS } from '../wire/limits.ts';
import { claimDenied, claimed, expired, fenced, hello, verified } from './admission.ts';
import { answered, ask, askAgain, NOBODY } from './calls.ts';
import type { ServerConfig } from './config.ts';
import { closeAll, drain, notify } from './drain.ts';
import { abandon, forget, hangUp, refuse } from './ending.ts';
import { beat, judge } from './liveness.ts';
import {
  type Effects,
  init,
  post,
  type ServerConn,
  type ServerEffect,
  type ServerEvent,
  type ServerState,
  setTimer,
  transmit,
} from './state.ts';
import { acked, catchUp, durable, entries, newStream, pump, snapshotPiece } from './streams.ts';

export const server: Machine<ServerConfig, ServerState, ServerEvent, ServerEffect> = { kind: 'server', init, step };

/** What a client hears that comes to a server which takes nobody. */
const UNAVAILABLE = 503;

function step(state: ServerState, event: ServerEvent, context: Context): readonly ServerEffect[] {
  if (state.phase === 'exited') return NOTHING;
  const effects: Effects = [];
  const { now } = context;
  switch (event.type) {
    case 'message':
      heard(state, event.from, event.message, now, effects);
      break;
    case 'frame':
      received(state, event.conn, event.payload, now, effects);
      break;
    case 'timer':
      timed(state, event, now, effects);
      break;
    case 'incoming':
      incoming(state, event.conn, now, effects);
      break;
    case 'closed': {
      const bye = event.code === CLOSE.normal && event.clean;
      forget(state, event.conn, bye ? 'release' : 'detach', now, effects);
      break;
    }
    case 'started':
      // Operations are numbered by the clock of the start, so that no life of this process repeats another's.
      state.nextOp = Math.max(state.nextOp, now + 1);
      ask(state, state.config.store, { type: 'recover' }, NOBODY, now, effects);
      break;
    case 'drain':
      drain(state, event.deadline, context, effects);
      break;
    default:
      break;
  }
  return effects.length === 0 ? NOTHING : effects;
}

function incoming(state: ServerState, id: ConnId, now: Instant, effects: Effects): void {
  const { connectionsMax, helloTimeout } = state.config;
  if (state.conns[id] !== undefined) return;
  if (state.phase !== 'serving' || (connectionsMax > 0 && state.connections >= connectionsMax)) {
    effects.push({ type: 'refuse', conn: id, status: UNAVAILABLE });
    return;
  }
  state.connections++;
  state.conns[id] = {
    stage: 'greeting',
    hello: null,
    session: 0,
    generation: 0,
    lastHeard: now,
    lastSent: now,
    livenessDue: START,
    probedAt: -1,
    tokenExpires: START,
    nonce: 0,
    lastSend: 0,
    streams: {},
  };
  effects.push({ type: 'accept', conn: id }, setTimer('hello', id, after(now, helloTimeout)));
}

function received(state: ServerState, id: ConnId, frame: Frame, now: Instant, effects: Effects): void {
  const conn = state.conns[id];
  if (conn === undefined) return;
  conn.lastHeard = now;
  if (frame.type === 'HELLO') {
    hello(state, id, conn, frame, now, effects);
    return;
  }
  if (conn.stage !== 'attached') {
    refuse(
      state,
      id,
      { error: 'protocol_error', code: CLOSE.protocolError, reason: `${frame.type} before WELCOME` },
      now,
      effects,
    );
    return;
  }
  switch (frame.type) {
    case 'ACK':
      acked(state, id, conn, frame, now, effects);
      return;
    case 'SEND':
      send(state, id, conn, frame, now, effects);
      return;
    case 'PING':
      transmit(conn, id, { type: 'PONG', nonce: frame.nonce }, now, effects);
      return;
    case 'PONG':
      return;
    case 'AUTH':
      ask(
        state,
        state.config.auth,
        { type: 'verify', token: frame.token, subject: conn.hello?.client ?? '' },
        id,
        now,
        effects,
      );
      return;
    default:
      refuse(
        state,
        id,
        { error: 'protocol_error', code: CLOSE.protocolError, reason: `${frame.type} from a client` },
        now,
        effects,
      );
  }
}

function send(state: ServerState, id: ConnId, conn: ServerConn, frame: Send, now: Instant, effects: Effects): void {
  if (frame.bytes > LIMITS.sendBytes) {
    hangUp(state, id, { code: CLOSE.messageTooBig, reason: `a send of ${frame.bytes} bytes` }, now, effects);
    return;
  }
  const { clientSeq, key, ask: wanted } = frame;
  const { session, generation } = conn;
  ask(
    state,
    state.config.store,
    { type: 'submit', session, generation, clientSeq, key, ask: wanted },
    id,
    now,
    effects,
  );
}

/** A send took effect, now or earlier. */
function submitted(state: ServerState, message: Message & { type: 'submitted' }, now: Instant, effects: Effects): void {
  const call = answered(state, message.op);
  const conn = call === undefined ? undefined : state.conns[call.conn];
  if (call === undefined || conn === undefined) return;
  const { clientSeq, key, stream: record } = message;
  if (clientSeq > conn.lastSend) conn.lastSend = clientSeq;
  const id = call.conn;
  transmit(conn, id, { type: 'SEND_ACK', clientSeq, key, stream: record?.stream ?? 0 }, now, effects);
  if (record === null || conn.streams[record.stream] !== undefined || (record.done && record.head === 0)) return;
  const { stream, epoch, content, head, done } = record;
  conn.streams[stream] = newStream(epoch, { sent: 0, head, limit: conn.hello?.credit ?? 0, replayTo: -1 });
  const { session, generation } = conn;
  if (!done)
    effects.push(post(state.config.agent, { type: 'generate', session, generation, stream, epoch, content, head }));
  pump(state, id, conn, stream, now, effects);
}

function heard(state: ServerState, from: string, message: Message, now: Instant, effects: Effects): void {
  switch (message.type) {
    case 'durable':
      durable(state, message, now, effects);
      return;
    case 'entries':
      entries(state, message, now, effects);
      return;
    case 'submitted':
      submitted(state, message, now, effects);
      return;
    case 'verified':
      verified(state, message, now, effects);
      return;
    case 'claimed':
      claimed(state, message, now, effects);
      return;
    case 'claimDenied':
      claimDenied(state, message, now, effects);
      return;
    case 'snapshotPiece':
      snapshotPiece(state, message, now, effects);
      return;
    case 'noted':
      answered(state, message.op);
      return;
    case 'fenced':
      fenced(state, message, now, effects);
      return;
    case 'expired':
      expired(state, message.session, now, effects);
      return;
    case 'probe':
      effects.push(post(from, { type: 'probed', op: message.op, ready: state.phase === 'serving' }));
      return;
    default:
      return;
  }
}

function timed(state: ServerState, { timer, key }: TimerEvent, now: Instant, effects: Effects): void {
  if (timer === 'call') {
    askAgain(state, now, effects);
    return;
  }
  if (timer === 'drain') {
    closeAll(state, now, effects);
    return;
  }
  const conn = state.conns[key];
  if (conn === undefined) return;
  switch (timer) {
    case 'heartbeat':
      beat(state, key, conn, now, effects);
      catchUp(state, key, conn, now, effects);
      return;
    case 'liveness':
      judge(state, key, conn, now, effects);
      return;
    case 'hello':
      if (conn.stage === 'greeting') abandon(state, key, now, effects);
      return;
    case 'goaway':
      notify(state, key, now, effects);
      return;
    case 'token':
      if (conn.tokenExpires <= now)
        refuse(state, key, { error: 'token_expired', code: CLOSE.tokenExpired, reason: 'token expired' }, now, effects);
      else effects.push(setTimer('token', key, conn.tokenExpires));
      return;
    default:
      return;
  }
}
