/**
 * Handover: a draining server asks its clients to go elsewhere, and they do so without a pause.
 *
 *     GOAWAY -> waiting (random, against the herd) -> attempt (a second socket) -> switching -> closed
 *
 * The first connection delivers until WELCOME on the second, and is closed when the second has replayed everything. If
 * the first dies before that, the attempt goes on in its place. If the second fails, the backoff policy says when it is
 * tried again; if it gives up, the first is kept for as long as it lives, and its end is a loss like any other.
 */
import type { Refusal } from '../../close-codes.ts';
import { CLOSE } from '../../close-codes.ts';
import { between, type Context } from '../../machine.ts';
import { after, type Duration, type Instant, us } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { GoAway } from '../wire/frames.ts';
import { begin, forgetOutage, noteStability, retryLater } from './connecting.ts';
import { clearConnectionTimers } from './ending.ts';
import { attached, type ClientState, clearTimer, type Effects, setTimer } from './state.ts';

/** GOAWAY on the connection that owns the session. A second notice changes nothing. */
export function goAway(state: ClientState, frame: GoAway, context: Context, effects: Effects): void {
  if (state.handover !== null && state.handover.stage !== 'switching') return;
  closeOld(state, effects);
  const wait = between(context.random('goaway'), 0, Math.min(frame.retryAfter, frame.deadline));
  state.handover = { stage: 'waiting' };
  effects.push(setTimer('handover', 0, after(context.now, us(wait))));
}

/** The timer `handover`: the random wait is over. */
export function seekSecond(state: ClientState, context: Context, effects: Effects): void {
  if (state.handover?.stage === 'waiting') begin(state, context, effects);
}

/**
 * A second connection was welcomed: the first, if there is one, no longer counts. It is kept open until replay is over,
 * but not longer than a dead peer would be.
 */
export function relieve(state: ClientState, now: Instant, atMost: Duration, effects: Effects): void {
  const first = attached(state);
  state.handover = null;
  if (first === null) return;
  effects.push(clearTimer('heartbeat', first.conn), clearTimer('liveness', first.conn));
  state.handover = { stage: 'switching', old: first.conn };
  effects.push(setTimer('drained', first.conn, after(now, atMost)));
}

/** Closes the first connection, if one is still kept. */
export function closeOld(state: ClientState, effects: Effects): void {
  if (state.handover?.stage !== 'switching') return;
  const { old } = state.handover;
  state.handover = null;
  effects.push(clearTimer('drained', old), { type: 'close', conn: old, code: CLOSE.normal, reason: 'handed over' });
}

/** Whether 4001 on the first connection may be the work of our own second one. */
export function isRelieved(state: ClientState): boolean {
  const { handover } = state;
  return (handover?.stage === 'attempt' || handover?.stage === 'abandoned') && handover.claimed;
}

/** The connection that owned the session is gone: the attempt under way takes its place, or the policy says when. */
export function lose(
  state: ClientState,
  conn: ConnId,
  context: Context,
  effects: Effects,
  refusal: Refusal = 'down',
): void {
  const { now } = context;
  noteStability(state, now, false);
  clearConnectionTimers(state, conn, effects);
  const { handover } = state;
  if (handover?.stage === 'attempt') {
    state.doing = { ...handover.attempt };
    state.handover = null;
    state.outageSince ??= now;
    return;
  }
  if (handover?.stage === 'waiting') effects.push(clearTimer('handover', 0));
  // What the policy did not have left for a second connection says nothing of the outage that begins with this loss.
  if (handover?.stage === 'abandoned') forgetOutage(state);
  closeOld(state, effects);
  state.handover = null;
  state.doing = { phase: 'suspended' };
  retryLater(state, conn, context, effects, refusal);
}
