/** How sockets end, and what is left of a connection: nothing, once both ends know. */
import { after, type Instant, latest, NEVER, us } from '../../time.ts';
import { type End, opposite, wayOf } from '../vocabulary.ts';
import { laneKey } from './arrival.ts';
import { firstInUserSpace } from './backlog.ts';
import { write } from './lane.ts';
import { losses } from './path.ts';
import { type Turn, tenantOf } from './socket.ts';
import { type Conn, type Item, isUntold, newItem, roundTrip } from './state.ts';

/** `end` knows that the connection is over; when the other end does too, it is forgotten. */
export function leave(turn: Turn, conn: Conn, end: End, why: string): void {
  conn.over[end] = true;
  // Who never heard of it cannot say anything either, and would be waited for without end.
  if (end === 0 && isUntold(conn)) conn.over[1] = true;
  if (!conn.over[0] || !conn.over[1]) return;
  const { id } = conn;
  for (const lane of [0, 1] as const) dropWaiting(turn, conn, lane, why);
  delete turn.state.conns[id];
  turn.effects.push(
    { type: 'clearTimer', timer: 'resend', key: laneKey(id, 0) },
    { type: 'clearTimer', timer: 'resend', key: laneKey(id, 1) },
    { type: 'clearTimer', timer: 'syn', key: id },
  );
  const tenant = tenantOf(turn, conn);
  tenant.released(turn, id, 0);
  tenant.released(turn, id, 1);
}

/** What waits in the lane of `from` will never arrive. */
export function dropWaiting(turn: Turn, conn: Conn, from: End, why: string): void {
  const lane = conn.lanes[from];
  const tenant = tenantOf(turn, conn);
  for (let i = lane.gone; i < lane.waiting.length; i++) tenant.lost(turn, conn.id, from, lane.waiting[i] as Item, why);
  lane.waiting = [];
  lane.gone = 0;
  lane.next = 0;
  lane.spare = 0;
  lane.flight.silent = 0;
  lane.alarmAt = NEVER;
  lane.wakeAt = NEVER;
  lane.mark = -1;
  turn.effects.push({ type: 'clearTimer', timer: 'resend', key: laneKey(conn.id, from) });
}

/** The process is gone, or wants no more: FIN, behind what the kernel holds; it is repeated until it arrives. */
export function end(turn: Turn, conn: Conn, from: End): void {
  hangUp(turn, conn, from);
  leave(turn, conn, from, 'ended');
  if (turn.state.conns[conn.id] === undefined) return;
  const lane = conn.lanes[from];
  const first = firstInUserSpace(lane);
  const tenant = tenantOf(turn, conn);
  for (let i = first; i < lane.waiting.length; i++)
    tenant.lost(turn, conn.id, from, lane.waiting[i] as Item, 'its process ended before the kernel had it');
  lane.waiting.length = first;
  write(turn, conn, from, newItem('fin', 0));
}

/**
 * Gone at once. RST drops the queue and is sent once: if it is lost the other end believes in the connection until it says
 * something and is answered by a reset.
 */
export function reset(turn: Turn, conn: Conn, from: End): void {
  const { state, context } = turn;
  const to = opposite(from);
  hangUp(turn, conn, from);
  dropWaiting(turn, conn, from, 'reset by its sender');
  const path = state.paths[from];
  const heard = !path.cut && !conn.black && state.host[to] && losses(path, wayOf(from), 1, context) === 0;
  if (heard && !conn.over[to]) {
    const at = latest(after(context.now, us(path.conditions.delay)), conn.lanes[from].lastArrival);
    tenantOf(turn, conn).ended(turn, conn, to, at, 'reset');
    conn.over[to] = true;
  }
  leave(turn, conn, from, 'reset');
}

function hangUp(turn: Turn, conn: Conn, from: End): void {
  // Nobody has been told of it, so nobody must hear of its end.
  if (from === 0 && isUntold(conn)) conn.over[1] = true;
  tenantOf(turn, conn).released(turn, conn.id, from);
}

/** The process, or the whole host, at `end` died. */
export function endDown(turn: Turn, gone: End, how: 'process' | 'host'): void {
  const { state } = turn;
  state.process[gone] = false;
  if (how === 'host') state.host[gone] = false;
  for (const key in state.conns) {
    const conn = state.conns[key];
    // A SYN still finds out by itself that nobody is there.
    if (conn === undefined || conn.over[gone] || (gone === 1 && conn.phase === 'syn')) continue;
    if (how === 'process') {
      end(turn, conn, gone);
      continue;
    }
    // A dead host says nothing; what its kernel held is gone.
    dropWaiting(turn, conn, gone, 'its host died');
    leave(turn, conn, gone, 'its host died');
  }
}

/** A middlebox ends every connection of that kind: both ends hear of it behind what is inside the path, by `tell`. */
export function endAll(
  turn: Turn,
  applies: (conn: Conn) => boolean,
  tell: (conn: Conn, end: End, at: Instant) => void,
): void {
  const { state, context } = turn;
  const half = us(roundTrip(state) / 2);
  for (const key in state.conns) {
    const conn = state.conns[key];
    if (conn === undefined || !applies(conn)) continue;
    if (isUntold(conn)) conn.over[1] = true;
    for (const end of [0, 1] as const) {
      if (conn.over[end]) continue;
      const from = opposite(end);
      // Beyond a cut nobody hears the middlebox either: that end finds out when it next says something.
      if (state.paths[from].cut || conn.black) continue;
      tell(conn, end, latest(after(context.now, half), conn.lanes[from].lastArrival));
      leave(turn, conn, end, 'ended by the network');
    }
    if (state.conns[conn.id] !== undefined) conn.black = true;
  }
}

/** Both ends of every connection are reset; one that is still being dialled cannot be. */
export const resetAll = (turn: Turn): void =>
  endAll(
    turn,
    ({ phase }) => phase !== 'syn',
    (conn, end, at) => tenantOf(turn, conn).ended(turn, conn, end, at, 'reset'),
  );

/** `end` loses its side of every open connection; the other side learns of it from the answer to what it says next. */
export function forgetEnd(turn: Turn, end: End): void {
  for (const key in turn.state.conns) {
    const conn = turn.state.conns[key];
    if (conn === undefined || conn.phase !== 'open' || conn.over[end]) continue;
    tenantOf(turn, conn).ended(turn, conn, end, turn.context.now, 'lost');
    dropWaiting(turn, conn, end, 'its sender lost the connection');
    leave(turn, conn, end, 'lost');
  }
}
