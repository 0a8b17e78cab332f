/**
 * Attempts: the way from nothing to an open connection, and the wait before the next one.
 *
 *     wait (retry) -> token if it is stale -> dial (connect) -> HELLO (welcome) -> WELCOME
 *
 * Every way in which an attempt can fail ends in `retryLater`, which is the only place where a wait is drawn. An attempt
 * doesn't know whether it replaces a lost connection or relieves a draining one: `place` does.
 */
import { forgotten, nextDelay, recovered } from '../../backoff/delay.ts';
import type { Refusal } from '../../close-codes.ts';
import { counted } from '../../count.ts';
import type { Context } from '../../machine.ts';
import { after, elapsed, type Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import { urlFor } from '../slots.ts';
import type { Cursor, Hello } from '../wire/frames.ts';
import { LIMITS } from '../wire/limits.ts';
import { frameBytes } from '../wire/size.ts';
import { fail } from './ending.ts';
import { grant } from './pacing.ts';
import { holding } from './snapshot.ts';
import { type Attempt, attached, type ClientState, clearTimer, type Effects, setTimer, underWay } from './state.ts';
import { ask, isFresh, tokenValue } from './token.ts';

/** Puts the attempt where it belongs: beside a working connection, or in its place. */
export function place(state: ClientState, attempt: Attempt): void {
  if (attached(state) === null) {
    state.doing = attempt;
    return;
  }
  const { handover } = state;
  const claimed = handover?.stage === 'attempt' && handover.claimed;
  state.handover = { stage: 'attempt', attempt, claimed: claimed || attempt.phase === 'handshaking' };
}

/** Goes for a connection now: by way of the token service when the token is about to expire. */
export function begin(state: ClientState, context: Context, effects: Effects): void {
  if (!state.online) place(state, { phase: 'suspended' });
  else if (isFresh(state, context.now)) dial(state, context.now, effects);
  else {
    place(state, { phase: 'token' });
    ask(state, effects);
    effects.push(setTimer('token', 0, after(context.now, state.config.tokenTimeout)));
  }
}

export function dial(state: ClientState, now: Instant, effects: Effects): void {
  state.dials++;
  state.dialledAt = now;
  const { balancer: to, origin, connBase, connectTimeout } = state.config;
  const conn = connBase + state.dials;
  const { slot } = state;
  state.slot = null;
  place(state, { phase: 'connecting', conn });
  const plain =
    origin === undefined ? ({ type: 'dial', conn, to } as const) : ({ type: 'dial', conn, to, origin } as const);
  effects.push(
    slot === null ? plain : { ...plain, url: urlFor(to, slot) },
    setTimer('connect', conn, after(now, connectTimeout)),
  );
}

/** The dialled connection is open: HELLO is its first frame. */
export function greet(state: ClientState, conn: ConnId, now: Instant, effects: Effects): void {
  const { token } = state;
  // A token is at hand whenever a dial is under way; the check only tells the compiler.
  if (token === null) return;
  const hello = helloOf(state, tokenValue(token));
  const { serial } = token;
  place(state, { phase: 'handshaking', conn, serial, beside: attached(state) !== null, corrupt: false, openedAt: now });
  effects.push(
    clearTimer('connect', conn),
    { type: 'send', conn, payload: hello, bytes: frameBytes(hello) },
    setTimer('welcome', conn, after(now, state.config.helloTimeout)),
  );
}

/**
 * HELLO carries the cursors of every stream that the client knows. What it holds of a snapshot is named only where no
 * connection works beside this one, which might finish it meanwhile.
 */
function helloOf(state: ClientState, token: Hello['token']): Hello {
  const { config, session } = state;
  const beside = attached(state) !== null;
  const granted = grant(state);
  const streams: Cursor[] = [];
  if (session !== null) {
    for (const key in state.streams) {
      const cursor = state.streams[key];
      if (cursor === undefined || streams.length === LIMITS.streams) continue;
      const { epoch, lastSeq, bytes } = cursor;
      const held = beside ? null : holding(cursor, granted);
      streams.push({ stream: Number(key), epoch, lastSeq, limit: bytes + granted, held });
    }
  }
  return {
    type: 'HELLO',
    protoMin: config.protoMin,
    protoMax: config.protoMax,
    token,
    client: config.node,
    dial: (config.dialsFrom ?? 0) + state.dials,
    credit: config.credit,
    resume: session === null ? null : { session: session.id, resumeToken: session.resumeToken, streams },
  };
}

/**
 * Waits before the next dial as the policy says. `conn` is the connection that failed (0: none), because ERROR's
 * retry_after is a floor for the retry after its own connection only. Offline there is nothing to wait for but `online`.
 */
export function retryLater(
  state: ClientState,
  conn: ConnId,
  context: Context,
  effects: Effects,
  refusal: Refusal = 'down',
): void {
  const { config, hint } = state;
  const { now } = context;
  noteOpen(state, now);
  state.outageSince ??= now;
  if (!state.online) {
    place(state, { phase: 'suspended' });
    return;
  }
  const { attempt } = state.backoff;
  // An owner that was told to come back later is about to end: what was to relieve it must not come back earlier.
  const isHinted = hint !== null && (hint.conn === conn || hint.conn === attached(state)?.conn);
  const retryAfter = isHinted ? hint.retryAfter : null;
  state.hint = null;
  state.slot = isHinted ? hint.slot : null;
  const next = nextDelay(config.policy, state.backoff, context.random('retry'), {
    retryAfter,
    elapsed: elapsed(state.outageSince, now),
    refusal: isHinted ? 'overloaded' : refusal,
    now,
    // Who never dialled has waited for nothing since.
    sinceDial: elapsed(state.dialledAt ?? now, now),
  });
  if ('stop' in next) {
    giveUp(state, next.stop === 'elapsed' ? 'elapsed_exhausted' : 'attempts_exhausted', attempt, conn, effects);
    return;
  }
  state.backoff = next.memory;
  const until = after(now, next.delay);
  place(state, { phase: 'backoff', until });
  const why = { attempt, least: next.least, most: next.most };
  effects.push({ type: 'setTimer', timer: 'retry', key: 0, at: until, why });
  // The answer usually comes during the wait, so that the dial needn't wait for it.
  if (!isFresh(state, until)) ask(state, effects);
}

/** The policy's limits are used up. A working connection is not thrown away for the lack of a second one. */
function giveUp(
  state: ClientState,
  error: 'attempts_exhausted' | 'elapsed_exhausted',
  attempts: number,
  conn: ConnId,
  effects: Effects,
): void {
  if (attached(state) === null) fail(state, error, `after ${counted(attempts, 'retry', 'retries')}`, conn, effects);
  else {
    const claimed = state.handover?.stage === 'attempt' && state.handover.claimed;
    state.handover = { stage: 'abandoned', claimed };
  }
}

/**
 * The backoff starts again once a connection proved itself: by progress (told by the caller) or by its uptime. Once a
 * connection, so that repeated failures of a second socket beside it still count up.
 */
export function noteStability(state: ClientState, now: Instant, progress: boolean): void {
  const connection = attached(state);
  if (connection === null || connection.stable) return;
  const { policy } = state.config;
  const since = policy.resetOn === 'open' ? connection.openedAt : connection.welcomedAt;
  if (!progress && elapsed(since, now) < policy.stableAfter) return;
  connection.stable = true;
  recover(state, now);
}

/** A policy that asks for no more than an open connection has had it, even if no WELCOME came on it. */
function noteOpen(state: ClientState, now: Instant): void {
  const attempt = underWay(state);
  const { resetOn, stableAfter } = state.config.policy;
  if (resetOn === 'open' && attempt?.phase === 'handshaking' && elapsed(attempt.openedAt, now) >= stableAfter)
    recover(state, now);
}

function recover(state: ClientState, now: Instant): void {
  state.backoff = recovered(state.config.policy, state.backoff, now);
  state.outageSince = null;
}

/** Nothing of the policy's limits is used up by an outage that never was. */
export function forgetOutage(state: ClientState): void {
  state.backoff = forgotten(state.backoff);
  state.outageSince = null;
}
