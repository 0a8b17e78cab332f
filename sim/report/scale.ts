/** Scales: where a value stands on an axis, from 0 to 1. */

export interface Scale {
  /** From 0 (the left end) to 1. */
  at(value: number): number;
  /** Values that deserve a line and a label. */
  readonly ticks: readonly number[];
}

/**
 * How many doublings a value is above 1, straight between the powers of two: a logarithm that every engine computes
 * alike. Recovery takes from milliseconds to minutes, and on a linear axis most of it would be one line.
 */
function doublings(value: number): number {
  let power = 0;
  let rest = Math.max(1, value);
  while (rest >= 2) {
    rest /= 2;
    power++;
  }
  return power + rest - 1;
}

/** An axis on which each doubling takes the same room; what lies below `least` stands at the left end. */
export function doublingScale(least: number, most: number, candidates: readonly number[]): Scale {
  const from = doublings(1);
  const width = Math.max(1, doublings(Math.max(most, 2 * least) / least) - from);
  const at = (value: number): number => clamp((doublings(value / least) - from) / width);
  return { at, ticks: candidates.filter((tick) => tick >= least && tick <= most) };
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
