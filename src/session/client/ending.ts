/**
 * The two ends of a client: it fails for good, or its application leaves. Either way nothing is left behind: every
 * connection is given up, every timer cleared, every send settled.
 */
import { CLOSE } from '../../close-codes.ts';
import type { ApplicationError } from '../../errors.ts';
import type { ConnId } from '../../transport.ts';
import { settleRest } from './outbox.ts';
import { type Attempt, attached, type ClientState, clearTimer, type Effects } from './state.ts';

/** Ends the session with a terminal error. `gone` is the connection that is already over, or 0. */
export function fail(
  state: ClientState,
  error: ApplicationError,
  detail: string,
  gone: ConnId,
  effects: Effects,
): void {
  abandonAll(state, gone, 'terminate', effects);
  effects.push({ type: 'report', error, detail });
  settleRest(state, effects);
  state.doing = { phase: 'failed', error };
  forget(state);
}

/** Says goodbye: 1000 on every open connection. */
export function leave(state: ClientState, effects: Effects): void {
  abandonAll(state, 0, 'close', effects);
  settleRest(state, effects);
  state.doing = { phase: 'left' };
  forget(state);
}

/** An ended client keeps no memory of what it will never need. */
function forget(state: ClientState): void {
  state.handover = null;
  state.streams = {};
  state.promised = {};
  state.finished = {};
  state.inbox = [];
  state.busy = false;
  state.session = null;
  state.token = null;
  state.hint = null;
  state.slot = null;
}

function abandonAll(state: ClientState, gone: ConnId, how: 'close' | 'terminate', effects: Effects): void {
  const connection = attached(state);
  const { handover, doing } = state;
  if (connection !== null) {
    clearConnectionTimers(state, connection.conn, effects);
    if (connection.conn !== gone) hangUp(connection.conn, how, effects);
    if (handover?.stage === 'waiting') effects.push(clearTimer('handover', 0));
    else if (handover?.stage === 'attempt') abandon(handover.attempt, gone, how, effects);
    else if (handover?.stage === 'switching') {
      effects.push(clearTimer('drained', handover.old));
      if (handover.old !== gone) hangUp(handover.old, how, effects);
    }
  } else if (isAttempt(doing)) abandon(doing, gone, how, effects);
}

const isAttempt = (doing: ClientState['doing']): doing is Attempt =>
  doing.phase === 'token' ||
  doing.phase === 'connecting' ||
  doing.phase === 'handshaking' ||
  doing.phase === 'backoff' ||
  doing.phase === 'suspended';

/** Stops an attempt: its timer, and its connection unless that is already gone. */
export function abandon(attempt: Attempt, gone: ConnId, how: 'close' | 'terminate', effects: Effects): void {
  switch (attempt.phase) {
    case 'token':
      effects.push(clearTimer('token', 0));
      return;
    case 'connecting':
      effects.push(clearTimer('connect', attempt.conn));
      // Nothing is open that could be closed with a handshake.
      if (attempt.conn !== gone) hangUp(attempt.conn, 'terminate', effects);
      return;
    case 'handshaking':
      effects.push(clearTimer('welcome', attempt.conn));
      if (attempt.conn !== gone) hangUp(attempt.conn, how, effects);
      return;
    case 'backoff':
      effects.push(clearTimer('retry', 0));
      return;
    case 'suspended':
      return;
  }
}

/** Clears the timers of a connection that owned the session. */
export function clearConnectionTimers(state: ClientState, conn: ConnId, effects: Effects): void {
  effects.push(clearTimer('heartbeat', conn), clearTimer('liveness', conn), clearTimer('refresh', 0));
  if (!state.ackArmed) return;
  state.ackArmed = false;
  effects.push(clearTimer('ack', 0));
}

function hangUp(conn: ConnId, how: 'close' | 'terminate', effects: Effects): void {
  if (how === 'close') effects.push({ type: 'close', conn, code: CLOSE.normal, reason: 'leave' });
  else effects.push({ type: 'terminate', conn, how: 'rst' });
}
