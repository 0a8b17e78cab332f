/**
 * A lane: one direction of one connection, an ordered pipe over the lossy path.
 *
 * The usual message enters the path at once, and its arrival is scheduled at the receiver in the same step: nothing of
 * it stays here. Once a segment is lost, or the window or the bottleneck's queue is full, messages wait here, in order:
 * what was sent behind a hole has crossed the path and waits for the hole, what was not sent waits for its turn. One
 * timer, `resend`, fires when the sender next learns something or loses patience; `recovery.ts` says when that is.
 */
import type { Context } from '../../machine.ts';
import { after, type Instant, NEVER, us } from '../../time.ts';
import type { End } from '../vocabulary.ts';
import { converse } from './acknowledgement.ts';
import { deliver, laneKey } from './arrival.ts';
import { tell } from './backlog.ts';
import { reap, reduceSlowly, restart, room, use } from './congestion.ts';
import { INITIAL_WINDOW } from './cubic.ts';
import { dropWaiting, leave } from './ending.ts';
import { timeoutOf } from './estimate.ts';
import { queueDelay } from './path.ts';
import { ladder, oldest } from './patience.ts';
import { detect, fill, repair } from './recovery.ts';
import { sendFresh, sendOne } from './segment.ts';
import { lapse, timeOut } from './silence.ts';
import { type Turn, tenantOf } from './socket.ts';
import { type Conn, type Item, isWaiting, type Lane, type LinkState, MSS, newItem, roundTrip } from './state.ts';
import { TICK } from './wheel.ts';

/** Puts an item into the lane of `from`; it enters the path now if nothing is in its way. */
export function write(turn: Turn, conn: Conn, from: End, item: Item): void {
  const { state, context } = turn;
  const lane = conn.lanes[from];
  const { now } = context;
  converse(state, conn, from, now);
  if (isWaiting(lane)) {
    const first = lane.next === lane.waiting.length;
    wait(lane, item);
    // Behind something that could not go either nothing can have changed.
    if (first || lane.deferred) pump(turn, conn, from);
    return;
  }
  wake(state, conn, from, context);
  if (item.left === 1 && room(lane) > 0 && holdUp(state, from, now) === 0) {
    item.left = 0;
    if (sendFresh(state, conn, from, item, 1, item.bytes, context, true) === 0) {
      deliver(turn, conn, from, item);
      return;
    }
    lane.waiting.push(item);
    lane.next++;
    schedule(turn, conn, from, 0);
    return;
  }
  wait(lane, item);
  pump(turn, conn, from);
}

/** Puts the parts of a long write into the lane, as many items that arrive one by one; none is longer than a part. */
export function writeParts(turn: Turn, conn: Conn, from: End, parts: readonly Item[]): void {
  const { state, context } = turn;
  const lane = conn.lanes[from];
  converse(state, conn, from, context.now);
  const isIdle = !isWaiting(lane);
  if (isIdle) wake(state, conn, from, context);
  const first = lane.next === lane.waiting.length;
  for (const part of parts) lane.waiting.push(part);
  if (isIdle || first || lane.deferred) pump(turn, conn, from);
}

/** Catches up on what happened while nothing waited. */
function wake(state: LinkState, conn: Conn, from: End, context: Context): void {
  const lane = conn.lanes[from];
  const { now } = context;
  reap(lane, now);
  if (lapse(state, conn, from, context)) reap(lane, now);
  if (lane.congestion.noted > 0) reduceSlowly(lane);
  if (lane.flight.sent === 0) rest(lane, now);
}

/** Puts an item to what waits; a long one in parts of two segments, which are acknowledged together. */
function wait({ waiting }: Lane, item: Item): void {
  while (item.bytes > PART) {
    waiting.push(newItem('part', PART));
    item.bytes -= PART;
    item.left -= 2;
  }
  waiting.push(item);
}

/** Segments go out in pairs, which are acknowledged together. */
export const PART = 2 * MSS;

/** Nothing is under way: a large window shrinks if that lasts, and its growth begins where it stopped. */
function rest({ congestion, estimate, lastSent, flight }: Lane, now: Instant): void {
  if (flight.unacked > 0) return;
  const idle = now - lastSent;
  if (congestion.window > INITIAL_WINDOW) restart(congestion, idle, timeoutOf(estimate));
  if (congestion.epoch >= 0) congestion.epoch += Math.floor(idle / TICK);
}

/** Does all that can be done in a lane now, and sets its timer for when more can. */
export function pump(turn: Turn, conn: Conn, from: End): void {
  const { state, context } = turn;
  const lane = conn.lanes[from];
  const { now } = context;
  const acked = reap(lane, now);
  const heard = acked >= 0;
  detect(lane, now, acked);
  if (lane.congestion.noted > 0) reduceSlowly(lane);
  if (lane.alarmAt <= now && !heard && !timeOut(state, conn, from, context)) {
    // A FIN or an old queue that never gets through is news to nobody.
    if (!conn.over[from]) tenantOf(turn, conn).ended(turn, conn, from, now, 'timed out');
    dropWaiting(turn, conn, from, 'timed out');
    leave(turn, conn, from, 'timed out');
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
    fill(lane);
  }
  held = sendNew(state, conn, from, context);
  while (isWaiting(lane)) {
    const item = lane.waiting[lane.gone] as Item;
    if (item.left + item.silent + item.known > 0) break;
    lane.gone++;
    deliver(turn, conn, from, item);
    if (state.conns[conn.id] === undefined) return;
  }
  compact(lane);
  if (lane.mark >= 0) tell(turn, conn, from);
  schedule(turn, conn, from, held);
}

/** Sends what was never sent, as far as window and queue allow. Returns how long the queue holds up the rest. */
function sendNew(state: LinkState, conn: Conn, from: End, context: Context): number {
  const lane = conn.lanes[from];
  const { now } = context;
  let second = false;
  while (lane.next < lane.waiting.length) {
    const free = room(lane);
    lane.deferred = free === 1 && !second && defers(lane, now);
    if (free <= 0 || lane.deferred) {
      use(lane, true);
      return 0;
    }
    const wait = holdUp(state, from, now);
    if (wait > 0) return wait;
    second = sendOne(state, conn, from, second ? 1 : Math.min(free, 2), second, context) === 1 && !second;
  }
  return 0;
}

/**
 * Whether the last place in the window is left until the next acknowledgement makes it two: segments of a backlog go out in
 * pairs, unless the window is tiny, something was lost, or that acknowledgement is not due yet (`tcp_tso_should_defer`).
 */
function defers(lane: Lane, now: Instant): boolean {
  const { congestion, estimate, lastSent } = lane;
  if (congestion.recovering || congestion.window <= DIVISOR || now - lastSent > RECENT) return false;
  const item = lane.waiting[lane.next] as Item;
  if (lane.next + 1 === lane.waiting.length && item.left === 1) return false;
  return oldest(lane) + estimate.smoothed - now <= Math.min(RECENT, estimate.smoothed / 2);
}

/** A third of the window is worth sending at once (`tcp_tso_win_divisor`). */
const DIVISOR = 3;
/** Only who sent within the last millisecond defers, and no longer than that (Linux 6.18). */
const RECENT = 1_000;

/** Not lost, but not yet: the path is stalled, or its bottleneck's queue is full. */
function holdUp(state: LinkState, from: End, now: Instant): number {
  const path = state.paths[from];
  return path.heldUntil > now ? path.heldUntil - now : queueDelay(path, now);
}

/** Sets the timer of a lane for when something can happen in it next; `held` is how long the queue holds it up. */
function schedule({ context, effects }: Turn, conn: Conn, from: End, held: number): void {
  const lane = conn.lanes[from];
  const { now } = context;
  let wake = NEVER;
  if (isWaiting(lane)) {
    wake = ladder(lane, held, now);
  } else if (lane.flight.unacked === 0) lane.alarmAt = NEVER;
  if (wake === lane.wakeAt) return;
  lane.wakeAt = wake;
  const key = laneKey(conn.id, from);
  if (wake === NEVER) effects.push({ type: 'clearTimer', timer: 'resend', key });
  else effects.push({ type: 'setTimer', timer: 'resend', key, at: wake });
}

function compact(lane: Lane): void {
  if (lane.gone === lane.waiting.length) lane.waiting = [];
  else if (lane.gone < 64) return;
  else lane.waiting = lane.waiting.slice(lane.gone);
  lane.next -= lane.gone;
  lane.gone = 0;
}
