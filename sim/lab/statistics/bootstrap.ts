/**
 * Bootstrap intervals: BCa for any statistic, studentised for means.
 *
 * BCa (Efron 1987: bias-corrected and accelerated) asks nothing of a statistic but that it can be computed, keeps to its
 * range, and is the same whatever scale it is looked at; its error falls as 1/n, that of the percentile interval as 1/√n.
 * Where a standard error is at hand, as for a mean, the studentised interval (Hall 1988: bootstrap-t) has the same order and
 * holds better in small samples of skewed values, which is what times of recovery are; that is why differences of means have
 * it. The price are wide intervals where a few values are far out. docs/statistics.md has the measured coverage of both.
 */
import { normalCdf, normalQuantile } from './distributions.ts';
import { type Estimate, unknown } from './interval.ts';
import { meanOf, sumOf, varianceOf } from './moments.ts';
import { RESAMPLES, type Resampling, resample, sortedQuantile } from './resamples.ts';

/** Statistics are given columns of equal length, which they may not keep. */
export type Statistic = (...columns: readonly Float64Array[]) => number;

/** Left out in turn for the acceleration: single replications up to so many, else so many groups of them. */
const GROUPS = 200;

/**
 * BCa interval of a statistic of replications: one column, or several (both sides of pairs) whose rows belong together. Fewer
 * than five replications, and values that are not finite, have no bounds.
 */
export function bootstrapInterval(
  columns: readonly ArrayLike<number>[],
  statistic: Statistic,
  options: Resampling = {},
): Estimate {
  const { confidence = 0.95, resamples = RESAMPLES } = options;
  const samples = columns.map((column) => Float64Array.from(column));
  const n = samples[0]?.length ?? 0;
  if (samples.some((sample) => sample.length !== n))
    throw new RangeError('columns of equal length are resampled together');
  const value = n === 0 ? Number.NaN : statistic(...samples);
  if (n < 5 || samples.some((sample) => !sample.every(Number.isFinite)) || !Number.isFinite(value))
    return unknown(n, confidence, value);
  const drawn = samples.map(() => new Float64Array(n));
  const values = new Float64Array(resamples);
  resample(n, options, (places, index) => {
    for (const [column, sample] of samples.entries()) {
      const into = drawn[column] as Float64Array;
      for (let at = 0; at < n; at++) into[at] = sample[places[at] as number] as number;
    }
    values[index] = statistic(...drawn);
  });
  values.sort();
  if (Number.isNaN(values[resamples - 1])) return unknown(n, confidence, value);
  const bias = biasOf(values, value);
  const acceleration = accelerationOf(samples, statistic);
  const at = (share: number): number => {
    const z = bias + normalQuantile(share);
    // Very skewed ones can come to the pole of the correction: beyond it there is no bound but the last resample.
    const left = 1 - acceleration * z;
    return sortedQuantile(values, left > 0 ? normalCdf(bias + z / left) : z > 0 ? 1 : 0);
  };
  const tail = (1 - confidence) / 2;
  return { n, confidence, value, least: at(tail), most: at(1 - tail) };
}

/** How far the median of the resamples lies from the statistic, in standard deviations; resamples that equal it count half. */
function biasOf(sorted: Float64Array, value: number): number {
  let below = 0;
  let equal = 0;
  for (const each of sorted) {
    if (each < value) below++;
    else if (each === value) equal++;
  }
  const share = (below + equal / 2) / sorted.length;
  const least = 1 / (2 * sorted.length);
  return normalQuantile(Math.max(least, Math.min(1 - least, share)));
}

/** How the standard error changes with the truth: a sixth of the skewness of what each part contributes (jackknife). */
function accelerationOf(samples: readonly Float64Array[], statistic: Statistic): number {
  const n = (samples[0] as Float64Array).length;
  const groups = Math.min(n, GROUPS);
  const without = Float64Array.from({ length: groups }, (_, group) =>
    statistic(...samples.map((sample) => sample.filter((_, at) => at % groups !== group))),
  );
  const mean = meanOf(without);
  const squares = sumOf(without.map((each) => (mean - each) * (mean - each)));
  const cubes = sumOf(without.map((each) => (mean - each) * (mean - each) * (mean - each)));
  return squares > 0 ? cubes / (6 * squares * Math.sqrt(squares)) : 0;
}

/** Studentised interval of a mean. Fewer than five replications, and values that are not finite, have no bounds. */
export function studentisedInterval(replications: ArrayLike<number>, options: Resampling = {}): Estimate {
  const { confidence = 0.95, resamples = RESAMPLES } = options;
  const values = Float64Array.from(replications);
  const n = values.length;
  const value = meanOf(values);
  if (n < 5 || !Number.isFinite(value)) return unknown(n, confidence, value);
  const error = Math.sqrt(varianceOf(values) / n);
  if (error === 0) return { n, confidence, value, least: value, most: value };
  const centred = values.map((each) => each - value);
  const ts = new Float64Array(resamples);
  resample(n, options, (places, index) => {
    let sum = 0;
    let squares = 0;
    for (let at = 0; at < n; at++) {
      const each = centred[places[at] as number] as number;
      sum += each;
      squares += each * each;
    }
    const variance = (squares - (sum * sum) / n) / (n - 1);
    // A resample of one value many times knows no error: it is as far out as can be.
    const mean = sum / n;
    ts[index] = mean === 0 ? 0 : mean / Math.sqrt(Math.max(0, variance) / n);
  });
  ts.sort();
  const tail = (1 - confidence) / 2;
  return {
    ...{ n, confidence, value },
    least: value - error * sortedQuantile(ts, 1 - tail),
    most: value - error * sortedQuantile(ts, tail),
  };
}
