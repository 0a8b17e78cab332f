/**
 * Polly's DecorrelatedJitterBackoffV2: F(t) = factor^t * tanh(sqrt(4 t)), looked at once in each attempt, at t = n + u. A wait
 * is what F rose since the last look, times base / 1.4, so that the median of the first is about the base.
 */
import type { Ratio } from '../machine.ts';
import { DRAWS } from './draws.ts';
import type { Place } from './memory.ts';
import { exp, ln, tanh } from './portable.ts';

/** F at attempt n and a share u of it; Infinity where it is beyond any wait. */
function curveAt(factor: Ratio, n: number, u: number): number {
  const growth = factor.num / factor.of;
  let whole = 1;
  for (let step = 0; step < n && whole < BEYOND && growth > 1; step++) whole *= growth;
  if (whole >= BEYOND) return Number.POSITIVE_INFINITY;
  return whole * exp(u * ln(growth)) * tanh(Math.sqrt(4 * (n + u)));
}

const BEYOND = 1e30;

/** The wait of a draw after `place`, in whole microseconds, up to `most`; a share of 1 is the end that no draw quite reaches. */
export function smooth(base: number, factor: Ratio, place: Place, draw: number, most: number): number {
  const now = curveAt(factor, place.attempt, draw / DRAWS);
  if (now === Number.POSITIVE_INFINITY) return most;
  const before = place.attempt === 0 ? 0 : curveAt(factor, place.attempt - 1, place.luck / DRAWS);
  return Math.min(Math.floor((Math.max(0, now - before) * base) / 1.4 + 0.5), most);
}
