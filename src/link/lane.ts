/**
 * A lane: one direction of one connection, an ordered pipe over the lossy path.
 *
 * The usual message enters the path at once, and its arrival is scheduled at the receiver in the same step: nothing of
 * it stays here. What cannot enter now waits, with everything behind it: a lost packet for its retransmission, a full
 * congestion window for the next round trip, a full queue for room, a cut for its end. Retransmissions follow the rules
 * measured on kernel TCP: repair by SACK after about a round trip and a quarter in a stream,
 * a tail-loss probe after two, then a time-out of a round trip and 200 ms that doubles up to two minutes.
 */
import type { Context, NodeId } from '../machine.ts';
import { after, type Instant, latest, us } from '../time.ts';
import type { ConnId, TransportEvent } from '../transport.ts';
import { finish } from './ending.ts';
import { cross, losses, meanLoss, queueDelay, segments } from './path.ts';
import { type Conn, INITIAL_WINDOW, type Item, isWaiting, type Lane, type LinkState, MSS, roundTrip } from './state.ts';
import type { End, LinkEffect } from './vocabulary.ts';

/** The shortest retransmission time-out beyond the round trip (Linux), the longest, and the probe's grace. */
const RTO_MIN = 200_000;
const RTO_MAX = 120_000_000;
const GRACE = 8_000;
/** Data that nobody acknowledges ends the connection after this long (tcp_retries2 = 15). */
const RETRIES_END = 924_600_000;
/** The most that a window grows to. */
const WINDOW_MAX = 4 * 1024 * 1024;
/** Segments that go out before a sender notices that no acknowledgements come. */
const BLIND_BYTES = 64 * 1024;

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
  if (isWaiting(lane)) {
    lane.waiting.push(item);
    return;
  }
  const wait = attempt(state, id, conn, from, item, context, effects);
  if (wait === 0) return;
  lane.waiting.push(item);
  effects.push({ type: 'setTimer', timer: 'resend', key: laneKey(id, from), at: after(context.now, us(wait)) });
}

/** The timer `resend`: the head is tried again, and what it held up follows as far as it can. */
export function resume(
  state: LinkState,
  id: ConnId,
  conn: Conn,
  from: End,
  context: Context,
  effects: LinkEffect[],
): void {
  const lane = conn.lanes[from];
  while (isWaiting(lane)) {
    const item = lane.waiting[lane.gone] as Item;
    const wait = attempt(state, id, conn, from, item, context, effects);
    if (state.conns[id] === undefined) return;
    if (wait > 0) {
      if (lane.lostSince >= 0 && context.now - lane.lostSince > RETRIES_END) {
        effects.push(closedAt(from, context.now, id, 'timed out'));
        finish(state, id, conn, from, 'timed out', effects);
        return;
      }
      effects.push({ type: 'setTimer', timer: 'resend', key: laneKey(id, from), at: after(context.now, us(wait)) });
      break;
    }
    lane.gone++;
  }
  compact(lane);
}

/** Tries to put an item on the path: 0 when it went, else how long to wait before the next try. */
function attempt(
  state: LinkState,
  id: ConnId,
  conn: Conn,
  from: End,
  item: Item,
  context: Context,
  effects: LinkEffect[],
): number {
  const lane = conn.lanes[from];
  const path = state.paths[from];
  const to: End = from === 0 ? 1 : 0;
  const { now } = context;
  const rtt = roundTrip(state);
  if (path.cut || conn.black || !state.host[to]) return lost(lane, rtt, now);
  if (lane.lostSince < 0) {
    const hold = holdBack(state, lane, from, rtt, item.bytes, now);
    if (hold > 0) return hold;
  }
  const way = from === 0 ? 'up' : 'down';
  const sent = lane.lostSince < 0 ? segments(item.bytes) : Math.max(1, lane.missing);
  lane.missing = losses(path, way, sent, context);
  if (lane.missing === sent) return lost(lane, rtt, now);
  if (lane.missing > 0) {
    // Those that arrived tell the sender what is missing (SACK): it is repaired in about a round trip, without a time-out.
    lane.lostSince = now;
    lane.rung = rtt + RTO_MIN;
    return rtt + Math.floor(rtt / 4) + GRACE;
  }
  // Nobody is there any more to take it: the other host answers with a reset.
  if (conn.over[to]) {
    const bounced = after(cross(path, way, item.bytes, context), us(rtt / 2));
    if (!conn.over[from] && item.kind !== 'fin') effects.push(closedAt(from, bounced, id, 'reset'));
    lose(id, item, 'the other end is gone', effects);
    finish(state, id, conn, from, 'reset', effects);
    return 0;
  }
  lane.lostSince = -1;
  lane.rung = 0;
  lane.lastSent = now;
  lane.roundBytes += item.bytes;
  const arrival = latest(cross(path, way, item.bytes, context), lane.lastArrival);
  lane.lastArrival = arrival;
  arrive(state, id, conn, from, item, arrival, rtt, effects);
  return 0;
}

/** What happens at the other end when an item is out of the path. */
function arrive(
  state: LinkState,
  id: ConnId,
  conn: Conn,
  from: End,
  item: Item,
  at: Instant,
  rtt: number,
  effects: LinkEffect[],
): void {
  const to: End = from === 0 ? 1 : 0;
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
      const half = us(rtt / 2);
      const event = closedEvent(id, item.code, item.reason, true, 0);
      effects.push({ type: 'arrive', end: from, at: after(at, half), event });
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

/** Not lost, but not yet: the congestion window, the bottleneck's queue, or silence where acknowledgements should be. */
function holdBack(state: LinkState, lane: Lane, from: End, rtt: number, bytes: number, now: Instant): number {
  const back = state.paths[from === 0 ? 1 : 0];
  if (back.cut) {
    lane.unacked += bytes;
    if (lane.unacked > BLIND_BYTES) return lost(lane, rtt, now);
  } else lane.unacked = 0;
  const path = state.paths[from];
  if (path.heldUntil > now) return path.heldUntil - now;
  const full = queueDelay(path, now);
  if (full > 0) return full;
  const most = lossWindow(meanLoss(path.conditions));
  const rounds = Math.floor((now - lane.roundAt) / rtt);
  if (rounds > 0) {
    // A round that used its window doubles it; an idle time-out closes it again (slow start after idle).
    if (now - lane.lastSent > rtt + RTO_MIN) lane.window = INITIAL_WINDOW;
    else if (lane.roundBytes * 2 > lane.window) lane.window = Math.min(lane.window * 2, WINDOW_MAX);
    // A message larger than the window takes the rounds that follow, too.
    lane.roundBytes = Math.max(0, lane.roundBytes - rounds * Math.min(lane.window, most));
    lane.roundAt = now;
  }
  const window = Math.min(lane.window, most);
  if (lane.roundBytes < window) return 0;
  return Math.max(1, rtt * Math.ceil((lane.roundBytes - window + 1) / window) - (now - lane.roundAt));
}

/** What loss lets a sender keep under way: a segment and a bit over the root of the loss (measured, and Mathis 1997). */
const lossWindow = (loss: number): number =>
  loss === 0 ? WINDOW_MAX : Math.max(2 * MSS, (1.2 * MSS) / Math.sqrt(loss));

/** The head is lost: how long until it is sent again. */
function lost(lane: Lane, rtt: number, now: Instant): number {
  if (lane.lostSince < 0) {
    lane.lostSince = now;
    const interval = now - lane.lastSent;
    lane.rung = rtt + RTO_MIN;
    // In a stream the packets behind it tell; alone, the probe must.
    if (interval < rtt) return Math.max(1, rtt + Math.max(interval, Math.min(3 * interval, rtt / 4 + GRACE)));
    return 2 * rtt + GRACE + RTO_MIN;
  }
  const wait = lane.rung;
  lane.rung = Math.min(RTO_MAX, lane.rung * 2);
  return wait;
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
): TransportEvent => ({
  type: 'closed',
  conn,
  code,
  reason,
  clean,
  status,
});

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
  lane.gone = 0;
}

const incoming = (conn: ConnId, from: NodeId, origin: string): TransportEvent =>
  origin === '' ? { type: 'incoming', conn, from } : { type: 'incoming', conn, from, origin };
