/**
 * The longest wait of `decorrelated-v2` at an attempt: what F(t) = factor^t * tanh(sqrt(4 t)) rises at most between two looks.
 *
 * The looks are at most from t = n - 1 to t = n + 1, both whole numbers, so the power is a fraction of big integers, and the
 * hyperbolic tangent Lambert's continued fraction: tanh(x) = x / (1 + y / (3 + y / (5 + …))) with y = x * x = 4 t.
 */
import type { Ratio } from '../machine.ts';
import { LONGEST } from './policy.ts';

/** Numbers with a fraction of so many bits. */
const BITS = 160n;
const ONE = 1n << BITS;

export function smoothMost(base: bigint, factor: Ratio, attempt: number): bigint {
  const high = curve(factor, attempt + 1);
  const low = attempt === 0 ? 0n : curve(factor, attempt - 1);
  // Beyond every timer: no cap lets it through.
  if (high === null || low === null) return BigInt(LONGEST) * 4000n;
  return (base * (high - low) * 5n) / 7n / ONE + 2n;
}

/** F of a whole number; null where a power of it is out of all proportion. */
function curve({ num, of }: Ratio, t: number): bigint | null {
  let power = ONE;
  let square = (BigInt(num) << BITS) / BigInt(of);
  for (let rest = t; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = (power * square) >> BITS;
    if (power > ONE << 100n) return null;
    if (rest > 1) square = (square * square) >> BITS;
    if (square > ONE << 200n) return null;
  }
  return (power * tanhOfRoot(4n * BigInt(t))) >> BITS;
}

/** tanh(sqrt(y)) of a whole number y; from y = 3,000 on it is 1 but for less than 2^-156. */
function tanhOfRoot(y: bigint): bigint {
  if (y >= 3000n) return ONE;
  let fraction = ONE * 401n;
  for (let odd = 399n; odd > 0n; odd -= 2n) fraction = ONE * odd + ((y << BITS) << BITS) / fraction;
  return (root(y << (2n * BITS)) << BITS) / fraction;
}

/** The whole part of a square root, by Newton from above. */
function root(of: bigint): bigint {
  if (of === 0n) return 0n;
  let x = 1n << (BigInt(of.toString(2).length) / 2n + 1n);
  for (;;) {
    const next = (x + of / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}
