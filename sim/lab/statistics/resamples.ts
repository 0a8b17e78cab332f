/**
 * Resamples of a bootstrap: n of n replications, drawn with replacement. They are drawn by a generator that is a function of
 * a counter (seed, resample, draw), so the same values and the same seed give the same interval on every engine.
 */
import { philox, WORDS } from '../storm/philox.ts';
import type { Confidence } from './interval.ts';

export interface Resampling extends Confidence {
  /** Default 2,000: their error is then a thirtieth of the interval at 95 %. */
  readonly resamples?: number;
  /** Any 32-bit number; default 0. */
  readonly seed?: number;
}

export const RESAMPLES = 2_000;

/** What the second half of the key is, so that no seed of a bootstrap shares numbers with a storm. */
const PURPOSE = 0x626f6f74;

/** Calls `each` with the places of n values out of n, which it may not keep, for every resample. */
export function resample(
  n: number,
  { resamples = RESAMPLES, seed = 0 }: Resampling,
  each: (places: Uint32Array, resample: number) => void,
): void {
  const places = new Uint32Array(n);
  const words = new Uint32Array(WORDS);
  const scale = n / 4294967296;
  for (let draw = 0; draw < resamples; draw++) {
    for (let at = 0; at < n; at++) {
      const lane = at % WORDS;
      if (lane === 0) philox(words, at / WORDS, draw, n, 0, seed, PURPOSE);
      places[at] = Math.floor((words[lane] as number) * scale);
    }
    each(places, draw);
  }
}

/** The value that a share of sorted ones does not exceed, between those whose ranks are nearest ((B + 1) p). */
export function sortedQuantile(sorted: Float64Array, share: number): number {
  const rank = Math.min(sorted.length, Math.max(1, share * (sorted.length + 1)));
  const below = Math.floor(rank);
  const least = sorted[below - 1] as number;
  if (rank === below) return least;
  const most = sorted[below] as number;
  // Between an infinite value and a finite one there is nothing to interpolate.
  return Number.isFinite(most - least)
    ? least + (most - least) * (rank - below)
    : Math.abs(least) > Math.abs(most)
      ? least
      : most;
}
