/** Binomial and Poisson counts, and what is expected of the part of one that is below a limit. */

/** P(k of n), each with probability p, for k from 0 to `most`. */
export function binomial(n: number, p: number, most: number): Float64Array {
  return ratios(most, (k) => ((n - k + 1) * p) / (k * (1 - p)), (n + 1) * p, n);
}

/** P(k), with `mean`, for k from 0 to `most`. */
export const poisson = (mean: number, most: number): Float64Array =>
  ratios(most, (k) => mean / k, mean, Number.POSITIVE_INFINITY);

/** E[min(limit, X)] of a count with these probabilities, which reach to `limit` at least. */
export function expectedBelow(probabilities: Float64Array, limit: number): number {
  let missing = 0;
  for (let k = 0; k < limit; k++) missing += (limit - k) * probabilities[k]!;
  return limit - missing;
}

/**
 * Probabilities from the ratio of each to the one before, from the most likely one in both directions, so that nothing
 * underflows; they are made to sum to 1 over everything that counts.
 */
function ratios(most: number, ratio: (k: number) => number, mode: number, last: number): Float64Array {
  const middle = Math.min(Math.floor(mode), last);
  const least = 1e-18;
  const out = new Float64Array(most + 1);
  let sum = 0;
  const note = (k: number, weight: number): void => {
    sum += weight;
    if (k <= most) out[k] = weight;
  };
  let weight = 1;
  for (let k = middle; k >= 0 && weight > least; weight /= ratio(k), k--) note(k, weight);
  weight = 1;
  for (let k = middle + 1; k <= last; k++) {
    weight *= ratio(k);
    if (weight <= least) break;
    note(k, weight);
  }
  return out.map((value) => value / sum);
}
