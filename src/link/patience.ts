/** How long a sender waits: for an acknowledgement that it expects, for the tail-loss probe, for a time-out. */
import { after, type Instant, latest, NEVER, us } from '../time.ts';
import { pipe } from './congestion.ts';
import { type Conn, type Item, type Lane, type LinkState, reach, roundTrip } from './state.ts';
import type { End } from './vocabulary.ts';
import { DELAYED_ACK, fires, GRACE, RTO_MAX, RTO_MIN, ticks } from './wheel.ts';

/**
 * When the sender of a lane in which something waits next learns something, may send, or loses patience. `held` is how
 * long the path itself holds up what was never sent.
 */
export function ladder(state: LinkState, conn: Conn, from: End, held: number, now: Instant): Instant {
  const lane = conn.lanes[from];
  const { flight, congestion } = lane;
  let wake = held > 0 ? after(now, us(held)) : NEVER;
  let unknown = false;
  let blocked = held === 0 && lane.next < lane.waiting.length;
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) {
    const item = lane.waiting[i] as Item;
    if (item.silent > 0 && item.retryAt === NEVER) unknown = true;
    else if (item.silent + item.known > 0) {
      if (item.retryAt <= now) blocked = true;
      else if (item.retryAt < wake) wake = item.retryAt;
    }
  }
  if (blocked) {
    if (congestion.recoverUntil > now && congestion.recoverUntil < wake) wake = congestion.recoverUntil;
    if (flight.acked < flight.due) wake = Math.min(wake, flight.acks[flight.acked] as number) as Instant;
  }
  if (!unknown && wake !== NEVER) {
    lane.alarmAt = NEVER;
    return wake;
  }
  if (lane.timeouts === 0 && congestion.recoverUntil > now) {
    // While it repairs, a sender does not probe.
    const base = Math.max(oldest(lane), lane.lastRepair) as Instant;
    lane.alarmAt = latest(fires(base, timeout(state, conn, from, now)), fires(now, 0));
    lane.timeouts = 1;
    lane.firstTimeout = now;
  } else if (lane.timeouts === 0) lane.alarmAt = probeAt(state, conn, from, now);
  else if (lane.alarmAt === NEVER) lane.alarmAt = fires(now, timeout(state, conn, from, now));
  return wake < lane.alarmAt ? wake : lane.alarmAt;
}

/** Something new behind a probe that had nothing new: the sender waits for an answer only as long as for a probe's. */
export function hurry(state: LinkState, conn: Conn, from: End, now: Instant): void {
  const lane = conn.lanes[from];
  if (!lane.pressed || lane.alarmAt === NEVER) return;
  lane.pressed = false;
  const due = fires(lane.firstTimeout, 2 * smoothed(state, lane, from, now) + GRACE);
  if (due > now && due < lane.alarmAt) lane.alarmAt = due;
}

/** When the oldest segment that is not acknowledged was sent. */
function oldest(lane: Lane): Instant {
  if (lane.flight.unacked > 0) return lane.flight.unackedSince;
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) {
    const item = lane.waiting[i] as Item;
    if (item.silent > 0) return item.lostAt;
  }
  return lane.lastSent;
}

/**
 * The probe goes out two round trips after the last segment, but no later than the time-out of the oldest. If nothing
 * waited until now the probe, and time-outs after it, may have come and gone without being worth an event.
 */
function probeAt(state: LinkState, conn: Conn, from: End, now: Instant): Instant {
  const lane = conn.lanes[from];
  const estimate = smoothed(state, lane, from, now);
  const wait = timeout(state, conn, from, now);
  const tail = lane.lastSent + 2 * estimate + GRACE + (pipe(lane.flight) <= 1 ? RTO_MIN : 0);
  const head = oldest(lane);
  let at = fires(head, Math.min(tail, head + wait) - head);
  if (at > now) return at;
  lane.firstTimeout = at;
  at = fires(at, 2 * estimate + GRACE);
  lane.timeouts = 1;
  for (let next = 2 * wait; at <= now; next = Math.min(RTO_MAX, 2 * next)) {
    lane.timeouts++;
    at = fires(at, next);
  }
  return at;
}

/** The smoothed round trip: propagation, the queue, and what the receiver holds an acknowledgement back. */
function smoothed(state: LinkState, lane: Lane, from: End, now: Instant): number {
  if (lane.firstRoundTrip > 0) return lane.firstRoundTrip;
  const queued = Math.max(0, state.paths[from].busyUntil - now);
  return roundTrip(state) + queued + Math.min(lane.interval, DELAYED_ACK);
}

/** The first time-out: the variance begins at twice the round trip and falls by a quarter a round, down to 200 ms. */
export function timeout(state: LinkState, conn: Conn, from: End, now: Instant): number {
  const estimate = smoothed(state, conn.lanes[from], from, now);
  const rtt = conn.lanes[from].firstRoundTrip || roundTrip(state);
  let excess = Math.max(0, 2 * rtt - RTO_MIN);
  for (let age = now - conn.dialledAt; excess > 1_000 && age > rtt; age -= rtt) excess -= excess / 4;
  return ticks(estimate + RTO_MIN + excess);
}
