/**
 * How a window grows while nothing is lost: slow start with HyStart, and CUBIC (RFC 9438) with its Reno-friendly region, in
 * the integer arithmetic of Linux (`tcp_cubic.c`, 250 ticks a second). Counted in segments.
 *
 * Only `+ - * /` on numbers: they give the same result on every engine, cube roots do not.
 */
import { TICK } from './wheel.ts';

/** All times in microseconds unless they are ticks. */
export interface Cubic {
  window: number;
  /** Slow start ends at this window. */
  threshold: number;
  /** Window at the last loss, and the growth since: the tick when it began (-1: not yet), where it levels off, and when. */
  lastMax: number;
  epoch: number;
  origin: number;
  rise: number;
  /** Segments acknowledged since, and what Reno would have by now. */
  acked: number;
  reno: number;
  /** After so many acknowledged segments the window grows by one; those counted; when that was computed, for which window. */
  each: number;
  counted: number;
  tick: number;
  computed: number;
  /** The shortest round trip. */
  least: number;
  /** HyStart: whether it ended slow start; this round trip: since when, its last segment, last acknowledgement, shortest time, samples. */
  found: boolean;
  roundAt: number;
  roundEnd: number;
  heardAt: number;
  shortest: number;
  samples: number;
}

/** Initial congestion window: ten segments (RFC 6928). */
export const INITIAL_WINDOW = 10;
/** No threshold yet (`TCP_INFINITE_SSTHRESH`); a number that an engine keeps as a small integer. */
export const INFINITE = 1_000_000_000;
/** What a loss leaves of the window, in 1024ths (`beta`). */
const BETA = 717;
/** Acknowledged segments, in eighths of the window, for which Reno would grow by one at this BETA (`beta_scale`). */
const RENO = Math.floor(Math.floor((8 * (1024 + BETA)) / 3) / (1024 - BETA));
/** CUBIC's constant 0.4 in 1024ths (`cube_rtt_scale`), and its inverse with times in 1024ths of a second. */
const SCALE = 410;
const FACTOR = Math.floor(1_099_511_627_776 / SCALE);
const HZ = 1_000_000 / TICK;

/** HyStart begins at this window (`hystart_low_window`), after that many samples in a round trip. */
const LOW_WINDOW = 16;
const SAMPLES = 8;
/** Acknowledgements no further apart than this are one train (`hystart_ack_delta_us`). */
const TRAIN = 2_000;
/** A round trip is longer than the shortest if it is by an eighth, but that is at least 4 ms and at most 16. */
const LONGER_MIN = 4_000;
const LONGER_MAX = 16_000;
/** What a train may last beyond the shortest round trip: four of the largest bursts, at most a millisecond. */
const TRAIN_SLACK = 1_000;

/** An acknowledgement came at `now`, `took` after the newest segment that it is for: the end of slow start (HyStart). */
export function listen(cubic: Cubic, took: number, now: number, acked: number, sent: number): void {
  // Right after a reduction the queue is still there.
  if (cubic.epoch >= 0 && Math.floor(now / TICK) - cubic.epoch < HZ) return;
  if (cubic.least === 0 || took < cubic.least) cubic.least = took;
  if (cubic.found || cubic.window >= cubic.threshold) return;
  if (acked > cubic.roundEnd) {
    cubic.roundAt = now;
    cubic.heardAt = now;
    cubic.roundEnd = sent;
    cubic.shortest = INFINITE;
    cubic.samples = 0;
  }
  if (cubic.window < LOW_WINDOW) return;
  if (now - cubic.heardAt <= TRAIN) {
    cubic.heardAt = now;
    if (now - cubic.roundAt > (cubic.least + TRAIN_SLACK) / 2) cubic.found = true;
  }
  if (took < cubic.shortest) cubic.shortest = took;
  if (cubic.samples < SAMPLES) cubic.samples++;
  else if (cubic.shortest > cubic.least + Math.min(LONGER_MAX, Math.max(LONGER_MIN, cubic.least / 8)))
    cubic.found = true;
  if (cubic.found) cubic.threshold = cubic.window;
}

/** `count` segments are acknowledged at `now`, and the sender used its window (`cubictcp_cong_avoid`). */
export function grow(cubic: Cubic, count: number, now: number): void {
  let acked = count;
  if (cubic.window < cubic.threshold) {
    const window = Math.min(cubic.window + acked, cubic.threshold);
    acked -= window - cubic.window;
    cubic.window = window;
    if (acked === 0) return;
  }
  plan(cubic, acked, Math.floor(now / TICK));
  if (cubic.counted >= cubic.each) {
    cubic.counted = 0;
    cubic.window++;
  }
  cubic.counted += acked;
  if (cubic.counted >= cubic.each) {
    const more = Math.floor(cubic.counted / cubic.each);
    cubic.counted -= more * cubic.each;
    cubic.window += more;
  }
}

/** After how many acknowledged segments the window grows by one (`bictcp_update`). */
function plan(cubic: Cubic, acked: number, tick: number): void {
  const { window } = cubic;
  cubic.acked += acked;
  if (cubic.computed === window && tick - cubic.tick <= Math.floor(HZ / 32)) return;
  if (cubic.epoch < 0 || tick !== cubic.tick) {
    cubic.computed = window;
    cubic.tick = tick;
    if (cubic.epoch < 0) {
      cubic.epoch = tick;
      cubic.acked = acked;
      cubic.reno = window;
      cubic.origin = Math.max(cubic.lastMax, window);
      cubic.rise = Math.floor(cubeRoot(FACTOR * (cubic.origin - window)));
    }
    const age = Math.floor(((tick - cubic.epoch + Math.ceil(cubic.least / TICK)) * 1024) / HZ);
    const offset = age < cubic.rise ? cubic.rise - age : age - cubic.rise;
    const change = Math.floor((SCALE * offset * offset * offset) / 1_099_511_627_776);
    const target = age < cubic.rise ? cubic.origin - change : cubic.origin + change;
    cubic.each = target > window ? Math.floor(window / (target - window)) : 100 * window;
    // Nothing is known yet of the path: no slower than by a twentieth a round trip.
    if (cubic.lastMax === 0 && cubic.each > 20) cubic.each = 20;
  }
  const needed = Math.floor((window * RENO) / 8);
  if (cubic.acked > needed) {
    const more = Math.ceil(cubic.acked / needed) - 1;
    cubic.acked -= more * needed;
    cubic.reno += more;
  }
  if (cubic.reno > window) cubic.each = Math.min(cubic.each, Math.floor(window / (cubic.reno - window)));
  cubic.each = Math.max(cubic.each, 2);
}

/** What a loss leaves of the window becomes the threshold (`cubictcp_recalc_ssthresh`). */
export function lower(cubic: Cubic): void {
  const { window } = cubic;
  cubic.epoch = -1;
  // Fast convergence: who loses again before reaching the last maximum leaves room for others.
  cubic.lastMax = window < cubic.lastMax ? Math.floor((window * (1024 + BETA)) / 2048) : window;
  cubic.threshold = Math.max(2, Math.floor((window * BETA) / 1024));
}

/** A time-out: nothing that was learnt is worth anything any more (`bictcp_reset`). */
export function forget(cubic: Cubic, now: number, sent: number): void {
  cubic.lastMax = 0;
  cubic.epoch = -1;
  cubic.acked = 0;
  cubic.computed = 0;
  cubic.tick = -1;
  cubic.least = 0;
  cubic.found = false;
  cubic.roundAt = now;
  cubic.heardAt = now;
  cubic.roundEnd = sent;
  cubic.shortest = INFINITE;
  cubic.samples = 0;
}

/** By Newton's method. */
function cubeRoot(x: number): number {
  if (x <= 0) return 0;
  let root = 1;
  while (root * root * root < x) root *= 2;
  for (let i = 0; i < 12; i++) root -= (root * root * root - x) / (3 * root * root);
  return root;
}
