/**
 * How much a sender dares to have under way: its window, whether it uses it, what it does to it upon a loss, and how it
 * lets segments go while the loss is repaired (PRR, RFC 6937). Counted in segments, as Linux does.
 */
import { type Instant, NEVER, START } from '../../time.ts';
import { forget, grow, INITIAL_WINDOW, listen, lower } from './cubic.ts';
import { sample } from './estimate.ts';
import { type Flight, type Item, isHoled, type Lane, reach } from './state.ts';
import type { Congestion } from './window.ts';

/** What the sender believes to be under way. */
export const pipe = ({ sent, silent, unacked }: Flight): number => sent + silent + unacked;

/** Segments that may go out now. */
export const room = ({ flight, congestion }: Lane): number => congestion.window - pipe(flight);

/**
 * An acknowledgement, whose newest segment was sent at `stamp`, tells the sender whether the loss is repaired: it is when
 * nothing is missing any more of what was under way when it was found (`tcp_fastretrans_alert`, `high_seq`). Then the
 * window is what the loss left of it, and what was lost since is the next loss. If no acknowledgement comes the sender does
 * not know, and goes on repairing.
 */
function isRecovering(lane: Lane, stamp: number, at: number): boolean {
  const { congestion } = lane;
  if (!congestion.recovering) return false;
  if (congestion.wholeFrom > stamp) return true;
  congestion.recovering = false;
  congestion.wholeFrom = NEVER;
  congestion.window = congestion.threshold;
  congestion.noted = 0;
  congestion.advanced = false;
  if (congestion.laterRepair <= stamp && !isKnown(lane)) return false;
  recover(congestion, at as Instant);
  return true;
}

/** Whether the sender knows of something that is missing. */
function isKnown(lane: Lane): boolean {
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) if ((lane.waiting[i] as Item).known > 0) return true;
  return false;
}

/** Takes note of the acknowledgements that have arrived, and returns how many segments they were for; -1 for none. */
export function reap(lane: Lane, now: Instant): number {
  const { flight, congestion } = lane;
  const { acks, counts, stamps, latest } = flight;
  let total = -1;
  while (flight.acked < flight.due && (acks[flight.acked] as number) <= now) {
    const at = acks[flight.acked] as number;
    const count = counts[flight.acked] as number;
    const holed = isHoled(lane, latest[flight.acked] as number);
    flight.heard += count;
    if (congestion.undoAt <= at) undo(lane);
    // Behind a hole segments are acknowledged out of order, which begins no new round trip.
    sample(lane.estimate, at - (stamps[flight.acked] as number), holed ? 0 : flight.heard, flight.total);
    listen(congestion, at - (latest[flight.acked] as number), at, flight.heard, flight.total);
    flight.acked++;
    flight.sent -= count;
    if (isRecovering(lane, latest[flight.acked - 1] as number, at)) {
      congestion.noted += count;
      if (flight.fills[flight.acked - 1]) {
        congestion.advanced = true;
        lane.lastAdvance = at as Instant;
      }
    } else if ((!holed || flight.heard < congestion.lossEnd) && isUsed(congestion)) grow(congestion, count, at);
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
    latest.splice(0, flight.acked);
    flight.fills.splice(0, flight.acked);
    flight.due -= flight.acked;
    flight.acked = 0;
  }
  return total;
}

/** Whether the sender used its window; in slow start twice of what it used is enough (`tcp_is_cwnd_limited`). */
const isUsed = ({ limited, window, threshold, most }: Congestion): boolean =>
  limited || (window < threshold && window < 2 * most);

/** Something was sent, or could not be because the window is `full`: how much of it is used (`tcp_cwnd_validate`). */
export function use({ flight, congestion }: Lane, full: boolean): void {
  const out = pipe(flight);
  const limited = full || out >= congestion.window;
  if (flight.heard < congestion.usedEnd && !limited && (congestion.limited || out <= congestion.most)) return;
  congestion.limited = limited;
  congestion.most = out;
  congestion.usedEnd = flight.total;
}

/**
 * More segments have arrived while a loss is repaired, and what that says of others is known: as many go out as keep the
 * window on its way to the threshold (`tcp_cwnd_reduction`).
 */
export function reduceSlowly({ congestion, flight }: Lane): void {
  const { threshold, prior, noted, advanced, worse } = congestion;
  congestion.noted = 0;
  congestion.advanced = false;
  congestion.worse = false;
  if (!congestion.recovering || noted <= 0) return;
  congestion.delivered += noted;
  const under = pipe(flight);
  const more = threshold - under;
  let send =
    more < 0
      ? Math.ceil((threshold * congestion.delivered) / prior) - congestion.repaired
      : Math.min(more, Math.max(congestion.delivered - congestion.repaired, noted) + (advanced && !worse ? 1 : 0));
  // The first repair goes out whatever is under way.
  if (send < 1 && congestion.repaired === 0) send = 1;
  congestion.window = under + Math.max(0, send);
}

/**
 * Slow start after idle: each time-out without anything to send halves a window that nobody has tested
 * (`tcp_cwnd_restart`).
 */
export function restart(congestion: Congestion, idle: number, timeout: number): void {
  const { window } = congestion;
  if (idle <= timeout) return;
  congestion.threshold = Math.max(congestion.threshold, Math.floor(window / 2) + Math.floor(window / 4));
  for (let left = idle - timeout; left > 0 && congestion.window > INITIAL_WINDOW; left -= timeout)
    congestion.window = Math.floor(congestion.window / 2);
  congestion.window = Math.max(congestion.window, INITIAL_WINDOW);
}

/** A segment that was sent after the last reduction is lost (`tcp_init_cwnd_reduction`). */
export function reduce(congestion: Congestion, now: Instant): void {
  congestion.prior = congestion.window;
  congestion.delivered = 0;
  congestion.repaired = 0;
  congestion.counted = 0;
  congestion.laterRepair = START;
  lower(congestion);
  congestion.reducedAt = now;
}

/** A loss is found, and its repair begins (`tcp_enter_recovery`). */
export function recover(congestion: Congestion, now: Instant): void {
  reduce(congestion, now);
  congestion.recovering = true;
  congestion.wholeFrom = NEVER;
}

/** A time-out: everything begins again with one segment (`tcp_enter_loss`). */
export function collapse({ congestion, flight }: Lane, now: Instant): void {
  const { window, threshold, recovering } = congestion;
  // Within a recovery the window has been reduced already.
  congestion.priorWindow = recovering ? 0 : window;
  congestion.priorThreshold = Math.max(threshold, Math.floor(window / 2) + Math.floor(window / 4));
  congestion.undoAt = NEVER;
  if (!recovering) reduce(congestion, now);
  congestion.reducedAt = now;
  forget(congestion, now, flight.total);
  congestion.window = 1;
  congestion.counted = 0;
  congestion.recovering = false;
  congestion.wholeFrom = NEVER;
  congestion.lossEnd = flight.total;
}

/**
 * The time-out was spurious: the window is what it was, and what is still missing counts as under way until an
 * acknowledgement of something later says otherwise (`tcp_try_undo_loss`).
 */
function undo(lane: Lane): void {
  const { congestion, flight, waiting } = lane;
  congestion.window = Math.max(congestion.window, congestion.priorWindow);
  congestion.threshold = Math.max(congestion.threshold, congestion.priorThreshold);
  congestion.priorWindow = 0;
  congestion.undoAt = NEVER;
  congestion.lossEnd = 0;
  lane.doubting = false;
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) {
    const item = waiting[i] as Item;
    if (item.known === 0) continue;
    item.silent += item.known;
    if (!item.rides) flight.silent += item.known;
    item.known = 0;
    item.retryAt = NEVER;
  }
}
