/** The near end of a lane: how items are cut into segments, and what happens to a segment that is put on the path. */
import type { Context } from '../machine.ts';
import { after, type Instant, NEVER, us } from '../time.ts';
import { expectAck, pipe } from './congestion.ts';
import { cross, losses } from './path.ts';
import { learn } from './recovery.ts';
import { type Conn, type Item, isWaiting, type Lane, type LinkState, MSS, roundTrip, segments } from './state.ts';
import { type End, opposite, wayOf } from './vocabulary.ts';
import { DELAYED_ACK } from './wheel.ts';

/** Sends the next segments: a part of a long item, or as many short ones as fit into one segment. */
export function sendOne(state: LinkState, conn: Conn, from: End, free: number, context: Context): void {
  const lane = conn.lanes[from];
  const item = lane.waiting[lane.next] as Item;
  if (item.left > 1 || item.bytes > MSS) {
    // A window goes out in quarters, so that acknowledgements let the next follow before the last is through.
    const most = Math.max(1, Math.min(free, lane.congestion.window >> 2));
    const count = Math.min(item.left, most);
    const done = segments(item.bytes) - item.left;
    item.left -= count;
    if (item.left === 0) lane.next++;
    lane.spare = 0;
    sendFresh(state, conn, from, item, count, Math.min(item.bytes - done * MSS, count * MSS), context);
    return;
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
  const lost = sendFresh(state, conn, from, item, 1, bytes, context);
  for (let i = first + 1; i < lane.next; i++) shareFate(lane.waiting[i] as Item, item, lost);
}

/** `other` travelled in the same segment as `item`, which was lost or not; if it was they will be repeated together. */
export function shareFate(other: Item, item: Item, lost: number): void {
  other.out = item.out;
  if (lost === 0) return;
  other.rides = true;
  other.silent = 1;
  other.lostAt = item.lostAt;
  other.retryAt = item.retryAt;
  other.again = item.again;
}

export function sendFresh(
  state: LinkState,
  conn: Conn,
  from: End,
  item: Item,
  count: number,
  bytes: number,
  context: Context,
): number {
  const lane = conn.lanes[from];
  lane.lastSent = context.now;
  item.again = false;
  const lost = transmit(state, conn, from, item, count, bytes, context);
  const { congestion } = lane;
  if (pipe(lane.flight) >= congestion.window) congestion.fullUntil = after(context.now, us(roundTrip(state)));
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
): number {
  const lane = conn.lanes[from];
  const { flight, congestion } = lane;
  const path = state.paths[from];
  const to = opposite(from);
  const way = wayOf(from);
  const back = state.paths[to];
  const { now } = context;
  if (congestion.recoverUntil > now) congestion.credit -= count;
  const dead = path.cut || conn.black || !state.host[to];
  const lost = dead ? count : losses(path, way, count, context);
  let answer = NEVER;
  if (lost < count) {
    const out = cross(path, way, bytes, context);
    if (out > item.out) item.out = out;
    if (back.cut || losses(back, wayOf(to), 1, context) > 0) {
      // The acknowledgement is lost; a later one will cover it.
      if (flight.unacked === 0) flight.unackedSince = now;
      flight.unacked += count - lost;
    } else {
      answer = after(out, back.conditions.delay);
      expectAck(flight, acknowledged(lane, answer, now), count - lost);
      if (flight.silent > 0) learn(state, conn, from, answer, context);
    }
  }
  if (lost > 0) {
    if (item.silent === 0 || item.retryAt === NEVER) item.retryAt = answer;
    item.silent += lost;
    item.lostAt = now;
    flight.silent += lost;
  }
  return lost;
}

/** A receiver that misses nothing puts off every second acknowledgement, until the next segment or for 40 ms. */
function acknowledged(lane: Lane, answer: Instant, now: Instant): Instant {
  const { flight, congestion } = lane;
  flight.odd = !flight.odd;
  const prompt = !flight.odd || flight.silent > 0 || congestion.recoverUntil > now || isWaiting(lane);
  return prompt ? answer : after(answer, us(Math.min(lane.interval, DELAYED_ACK)));
}
