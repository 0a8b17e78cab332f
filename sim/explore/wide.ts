/**
 * A sum of products of whole numbers that outgrows 2^53. It is exact (up to 2^93), so that it does not depend on the portions in which
 * a sweep was run; and it is plain data, so that it travels between threads and through JSON.
 */

/** `high * 2^40 + low`, with `low` from 0 to 2^40 - 1. */
export interface Wide {
  high: number;
  low: number;
}

const BITS = 40n;
const UNIT = 1_099_511_627_776;
const LOW = BigInt(UNIT - 1);

export const noWide = (): Wide => ({ high: 0, low: 0 });

/** Adds `a * b`, both whole numbers of any sign. */
export function addProduct(into: Wide, a: number, b: number): void {
  const near = a * b;
  if (Number.isSafeInteger(near)) {
    const high = Math.floor(near / UNIT);
    carry(into, high, near - high * UNIT);
    return;
  }
  const product = BigInt(a) * BigInt(b);
  carry(into, Number(product >> BITS), Number(product & LOW));
}

/** Adds another sum. */
export const addWide = (into: Wide, from: Wide): void => carry(into, from.high, from.low);

function carry(into: Wide, high: number, low: number): void {
  const sum = into.low + low;
  into.low = sum % UNIT;
  into.high += high + Math.floor(sum / UNIT);
}

/** As near as a number comes. */
export const numberOf = ({ high, low }: Wide): number => high * UNIT + low;
