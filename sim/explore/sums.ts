/**
 * What the readings of many runs come to, figure by figure. Sums are plain data that say themselves how they add up, so
 * that portions, workers and journals need to know of no figure.
 */
import type { Figure, Growth, Peak, Share, Statistic } from '../figures/figure.ts';
import { emptyHistogram, type Histogram, mergeHistogram, record } from './histogram.ts';

export interface SpreadSum extends Histogram {
  readonly as: 'spread';
}
export interface PeakSum {
  readonly as: 'peak';
  peak: number;
  samples: number;
}
export interface ShareSum {
  readonly as: 'share';
  part: number;
  whole: number;
}
export interface GrowthSum {
  readonly as: 'growth';
  before: number;
  after: number;
  samples: number;
  steps: number;
}
export interface TotalSum {
  readonly as: 'total';
  total: number;
}
export interface CountsSum {
  readonly as: 'counts';
  readonly counts: Record<string, number>;
}
/** By step of time: runs that lasted so long, the sum of their peaks, the largest. */
export interface SeriesSum {
  readonly as: 'series';
  readonly runs: number[];
  readonly sum: number[];
  readonly max: number[];
}
export type Sum = SpreadSum | PeakSum | ShareSum | GrowthSum | TotalSum | CountsSum | SeriesSum;

/** By the name of the figure; one that no run measured is not in it. */
export type Sums = Record<string, Sum>;

const FRESH: { readonly [A in Sum['as']]: () => Sum } = {
  spread: () => ({ as: 'spread', ...emptyHistogram() }),
  peak: () => ({ as: 'peak', peak: 0, samples: 0 }),
  share: () => ({ as: 'share', part: 0, whole: 0 }),
  growth: () => ({ as: 'growth', before: 0, after: 0, samples: 0, steps: 0 }),
  total: () => ({ as: 'total', total: 0 }),
  counts: () => ({ as: 'counts', counts: {} }),
  series: () => ({ as: 'series', runs: [], sum: [], max: [] }),
};
/** How the readings of each statistic add up. */
const ADDS: { readonly [S in Statistic]: Sum['as'] } = {
  p95: 'spread',
  mean: 'spread',
  max: 'peak',
  share: 'share',
  ratio: 'growth',
  sum: 'total',
  counts: 'counts',
  series: 'series',
};
const freshFor = (statistic: Statistic): Sum => FRESH[ADDS[statistic]]();

/** The sum of a figure, empty when no run measured it. */
export const sumOf = (sums: Sums, { name, statistic }: Pick<Figure, 'name' | 'statistic'>): Sum =>
  sums[name] ?? freshFor(statistic);

/** The distribution of that name, for whoever shows one that not every scenario measures. */
export function spreadIn(sums: Sums, name: string): Histogram {
  const sum = sums[name];
  return sum?.as === 'spread' ? sum : emptyHistogram();
}

/** Adds what one run had to say. */
export function addReading(into: Sums, figure: Figure, reading: unknown): void {
  into[figure.name] ??= freshFor(figure.statistic);
  const sum = into[figure.name] as Sum;
  if (reading === null) return;
  switch (sum.as) {
    case 'spread':
      for (const sample of reading as readonly number[]) record(sum, sample);
      return;
    case 'peak': {
      const { peak, samples } = peakOf(reading as number | Peak);
      if (peak > sum.peak) sum.peak = peak;
      sum.samples += samples;
      return;
    }
    case 'share':
      sum.part += (reading as Share).part;
      sum.whole += (reading as Share).whole;
      return;
    case 'growth': {
      const { before, after, samples = 1, steps = 1 } = reading as Growth;
      sum.before += before;
      sum.after += after;
      sum.samples += samples;
      sum.steps += steps;
      return;
    }
    case 'total':
      sum.total += reading as number;
      return;
    case 'counts':
      addCounts(sum.counts, reading as Readonly<Record<string, number>>);
      return;
    case 'series':
      for (const [step, most] of (reading as readonly number[]).entries()) addStep(sum, step, 1, most, most);
  }
}

export const peakOf = (reading: number | Peak): Peak =>
  typeof reading === 'number' ? { peak: reading, samples: 1 } : reading;

/** Adds what other runs came to. */
export function mergeSums(into: Sums, from: Sums): void {
  for (const name in from) {
    const more = from[name] as Sum;
    into[name] ??= FRESH[more.as]();
    mergeSum(into[name] as Sum, more);
  }
}

function mergeSum(into: Sum, from: Sum): void {
  if (into.as === 'spread' && from.as === 'spread') mergeHistogram(into, from);
  else if (into.as === 'peak' && from.as === 'peak') {
    into.peak = Math.max(into.peak, from.peak);
    into.samples += from.samples;
  } else if (into.as === 'share' && from.as === 'share') {
    into.part += from.part;
    into.whole += from.whole;
  } else if (into.as === 'growth' && from.as === 'growth') {
    into.before += from.before;
    into.after += from.after;
    into.samples += from.samples;
    into.steps += from.steps;
  } else if (into.as === 'total' && from.as === 'total') into.total += from.total;
  else if (into.as === 'counts' && from.as === 'counts') addCounts(into.counts, from.counts);
  else if (into.as === 'series' && from.as === 'series')
    for (const [step, count] of from.runs.entries())
      addStep(into, step, count, from.sum[step] as number, from.max[step] as number);
}

function addStep({ runs, sum, max }: SeriesSum, step: number, count: number, amount: number, most: number): void {
  runs[step] = (runs[step] ?? 0) + count;
  sum[step] = (sum[step] ?? 0) + amount;
  max[step] = Math.max(max[step] ?? 0, most);
}

/** Adds counts by name. */
export function addCounts(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const name in from) into[name] = (into[name] ?? 0) + (from[name] as number);
}
