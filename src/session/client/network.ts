/**
 * What the outside does to connections: they open, they end, the network goes and comes back.
 *
 * Events of a connection that the client has given up find nobody: neither the attempt nor the session goes by that name.
 */
import { afterClose, CLOSE, type Refusal, refusalOf } from '../../close-codes.ts';
import type { ApplicationError } from '../../errors.ts';
import type { Context } from '../../machine.ts';
import type { ConnId, TransportEvent } from '../../transport.ts';
import { slotIn } from '../slots.ts';
import { begin, greet, place, retryLater } from './connecting.ts';
import { abandon, fail } from './ending.ts';
import { reportClose, reportDrop, reportRefusal, reportTimeout } from './failures.ts';
import { closeOld, isRelieved, lose } from './handover.ts';
import { probe } from './liveness.ts';
import { attached, type ClientState, clearTimer, type Effects, underWay } from './state.ts';
import { distrust } from './token.ts';

type Closed = Extract<TransportEvent, { type: 'closed' }>;

export function opened(state: ClientState, conn: ConnId, context: Context, effects: Effects): void {
  const attempt = underWay(state);
  if (attempt?.phase === 'connecting' && attempt.conn === conn) greet(state, conn, context.now, effects);
}

export function closed(state: ClientState, event: Closed, context: Context, effects: Effects): void {
  const { conn } = event;
  const owner = attached(state)?.conn === conn;
  if (owner || attemptOn(state, conn)) {
    reactTo(state, event, owner, context, effects);
  } else if (state.handover?.stage === 'switching' && state.handover.old === conn) {
    effects.push(clearTimer('drained', conn));
    state.handover = null;
  }
}

/** Whether the attempt under way has this connection. */
function attemptOn(state: ClientState, conn: ConnId): boolean {
  const attempt = underWay(state);
  return (attempt?.phase === 'connecting' || attempt?.phase === 'handshaking') && attempt.conn === conn;
}

function reactTo(state: ClientState, event: Closed, owner: boolean, context: Context, effects: Effects): void {
  const { conn, code, reason, status, retryAfter, slot } = event;
  if (retryAfter !== undefined) state.hint = { conn, retryAfter, slot: slot ?? null };
  else if (code === CLOSE.tryAgainLater && state.hint?.conn === conn) state.hint.slot = slotIn(reason);
  const expected = owner && code === CLOSE.takenOver && isRelieved(state);
  const next = expected ? 'reconnect' : afterClose(code);
  if (next === 'stop') {
    fail(
      state,
      terminalError(code),
      reason === '' ? `closed with ${code}` : `closed with ${code}: ${reason}`,
      conn,
      effects,
    );
    return;
  }
  if (next === 'refresh') distrust(state);
  if (!owner && underWay(state)?.phase === 'connecting') reportRefusal(status, effects);
  else if (!expected) reportClose(code, reason, effects);
  const refusal = refusalOf(code, status, retryAfter !== undefined);
  if (owner) lose(state, conn, context, effects, refusal);
  else attemptFailed(state, conn, context, effects, refusal);
}

/** What the application is told for a close code that stops the client. */
function terminalError(code: number): ApplicationError {
  switch (code) {
    case CLOSE.takenOver:
      return 'taken_over';
    case CLOSE.unauthorized:
      return 'unauthorized';
    case CLOSE.versionUnsupported:
      return 'version_unsupported';
    default:
      return 'protocol_error';
  }
}

/** The attempt's connection is gone; whichever timer it had is cleared. */
function attemptFailed(state: ClientState, conn: ConnId, context: Context, effects: Effects, refusal: Refusal): void {
  const attempt = underWay(state);
  if (attempt !== null) abandon(attempt, conn, 'terminate', effects);
  retryLater(state, conn, context, effects, refusal);
}

/** The timers `connect`, `welcome` and `token`: the attempt took too long. */
export function attemptTimedOut(
  state: ClientState,
  phase: 'connecting' | 'handshaking' | 'token',
  conn: ConnId,
  context: Context,
  effects: Effects,
): void {
  const attempt = underWay(state);
  if (attempt?.phase !== phase) return;
  if (attempt.phase !== 'token') {
    if (attempt.conn !== conn) return;
    effects.push({ type: 'terminate', conn, how: 'rst' });
  }
  reportTimeout(phase, effects);
  retryLater(state, conn, context, effects);
}

/** The owner of the session is hopeless (silent) or wrong (a gap): the client ends it and connects again. */
export function drop(
  state: ClientState,
  conn: ConnId,
  why: 'silent' | 'gap',
  context: Context,
  effects: Effects,
): void {
  if (why === 'silent') effects.push({ type: 'terminate', conn, how: 'rst' });
  else effects.push({ type: 'close', conn, code: CLOSE.protocolError, reason: 'gap' });
  reportDrop(why, effects);
  lose(state, conn, context, effects);
}

/**
 * The device says that it is offline. Attempts are pointless and stop; an open connection stays until it proves dead,
 * because browsers say so too early and TCP may survive.
 */
export function offline(state: ClientState, effects: Effects): void {
  state.online = false;
  const attempt = underWay(state);
  if (attempt === null || attempt.phase === 'suspended') return;
  abandon(attempt, 0, 'terminate', effects);
  place(state, { phase: 'suspended' });
}

/** The device is back: dials at once instead of waiting, and asks a connection that survived whether it is alive. */
export function online(state: ClientState, context: Context, effects: Effects): void {
  state.online = true;
  const attempt = underWay(state);
  if (attempt?.phase === 'backoff' || attempt?.phase === 'suspended') {
    if (attempt.phase === 'backoff') effects.push(clearTimer('retry', 0));
    begin(state, context, effects);
  }
  const connection = attached(state);
  if (connection !== null) probe(state, connection, context.now, effects);
}

/**
 * The device has another address. Whatever was dialled from the old one will never be answered, so the way to a new
 * connection begins at once: in place of an attempt under way, or beside the connection that is probably dead. That one
 * is not hung up before WELCOME, because the news may be wrong; the session's new owner fences it.
 */
export function moved(state: ClientState, context: Context, effects: Effects): void {
  if (state.doing.phase === 'idle' || !state.online) return;
  const attempt = underWay(state);
  if (attempt !== null) abandon(attempt, 0, 'terminate', effects);
  if (state.handover?.stage === 'waiting') effects.push(clearTimer('handover', 0));
  closeOld(state, effects);
  begin(state, context, effects);
}
