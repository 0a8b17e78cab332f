/**
 * What the servers met, and what they made of it, since they were back for good.
 *
 * The *span* of a recovery is from the end of the last outage until the last affected client was back, at least one window
 * of the servers; until nobody looked any longer, if somebody still tried then. Clients that gave up don't prolong it.
 */
import type { StormRun } from '../storm/run.ts';
import { recoveryOf } from './recovery.ts';

const SECOND = 1_000_000;

/**
 * The most dials that arrived in a window of `width`, over what the servers admit in one. Windows are laid out from the
 * servers' recovery: forwards only, or in both directions, for the whole run.
 */
export function peakArrivals(run: StormRun, width: number, whole: boolean): number {
  const { arrivals, binWidth, storm } = run;
  const first = firstBin(run);
  const bins = width / binWidth;
  // The first window that has any bin, whole or in part.
  const begin = whole ? first - Math.ceil(first / bins) * bins : first;
  let peak = 0;
  for (let window = begin; window < arrivals.length; window += bins) {
    peak = Math.max(peak, sum(arrivals, Math.max(0, window), window + bins));
  }
  return peak / ((storm.capacity * width) / SECOND);
}

/** The span of the recovery in microseconds; NaN if nobody was affected. */
function spanOf(run: StormRun): number {
  const { waits, affected, stillTrying, from } = recoveryOf(run);
  if (affected === 0) return Number.NaN;
  if (stillTrying > 0) return run.storm.horizon - from;
  let last = run.storm.window as number;
  for (const wait of waits) if (wait !== Number.POSITIVE_INFINITY && wait > last) last = wait;
  return last;
}

/** Affected clients that got back within the span, a second of it. */
export function goodput(run: StormRun): number {
  let back = 0;
  const { clients, from } = recoveryOf(run);
  for (const client of clients) if (run.recoveredAt[client]! >= from) back++;
  return back / (spanOf(run) / SECOND);
}

/** The share of the capacity of the span that was spent: on admissions, on those for nobody, and on refusals. */
export function utilisation(run: StormRun): number {
  const { storm, admissions, refusals, binWidth } = run;
  const span = spanOf(run);
  if (Number.isNaN(span)) return Number.NaN;
  const first = firstBin(run);
  const end = first + Math.floor(span / binWidth) + 1;
  const paid = (sum(refusals, first, end) * storm.refusalCost.num) / storm.refusalCost.of;
  // A window may be spent at its beginning, and cost what the next one has.
  return Math.min(1, (sum(admissions, first, end) + paid) / ((span / SECOND) * storm.capacity));
}

/**
 * Whether the storm outlives its cause: at the end of the run clients still try, and in the second half of the time since
 * the servers were back more dials arrived than they can admit, of which they let in less than half of what they can. So
 * they are kept busy, or down, by what they turn away (Bronson, Aghayev, Charapko, Zhu, "Metastable failures in
 * distributed systems", HotOS 2021). Clients that are slow without a crowd are not that.
 */
export function metastable(run: StormRun): number {
  const { affected, stillTrying, clients, from } = recoveryOf(run);
  if (affected === 0) return Number.NaN;
  if (stillTrying === 0) return 0;
  const { storm, arrivals, binWidth } = run;
  const since = Math.floor((storm.horizon - from) / 2 / binWidth) + firstBin(run);
  const half = run.binsFrom + since * binWidth;
  const could = ((storm.horizon - half) / SECOND) * storm.capacity;
  let back = 0;
  for (const client of clients) if (run.recoveredAt[client]! >= half) back++;
  return sum(arrivals, since, arrivals.length) >= could && back < could / 2 ? 1 : 0;
}

/** The bin that begins with the servers' recovery. */
const firstBin = (run: StormRun): number => Math.round((recoveryOf(run).from - run.binsFrom) / run.binWidth);

function sum(bins: Uint32Array, from: number, end: number): number {
  let total = 0;
  for (let bin = from; bin < end && bin < bins.length; bin++) total += bins[bin]!;
  return total;
}
