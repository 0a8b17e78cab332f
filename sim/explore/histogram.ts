/**
 * A mergeable histogram of non-negative integers: 128 linear buckets to each power of two, so a quantile is off by at
 * most 0.8 %, whatever the scale, and two threads' halves add up exactly.
 */

/** Linear buckets in a power of two. */
const LINEAR = 128;

export interface Histogram {
  count: number;
  /** Sum of the values, for the mean; exact up to 2^53. */
  sum: number;
  max: number;
  /** Count by bucket. */
  readonly buckets: Record<number, number>;
}

export const emptyHistogram = (): Histogram => ({ count: 0, sum: 0, max: 0, buckets: {} });

export function record(histogram: Histogram, value: number): void {
  const bucket = bucketOf(value);
  histogram.buckets[bucket] = (histogram.buckets[bucket] ?? 0) + 1;
  histogram.count++;
  histogram.sum += value;
  if (value > histogram.max) histogram.max = value;
}

/** Adds `from` to `into`. */
export function mergeHistogram(into: Histogram, from: Histogram): void {
  for (const key in from.buckets) into.buckets[key] = (into.buckets[key] ?? 0) + (from.buckets[key] as number);
  into.count += from.count;
  into.sum += from.sum;
  if (from.max > into.max) into.max = from.max;
}

/** The value that a share of `num` in `of` does not exceed; null when nothing was recorded. The maximum is exact. */
export function quantile(histogram: Histogram, num: number, of: number): number | null {
  if (histogram.count === 0) return null;
  const rank = Math.ceil((histogram.count * num) / of);
  if (rank >= histogram.count) return histogram.max;
  let seen = 0;
  // Integer keys iterate in ascending order.
  for (const key in histogram.buckets) {
    seen += histogram.buckets[key] as number;
    if (seen >= rank) return Math.min(histogram.max, middleOf(Number(key)));
  }
  return histogram.max;
}

/** The mean; null when nothing was recorded. */
export const mean = ({ count, sum }: Histogram): number | null => (count === 0 ? null : sum / count);

/** Each bucket in ascending order: the value that stands for it, and how many fell into it. */
export const bucketsOf = ({ buckets }: Histogram): readonly (readonly [number, number])[] =>
  Object.entries(buckets).map(([key, count]) => [middleOf(Number(key)), count]);

/** Values below 256 have a bucket of their own; above, each power of two has `LINEAR`. */
function bucketOf(value: number): number {
  let scale = 0;
  let scaled = value;
  while (scaled >= 2 * LINEAR) {
    scaled = Math.floor(scaled / 2);
    scale++;
  }
  return scale * LINEAR + scaled;
}

function middleOf(bucket: number): number {
  let low = bucket;
  let width = 1;
  while (low >= 2 * LINEAR) {
    low -= LINEAR;
    width *= 2;
  }
  return low * width + Math.floor(width / 2);
}
