/**
 * How a balancer ends pairs itself, and turns clients away.
 *
 * Over raw bytes it speaks HTTP to those to whom no backend has said anything yet, as HAProxy and nginx do, once their request
 * is whole, so that nobody who asked is left with the bare end of a connection. Who has heard a backend gets no word of ours in
 * the middle of that: it hears a connection that is gone.
 */
import { HeadReader, requestLine } from '../http/head.ts';
import { turnedAway } from '../http/response.ts';
import { NOTHING } from '../machine.ts';
import { after, type Duration, type Instant, ZERO } from '../time.ts';
import type { ConnId } from '../transport.ts';
import { forget } from './pairs.ts';
import type { BalancerEffect, BalancerState, Pair, Passing } from './state.ts';

/** What a client hears when no backend can take it, or no longer. */
export const NO_BACKEND = 503;
/** When a backend took it and hung up without a word. */
export const BAD_BACKEND = 502;
/** When a backend did not answer in time. */
export const LATE_BACKEND = 504;

const WHY: Readonly<Record<number, string>> = {
  [NO_BACKEND]: 'No server is available to handle this request.',
  [BAD_BACKEND]: 'The server hung up without an answer.',
  [LATE_BACKEND]: 'The server did not answer in time.',
};

/** No backend took the client. A WebSocket is refused at once, raw bytes when their request is whole. */
export function turnAway(state: BalancerState, pair: Pair, status: number, now: Instant): readonly BalancerEffect[] {
  const { client, unanswered, early } = pair;
  // No backend has it any more.
  pair.backend = -1;
  pair.server = 0;
  const retryAfter = pair.retryAfter || (state.config.retryAfter ?? ZERO);
  if (!unanswered) {
    delete state.pairs[client];
    const refused = { type: 'refuse', conn: client, status: NO_BACKEND } as const;
    return [retryAfter === 0 ? refused : { ...refused, retryAfter }];
  }
  pair.turned = status;
  if (pair.clientEnded || isWhole(early)) return turnAwayNow(state, pair);
  return [{ type: 'setTimer', timer: 'idle', key: client, at: after(now, state.idleTimeout) }];
}

/** Something came of one who is to be turned away. */
export const heardTurned = (state: BalancerState, pair: Pair): readonly BalancerEffect[] =>
  isWhole(pair.early) ? turnAwayNow(state, pair) : NOTHING;

/** Its request is whole, or no more of it will come. */
export function turnAwayNow(state: BalancerState, pair: Pair): readonly BalancerEffect[] {
  const { client, asked, turned, retryAfter } = pair;
  const said = asked ? answer(pair, turned, retryAfter || (state.config.retryAfter ?? ZERO)) : [endOf(client)];
  return [...forget(state, pair), ...said];
}

/** The balancer ends both sides of a pair. Each hears a connection that is gone without a word, or the client that status. */
export function endPair(state: BalancerState, pair: Pair, status: number): readonly BalancerEffect[] {
  const { client, server, unanswered, asked, turned } = pair;
  const effects = forget(state, pair);
  if (unanswered && asked) effects.push(...answer(pair, turned || status, ZERO));
  else effects.push({ type: 'terminate', conn: client, how: 'fin' });
  if (server !== 0) effects.push({ type: 'terminate', conn: server, how: 'fin' });
  return effects;
}

/** A backend took a client and hung up before it said anything. */
export function endUnanswered(state: BalancerState, pair: Pair): readonly BalancerEffect[] {
  const effects = forget(state, pair);
  if (pair.asked) effects.push(...answer(pair, BAD_BACKEND, ZERO));
  else effects.push(endOf(pair.client));
  return effects;
}

/** The end of a stream, behind all that was passed on. */
export const endOf = (conn: ConnId): BalancerEffect => ({ type: 'close', conn, code: 1000, reason: '' });

function answer({ client: conn, isHead }: Pair, status: number, retryAfter: Duration): readonly BalancerEffect[] {
  const payload = turnedAway(status, WHY[status] ?? '', retryAfter, isHead);
  return [{ type: 'send', conn, payload, bytes: payload.length }, endOf(conn)];
}

/** Whether a request is there up to the end of its head, or what came is none. */
function isWhole(early: readonly Passing[] | null): boolean {
  const reader = new HeadReader(requestLine, true);
  for (const each of early ?? []) {
    if (each.type !== 'frame') continue;
    if (!(each.payload instanceof Uint8Array)) return true;
    reader.read(each.payload, 0);
    if (reader.isDone || reader.flaw !== null) return true;
  }
  return false;
}
