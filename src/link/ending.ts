/** How connections end, and what is left of them: nothing, once both ends know. */
import type { Context } from '../machine.ts';
import { after, latest, NEVER, us } from '../time.ts';
import type { ConnId } from '../transport.ts';
import { closedAt, closedEvent, laneKey, lose } from './arrival.ts';
import { enqueue } from './lane.ts';
import { losses } from './path.ts';
import { type Conn, type Item, isUntold, type LinkState, MSS, newItem, roundTrip } from './state.ts';
import { type End, type LinkEffect, opposite, wayOf } from './vocabulary.ts';

/** `end` knows that the connection is over; when the other end does too, it is forgotten. */
export function finish(state: LinkState, id: ConnId, conn: Conn, end: End, why: string, effects: LinkEffect[]): void {
  conn.over[end] = true;
  // Who never heard of it cannot say anything either, and would be waited for without end.
  if (end === 0 && isUntold(conn)) conn.over[1] = true;
  if (!conn.over[0] || !conn.over[1]) return;
  for (const lane of [0, 1] as const) dropWaiting(id, conn, lane, why, effects);
  delete state.conns[id];
  effects.push(
    { type: 'clearTimer', timer: 'resend', key: laneKey(id, 0) },
    { type: 'clearTimer', timer: 'resend', key: laneKey(id, 1) },
    { type: 'clearTimer', timer: 'syn', key: id },
    { type: 'clearTimer', timer: 'closing', key: laneKey(id, 0) },
    { type: 'clearTimer', timer: 'closing', key: laneKey(id, 1) },
  );
}

/** What waits in the lane of `from` will never arrive. */
export function dropWaiting(id: ConnId, conn: Conn, from: End, why: string, effects: LinkEffect[]): void {
  const lane = conn.lanes[from];
  for (let i = lane.gone; i < lane.waiting.length; i++) lose(id, from, lane.waiting[i] as Item, why, effects);
  lane.waiting = [];
  lane.gone = 0;
  lane.next = 0;
  lane.spare = 0;
  lane.flight.silent = 0;
  lane.alarmAt = NEVER;
  lane.wakeAt = NEVER;
  effects.push({ type: 'clearTimer', timer: 'resend', key: laneKey(id, from) });
}

/** What a kernel holds for a connection that has not carried much yet: what is under way, and what waits behind it. */
const KERNEL_BUFFER = 144 * 1024;

/** A process is gone, and what it had not handed to the kernel with it. */
function dropUserSpace(id: ConnId, conn: Conn, from: End, effects: LinkEffect[]): void {
  const lane = conn.lanes[from];
  let held = lane.flight.sent * MSS;
  let keep = lane.gone;
  for (; keep < lane.waiting.length; keep++) {
    held += (lane.waiting[keep] as Item).bytes;
    if (keep >= lane.next && held > KERNEL_BUFFER) break;
  }
  for (let i = keep; i < lane.waiting.length; i++)
    lose(id, from, lane.waiting[i] as Item, 'its process ended before the kernel had it', effects);
  lane.waiting.length = keep;
}

/** `ws` waits this long for the answer to its close frame. */
const CLOSE_TIMEOUT = us(30_000_000);

/** The closing handshake, behind everything that was sent. */
export function close(
  state: LinkState,
  id: ConnId,
  conn: Conn,
  from: End,
  { code, reason }: { code: number; reason: string },
  context: Context,
  effects: LinkEffect[],
): void {
  if (conn.phase !== 'open') {
    terminate(state, id, conn, from, 'rst', context, effects);
    return;
  }
  effects.push({ type: 'setTimer', timer: 'closing', key: laneKey(id, from), at: after(context.now, CLOSE_TIMEOUT) });
  enqueue(state, id, conn, from, newItem('close', 8, null, code, reason), context, effects);
}

/** The timer `closing`: no answer to the close frame, so the initiator gives up waiting. */
export function closeTimedOut(
  state: LinkState,
  id: ConnId,
  conn: Conn,
  from: End,
  context: Context,
  effects: LinkEffect[],
): void {
  effects.push(closedAt(from, context.now, id, 'close timed out'));
  dropWaiting(id, conn, from, 'closing timed out', effects);
  finish(state, id, conn, from, 'closing timed out', effects);
}

/**
 * Gone at once. FIN goes behind what is queued, and is repeated until it arrives. RST drops the queue and is sent once:
 * if it is lost the other end believes in the connection until it says something and is answered by a reset.
 */
export function terminate(
  state: LinkState,
  id: ConnId,
  conn: Conn,
  from: End,
  how: 'fin' | 'rst',
  context: Context,
  effects: LinkEffect[],
): void {
  const to = opposite(from);
  // Nobody has been told of it, so nobody must hear of its end.
  if (to === 1 && isUntold(conn)) conn.over[1] = true;
  effects.push({ type: 'clearTimer', timer: 'closing', key: laneKey(id, from) });
  if (how === 'rst') {
    dropWaiting(id, conn, from, 'reset by its sender', effects);
    const path = state.paths[from];
    const heard = !path.cut && !conn.black && state.host[to] && losses(path, wayOf(from), 1, context) === 0;
    if (heard && !conn.over[to]) {
      const at = latest(after(context.now, us(path.conditions.delay)), conn.lanes[from].lastArrival);
      effects.push(closedAt(to, at, id, 'reset'));
      conn.over[to] = true;
    }
    finish(state, id, conn, from, 'reset', effects);
    return;
  }
  finish(state, id, conn, from, 'ended', effects);
  if (state.conns[id] === undefined) return;
  dropUserSpace(id, conn, from, effects);
  enqueue(state, id, conn, from, newItem('fin', 0, null, 1006), context, effects);
}

/** The process, or the whole host, at `end` died. */
export function endDown(
  state: LinkState,
  end: End,
  how: 'process' | 'host',
  context: Context,
  effects: LinkEffect[],
): void {
  state.process[end] = false;
  if (how === 'host') state.host[end] = false;
  for (const key in state.conns) {
    const id = Number(key);
    const conn = state.conns[id];
    // A SYN still finds out by itself that nobody is there.
    if (conn === undefined || conn.over[end] || (end === 1 && conn.phase === 'syn')) continue;
    if (how === 'process') {
      terminate(state, id, conn, end, 'fin', context, effects);
      continue;
    }
    // A dead host says nothing; what its kernel held is gone.
    dropWaiting(id, conn, end, 'its host died', effects);
    finish(state, id, conn, end, 'its host died', effects);
  }
}

/** What both ends hear when something between them ends a connection. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
  readonly clean: boolean;
}

export const RESET: Ending = { code: 1006, reason: 'reset', clean: false };

/** A middlebox ends every connection: both ends hear of it behind what is inside the path. */
export function endAll(state: LinkState, ending: Ending, context: Context, effects: LinkEffect[]): void {
  const { code, reason, clean } = ending;
  const half = us(roundTrip(state) / 2);
  for (const key in state.conns) {
    const id = Number(key);
    const conn = state.conns[id];
    // Only an open connection can be closed by a frame; one that is being dialled can be reset.
    if (conn === undefined || (clean ? conn.phase !== 'open' : conn.phase === 'syn')) continue;
    if (isUntold(conn)) conn.over[1] = true;
    for (const end of [0, 1] as const) {
      if (conn.over[end]) continue;
      const from = opposite(end);
      // Beyond a cut nobody hears the middlebox either: that end finds out when it next says something.
      if (state.paths[from].cut || conn.black) continue;
      const at = latest(after(context.now, half), conn.lanes[from].lastArrival);
      effects.push({ type: 'arrive', end, at, event: closedEvent(id, code, reason, clean, 0) });
      finish(state, id, conn, end, 'ended by the network', effects);
    }
    if (state.conns[id] !== undefined) conn.black = true;
  }
}

/** `end` loses its side of every connection; the other side learns of it from the answer to what it says next. */
export function forgetEnd(state: LinkState, end: End, context: Context, effects: LinkEffect[]): void {
  for (const key in state.conns) {
    const id = Number(key);
    const conn = state.conns[id];
    if (conn === undefined || conn.phase !== 'open' || conn.over[end]) continue;
    effects.push(closedAt(end, context.now, id, 'lost'));
    dropWaiting(id, conn, end, 'its sender lost the connection', effects);
    finish(state, id, conn, end, 'lost', effects);
  }
}
