/**
 * The server: admits connections, serves the streams of their sessions from the durable log, and passes sends to the
 * store. It keeps nothing that a crash could take from a client: whatever it says was durable before.
 *
 * This file routes events; admission, streams, calls, liveness, drain and endings have a file each.
 */
import { CLOSE } from '../../close-codes.ts';
import { type Context, type Machine, NOTHING, type NodeId } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { ConnId, TimerEvent, TransportEvent } from '../../transport.ts';
import type { Message } from '../services.ts';
import { slotIn } from '../slots.ts';
import type { Frame } from '../wire/frames.ts';
import { claimDenied, claimed, hello, verified } from './admission.ts';
import { answered, ask, askAgain, goOut, NOBODY, newOp } from './calls.ts';
import type { ServerConfig } from './config.ts';
import { closeAll, drain, notify } from './drain.ts';
import { abandon, exitWhenDone, forget, refuse } from './ending.ts';
import { expired, fenced, lost, revoked, withdrawn } from './fencing.ts';
import { admit, arrive, beginIntake, leave, refusal } from './intake.ts';
import { beat, judge } from './liveness.ts';
import { send, submitted } from './sends.ts';
import { held, snapshotPiece } from './snapshot.ts';
import { judgeStreams } from './stall.ts';
import { type Effects, init, post, type ServerEffect, type ServerEvent, type ServerState, transmit } from './state.ts';
import { acked, catchUp, dropped, durable, entries } from './streams.ts';
import { endOverdue } from './token.ts';
import { trouble } from './trouble.ts';

export const server: Machine<ServerConfig, ServerState, ServerEvent, ServerEffect> = { kind: 'server', init, step };

/** What a client hears whose origin is not admitted. */
const FORBIDDEN = 403;

function step(state: ServerState, event: ServerEvent, context: Context): readonly ServerEffect[] {
  const effects: Effects = [];
  endOverdue(state, context.now, effects);
  if (state.phase !== 'exited') react(state, event, context, effects);
  return effects.length === 0 ? NOTHING : effects;
}

function react(state: ServerState, event: ServerEvent, context: Context, effects: Effects): void {
  const { now } = context;
  switch (event.type) {
    case 'message':
      heard(state, event.from, event.message, now, effects);
      break;
    case 'frame':
      received(state, event.conn, event.payload, context, effects);
      break;
    case 'timer':
      timed(state, event, now, effects);
      break;
    case 'incoming':
      incoming(state, event, context, effects);
      break;
    case 'closed': {
      leave(state, event.conn, effects);
      const bye = event.code === CLOSE.normal && event.clean;
      forget(state, event.conn, bye ? 'release' : 'detach', now, effects);
      break;
    }
    case 'started':
      beginIntake(state, now);
      // Operations are numbered by the clock of the start, so that no life of this process repeats another's.
      state.nextOp = Math.max(state.nextOp, now + 1);
      state.settled = state.nextOp;
      ask(state, state.config.store, { type: 'recover', op: newOp(state) }, NOBODY, now, effects);
      break;
    case 'drain':
      drain(state, event.deadline, context, effects);
      break;
    case 'overload':
    case 'slow':
    case 'share':
    case 'speaks':
    case 'origins':
    case 'clock':
    case 'closeAll':
      trouble(state, event, now, effects);
      break;
    default:
      break;
  }
}

function incoming(
  state: ServerState,
  { conn: id, origin, url }: TransportEvent & { type: 'incoming' },
  context: Context,
  effects: Effects,
): void {
  const { connectionsMax } = state.config;
  const { intake } = state;
  if (state.conns[id] !== undefined || intake.waiting[id] !== undefined) return;
  const full = connectionsMax > 0 && state.connections + intake.length >= connectionsMax;
  if (state.phase !== 'serving' || state.refuses === 'handshake' || full) {
    effects.push(refusal(state, id));
    return;
  }
  if (state.origins !== null && !state.origins.includes(origin ?? '')) {
    effects.push({ type: 'refuse', conn: id, status: FORBIDDEN });
    return;
  }
  arrive(state, id, url === undefined ? null : slotIn(url), context, effects);
}

function received(state: ServerState, id: ConnId, frame: Frame, context: Context, effects: Effects): void {
  const { now } = context;
  const conn = state.conns[id];
  if (conn === undefined) return;
  conn.lastHeard = now;
  if (frame.type === 'HELLO') {
    hello(state, id, conn, frame, context, effects);
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
    case 'HELD':
      held(state, id, conn, frame, now, effects);
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
        { type: 'verify', token: frame.token, subject: conn.hello?.client ?? '', op: newOp(state) },
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

/** Whether a balancer should send it anybody. */
const isReady = ({ phase, refuses }: ServerState): boolean => phase === 'serving' && refuses !== 'handshake';

function heard(state: ServerState, from: NodeId, message: Message, now: Instant, effects: Effects): void {
  const { store, auth } = state.config;
  // Nobody else has a say.
  if (from !== store && from !== auth && message.type !== 'probe') return;
  switch (message.type) {
    case 'durable':
      durable(state, message, now, effects);
      return;
    case 'entries':
      entries(state, from, message, now, effects);
      return;
    case 'submitted':
      submitted(state, from, message, now, effects);
      return;
    case 'verified':
      verified(state, from, message, now, effects);
      return;
    case 'claimed':
      claimed(state, from, message, now, effects);
      return;
    case 'withdrawn':
      withdrawn(state, from, message, now, effects);
      exitWhenDone(state, effects);
      return;
    case 'claimDenied':
      claimDenied(state, from, message, now, effects);
      return;
    case 'snapshotPiece':
      snapshotPiece(state, from, message, now, effects);
      return;
    case 'dropped':
      dropped(state, from, message, now, effects);
      return;
    case 'noted':
      answered(state, from, message);
      exitWhenDone(state, effects);
      return;
    // Asked again when it is due: a disk that refuses now may not then.
    case 'failed':
      return;
    case 'revoked':
      revoked(state, message, now, effects);
      return;
    case 'fenced':
      fenced(state, from, message, now, effects);
      return;
    case 'expired':
      expired(state, message.session, now, effects);
      return;
    case 'lost':
      lost(state, message.session, now, effects);
      return;
    case 'probe':
      effects.push(post(from, { type: 'probed', op: message.op, ready: isReady(state) }));
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
  if (timer === 'admit') {
    admit(state, now, effects);
    return;
  }
  if (timer === 'slow') {
    goOut(state, key, effects);
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
      judgeStreams(conn, key, state.config, now, effects);
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
    // `token` has done its work by waking the process.
    default:
      return;
  }
}
