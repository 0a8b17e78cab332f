/**
 * The retransmission timers of a kernel. They are coarse (Linux, 250 ticks a second): a timer fires up to an eighth of
 * its length late, and over the doublings of a ladder that decides when a healed path is noticed.
 */
import { type Duration, type Instant, ms } from '../../time.ts';

/** A tick in microseconds. */
export const TICK = 4_000;

/** A delay in whole ticks; never less than asked. */
export const ticks = (delay: number): number => Math.ceil(delay / TICK) * TICK;

/**
 * When a timer that is set at `from` for `delay` fires: in the bucket after the one that it falls into. Buckets are one
 * tick wide below 63 ticks, and eight times as wide at eight times that (`calc_wheel_index`).
 */
export function fires(from: Instant, delay: number): Instant {
  const wait = Math.ceil(delay / TICK);
  const due = Math.floor(from / TICK) + wait;
  const grain = wait < 63 ? 1 : wait < 504 ? 8 : wait < 4032 ? 64 : 512;
  return ((Math.floor(due / grain) + 1) * grain * TICK) as number as Instant;
}

/** The shortest retransmission time-out beyond the round trip, and the longest of all. */
export const RTO_MIN: Duration = ms(200);
export const RTO_MAX: Duration = ms(120_000);
/** What a sender adds to an estimate before it acts on silence (two ticks). */
export const GRACE: Duration = ms(8);
/** How long a receiver puts an acknowledgement off (`TCP_DELACK_MIN`). */
export const DELAYED_ACK = ms(40);
