/** Distributions as a document holds them: merged, asked for quantiles, and drawn as a strip. */
import type { SpreadDocument } from '../explore/metrics.ts';
import { type Markup, markup } from './markup.ts';
import type { Scale } from './scale.ts';

type Buckets = NonNullable<SpreadDocument['buckets']>;

/** A distribution over several: exact, because all have the same buckets. */
export function mergeSpreads(spreads: readonly SpreadDocument[]): SpreadDocument {
  const at = new Map<number, number>();
  let sum = 0;
  let max: number | null = null;
  for (const spread of spreads) {
    for (const [value, samples] of spread.buckets ?? []) at.set(value, (at.get(value) ?? 0) + samples);
    sum += (spread.mean ?? 0) * spread.samples;
    if (spread.max !== null && (max === null || spread.max > max)) max = spread.max;
  }
  const buckets = [...at].sort(([a], [b]) => a - b);
  const samples = buckets.reduce((total, [, count]) => total + count, 0);
  const quantile = (num: number): number | null => quantileOf(buckets, samples, max, num);
  return {
    samples,
    mean: samples === 0 ? null : sum / samples,
    p50: quantile(50),
    p95: quantile(95),
    p99: quantile(99),
    max,
    buckets,
  };
}

/** The value that `num` percent of the samples do not exceed, by the same rule as in the document. */
function quantileOf(buckets: Buckets, samples: number, max: number | null, num: number): number | null {
  const rank = Math.ceil((samples * num) / 100);
  if (rank >= samples) return max;
  let seen = 0;
  for (const [value, count] of buckets) {
    seen += count;
    if (seen >= rank) return Math.min(max ?? value, Math.round(value * 10) / 10);
  }
  return max;
}

/** Columns of a strip. */
const COLUMNS = 96;
/** An area of fewer samples would draw shapes that nobody measured: each sample is a dot. */
const DOTS = 30;

/**
 * One distribution as an area over an axis, with its quantiles as lines. Heights are square roots of shares: the tail is
 * what a reader looks for, and one run in a thousand would be invisible beside the bulk. The figures stand in the cells
 * beside it, so the picture itself is hidden from screen readers.
 */
export function strip(spread: SpreadDocument, scale: Scale, bound: number | null): Markup {
  const columns = new Array<number>(COLUMNS).fill(0);
  for (const [value, count] of spread.buckets ?? []) {
    const column = Math.min(COLUMNS - 1, Math.floor(scale.at(value) * COLUMNS));
    columns[column] = (columns[column] as number) + count;
  }
  const most = Math.max(1, ...columns);
  const points = columns.map((count, i) => `${x((i + 0.5) / COLUMNS)},${y(Math.sqrt(count / most))}`);
  const area =
    spread.samples === 0 ? null : `M${x(0.5 / COLUMNS)},100 L${points.join(' L')} L${x(1 - 0.5 / COLUMNS)},100 Z`;
  const upright = (value: number | null, style: string, top: number): Markup | null =>
    value === null
      ? null
      : markup`<line class="${style}" x1="${x(scale.at(value))}" x2="${x(scale.at(value))}" y1="${top}" y2="100"/>`;
  return markup`<span class="plot" aria-hidden="true"><svg viewBox="0 0 1000 100" preserveAspectRatio="none">${scale.ticks.map((tick) => upright(tick, 'grid', 0))}${
    spread.samples <= DOTS ? dots(spread, scale) : area === null ? null : markup`<path class="area" d="${area}"/>`
  }${bound === null ? null : upright(bound, 'bound', 0)}${upright(spread.p50, 'p50', 45)}${upright(spread.p95, 'p95', 30)}${upright(spread.p99, 'p99', 30)}${spread.max === null ? null : crowned(scale.at(spread.max))}</svg></span>`;
}

/** A dot for each sample, those of one value above each other. A line without a length and with round ends keeps its shape however the strip is stretched. */
function dots({ buckets = [] }: SpreadDocument, scale: Scale): Markup {
  const places = buckets.flatMap(([value, count]) =>
    Array.from({ length: count }, (_, i) => `M${x(scale.at(value))},${90 - 12 * Math.min(i, 6)} h0`),
  );
  return markup`<path class="dots" d="${places.join(' ')}"/>`;
}

/** Labels of an axis; those at the ends stay inside, and a phone has room for every second one. */
export function axis(scale: Scale, words: (value: number) => string): Markup {
  return markup`<span class="axis" style="display:block" aria-hidden="true">${scale.ticks.map((tick, i) => {
    const at = scale.at(tick);
    const edge = at < 0.04 ? 'first' : at > 0.96 ? 'last' : '';
    return markup`<span class="${edge}${i % 2 === 1 ? ' odd' : ''}" style="left:${(at * 100).toFixed(2)}%">${words(tick)}</span>`;
  })}</span>`;
}

/** The maximum wears a crown, so that it is told from the median without colour. */
export const crowned = (at: number): Markup =>
  markup`<path class="max" d="M${x(at - 0.004)},42 L${x(at + 0.004)},42 M${x(at)},42 L${x(at)},100"/>`;

const x = (share: number): string => (share * 1000).toFixed(1);
const y = (share: number): string => (100 - share * 92).toFixed(1);
