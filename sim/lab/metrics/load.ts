/** What the servers met over time: sums over the bins of a run. */
import type { StormRun } from '../storm/run.ts';
import { recoveryOf } from './recovery.ts';

/**
 * The most dials that arrived in a window of `width`, over what the servers admit in one. Windows are laid out from the
 * servers' recovery: forwards only, or in both directions, for the whole run.
 */
export function peakArrivals(run: StormRun, width: number, whole: boolean): number {
  const { arrivals, binWidth, binsFrom, storm } = run;
  const { from } = recoveryOf(run);
  const first = Math.round((from - binsFrom) / binWidth);
  const bins = width / binWidth;
  // The first window that has any bin, whole or in part.
  const begin = whole ? first - Math.ceil(first / bins) * bins : first;
  let peak = 0;
  for (let window = begin; window < arrivals.length; window += bins) {
    let sum = 0;
    const end = Math.min(window + bins, arrivals.length);
    for (let bin = Math.max(0, window); bin < end; bin++) sum += arrivals[bin]!;
    if (sum > peak) peak = sum;
  }
  return peak / ((storm.capacity * width) / 1_000_000);
}
