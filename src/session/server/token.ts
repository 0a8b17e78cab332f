/**
 * Tokens: until when that of a connection is accepted, and what happens then.
 *
 * A timer wakes the process at that moment; but a process that stood still finds all that it missed before the late timer.
 * So every step first ends the connections whose token is over, whatever woke it, and nothing more is said on them.
 */
import { CLOSE } from '../../close-codes.ts';
import { at, type Instant, latest, NEVER } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import { refuse } from './ending.ts';
import { type Effects, type ServerConn, type ServerState, setTimer } from './state.ts';

/** Arms the timer `token` for the moment at which the token is accepted no longer. */
export function watchToken(state: ServerState, id: ConnId, conn: ServerConn, now: Instant, effects: Effects): void {
  const ends = endOf(state, conn);
  if (ends < state.tokensUntil) state.tokensUntil = ends;
  effects.push(setTimer('token', id, latest(now, ends)));
}

/**
 * When its expiry has come by the wall clock, and at the latest when what the token service gave it to live has passed by
 * the steady clock, counted from the question: a wall clock that is behind must not make a token live longer.
 */
const endOf = ({ clockAhead }: ServerState, { tokenExpires, tokenLasts }: ServerConn): Instant =>
  at(Math.min(tokenExpires - clockAhead, tokenLasts));

/** Whether the token is accepted no longer. */
export const tokenIsOver = (state: ServerState, conn: ServerConn, now: Instant): boolean => endOf(state, conn) <= now;

/** Closes attached connections whose token is over with 4004. Called first in every step, so it must cost nothing. */
export function endOverdue(state: ServerState, now: Instant, effects: Effects): void {
  if (now < state.tokensUntil) return;
  state.tokensUntil = NEVER;
  for (const key in state.conns) {
    const conn = state.conns[key];
    if (conn?.stage !== 'attached') continue;
    const ends = endOf(state, conn);
    if (ends <= now) tellExpired(state, Number(key), now, effects);
    else if (ends < state.tokensUntil) state.tokensUntil = ends;
  }
}

/** The token opens nothing more: 4004, and the session stays. */
export function tellExpired(state: ServerState, id: ConnId, now: Instant, effects: Effects): void {
  refuse(state, id, { error: 'token_expired', code: CLOSE.tokenExpired, reason: 'token expired' }, now, effects);
}
