/**
 * Pacing: credit follows what the path delivers.
 *
 * A fixed credit suits the path on a good day. When quality decays, all of it stands in the bottleneck's queue: every
 * PONG waits behind it, and every reconnect sends it again. So a client with `pacing` grants twice what was delivered in
 * the last stretch of time: a path that got slower holds at most two stretches of data, and one that got faster is found
 * out by doubling, as in slow start. Credit that was granted is never taken back.
 */
import { elapsed, type Instant, START } from '../../time.ts';
import type { ClientState } from './state.ts';

/** What was delivered since when, and the credit that followed from the stretch before. */
export interface Pace {
  since: Instant;
  bytes: number;
  credit: number;
}

export const newPace = (credit: number): Pace => ({ since: START, bytes: 0, credit });

/** The credit that the next grant carries, in bytes. */
export const grant = ({ config, pace }: ClientState): number =>
  config.pacing === undefined ? config.credit : pace.credit;

/** So many bytes of a stream were delivered. */
export function measure(state: ClientState, bytes: number, now: Instant): void {
  const { pacing, credit } = state.config;
  if (pacing === undefined) return;
  const { pace } = state;
  pace.bytes += bytes;
  const span = elapsed(pace.since, now);
  if (span < pacing.stretch) return;
  const twice = Math.trunc((2 * pace.bytes * pacing.stretch) / span);
  pace.credit = Math.min(credit, Math.max(pacing.least, twice));
  pace.since = now;
  pace.bytes = 0;
}

/** A connection begins: the time without one says nothing about the path. */
export function measureAnew(state: ClientState, now: Instant): void {
  state.pace.since = now;
  state.pace.bytes = 0;
}
