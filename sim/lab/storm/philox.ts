/**
 * Philox 4x32-10: a generator that is a function of a counter (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", 2011). It has no state, so the n-th number of any client is had without those before it, and what
 * one policy draws moves nothing that another one draws. It passes the batteries of TestU01.
 *
 * Only `Math.imul`, `+ - *` and shifts: the same words on every engine.
 */

/** Words that one counter gives, in `out`. */
export const WORDS = 4;

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;
const SHARE = 1 / 4294967296;

/** Writes the four words of the counter (c0, c1, c2, c3) under the key (k0, k1), all 32-bit, unsigned. */
export function philox(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  let [a, b, c, d] = [c0 | 0, c1 | 0, c2 | 0, c3 | 0];
  let key0 = k0 | 0;
  let key1 = k1 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const low0 = Math.imul(a, MULTIPLIER_0);
    const low1 = Math.imul(c, MULTIPLIER_1);
    const high0 = high(a >>> 0, MULTIPLIER_0, low0 >>> 0);
    const high1 = high(c >>> 0, MULTIPLIER_1, low1 >>> 0);
    a = high1 ^ b ^ key0;
    c = high0 ^ d ^ key1;
    b = low1;
    d = low0;
    key0 = (key0 + WEYL_0) | 0;
    key1 = (key1 + WEYL_1) | 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/**
 * The upper 32 bits of a product of two 32-bit words, of which the lower ones are known. As a double the product is off by
 * less than 2^11; without its lower half it is a multiple of 2^32, so rounding finds which.
 */
const high = (word: number, multiplier: number, low: number): number => ((word * multiplier - low) * SHARE + 0.5) | 0;
