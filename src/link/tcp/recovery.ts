/**
 * What a sender does about segments that do not arrive, as it was measured on kernel TCP: it learns of a hole from the
 * acknowledgement of something sent later (SACK, RACK), probes when there is no such thing (tail-loss probe), and then
 * times out, waiting twice as long each time. Nothing here is known to a sender that a real one would not know.
 */
import type { Context } from '../../machine.ts';
import { after, type Instant, NEVER, us } from '../../time.ts';
import { type Direction, type End, opposite, wayOf } from '../vocabulary.ts';
import { expectAck } from './acknowledgement.ts';
import { recover, room } from './congestion.ts';
import { pump } from './lane.ts';
import { shareFate, transmit } from './segment.ts';
import type { Turn } from './socket.ts';
import { type Conn, type Flight, type Item, isWaiting, type Lane, type LinkState, MSS, reach } from './state.ts';
import { GRACE } from './wheel.ts';

/**
 * `count` segments arrive, and are acknowledged at `answer`, or never: what the sender learns of the holes before them. It
 * takes a segment for lost when one that was sent a quarter of a round trip later has arrived, or one that was sent later at
 * all if three have passed it or it is repairing already; it waits that long if it has to (RACK, `tcp_rack_reo_wnd`).
 *
 * `sentAt` is when they were sent, or when what they are acknowledged together with was: the sender measures with what it
 * looks at last, which are the segments in order.
 */
export function learn(lane: Lane, answer: Instant, count: number, sentAt: number): void {
  const { estimate, congestion } = lane;
  const quarter = Math.min(estimate.least / 4, estimate.smoothed);
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) {
    const item = lane.waiting[i] as Item;
    if (item.silent === 0) continue;
    item.passed += count;
    if (answer >= item.retryAt) continue;
    const patience = item.passed >= DUPLICATES || congestion.recovering ? 0 : quarter;
    const left = patience - (sentAt - item.lostAt);
    const at = left <= 0 ? answer : after(answer, us(left + GRACE));
    if (at < item.retryAt) item.retryAt = at;
  }
}

/** Segments that must have passed one that is thereby known to be lost (RFC 6675). */
const DUPLICATES = 3;

/** Holes that the sender knows of by now, after acknowledgements for `acked` segments (-1: none came). */
export function detect(lane: Lane, now: Instant, acked: number): void {
  const { congestion, flight } = lane;
  let found = false;
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) {
    const item = lane.waiting[i] as Item;
    if (item.silent === 0 || item.retryAt > now) continue;
    item.known += item.silent;
    if (!item.rides) flight.silent -= item.silent;
    item.silent = 0;
    found = true;
    if (item.holeAt <= congestion.reducedAt) congestion.wholeFrom = NEVER;
  }
  // What was sent before a time-out is repaired in slow start.
  if (!found || flight.heard < congestion.lossEnd) return;
  congestion.worse = true;
  if (congestion.recovering) return;
  recover(congestion, now);
  congestion.noted = Math.max(1, acked);
}

/** Sends again what is known to be lost, as far as the window allows; `forced`: one segment, whatever it allows. */
export function repair(state: LinkState, conn: Conn, from: End, context: Context, forced: boolean): void {
  const lane = conn.lanes[from];
  const { now } = context;
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) {
    const item = lane.waiting[i] as Item;
    while (item.known > 0 && item.retryAt <= now) {
      const free = forced ? 1 : room(lane);
      if (free <= 0) return;
      repeat(state, conn, from, i, Math.min(item.known, free), context);
      if (forced) return;
    }
  }
}

/** Sends `count` known segments of an item again, with what was lost in the same segment or fits; how many are lost again. */
export function repeat(
  state: LinkState,
  conn: Conn,
  from: End,
  index: number,
  count: number,
  context: Context,
): number {
  const lane = conn.lanes[from];
  const item = lane.waiting[index] as Item;
  item.known -= count;
  item.again = true;
  item.rides = false;
  let bytes = Math.min(item.bytes, count * MSS);
  let end = index + 1;
  // Short segments are merged when they are repeated.
  for (; item.bytes <= MSS && end < reach(lane); end++) {
    const other = lane.waiting[end] as Item;
    if (other.known !== 1 || other.retryAt > context.now) break;
    if (other.rides) bytes = Math.min(MSS, bytes + other.bytes);
    else if (bytes + other.bytes <= MSS) bytes += other.bytes;
    else break;
    other.known = 0;
    if (other.rides) continue;
    lane.flight.total--;
    if (lane.congestion.lossEnd > 0) lane.congestion.lossEnd--;
  }
  lane.lastRepair = context.now;
  if (item.holeAt > lane.congestion.reducedAt) lane.congestion.laterRepair = context.now;
  const lost = transmit(state, conn, from, item, count, bytes, context, true);
  for (let i = index + 1; i < end; i++) shareFate(lane.waiting[i] as Item, item, lost);
  return lost;
}

/** Whether the last hole of the loss that is being repaired is filled: what is sent from then on is acknowledged behind it. */
export function fill({ congestion, waiting, gone, next, lastRepair }: Lane): void {
  if (!congestion.recovering || congestion.wholeFrom !== NEVER) return;
  const end = next < waiting.length ? next + 1 : next;
  for (let i = gone; i < end; i++) {
    const item = waiting[i] as Item;
    if (item.silent + item.known > 0 && item.holeAt <= congestion.reducedAt) return;
  }
  congestion.wholeFrom = lastRepair;
}

/** The way back of a direction was cut: acknowledgements that have not entered it will never come. */
export function missAcks(turn: Turn, direction: Direction): void {
  const { state, context } = turn;
  for (const from of [0, 1] as const) {
    if (direction === wayOf(from)) continue;
    const { delay } = state.paths[opposite(from)].conditions;
    for (const key in state.conns) {
      const conn = state.conns[key] as Conn;
      if (missed(conn.lanes[from], after(context.now, delay)) && conn.phase !== 'connected') pump(turn, conn, from);
    }
  }
}

/** The way back of a direction is open again: what arrives from now on is acknowledged, also if it was sent before. */
export function regainAcks(turn: Turn, direction: Direction): void {
  const { state, context } = turn;
  for (const from of [0, 1] as const) {
    if (direction === wayOf(from)) continue;
    const { delay } = state.paths[opposite(from)].conditions;
    for (const key in state.conns) {
      const conn = state.conns[key] as Conn;
      const regained = answered(conn.lanes[from].flight, delay, context.now);
      if (regained && isWaiting(conn.lanes[from])) pump(turn, conn, from);
    }
  }
}

/** Acknowledgements of what arrives from `now` on are expected; true if there are any. */
function answered(flight: Flight, delay: number, now: Instant): boolean {
  const { unheardAt, unheard } = flight;
  if (unheardAt.length === 0) return false;
  const first = unheardAt.findIndex((at) => at >= now);
  for (let i = first; i >= 0 && i < unheard.length; i++) flight.unacked -= unheard[i] as number;
  for (let i = first; i >= 0 && i < unheard.length; i++) {
    const at = unheardAt[i] as Instant;
    expectAck(flight, after(at, us(delay)), unheard[i] as number, now);
  }
  flight.unheardAt = [];
  flight.unheard = [];
  return first >= 0;
}

/** Acknowledgements due after `until` do not come; true if something waits for one of them. */
function missed(lane: Lane, until: Instant): boolean {
  const { flight } = lane;
  let last = flight.due;
  for (; last > flight.acked && (flight.acks[last - 1] as number) > until; last--) {
    const count = flight.counts[last - 1] as number;
    flight.sent -= count;
    flight.unacked += count;
    flight.unackedSince = flight.stamps[last - 1] as Instant;
    flight.owedAt = -1;
  }
  flight.due = last;
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) {
    const item = lane.waiting[i] as Item;
    if (item.silent > 0 && item.retryAt > until) item.retryAt = NEVER;
  }
  return isWaiting(lane);
}
