/**
 * From a 32-bit draw to a place: uniform, in whole steps, or in a shape of its own. And from one draw further ones, for what
 * draws more than once in a decision: everybody else's luck must not depend on whether somebody did.
 */
import { between } from '../machine.ts';
import type { Rounding } from './curve.ts';
import { ln } from './portable.ts';

/** One more than the highest draw. */
export const DRAWS = 4_294_967_296;

/** The nth number that is derived from a draw, n from 1: as even as the draw, and as good as independent of it. */
export function derived(draw: number, n: number): number {
  let x = (draw + Math.imul(n, 0x9e37_79b9)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0_aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a_2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** Uniform from `least` to `most`, in steps of `rounding`. */
export function placed(draw: number, least: number, most: number, rounding: Rounding | null): number {
  if (rounding === null) return between(draw, least, most);
  const { to, by } = rounding;
  if (by === 'even') return least + to * Math.floor((draw / DRAWS) * (Math.floor((most - least) / to) + 1));
  const place = (least + (draw / DRAWS) * (most - least)) / to;
  return to * Math.floor(by === 'down' ? place : place + 0.5);
}

/** A place in whole steps. */
export const rounded = (place: number, rounding: Rounding | null): number =>
  rounding === null
    ? Math.floor(place)
    : rounding.to * Math.floor(rounding.by === 'nearest' ? place / rounding.to + 0.5 : place / rounding.to);

/** `value` with a deviation of up to `share`, down where the tooth of the draw is even, else up: see `Jitter`. */
export function combed(draw: number, value: number, share: number, teeth: number, rounding: Rounding | null): number {
  const u = draw / DRAWS;
  const deviation = rounded(u * share, rounding);
  return Math.floor(u * teeth) % 2 === 0 ? Math.max(0, value - deviation) : value + deviation;
}

/** The least and the most of a comb: down as far as its last even tooth reaches, up as far as its last odd one. */
export function combEnds(value: number, share: number, teeth: number, rounding: Rounding | null): [number, number] {
  const isEven = teeth % 2 === 0;
  const reach = (tooth: number): number => rounded((share * tooth) / teeth, rounding);
  return [Math.max(0, value - reach(isEven ? teeth - 1 : teeth)), value + reach(isEven ? teeth : teeth - 1)];
}

/** Exponentially distributed with `mean`: 0 for a draw of 0, 22.2 times the mean for the highest. */
export const memoryless = (draw: number, mean: number): number => Math.floor(-mean * ln((DRAWS - draw) / DRAWS));
