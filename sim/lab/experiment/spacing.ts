/**
 * Values between two ends, evenly or by a constant factor, from `+ - * /` and square roots only: roots and powers of the
 * engine differ in their last bit, and the values are names of candidates.
 */

/** Bits of a share that are looked at: the rest would change no digit that is kept. */
const BITS = 40;
/** Digits that are kept: nobody wants a base of 0.31622776 s. */
const DIGITS = 3;

export type Spacing = 'log' | 'linear';

/** What lies a share of the way (0 to 1) from `least` to `most`, rounded to three digits; the ends are themselves. */
export function between(least: number, most: number, share: number, spacing: Spacing): number {
  if (share <= 0) return least;
  if (share >= 1) return most;
  const exact = spacing === 'linear' ? least + (most - least) * share : least * power(most / least, share);
  return Math.min(most, Math.max(least, rounded(exact)));
}

/** So many values from one end to the other; one value is the middle. */
export const spread = (least: number, most: number, count: number, spacing: Spacing): readonly number[] =>
  Array.from({ length: count }, (_, nth) => between(least, most, count === 1 ? 0.5 : nth / (count - 1), spacing));

/** `x` to the power of a share from 0 to 1: the product of its square roots of square roots that the share's bits name. */
function power(x: number, share: number): number {
  let product = 1;
  let root = x;
  let left = share;
  for (let bit = 0; bit < BITS && left > 0; bit++) {
    root = Math.sqrt(root);
    left *= 2;
    if (left >= 1) {
      product *= root;
      left -= 1;
    }
  }
  return product;
}

/** To three digits that count. */
function rounded(value: number): number {
  if (value === 0) return 0;
  let step = 1;
  for (let size = Math.abs(value); size >= 10; size /= 10) step *= 10;
  // Below 1, decimals: 0.314 has a step of 1/1000.
  let per = 1;
  for (let size = Math.abs(value); size < 1; size *= 10) per *= 10;
  for (let digit = 1; digit < DIGITS; digit++)
    if (step > 1) step /= 10;
    else per *= 10;
  return step > 1 ? Math.round(value / step) * step : Math.round(value * per) / per;
}
