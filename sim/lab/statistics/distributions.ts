/**
 * Distributions that intervals and tests are made of. The special functions are those of Cephes, in WebAssembly: its
 * arithmetic is specified to the last bit, so that every engine answers alike, which `Math.exp` and `Math.log` do not.
 *
 * Cephes' own inverse of Student's distribution goes astray far out in the tails (with 100,000 degrees of freedom it takes
 * 81.7 for the quantile of 1 - 1e-9, which is 5.998), so quantiles are found from its tails, which are right.
 */
import { compiled, incbet, ndtr, ndtri } from 'cephes';

await compiled;

/** P(Z <= x) of the standard normal distribution. */
export function normalCdf(x: number): number {
  if (!Number.isFinite(x)) return x > 0 ? 1 : x < 0 ? 0 : Number.NaN;
  // Beyond 38 nothing is left of the tail, and far beyond that its square would overflow.
  return x < -38 ? 0 : x > 38 ? 1 : ndtr(x);
}

/** What a standard normal variable does not exceed with probability `p`; infinite for 0 and 1. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : ndtri(p);
}

/** P(|Z| >= x): how likely luck is so far from zero, to either side. */
export const normalTails = (x: number): number => Math.min(1, 2 * normalCdf(-Math.abs(x)));

/** P(|T| >= t) of Student's distribution with `df` degrees of freedom, any number above 0; infinite ones make it normal. */
export function tTails(t: number, df: number): number {
  if (!(df > 0) || Number.isNaN(t)) return Number.NaN;
  if (!Number.isFinite(t)) return 0;
  if (df === Number.POSITIVE_INFINITY) return normalTails(t);
  return incomplete(df / 2, 0.5, df / (df + t * t));
}

/** P(T <= t). */
export function tCdf(t: number, df: number): number {
  const tails = tTails(t, df) / 2;
  return t > 0 ? 1 - tails : tails;
}

/** What a variable of Student's distribution does not exceed with probability `p`. */
export function tQuantile(p: number, df: number): number {
  if (!(df > 0) || !(p >= 0 && p <= 1)) return Number.NaN;
  return p < 0.5 ? -beyond(2 * p, df) : beyond(2 * (1 - p), df);
}

/** The t that stays within ±t with `confidence`: how many standard errors a two-sided interval reaches. */
export const tReach = (confidence: number, df: number): number =>
  df > 0 && confidence >= 0 && confidence <= 1 ? beyond(1 - confidence, df) : Number.NaN;

/** Quantiles found before, by degrees of freedom and tails: whoever looks at intervals looks at many of the same size. */
const found = new Map<number, Map<number, number>>();
const FOUND_MOST = 10_000;

/** The t >= 0 with P(|T| >= t) = tails. */
function beyond(tails: number, df: number): number {
  let sameSize = found.get(df);
  if (sameSize === undefined || sameSize.size >= FOUND_MOST) {
    if (found.size >= FOUND_MOST) found.clear();
    sameSize = new Map();
    found.set(df, sameSize);
  }
  let t = sameSize.get(tails);
  if (t === undefined) {
    t = search(tails, df);
    sameSize.set(tails, t);
  }
  return t;
}

function search(tails: number, df: number): number {
  if (tails >= 1) return 0;
  if (tails <= 0) return Number.POSITIVE_INFINITY;
  const normal = normalQuantile(1 - tails / 2);
  if (df === Number.POSITIVE_INFINITY) return normal;
  // The tails are heavier than normal ones: the quantile lies between the normal one and a bound found by doubling.
  let least = 0;
  let most = Math.max(1, normal);
  while (tTails(most, df) > tails) {
    least = most;
    most *= 2;
  }
  for (;;) {
    const middle = least + (most - least) / 2;
    if (middle <= least || middle >= most) return middle;
    if (tTails(middle, df) > tails) least = middle;
    else most = middle;
  }
}

/** P(at most `count` of `n` trials succeed), each with probability `p`. */
export function binomialAtMost(count: number, n: number, p: number): number {
  if (count < 0) return 0;
  if (count >= n) return 1;
  return incomplete(n - Math.floor(count), Math.floor(count) + 1, 1 - p);
}

/** The regularised incomplete beta function; at its ends without asking, where nothing is to be worked out. */
const incomplete = (a: number, b: number, x: number): number => (x <= 0 ? 0 : x >= 1 ? 1 : incbet(a, b, x));
