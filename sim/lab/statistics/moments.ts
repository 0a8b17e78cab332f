/** Mean, variance and covariance of replications, summed so that nothing is lost beside what is large. */

/** Sum with the rounding errors kept aside (Neumaier 1974). */
export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  // An infinite value leaves NaN of what was lost.
  return Number.isFinite(sum) ? sum + lost : sum;
}

/** NaN of nothing, and of a sample in which any value is unknown. */
export const meanOf = (values: ArrayLike<number>): number => sumOf(values) / values.length;

/** The sample variance (over n - 1); NaN of fewer than two. */
export const varianceOf = (values: ArrayLike<number>): number => covarianceOf(values, values);

/** The sample covariance of pairs (over n - 1); NaN of fewer than two. */
export function covarianceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  if (n < 2) return Number.NaN;
  const meanA = meanOf(a);
  const meanB = meanOf(b);
  // Products of deviations in two passes; the sums of deviations take back what the rounded means left over (Chan 1983).
  let products = 0;
  let left = 0;
  let right = 0;
  for (let index = 0; index < n; index++) {
    const x = (a[index] as number) - meanA;
    const y = (b[index] as number) - meanB;
    products += x * y;
    left += x;
    right += y;
  }
  return (products - (left * right) / n) / (n - 1);
}

/** Pearson's correlation of pairs, -1 to 1; NaN where either side does not vary. */
export function correlationOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const spread = Math.sqrt(varianceOf(a)) * Math.sqrt(varianceOf(b));
  return spread > 0 ? Math.max(-1, Math.min(1, covarianceOf(a, b) / spread)) : Number.NaN;
}

/** `b[i] - a[i]`. */
export function differencesOf(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) throw new RangeError(`pairs need as many on both sides, got ${a.length} and ${b.length}`);
  return Float64Array.from(b, (value, index) => value - (a[index] as number));
}
