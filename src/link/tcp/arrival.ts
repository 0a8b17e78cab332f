/** The far end of a lane: what is out of the path reaches its socket, or finds nobody there. */
import { after, latest, us } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import { type End, opposite } from '../vocabulary.ts';
import { leave } from './ending.ts';
import { type Turn, tenantOf } from './socket.ts';
import { type Conn, type Item, roundTrip } from './state.ts';

/** Timers of a lane are keyed by connection and direction. */
export const laneKey = (conn: ConnId, lane: End): number => conn * 2 + lane;

/** An item has crossed the path, and everything before it. */
export function deliver(turn: Turn, conn: Conn, from: End, item: Item): void {
  const lane = conn.lanes[from];
  const to = opposite(from);
  // Nobody is there any more to take it: the other host answers with a reset.
  if (conn.over[to]) {
    const tenant = tenantOf(turn, conn);
    tenant.ended(turn, conn, from, after(item.out, us(roundTrip(turn.state) / 2)), 'reset');
    tenant.lost(turn, conn.id, from, item, 'the other end is gone');
    leave(turn, conn, from, 'reset');
    return;
  }
  const at = latest(item.out, lane.lastArrival);
  lane.lastArrival = at;
  switch (item.kind) {
    case 'part':
      return;
    case 'fin':
      tenantOf(turn, conn).finished(turn, conn, to, at);
      return;
    default:
      if (conn.phase === 'connected') conn.phase = 'heard';
      tenantOf(turn, conn).read(turn, conn, from, item, at);
  }
}
