/** Measurements as they stand in the document of a sweep, for a whole scenario and for each of its cells. */
import { stepBegins } from '../figures/series.ts';
import { bucketsOf, type Histogram, mean, quantile } from './histogram.ts';
import type { Measures, Spread } from './measures.ts';

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

export interface MetricsDocument {
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
  readonly events: number;
  readonly virtual_s: number;
  /** How often applications were told each error; how connections ended for clients. */
  readonly errors: Readonly<Record<string, number>>;
  readonly closes: Readonly<Record<string, number>>;
}

export interface BufferStep {
  readonly at_ms: number;
  readonly runs: number;
  readonly mean_bytes: number;
  readonly max_bytes: number;
}

/** `whole` adds what is too much to repeat for each cell: buckets, and buffers over time. */
export function metricsOf(measures: Measures, whole: boolean): MetricsDocument {
  const of = (name: Spread): SpreadDocument => spreadOf(measures[name], whole);
  return {
    completion_percent: percentOf(measures.streamsCompleted, measures.streamsOwed),
    integrity_percent: percentOf(measures.streamsIntact, measures.streamsCompleted),
    streams_owed: measures.streamsOwed,
    streams_completed: measures.streamsCompleted,
    streams_lost: measures.streamsLost,
    connect_ms: of('connect'),
    context_restored_ms: of('contextRestored'),
    context_brief_ms: of('contextBrief'),
    context_medium_ms: of('contextMedium'),
    state_restored_ms: of('stateRestored'),
    reconnect_ms: of('reconnect'),
    resume_ms: of('resume'),
    stream_resumed_ms: of('streamResumed'),
    recovery_ms: of('recovery'),
    graceful_ms: of('graceful'),
    emergency_ms: of('emergency'),
    rolling_ms: of('rolling'),
    outages_recoverable: measures.recoverable,
    outages_recovered: measures.recovered,
    deadlines_passed: measures.deadlinesPassed,
    deadlines_kept: measures.deadlinesKept,
    longest_wait_ms: measures.longestWait / 1000,
    peak_buffer_bytes: measures.peakBufferBytes,
    peak_together_bytes: measures.peakTogetherBytes,
    buffers: whole ? buffersOf(measures) : [],
    bytes_sent: measures.bytesSent,
    bytes_resent: measures.bytesResent,
    resent_percent: percentOf(measures.bytesResent, measures.bytesSent),
    disconnects: measures.disconnects,
    dials: measures.dials,
    arrivals: measures.arrivals,
    refusals: measures.refusals,
    admitted: measures.admitted,
    peak_dials_1s: measures.peakDials1s,
    peak_arrivals_1s: measures.peakArrivals1s,
    peak_refusals_1s: measures.peakRefusals1s,
    peak_arrivals_1s_of_capacity_percent:
      measures.peakArrivalsPermille === 0 ? null : measures.peakArrivalsPermille / 10,
    events: measures.events,
    virtual_s: measures.virtual / 1e6,
    errors: measures.errors,
    closes: measures.closes,
  };
}

const buffersOf = ({ buffers: { runs, sum, max } }: Measures): readonly BufferStep[] =>
  runs.map((count, step) => ({
    at_ms: stepBegins(step) / 1000,
    runs: count,
    mean_bytes: Math.round((sum[step] as number) / count),
    max_bytes: max[step] as number,
  }));

/** Percent of the whole; `null` of nothing, which is neither all of it nor none. */
export const percentOf = (part: number, whole: number): number | null => (whole === 0 ? null : (part / whole) * 100);

const milliseconds = (us: number | null): number | null => (us === null ? null : Math.round(us / 100) / 10);

/** A distribution in milliseconds. */
export function spreadOf(histogram: Histogram, whole: boolean): SpreadDocument {
  const at = (num: number): number | null => milliseconds(quantile(histogram, num, 100));
  return {
    samples: histogram.count,
    mean: milliseconds(mean(histogram)),
    p50: at(50),
    p95: at(95),
    p99: at(99),
    max: at(100),
    ...(whole ? { buckets: bucketsOf(histogram).map(([us, count]) => [us / 1000, count] as const) } : {}),
  };
}
