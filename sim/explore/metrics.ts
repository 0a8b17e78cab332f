/** Measurements as they stand in the document of a sweep, for a whole scenario and for each of its cells. */
import { type Figure, isFolded, type Unit } from '../figures/figure.ts';
import { stepBegins } from '../figures/series.ts';
import { bucketsOf, type Histogram, mean, quantile } from './histogram.ts';
import type { Measures } from './measures.ts';
import { percentOf, rounded } from './numbers.ts';
import { type SeriesSum, type Sum, sumOf } from './sums.ts';
import { resultOf } from './value.ts';

/** A distribution; all `null` (and no buckets) without samples. */
export interface SpreadDocument {
  readonly samples: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  /** `[milliseconds, samples]` in ascending order, each within 0.8 %; left out for cells. */
  readonly buckets?: readonly (readonly [number, number])[];
}

/**
 * What the report knows how to show. Figures write these keys, so that a scenario has those of its protocol, and besides
 * them a key for each figure of its own.
 */
export interface KnownMetrics {
  /** `null` when nothing was owed, or complete. */
  readonly completion_percent: number | null;
  readonly integrity_percent: number | null;
  readonly streams_owed: number;
  readonly streams_completed: number;
  readonly streams_lost: number;
  readonly connect_ms: SpreadDocument;
  readonly context_restored_ms: SpreadDocument;
  readonly context_brief_ms: SpreadDocument;
  readonly context_medium_ms: SpreadDocument;
  readonly state_restored_ms: SpreadDocument;
  readonly reconnect_ms: SpreadDocument;
  readonly resume_ms: SpreadDocument;
  readonly stream_resumed_ms: SpreadDocument;
  readonly recovery_ms: SpreadDocument;
  readonly graceful_ms: SpreadDocument;
  readonly emergency_ms: SpreadDocument;
  readonly rolling_ms: SpreadDocument;
  readonly outages_recoverable: number;
  readonly outages_recovered: number;
  readonly deadlines_passed: number;
  readonly deadlines_kept: number;
  readonly longest_wait_ms: number;
  readonly peak_buffer_bytes: number;
  readonly peak_together_bytes: number;
  /**
   * Bytes that all connections held: steps of virtual time, runs that lasted so long, mean and largest peak in the step;
   * empty for cells.
   */
  readonly buffers: readonly BufferStep[];
  readonly bytes_sent: number;
  readonly bytes_resent: number;
  /** `null` when nothing was sent. */
  readonly resent_percent: number | null;
  readonly disconnects: number;
  /** Dials of clients; handshakes that reached servers, those refused, and connections that were welcomed. */
  readonly dials: number;
  readonly arrivals: number;
  readonly refusals: number;
  readonly admitted: number;
  /** The most of a run within a second; and arrivals of what the servers of that run admit, null where that has no limit. */
  readonly peak_dials_1s: number;
  readonly peak_arrivals_1s: number;
  readonly peak_refusals_1s: number;
  readonly peak_arrivals_1s_of_capacity_percent: number | null;
  /** How often applications were told each error; how connections ended for clients. */
  readonly errors: Readonly<Record<string, number>>;
  readonly closes: Readonly<Record<string, number>>;
}

export interface MetricsDocument extends Partial<KnownMetrics> {
  readonly events: number;
  readonly virtual_s: number;
}

export interface BufferStep {
  readonly at_ms: number;
  readonly runs: number;
  readonly mean_bytes: number;
  readonly max_bytes: number;
}

/** `whole` adds what is too much to repeat for each cell: buckets, and buffers over time. */
export function metricsOf(figures: readonly Figure[], measures: Measures, whole: boolean): MetricsDocument {
  const metrics: Record<string, unknown> = {};
  for (const figure of figures) Object.assign(metrics, documented(figure, sumOf(measures.figures, figure), whole));
  return { ...metrics, events: measures.events, virtual_s: measures.virtual / 1e6 };
}

const SUFFIX: Readonly<Record<Unit, string>> = { us: '_ms', bytes: '_bytes', percent: '_percent', count: '' };

/** Under which key of the metrics a figure stands; null where it says itself what stands there. */
const documentKey = (figure: Figure): string | null =>
  typeof figure.document === 'function' || figure.document === null
    ? null
    : (figure.document ?? `${keyOf(figure)}${SUFFIX[figure.unit]}`);

/** What a scenario is told by in a word, and where in the metrics its distribution stands. */
export interface HeadlineDocument {
  readonly name: string;
  readonly states: string;
  readonly unit: 'ms' | Exclude<Unit, 'us'>;
  readonly key: string | null;
}

export const headlineDocument = (figure: Figure): HeadlineDocument => ({
  name: figure.name,
  states: figure.states,
  unit: unitInDocument(figure.unit),
  key: documentKey(figure),
});

/** `catch_up`: what a figure is called where hyphens would not do. */
export const keyOf = ({ name }: Pick<Figure, 'name'>): string => name.replaceAll('-', '_');

function documented(figure: Figure, sum: Sum, whole: boolean): Readonly<Record<string, unknown>> {
  const { document, unit } = figure;
  if (document === null) return {};
  if (typeof document === 'function') return (document as (sum: Sum) => Record<string, unknown>)(sum);
  const key = documentKey(figure) as string;
  switch (sum.as) {
    case 'spread':
      return { [key]: spreadOf(sum, whole, unit) };
    case 'share':
      return {
        [key]: percentOf(sum.part, sum.whole),
        [`${keyOf(figure)}_part`]: sum.part,
        [`${keyOf(figure)}_whole`]: sum.whole,
      };
    case 'counts':
      return { [key]: sum.counts };
    case 'series':
      return { [key]: whole ? stepsOf(sum, SUFFIX[unit]) : [] };
    case 'total':
      return { [key]: inDocument(sum.total, unit) };
    case 'peak':
    case 'growth': {
      const { value } = resultOf(figure, { [figure.name]: sum });
      return { [key]: value === null ? null : inDocument(value, unit) };
    }
  }
}

/** A number of that unit as documents have it: milliseconds for microseconds. */
export const inDocument = (value: number, unit: Unit): number => rounded(unit === 'us' ? value / 1000 : value);

const stepsOf = ({ runs, sum, max }: SeriesSum, suffix: string): readonly object[] =>
  runs.map((count, step) => ({
    at_ms: stepBegins(step) / 1000,
    runs: count,
    [`mean${suffix}`]: Math.round((sum[step] as number) / count),
    [`max${suffix}`]: max[step] as number,
  }));

/** A distribution, in milliseconds for times. */
export function spreadOf(histogram: Histogram, whole: boolean, unit: Unit = 'us'): SpreadDocument {
  const scale = unit === 'us' ? 1000 : 1;
  const tenth = (value: number | null): number | null =>
    value === null ? null : Math.round(value / (scale / 10)) / 10;
  const at = (num: number): number | null => tenth(quantile(histogram, num, 100));
  return {
    samples: histogram.count,
    mean: tenth(mean(histogram)),
    p50: at(50),
    p95: at(95),
    p99: at(99),
    max: at(100),
    ...(whole ? { buckets: bucketsOf(histogram).map(([value, count]) => [value / scale, count] as const) } : {}),
  };
}

/** A figure of a scenario's own, with all that a reader must know to show it. */
export interface FigureDocument {
  readonly name: string;
  readonly states: string;
  /** Unit of the value and of the spread. */
  readonly unit: 'ms' | Exclude<Unit, 'us'>;
  readonly statistic: Figure['statistic'];
  readonly value: number | null;
  readonly samples: number;
  /** The distribution, for samples; without its buckets, which stand in the metrics. */
  readonly spread: SpreadDocument | null;
}

export const unitInDocument = (unit: Unit): FigureDocument['unit'] => (unit === 'us' ? 'ms' : unit);

/** The figures that have a fold of their own: what a protocol measures together, metrics alone describe. */
export const figureDocuments = (figures: readonly Figure[], { figures: sums }: Measures): readonly FigureDocument[] =>
  figures.filter(isFolded).map((figure) => {
    const { name, states, unit, statistic } = figure;
    const { value, samples, spread } = resultOf(figure, sums);
    return {
      name,
      states,
      unit: unitInDocument(unit),
      statistic,
      value: value === null ? null : inDocument(value, unit),
      samples,
      spread: spread === null ? null : spreadOf(spread, false, unit),
    };
  });
