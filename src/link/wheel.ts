/**
 * The retransmission timers of a kernel. They are coarse (Linux, 250 ticks a second): a timer fires up to an eighth of
 * its length late, and over the doublings of a ladder that decides when a healed path is noticed.
 */
import { type Duration, type Instant, ms } from '../time.ts';

const TICK = 4_000;

/** A delay in whole ticks; never less than asked. */
export const ticks = (delay: number): number => Math.ceil(delay / TICK) * TICK;

/** When a timer that is set at `from` for `delay` fires. */
export function fires(from: Instant, delay: number): Instant {
  const due = Math.floor(from / TICK) * TICK + ticks(delay);
  const grain = delay < 63 * TICK ? TICK : delay < 504 * TICK ? 8 * TICK : delay < 4032 * TICK ? 64 * TICK : 512 * TICK;
  return ((Math.floor(due / grain) + 1) * grain) as number as Instant;
}

/** The shortest retransmission time-out beyond the round trip, and the longest of all. */
export const RTO_MIN: Duration = ms(200);
export const RTO_MAX: Duration = ms(120_000);
/** What a sender adds to an estimate before it acts on silence (two ticks). */
export const GRACE: Duration = ms(8);
/** The longest that a receiver puts an acknowledgement off. */
export const DELAYED_ACK = ms(40);
