/** What the tables of a sweep have in common: their style, shares, and distributions in one cell. */
import Table from 'cli-table3';
import { type Histogram, quantile } from '../explore/histogram.ts';
import { percent } from '../explore/metrics.ts';

/** A table in the style of the house: as narrow as its content. */
export const newTable = (head: readonly string[]): Table.Table =>
  new Table({ head: [...head], style: { head: [], border: [], compact: true } });

/** A share in percent. */
export const share = (part: number, whole: number): string => {
  const value = percent(part, whole);
  return value === 100 ? '100' : value.toFixed(3);
};

/** p50, p95, p99 and maximum in whole milliseconds. */
export function spread(histogram: Histogram): string {
  return [50, 95, 99, 100]
    .map((num) => quantile(histogram, num, 100))
    .map((value) => (value === null ? '-' : String(Math.round(value / 1000))))
    .join(' ');
}
