/** How long a sender waits: for an acknowledgement that it expects, for the tail-loss probe, for a time-out. */
import { after, type Instant, latest, NEVER, us } from '../../time.ts';
import { pipe } from './congestion.ts';
import { type Estimate, timeoutOf } from './estimate.ts';
import { type Item, type Lane, reach } from './state.ts';
import { fires, GRACE, RTO_MAX, RTO_MIN, TICK } from './wheel.ts';

/**
 * When the sender of a lane in which something waits next learns something, may send, or loses patience. `held` is how
 * long the path itself holds up what was never sent.
 */
export function ladder(lane: Lane, held: number, now: Instant): Instant {
  const { flight } = lane;
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
  if (blocked && flight.acked < flight.due) {
    wake = Math.min(wake, flight.acks[flight.acked] as number) as Instant;
    // A sender whose window is full probes before an acknowledgement that is put off comes.
    if (flight.owedAt >= 0 && flight.acked === flight.due - 1) unknown = true;
  }
  if (!unknown && wake !== NEVER) {
    lane.alarmAt = NEVER;
    return wake;
  }
  if (lane.timeouts === 0) arm(lane, fires(now, 0));
  else if (lane.alarmAt === NEVER) lane.alarmAt = fires(now, timeoutOf(lane.estimate));
  return wake < lane.alarmAt ? wake : lane.alarmAt;
}

/** Whether it repairs, after a loss or after a time-out: then a sender does not probe (`tcp_schedule_loss_probe`). */
const isMending = ({ congestion, flight }: Lane): boolean => congestion.recovering || flight.heard < congestion.lossEnd;

/** Sets the alarm, `soonest` or later, for the probe; while it mends a sender times out at once. */
export function arm(lane: Lane, soonest: Instant): void {
  if (isMending(lane)) {
    const base = latest(latest(oldest(lane), lane.lastRepair), lane.lastAdvance);
    lane.alarmAt = latest(fires(base, timeoutOf(lane.estimate)), soonest);
    lane.timeouts = 1;
    lane.firstTimeout = base;
  } else lane.alarmAt = latest(probeDue(lane), soonest);
}

/** When the oldest segment that is not acknowledged was sent. */
export function oldest(lane: Lane): Instant {
  const { flight } = lane;
  let since: Instant = flight.unacked > 0 ? flight.unackedSince : lane.lastSent;
  if (flight.acked < flight.due && (flight.stamps[flight.acked] as number) < since)
    since = flight.stamps[flight.acked] as Instant;
  const end = reach(lane);
  for (let i = lane.gone; i < end; i++) {
    const item = lane.waiting[i] as Item;
    if (item.silent > 0) return item.lostAt < since ? item.lostAt : since;
  }
  return since;
}

/**
 * When a probe is due (`tcp_schedule_loss_probe`): two round trips after the last segment that was sent, but no later than
 * the time-out of the oldest, unless that has passed by then; or two round trips or a time-out after an acknowledgement.
 *
 * A timer that is set anew for the tick for which it is set already stays where it is (`__mod_timer`), in the wide slot of a
 * wait that was long when it began.
 */
export function probeDue(lane: Lane): Instant {
  const { estimate, flight, lastSent, lastHeard } = lane;
  const base = lastHeard > lastSent ? lastHeard : lastSent;
  if (base === lane.probeFor) return lane.probeAt;
  let wait = 2 * estimate.smoothed + (pipe(flight) <= 1 ? RTO_MIN : GRACE);
  const limit = timeoutOf(estimate);
  const left = lastHeard > lastSent ? limit : oldest(lane) + limit - lastSent;
  if (left > 0 && left < wait) wait = left;
  const tick = Math.floor(base / TICK) + Math.ceil(wait / TICK);
  if (tick !== lane.probeTick || lane.probeAt <= base) lane.probeAt = fires(base, wait);
  lane.probeTick = tick;
  lane.probeFor = base;
  return lane.probeAt;
}

/**
 * When the time-out is due after a second probe, which sends nothing (`tcp_send_loss_probe`, one probe at a time): as soon
 * as the oldest segment has waited for that long.
 */
export function timeoutAfter(lane: Lane, now: Instant): Instant {
  const left = oldest(lane) + timeoutOf(lane.estimate) - now;
  return fires(now, left > 1 ? left : 1);
}

/** Something new goes out: the probe's timer is set, also behind a probe. */
export function renew(lane: Lane): void {
  if (isMending(lane)) return;
  if (lane.timeouts === 0 && lane.flight.unacked + lane.flight.silent > 0) probeDue(lane);
  if (lane.timeouts !== 1) return;
  lane.alarmAt = probeDue(lane);
  lane.renewed = true;
}

/** How long a sender waits after that many time-outs in a row, the first of which was the probe. */
export function backedOff(estimate: Estimate, timeouts: number): number {
  let wait = timeoutOf(estimate);
  for (let i = 1; i < timeouts && wait < RTO_MAX; i++) wait *= 2;
  return wait < RTO_MAX ? wait : RTO_MAX;
}
