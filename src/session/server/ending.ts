/** How connections end at the server, and what becomes of their sessions. */
import type { Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { ErrorCode } from '../wire/frames.ts';
import { AT_ONCE, ask, forgetCalls, NOBODY, newOp } from './calls.ts';
import { clearTimer, type Effects, post, type ServerState, transmit } from './state.ts';

/** Tells the client why, and closes. */
export function refuse(
  state: ServerState,
  id: ConnId,
  { error, code, reason }: { error: ErrorCode; code: number; reason: string },
  now: Instant,
  effects: Effects,
): void {
  const conn = state.conns[id];
  if (conn === undefined) return;
  transmit(conn, id, { type: 'ERROR', code: error, reason, clientSeq: 0, retryAfter: AT_ONCE }, now, effects);
  hangUp(state, id, { code, reason }, now, effects);
}

/** Closes a connection; its session is detached and waits for the client. */
export function hangUp(
  state: ServerState,
  id: ConnId,
  { code, reason }: { code: number; reason: string },
  now: Instant,
  effects: Effects,
): void {
  effects.push({ type: 'close', conn: id, code, reason });
  forget(state, id, 'detach', now, effects);
}

/** The peer is gone without a word. */
export function abandon(state: ServerState, id: ConnId, now: Instant, effects: Effects): void {
  effects.push({ type: 'terminate', conn: id, how: 'rst' });
  forget(state, id, 'detach', now, effects);
}

/** Forgets a connection. `detach`: its session goes on and waits; `release`: the client said goodbye. */
export function forget(
  state: ServerState,
  id: ConnId,
  fate: 'detach' | 'release',
  now: Instant,
  effects: Effects,
): void {
  const conn = state.conns[id];
  if (conn === undefined) return;
  const { session, generation, stage, asked, claim, hello } = conn;
  forgetCalls(state, asked);
  delete state.conns[id];
  state.connections--;
  effects.push(
    clearTimer('hello', id),
    clearTimer('heartbeat', id),
    clearTimer('liveness', id),
    clearTimer('token', id),
    clearTimer('goaway', id),
  );
  if (stage === 'attached' && state.sessions[session] === id) {
    delete state.sessions[session];
    const { store, agent } = state.config;
    // Asked until it is noted: a session whose end nobody noted would never expire.
    ask(state, store, { type: fate, session, generation, op: newOp(state) }, NOBODY, now, effects);
    if (fate === 'release') effects.push(post(agent, { type: 'stop', session }));
  }
  // Granted or not, and whatever became of the answer: nobody would give back what the claim took.
  if (claim !== 0 && hello !== null) {
    const { client, dial } = hello;
    ask(
      state,
      state.config.store,
      { type: 'withdraw', claim, conn: id, client, dial, op: newOp(state) },
      NOBODY,
      now,
      effects,
    );
  }
  exitWhenDone(state, effects);
}

/**
 * A drained server ends when its last connection has, and when it is noted what became of their sessions: a detach that
 * was lost would have nobody left to ask again.
 */
export function exitWhenDone(state: ServerState, effects: Effects): void {
  if (state.phase !== 'draining' || state.connections > 0 || Object.keys(state.calls).length > 0) return;
  exit(state, effects);
}

/** The process ends, once; what it asked and has not heard of is for the next one to recover. */
export function exit(state: ServerState, effects: Effects): void {
  // The last connection that a deadline closes may have been all that it waited for.
  if (state.phase === 'exited') return;
  state.phase = 'exited';
  effects.push(clearTimer('drain', 0), { type: 'exit' });
}
