/**
 * The client's token: fetched before the first dial, renewed before it expires, sent in band while connected.
 *
 * Requests are lost with the network, so an answer counts whenever it comes: any token for this client that lives longer
 * than the one at hand is taken, whichever request it answers.
 */
import { after, at, elapsed, type Instant, latest } from '../../time.ts';
import type { Token } from '../wire/frames.ts';
import type { ClientConfig } from './config.ts';
import { attached, type ClientState, type Effects, setTimer, transmit } from './state.ts';

/** Whether the token at hand will not be about to expire at that time, nor before a dial of then is open and shows it. */
export function isFresh({ token, distrusted, config }: ClientState, when: Instant): boolean {
  if (token === null || token.serial === distrusted) return false;
  return when < token.expiresAt - Math.max(config.refreshBefore, config.connectTimeout);
}

/** Asks the token service for a new token. */
export function ask(state: ClientState, effects: Effects): void {
  state.op++;
  const { auth, node } = state.config;
  effects.push({ type: 'post', to: auth, message: { type: 'issue', op: state.op, subject: node } });
}

/** Takes a token that was issued; false when it is no better than the one at hand. */
export function take(state: ClientState, token: Token, now: Instant): boolean {
  if (token.subject !== state.config.node || token.expiresAt <= now) return false;
  if (token.serial === state.distrusted) return false;
  const held = state.token;
  if (held !== null && held.serial !== state.distrusted && token.expiresAt <= held.expiresAt) return false;
  state.token = token;
  return true;
}

/**
 * A server called the token expired, whatever our clock says: the next dial needs a new one. It is neither thrown away
 * nor changed, because another attempt may be about to show it, and a token with another expiry is a forged one.
 */
export function distrust(state: ClientState): void {
  if (state.token !== null) state.distrusted = state.token.serial;
}

/** A value of its own, for frames: the state's token may be a draft. */
export const tokenValue = ({ subject, serial, expiresAt, signature }: Token): Token => ({
  subject,
  serial,
  expiresAt,
  signature,
});

/** Sets the timer for the next renewal. */
export function scheduleRefresh(state: ClientState, now: Instant, effects: Effects): void {
  if (state.token !== null) effects.push(setTimer('refresh', 0, renewalOf(state.token, state.config, now)));
}

/**
 * When to renew: `refreshBefore` the expiry. A token that is already that old is renewed half-way to its end, and not
 * before another request had its time, so that a short-lived token doesn't turn into a loop of requests.
 */
function renewalOf(token: Token, config: ClientConfig, now: Instant): Instant {
  const due = token.expiresAt - config.refreshBefore;
  if (due > now) return at(due);
  return latest(after(now, config.tokenTimeout), at(now + elapsed(now, token.expiresAt) / 2));
}

/** The timer `refresh`: asks, and again after `tokenTimeout` for as long as no answer comes. */
export function refresh(state: ClientState, now: Instant, effects: Effects): void {
  if (attached(state) === null) return;
  ask(state, effects);
  effects.push(setTimer('refresh', 0, after(now, state.config.tokenTimeout)));
}

/** A new token goes to the server in band. */
export function presentToken(state: ClientState, token: Token, now: Instant, effects: Effects): void {
  const connection = attached(state);
  if (connection === null) return;
  transmit(connection, { type: 'AUTH', token: tokenValue(token) }, now, effects);
  scheduleRefresh(state, now, effects);
}
