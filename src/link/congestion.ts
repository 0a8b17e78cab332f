/**
 * How much a sender dares to have under way: slow start, CUBIC (RFC 9438) with its Reno-friendly region, and one segment
 * out for one in while a loss is repaired (PRR, RFC 6937). Counted in segments, as Linux does.
 *
 * Only `+ - * /` on numbers: they give the same result on every engine, cube roots do not.
 */
import type { Instant } from '../time.ts';
import { sample } from './estimate.ts';
import { type Congestion, type Flight, INITIAL_WINDOW, isHoled, type Lane } from './state.ts';

/** The most that a window grows to (4 MB). */
const WINDOW_MAX = 2896;
/** What a loss leaves of the window, in 1024ths. */
const BETA = 717;
/** Acknowledged segments, in windows, for which Reno would grow by one at this BETA: 8 (1 + beta) / 3 (1 - beta) / 8. */
const RENO = (1024 + BETA) / 3 / (1024 - BETA);

/** What the sender believes to be under way. */
export const pipe = ({ sent, silent, unacked }: Flight): number => sent + silent + unacked;

/** Segments that may go out now. */
export function room({ flight, congestion }: Lane, now: Instant): number {
  const free = congestion.window - pipe(flight);
  if (congestion.recoverUntil <= now) return free;
  return congestion.credit < free ? congestion.credit : free;
}

/** Takes note of the acknowledgements that have arrived, and returns how many segments they were for; -1 for none. */
export function reap(lane: Lane, now: Instant): number {
  const { flight, congestion } = lane;
  const { acks, counts, stamps } = flight;
  let total = -1;
  while (flight.acked < flight.due && (acks[flight.acked] as number) <= now) {
    const at = acks[flight.acked] as number;
    const count = counts[flight.acked] as number;
    flight.heard += count;
    // Behind a hole segments are acknowledged out of order, which begins no new round trip.
    sample(lane.estimate, at - (stamps[flight.acked] as number), isHoled(lane) ? 0 : flight.heard, flight.total);
    flight.acked++;
    if (congestion.recoverUntil > at) congestion.credit += count;
    else grow(congestion, count, pipe(flight), at);
    flight.sent -= count;
    total = (total < 0 ? 0 : total) + count;
    lane.lastHeard = at as Instant;
  }
  if (total < 0) return total;
  lane.timeouts = 0;
  if (flight.acked === flight.due) {
    flight.acked = 0;
    flight.due = 0;
  } else if (flight.acked >= 64) {
    acks.splice(0, flight.acked);
    counts.splice(0, flight.acked);
    stamps.splice(0, flight.acked);
    flight.due -= flight.acked;
    flight.acked = 0;
  }
  return total;
}

/** An acknowledged repair lets one more segment go while less is under way than the window allows (RFC 6937, SSRB). */
export function catchUp({ congestion, flight, lastRepair }: Lane, now: Instant, rtt: number): void {
  if (congestion.recoverUntil <= now || now < lastRepair + rtt) return;
  if (pipe(flight) < congestion.window) congestion.credit++;
}

/** Slow start after idle: a window that nobody has tested for a time-out says nothing about the path any more. */
export function restart(congestion: Congestion): void {
  if (congestion.window <= INITIAL_WINDOW) return;
  congestion.threshold = Math.max(congestion.threshold, Math.floor((congestion.window * 3) / 4));
  congestion.window = INITIAL_WINDOW;
}

/** A segment that was sent after the last reduction is lost. */
export function reduce(congestion: Congestion, now: Instant): void {
  const { window } = congestion;
  // Fast convergence: who loses again before reaching the last maximum leaves room for others.
  congestion.lastMax = window < congestion.lastMax ? (window * (1024 + BETA)) / 2048 : window;
  congestion.threshold = Math.max(2, Math.floor((window * BETA) / 1024));
  congestion.window = congestion.threshold;
  congestion.epochAt = -1;
  congestion.reducedAt = now;
}

/** A time-out: everything begins again with one segment. */
export function collapse(congestion: Congestion, now: Instant): void {
  reduce(congestion, now);
  congestion.window = 1;
  congestion.recoverUntil = now;
}

function grow(congestion: Congestion, count: number, under: number, now: number): void {
  if (congestion.window < congestion.threshold) {
    if (2 * under > congestion.window) congestion.window = Math.min(congestion.window + count, WINDOW_MAX);
    return;
  }
  if (congestion.fullUntil < now) return;
  const each = segmentsForOneMore(congestion, count, now);
  if (congestion.counted >= each) {
    congestion.counted = 0;
    congestion.window++;
  }
  congestion.counted += count;
  if (congestion.counted >= each) {
    const more = Math.floor(congestion.counted / each);
    congestion.counted -= more * each;
    congestion.window = Math.min(congestion.window + more, WINDOW_MAX);
  }
}

/** After how many acknowledged segments the window grows by one. */
function segmentsForOneMore(congestion: Congestion, count: number, now: number): number {
  const { window } = congestion;
  if (congestion.epochAt < 0) {
    congestion.epochAt = now;
    congestion.acked = 0;
    congestion.reno = window;
    congestion.origin = Math.max(congestion.lastMax, window);
    congestion.rise = cubeRoot((congestion.origin - window) / 0.4);
  }
  congestion.acked += count;
  const needed = Math.max(1, window * RENO);
  while (congestion.acked > needed) {
    congestion.acked -= needed;
    congestion.reno++;
  }
  const offset = (now - congestion.epochAt) / 1_000_000 - congestion.rise;
  const target = Math.max(congestion.origin + 0.4 * offset * offset * offset, congestion.reno);
  const each = target > window ? window / (target - window) : 100 * window;
  return Math.max(each, 2);
}

/** By Newton's method. */
function cubeRoot(x: number): number {
  if (x <= 0) return 0;
  let root = x > 1 ? x / 3 : 1;
  for (let i = 0; i < 24; i++) root -= (root * root * root - x) / (3 * root * root);
  return root;
}
