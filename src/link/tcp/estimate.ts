/**
 * What a sender believes of its round trip: the estimator of RFC 6298 as Linux has it (`tcp_rtt_estimator`), fed by
 * acknowledgements only. While nothing is acknowledged nothing changes, however long that lasts.
 *
 * The deviation is kept fourfold. Its largest value within a round trip (at least the minimum time-out) is what the
 * time-out adds to the smoothed round trip; it rises at once, and falls by a quarter of the difference once a round trip.
 */
import { RTO_MAX, RTO_MIN, ticks } from './wheel.ts';

/** All times in microseconds; `smoothed` is 0 before the first sample. */
export interface Estimate {
  smoothed: number;
  /** The deviation, the largest of this round trip, and what the time-out adds; each fourfold. */
  deviation: number;
  largest: number;
  variance: number;
  /** This round trip is over when more segments than that are acknowledged. */
  roundEnd: number;
  /** The least that was seen (Linux: the least of five minutes). */
  least: number;
}

export const newEstimate = (): Estimate => ({
  smoothed: 0,
  deviation: 0,
  largest: 0,
  variance: 0,
  roundEnd: 0,
  least: 0,
});

/** Takes a sample; `acked` and `sent` count the segments in order that are acknowledged and that were sent by then. */
export function sample(estimate: Estimate, took: number, acked: number, sent: number): void {
  const took1 = took < 1 ? 1 : took;
  if (estimate.smoothed === 0) {
    estimate.smoothed = took1;
    estimate.deviation = 2 * took1;
    estimate.variance = Math.max(2 * took1, RTO_MIN);
    estimate.largest = estimate.variance;
    estimate.roundEnd = sent;
    estimate.least = took1;
    return;
  }
  if (took1 < estimate.least) estimate.least = took1;
  let error = took1 - estimate.smoothed;
  estimate.smoothed += error / 8;
  if (error < 0) {
    error = -error - estimate.deviation / 4;
    // A round trip that got shorter by much must not raise the time-out by much.
    if (error > 0) error /= 8;
  } else error -= estimate.deviation / 4;
  estimate.deviation += error;
  if (estimate.deviation > estimate.largest) {
    estimate.largest = estimate.deviation;
    if (estimate.largest > estimate.variance) estimate.variance = estimate.largest;
  }
  if (acked > estimate.roundEnd) {
    if (estimate.largest < estimate.variance) estimate.variance -= (estimate.variance - estimate.largest) / 4;
    estimate.roundEnd = sent;
    estimate.largest = RTO_MIN;
  }
}

/** The retransmission time-out, in whole ticks. */
export function timeoutOf({ smoothed, variance }: Estimate): number {
  const wait = ticks(smoothed + variance);
  return wait < RTO_MAX ? wait : RTO_MAX;
}
