/** The near end of a lane: how items are cut into segments, and what happens to a segment that is put on the path. */
import type { Context } from '../../machine.ts';
import { after, NEVER } from '../../time.ts';
import { type End, opposite, wayOf } from '../vocabulary.ts';
import { covered, expectAck, putOffBy, putsOff, settle, unanswered, unheard } from './acknowledgement.ts';
import { use } from './congestion.ts';
import { cross, fits, losses } from './path.ts';
import { renew } from './patience.ts';
import { learn } from './recovery.ts';
import { type Conn, type Item, isHoled, type LinkState, MSS, segments } from './state.ts';
import { fires } from './wheel.ts';

/**
 * Sends the next segments: a part of a long item, or as many short ones as fit into one segment; returns how many. `second`:
 * it follows upon one that left at once with it, as a pair whose end is marked for the receiver (`__tcp_transmit_skb`, PSH).
 */
export function sendOne(
  state: LinkState,
  conn: Conn,
  from: End,
  free: number,
  second: boolean,
  context: Context,
): number {
  const lane = conn.lanes[from];
  const item = lane.waiting[lane.next] as Item;
  if (item.left > 1 || item.bytes > MSS) {
    const count = Math.min(item.left, free);
    const done = segments(item.bytes) - item.left;
    item.left -= count;
    if (item.left === 0) lane.next++;
    lane.spare = 0;
    sendFresh(state, conn, from, item, count, Math.min(item.bytes - done * MSS, count * MSS), context, second);
    return count;
  }
  // A backlog is cut into full segments: the end of a message travels with the beginning of the next.
  const first = lane.next++;
  let bytes = Math.max(0, item.bytes - lane.spare);
  item.left = 0;
  for (; lane.next < lane.waiting.length; lane.next++) {
    const other = lane.waiting[lane.next] as Item;
    if (bytes + other.bytes > MSS) break;
    bytes += other.bytes;
    other.left = 0;
  }
  if (lane.next < lane.waiting.length) {
    lane.spare = MSS - bytes;
    bytes = MSS;
  } else lane.spare = 0;
  const lost = sendFresh(state, conn, from, item, 1, bytes, context, second || lane.next === lane.waiting.length);
  for (let i = first + 1; i < lane.next; i++) shareFate(lane.waiting[i] as Item, item, lost);
  return 1;
}

/** `other` travelled in the same segment as `item`, which was lost or not; if it was they will be repeated together. */
export function shareFate(other: Item, item: Item, lost: number): void {
  other.out = item.out;
  if (lost === 0) return;
  other.rides = true;
  other.silent = 1;
  other.lostAt = item.lostAt;
  other.retryAt = item.retryAt;
  other.passed = item.passed;
  other.holeAt = item.holeAt;
  other.again = item.again;
}

/** Sends `count` segments of an item for the first time. `pushed`: there is nothing behind them. */
export function sendFresh(
  state: LinkState,
  conn: Conn,
  from: End,
  item: Item,
  count: number,
  bytes: number,
  context: Context,
  pushed: boolean,
): number {
  const lane = conn.lanes[from];
  lane.lastSent = context.now;
  lane.flight.total += count;
  item.again = false;
  const lost = transmit(state, conn, from, item, count, bytes, context, pushed);
  renew(lane);
  use(lane, false);
  return lost;
}

/** Puts `count` segments of an item on the path; returns how many of them are lost. */
export function transmit(
  state: LinkState,
  conn: Conn,
  from: End,
  item: Item,
  count: number,
  bytes: number,
  context: Context,
  pushed: boolean,
): number {
  const lane = conn.lanes[from];
  const { flight, congestion } = lane;
  const path = state.paths[from];
  const to = opposite(from);
  const way = wayOf(from);
  const back = state.paths[to];
  const { now } = context;
  if (congestion.recovering) congestion.repaired += count;
  const dead = path.cut || conn.black || !state.host[to];
  let lost = dead ? count : losses(path, way, count, context);
  if (lost < count) lost = count - fits(path, count - lost, bytes / count, now);
  if (lost < count) {
    const out = cross(path, way, Math.ceil((bytes * (count - lost)) / count), context);
    if (out > item.out) item.out = out;
    const answer = after(out, back.conditions.delay);
    settle(flight, answer);
    if (item.again) flight.filled = true;
    const since = flight.silent > 0 ? covered(flight, now) : now;
    if (back.cut) {
      unheard(flight, out, count - lost);
      unanswered(flight, count - lost, now);
    } else if (count - lost === 1 && !item.again && flight.jointAt !== out && putsOff(lane, pushed)) {
      const late = after(fires(out, putOffBy(out - lane.lastArrival, conn.lanes[to].estimate)), back.conditions.delay);
      expectAck(flight, late, 1, now);
      flight.owedAt = late;
    } else {
      // What arrives at once, in order, is read at once, and acknowledged together (`tcp_cleanup_rbuf`).
      const whole = flight.silent === 0 && !isHoled(lane, NEVER);
      const heard = whole && flight.jointAt === out ? flight.jointHeard : losses(back, wayOf(to), 1, context) === 0;
      if (whole) {
        flight.jointAt = out;
        flight.jointHeard = heard;
      }
      if (heard) expectAck(flight, answer, count - lost, now);
      else unanswered(flight, count - lost, now);
      if (flight.silent > 0) learn(lane, heard ? answer : NEVER, count - lost, since);
    }
  }
  if (lost > 0) {
    if (item.silent === 0) {
      item.retryAt = NEVER;
      item.passed = 0;
      if (!item.again) item.holeAt = now;
    }
    item.silent += lost;
    item.lostAt = now;
    flight.silent += lost;
  }
  return lost;
}
