/** Fencing: what ends a connection's right to its session from outside. Another owner, another session, a token revoked. */
import { CLOSE } from '../../close-codes.ts';
import type { NodeId } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { Message } from '../services.ts';
import { answered } from './calls.ts';
import { hangUp, refuse } from './ending.ts';
import { type Effects, post, type ServerState } from './state.ts';

/** Somebody else owns the session now; or a HELLO came too late to own anything. */
export function fenced(
  state: ServerState,
  from: NodeId,
  message: Message & { type: 'fenced' },
  now: Instant,
  effects: Effects,
): void {
  const { session, generation } = message;
  if (message.op !== 0) {
    const id = answered(state, from, message)?.conn;
    const conn = id === undefined ? undefined : state.conns[id];
    if (id === undefined || conn === undefined) return;
    conn.claim = 0;
    refuse(state, id, { error: 'taken_over', code: CLOSE.takenOver, reason: 'a newer dial' }, now, effects);
    return;
  }
  const id = state.sessions[session];
  const conn = id === undefined ? undefined : state.conns[id];
  if (conn !== undefined && conn.generation >= generation) return;
  effects.push(post(state.config.agent, { type: 'stop', session }));
  if (id !== undefined) loseSession(state, session, id, 'a newer connection', now, effects);
}

/** Whatever the old connection did from here on would be about a session that is not its own. */
function loseSession(
  state: ServerState,
  session: number,
  id: ConnId,
  reason: string,
  now: Instant,
  effects: Effects,
): void {
  delete state.sessions[session];
  refuse(state, id, { error: 'taken_over', code: CLOSE.takenOver, reason }, now, effects);
}

/** A claim was withdrawn. If it had taken the session from another connection here, that one has lost it unawares. */
export function withdrawn(
  state: ServerState,
  from: NodeId,
  message: Message & { type: 'withdrawn' },
  now: Instant,
  effects: Effects,
): void {
  if (answered(state, from, message) === undefined) return;
  const { session, generation } = message;
  const id = state.sessions[session];
  const conn = id === undefined ? undefined : state.conns[id];
  if (id === undefined || conn === undefined || conn.generation >= generation) return;
  loseSession(state, session, id, 'a newer connection', now, effects);
}

/**
 * The session is gone at the store. Time cannot end one that has a connection; another session of the client can, and then
 * the client that is still here has been taken over.
 */
export function expired(state: ServerState, session: number, now: Instant, effects: Effects): void {
  effects.push(post(state.config.agent, { type: 'stop', session }));
  const id = state.sessions[session];
  if (id !== undefined) loseSession(state, session, id, 'a newer session', now, effects);
}

/** The store has lost the session. Nobody took it over: the client is to come back, and be told what is left of it. */
export function lost(state: ServerState, session: number, now: Instant, effects: Effects): void {
  effects.push(post(state.config.agent, { type: 'stop', session }));
  const id = state.sessions[session];
  if (id !== undefined) hangUp(state, id, { code: CLOSE.serviceRestart, reason: 'the session is lost' }, now, effects);
}

/** Tokens of a subject up to a serial are revoked: whoever was admitted with one is sent away. */
export function revoked(
  state: ServerState,
  { subject, serial }: Message & { type: 'revoked' },
  now: Instant,
  effects: Effects,
): void {
  for (const key in state.conns) {
    const conn = state.conns[key];
    if (conn?.hello?.client !== subject || conn.tokenSerial === 0 || conn.tokenSerial > serial) continue;
    refuse(
      state,
      Number(key),
      { error: 'unauthorized', code: CLOSE.unauthorized, reason: 'token revoked' },
      now,
      effects,
    );
  }
}
