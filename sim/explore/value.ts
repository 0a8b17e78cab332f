/** From what many runs measured together to one number, by the statistic of the figure. */
import type { Figure } from '../figures/figure.ts';
import { type Histogram, mean, quantile } from './histogram.ts';
import { percentOf } from './numbers.ts';
import { type Sums, sumOf } from './sums.ts';

/** A number in the unit of its figure, and from how many samples; `null` when nothing was measured. */
export interface Value {
  readonly value: number | null;
  readonly samples: number;
  /** The distribution that it was taken from, for the quantiles beside it. */
  readonly spread: Histogram | null;
  /** Steps of growth in one sample; 1 for anything else. */
  readonly steps: number;
}

export function resultOf(figure: Pick<Figure, 'name' | 'statistic'>, sums: Sums): Value {
  const sum = sumOf(sums, figure);
  switch (sum.as) {
    case 'spread':
      return of(figure.statistic === 'mean' ? mean(sum) : quantile(sum, 95, 100), sum.count, { spread: sum });
    case 'peak':
      return of(sum.peak, sum.samples);
    case 'share':
      return of(percentOf(sum.part, sum.whole), sum.whole);
    case 'growth': {
      const { before, after } = sum;
      if (before === 0 || sum.samples === 0) return of(null, 0);
      const steps = sum.steps / sum.samples;
      return of(((after / before - 1) * 100) / steps, sum.samples, { steps });
    }
    case 'total':
      return of(sum.total, 1);
    // No number tells what these are.
    case 'counts':
    case 'series':
      return of(null, 0);
  }
}

const of = (value: number | null, samples: number, more: Partial<Value> = {}): Value => ({
  value: samples === 0 ? null : value,
  samples,
  spread: null,
  steps: 1,
  ...more,
});
