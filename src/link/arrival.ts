/** The far end of a lane: what arriving items mean to the endpoints, and what becomes of those that never arrive. */

import type { NodeId } from '../machine.ts';
import { after, type Duration, type Instant, latest, us } from '../time.ts';
import type { ConnId, TransportEvent } from '../transport.ts';
import { finish } from './ending.ts';
import { type Conn, type Item, type LinkState, roundTrip } from './state.ts';
import { type End, type LinkEffect, opposite } from './vocabulary.ts';

/** Timers of a lane are keyed by connection and direction. */
export const laneKey = (conn: ConnId, lane: End): number => conn * 2 + lane;

/** An item has crossed the path, and everything before it. */
export function deliver(state: LinkState, id: ConnId, conn: Conn, from: End, item: Item, effects: LinkEffect[]): void {
  const lane = conn.lanes[from];
  const to = opposite(from);
  const rtt = roundTrip(state);
  // Nobody is there any more to take it: the other host answers with a reset.
  if (conn.over[to]) {
    effects.push(closedAt(from, after(item.out, us(rtt / 2)), id, 'reset'));
    lose(id, from, item, 'the other end is gone', effects);
    finish(state, id, conn, from, 'reset', effects);
    return;
  }
  const at = latest(item.out, lane.lastArrival);
  lane.lastArrival = at;
  switch (item.kind) {
    case 'part':
      return;
    case 'frame':
      effects.push({
        type: 'arrive',
        end: to,
        at,
        event: { type: 'frame', conn: id, payload: item.payload, bytes: item.whole },
      });
      return;
    case 'incoming':
      conn.phase = 'asked';
      effects.push({ type: 'arrive', end: to, at, event: incoming(id, state.config.ends[0], conn.origin) });
      return;
    case 'opened':
      effects.push({ type: 'arrive', end: to, at, event: { type: 'opened', conn: id } });
      return;
    case 'refused':
      effects.push({ type: 'arrive', end: to, at, event: refusedEvent(id, item.code, conn.retryAfter) });
      conn.over[from] = true;
      finish(state, id, conn, to, 'refused', effects);
      return;
    case 'close': {
      // Measured: who starts the close has it after a round trip, the other side after one and a half.
      const event = closedEvent(id, item.code, item.reason, true, 0);
      effects.push({ type: 'arrive', end: from, at: after(at, us(rtt / 2)), event });
      effects.push({ type: 'arrive', end: to, at: after(at, us(rtt)), event });
      conn.over[from] = true;
      finish(state, id, conn, to, 'closed', effects);
      return;
    }
    case 'fin':
      effects.push(closedAt(to, at, id, ''));
      finish(state, id, conn, to, 'closed', effects);
      return;
  }
}

/** An item of `from` that will never arrive. */
export function lose(id: ConnId, from: End, item: Item, why: string, effects: LinkEffect[]): void {
  const { kind, payload, whole } = item;
  if (kind === 'frame') effects.push({ type: 'lose', to: opposite(from), conn: id, payload, bytes: whole, why });
}

export const closedEvent = (
  conn: ConnId,
  code: number,
  reason: string,
  clean: boolean,
  status: number,
): TransportEvent & { readonly type: 'closed' } => ({ type: 'closed', conn, code, reason, clean, status });

const refusedEvent = (conn: ConnId, status: number, retryAfter: Duration): TransportEvent => {
  const event = closedEvent(conn, 1006, '', false, status);
  return retryAfter === 0 ? event : { ...event, retryAfter };
};

export const closedAt = (end: End, at: Instant, conn: ConnId, reason: string): LinkEffect => ({
  type: 'arrive',
  end,
  at,
  event: closedEvent(conn, 1006, reason, false, 0),
});

const incoming = (conn: ConnId, from: NodeId, origin: string): TransportEvent =>
  origin === '' ? { type: 'incoming', conn, from } : { type: 'incoming', conn, from, origin };
