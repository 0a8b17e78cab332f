/**
 * A lane: one direction of one connection, an ordered pipe over the lossy path.
 *
 * The usual message enters the path at once, and its arrival is scheduled at the receiver in the same step: nothing of
 * it stays here. Once a segment is lost, or the window or the bottleneck's queue is full, messages wait here, in order:
 * what was sent behind a hole has crossed the path and waits for the hole, what was not sent waits for its turn. One
 * timer, `resend`, fires when the sender next learns something or loses patience; `recovery.ts` says when that is.
 */
import type { Context, NodeId } from '../machine.ts';
import { after, type Instant, latest, NEVER, us } from '../time.ts';
import type { ConnId, TransportEvent } from '../transport.ts';
import { catchUp, expectAck, pipe, reap, restart, room } from './congestion.ts';
import { finish } from './ending.ts';
import { cross, losses, queueDelay } from './path.ts';
import { detect, hurry, ladder, learn, recovered, repair, timeOut } from './recovery.ts';
import { type Conn, type Item, isWaiting, type Lane, type LinkState, MSS, roundTrip, segments } from './state.ts';
import type { End, LinkEffect } from './vocabulary.ts';
import { DELAYED_ACK, RTO_MIN } from './wheel.ts';

/** Timers of a lane are keyed by connection and direction. */
export const laneKey = (conn: ConnId, lane: End): number => conn * 2 + lane;

/** Puts an item into the lane of `from`; it enters the path now if nothing is in its way. */
export function enqueue(
  state: LinkState,
  id: ConnId,
  conn: Conn,
  from: End,
  item: Item,
  context: Context,
  effects: LinkEffect[],
): void {
  const lane = conn.lanes[from];
  const { now } = context;
  // How often the application sends: a pause says nothing, and neither does a burst.
  const gap = now - lane.offeredAt;
  if (gap > 0) lane.interval = gap > RTO_MIN ? 0 : gap;
  lane.offeredAt = now;
  if (isWaiting(lane)) {
    lane.waiting.push(item);
    // Behind something that could not go either nothing can have changed.
    if (lane.next === lane.waiting.length - 1) {
      if (lane.timeouts === 1) hurry(state, conn, from, now);
      pump(state, id, conn, from, context, effects);
    }
    return;
  }
  reap(lane, now);
  if (lane.flight.sent === 0 && now - lane.lastSent > roundTrip(state) + RTO_MIN) restart(lane.congestion);
  if (item.left === 1 && room(lane, now) > 0 && holdUp(state, from, now) === 0) {
    item.left = 0;
    if (sendFresh(state, conn, from, item, 1, item.bytes, context) === 0) {
      deliver(state, id, conn, from, item, effects);
      return;
    }
    lane.waiting.push(item);
    lane.next++;
    schedule(state, id, conn, from, 0, context, effects);
    return;
  }
  lane.waiting.push(item);
  pump(state, id, conn, from, context, effects);
}

/** Does all that can be done in a lane now, and sets its timer for when more can. */
export function pump(
  state: LinkState,
  id: ConnId,
  conn: Conn,
  from: End,
  context: Context,
  effects: LinkEffect[],
): void {
  const lane = conn.lanes[from];
  const { now } = context;
  const acked = reap(lane, now);
  const heard = acked >= 0;
  if (heard) catchUp(lane, now, roundTrip(state));
  detect(lane, now, acked);
  if (lane.alarmAt <= now && !heard && !timeOut(state, conn, from, context)) {
    effects.push(closedAt(from, now, id, 'timed out'));
    finish(state, id, conn, from, 'timed out', effects);
    return;
  }
  let held = 0;
  if (lane.doubting && heard) {
    // F-RTO: new data first; if it is acknowledged the time-out was spurious, else the rest is repaired.
    lane.doubting = false;
    if (lane.next < lane.waiting.length) {
      held = sendNew(state, conn, from, context);
      const answer = after(now, us(roundTrip(state)));
      for (let i = lane.gone; i < lane.next; i++) {
        const item = lane.waiting[i] as Item;
        if (item.known > 0) item.retryAt = answer;
      }
    }
  }
  if (!lane.doubting) {
    repair(state, conn, from, context, false);
    recovered(lane, now, roundTrip(state));
  }
  held = sendNew(state, conn, from, context);
  while (isWaiting(lane)) {
    const item = lane.waiting[lane.gone] as Item;
    if (item.left + item.silent + item.known > 0) break;
    lane.gone++;
    deliver(state, id, conn, from, item, effects);
    if (state.conns[id] === undefined) return;
  }
  compact(lane);
  schedule(state, id, conn, from, held, context, effects);
}

/** Sends what was never sent, as far as window and queue allow. Returns how long the queue holds up the rest. */
function sendNew(state: LinkState, conn: Conn, from: End, context: Context): number {
  const lane = conn.lanes[from];
  const { now } = context;
  while (lane.next < lane.waiting.length) {
    const free = room(lane, now);
    if (free <= 0) {
      lane.congestion.fullUntil = after(now, us(roundTrip(state)));
      return 0;
    }
    const wait = holdUp(state, from, now);
    if (wait > 0) return wait;
    sendOne(state, conn, from, free, context);
  }
  return 0;
}

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

function sendFresh(
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
  const back = state.paths[from === 0 ? 1 : 0];
  const { now } = context;
  if (congestion.recoverUntil > now) congestion.credit -= count;
  const dead = path.cut || conn.black || !state.host[from === 0 ? 1 : 0];
  const lost = dead ? count : losses(path, from === 0 ? 'up' : 'down', count, context);
  let answer = NEVER;
  if (lost < count) {
    const out = cross(path, from === 0 ? 'up' : 'down', bytes, context);
    if (out > item.out) item.out = out;
    if (back.cut || losses(back, from === 0 ? 'down' : 'up', 1, context) > 0) {
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

/** Not lost, but not yet: the path is stalled, or its bottleneck's queue is full. */
function holdUp(state: LinkState, from: End, now: Instant): number {
  const path = state.paths[from];
  return path.heldUntil > now ? path.heldUntil - now : queueDelay(path, now);
}

/** Sets the timer of a lane for when something can happen in it next; `held` is how long the queue holds it up. */
function schedule(
  state: LinkState,
  id: ConnId,
  conn: Conn,
  from: End,
  held: number,
  context: Context,
  effects: LinkEffect[],
): void {
  const lane = conn.lanes[from];
  const { now } = context;
  let wake = NEVER;
  if (isWaiting(lane)) {
    wake = ladder(state, conn, from, held, now);
  } else lane.alarmAt = NEVER;
  if (wake === lane.wakeAt) return;
  lane.wakeAt = wake;
  const key = laneKey(id, from);
  if (wake === NEVER) effects.push({ type: 'clearTimer', timer: 'resend', key });
  else effects.push({ type: 'setTimer', timer: 'resend', key, at: wake });
}

/** An item has crossed the path, and everything before it. */
function deliver(state: LinkState, id: ConnId, conn: Conn, from: End, item: Item, effects: LinkEffect[]): void {
  const lane = conn.lanes[from];
  const to: End = from === 0 ? 1 : 0;
  const rtt = roundTrip(state);
  // Nobody is there any more to take it: the other host answers with a reset.
  if (conn.over[to]) {
    if (!conn.over[from] && item.kind !== 'fin')
      effects.push(closedAt(from, after(item.out, us(rtt / 2)), id, 'reset'));
    lose(id, item, 'the other end is gone', effects);
    finish(state, id, conn, from, 'reset', effects);
    return;
  }
  const at = latest(item.out, lane.lastArrival);
  lane.lastArrival = at;
  switch (item.kind) {
    case 'frame':
      if (item.payload !== null)
        effects.push({
          type: 'arrive',
          end: to,
          at,
          event: { type: 'frame', conn: id, payload: item.payload, bytes: item.bytes },
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
      effects.push({ type: 'arrive', end: to, at, event: closedEvent(id, 1006, '', false, item.code) });
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

/** Items that will never arrive. */
export function lose(id: ConnId, item: Item, why: string, effects: LinkEffect[]): void {
  if (item.payload !== null) effects.push({ type: 'lose', conn: id, payload: item.payload, bytes: item.bytes, why });
}

export const closedEvent = (
  conn: ConnId,
  code: number,
  reason: string,
  clean: boolean,
  status: number,
): TransportEvent => ({ type: 'closed', conn, code, reason, clean, status });

export const closedAt = (end: End, at: Instant, conn: ConnId, reason: string): LinkEffect => ({
  type: 'arrive',
  end,
  at,
  event: closedEvent(conn, 1006, reason, false, 0),
});

function compact(lane: Lane): void {
  if (lane.gone === lane.waiting.length) lane.waiting = [];
  else if (lane.gone < 64) return;
  else lane.waiting = lane.waiting.slice(lane.gone);
  lane.next -= lane.gone;
  lane.gone = 0;
}

const incoming = (conn: ConnId, from: NodeId, origin: string): TransportEvent =>
  origin === '' ? { type: 'incoming', conn, from } : { type: 'incoming', conn, from, origin };
