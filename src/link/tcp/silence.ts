/**
 * What a sender does while nothing is acknowledged: it probes with the last segment or something new (tail-loss probe), and
 * then times out, repeats the first segment that is not acknowledged, and waits twice as long each time. What it repeats may
 * have arrived already, if only its acknowledgement was lost; then the answer tells it that the time-out was spurious.
 */
import type { Context } from '../../machine.ts';
import { after, type Instant, START, us } from '../../time.ts';
import { type End, opposite, wayOf } from '../vocabulary.ts';
import { expectAck, settle, unheard } from './acknowledgement.ts';
import { collapse, reduce } from './congestion.ts';
import { timeoutOf } from './estimate.ts';
import { losses } from './path.ts';
import { arm, backedOff, timeoutAfter } from './patience.ts';
import { repair, repeat } from './recovery.ts';
import { sendOne } from './segment.ts';
import { type Conn, type Item, type Lane, type LinkState, MSS, reach, roundTrip } from './state.ts';
import { fires } from './wheel.ts';

/** Data that nobody acknowledges ends the connection after this long (tcp_retries2 = 15). */
const RETRIES_END = 924_600_000;

/** The probe or a time-out is due. False when the connection has timed out for good. */
export function timeOut(state: LinkState, conn: Conn, from: End, context: Context): boolean {
  const lane = conn.lanes[from];
  const { flight, waiting } = lane;
  const { now } = context;
  if (lane.renewed) {
    lane.renewed = false;
    lane.alarmAt = timeoutAfter(lane, now);
    return true;
  }
  lane.timeouts++;
  if (lane.timeouts === 1) {
    lane.firstTimeout = now;
    probe(state, conn, from, context);
    lane.renewed = false;
    lane.alarmAt = fires(now, timeoutOf(lane.estimate));
    return true;
  }
  if (now - lane.firstTimeout > RETRIES_END) return false;
  lane.alarmAt = fires(now, backedOff(lane.estimate, lane.timeouts));
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) {
    const item = waiting[i] as Item;
    item.known += item.silent;
    item.silent = 0;
    if (item.known > 0) item.retryAt = now;
  }
  flight.silent = 0;
  // Who was repairing already does not doubt the first time-out (`tcp_enter_loss`, `frto`).
  lane.doubting = lane.timeouts > 2 || !lane.congestion.recovering;
  if (lane.timeouts === 2) collapse(lane, now);
  if (isHeadThere(lane)) repeatHead(state, conn, from, now, context);
  else repair(state, conn, from, context, true);
  return true;
}

/**
 * Whether the first segment that is not acknowledged has arrived, so that its repetition delivers nothing. Short segments are
 * merged when they are repeated: then it takes along what was lost behind it.
 */
function isHeadThere({ flight, waiting, gone }: Lane): boolean {
  if (flight.unacked === 0) return false;
  const head = waiting[gone];
  if (head === undefined || head.known === 0) return true;
  return flight.unackedSince < head.holeAt && 2 * head.bytes > MSS;
}

/**
 * While no message waits nobody sets the timer, but a sender whose acknowledgements do not come probes and times out.
 * Catches up on that; true if it was answered meanwhile.
 */
export function lapse(state: LinkState, conn: Conn, from: End, context: Context): boolean {
  const lane = conn.lanes[from];
  const { flight, estimate } = lane;
  const { now } = context;
  if (flight.unacked === 0) return false;
  if (lane.timeouts === 0) arm(lane, START);
  while (lane.alarmAt <= now) {
    const at = lane.alarmAt;
    if (lane.renewed) {
      lane.renewed = false;
      lane.alarmAt = timeoutAfter(lane, at);
      continue;
    }
    lane.timeouts++;
    if (lane.timeouts === 1) lane.firstTimeout = at;
    else if (lane.timeouts === 2) collapse(lane, at);
    lane.alarmAt = fires(at, backedOff(estimate, lane.timeouts));
    if (repeatHead(state, conn, from, at, context)) return true;
  }
  return false;
}

/** The tail-loss probe: something new if there is anything, else the last segment again. */
function probe(state: LinkState, conn: Conn, from: End, context: Context): void {
  const lane = conn.lanes[from];
  if (lane.next < lane.waiting.length) {
    sendOne(state, conn, from, 1, false, context);
    return;
  }
  let last = lane.next - 1;
  while (last > lane.gone && lane.waiting[last]?.rides) last--;
  const item = lane.waiting[last];
  if (item === undefined || item.silent === 0) {
    repeatHead(state, conn, from, context.now, context);
    return;
  }
  lane.flight.silent--;
  for (let i = last; i < lane.next; i++) {
    const other = lane.waiting[i] as Item;
    other.silent--;
    other.known++;
    other.retryAt = context.now;
  }
  // A loss that only the probe finds and repairs is a loss (`tcp_process_tlp_ack`).
  if (repeat(state, conn, from, last, 1, context) > 0) return;
  reduce(lane.congestion, context.now);
  lane.congestion.window = lane.congestion.threshold;
}

/**
 * Repeats at `at` a segment that the other end has: nothing is delivered, but the acknowledgement, if it comes, tells the
 * sender so. True if it does.
 */
function repeatHead(state: LinkState, conn: Conn, from: End, at: Instant, context: Context): boolean {
  const lane = conn.lanes[from];
  const { flight, congestion } = lane;
  const path = state.paths[from];
  const to = opposite(from);
  const back = state.paths[to];
  if (path.cut || conn.black || !state.host[to]) return false;
  if (losses(path, wayOf(from), 1, context) > 0) return false;
  if (back.cut) {
    unheard(flight, after(at, path.conditions.delay), 0);
    return false;
  }
  if (losses(back, wayOf(to), 1, context) > 0) return false;
  const answer = after(at, us(roundTrip(state)));
  // Others that were not repeated have arrived, or the only repetition was not needed.
  if (lane.timeouts >= 2 && congestion.priorWindow > 0 && (flight.unacked > 1 || lane.timeouts === 2))
    congestion.undoAt = answer;
  settle(flight, answer);
  expectAck(flight, answer, 0, at);
  return true;
}
