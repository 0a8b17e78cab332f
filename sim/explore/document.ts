/**
 * The document of a sweep, `hangup/explore/2`: what `--json` prints, `results.json` holds, and reports and comparisons
 * read. Times are virtual milliseconds, rounded to a tenth; shares are percent. `docs/json.md` explains every field.
 */
import type { Cell } from '../cells.ts';
import { bucketsOf, type Histogram, mean, quantile } from './histogram.ts';
import type { Measures } from './measures.ts';
import { type PerRunName, perRunDocument, type SampleDocument } from './per-run.ts';
import type { Origin, Problem } from './problems.ts';
import { seedText } from './seeds.ts';
import type { Sweep } from './sweep.ts';
import { digestOf } from './tally.ts';

/** A distribution; all `null` (and no buckets) without samples. */
export interface SpreadDocument {
  readonly samples: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  /** `[milliseconds, samples]` in ascending order, each within 0.8 %. */
  readonly buckets: readonly (readonly [number, number])[];
}

export interface MetricsDocument {
  readonly completion_percent: number;
  readonly integrity_percent: number;
  readonly streams_owed: number;
  readonly streams_completed: number;
  readonly streams_lost: number;
  readonly reconnect_ms: SpreadDocument;
  readonly resume_ms: SpreadDocument;
  readonly recovery_ms: SpreadDocument;
  readonly peak_buffer_bytes: number;
  readonly bytes_sent: number;
  readonly bytes_resent: number;
  readonly resent_percent: number;
  readonly disconnects: number;
  readonly events: number;
  readonly virtual_s: number;
}

export interface BrokenDocument {
  readonly law: string;
  /** The first seed, and in how many runs. */
  readonly seed: string;
  readonly runs: number;
  readonly at_us: number;
  readonly message: string;
  readonly confirmed: boolean;
  readonly paste: string;
}

export interface CellDocument {
  /** `condition=outage,moment=late`. */
  readonly name: string;
  readonly cell: Cell;
  readonly runs: number;
  readonly broken_runs: number;
  readonly budget_runs: number;
  readonly broken_by: Readonly<Record<string, number>>;
  readonly metrics: MetricsDocument;
}

export interface ScenarioDocument {
  readonly name: string;
  readonly title: string;
  readonly runs: number;
  readonly broken_runs: number;
  readonly budget_runs: number;
  readonly broken: readonly BrokenDocument[];
  readonly digest: string;
  readonly sometimes: readonly { readonly name: string; readonly states: string; readonly runs: number }[];
  readonly metrics: MetricsDocument;
  /** By cell; empty when the scenario opens no dimension. */
  readonly cells: readonly CellDocument[];
  /** One sample a run, so that two sweeps can be compared. */
  readonly per_run: Readonly<Record<PerRunName, SampleDocument>>;
}

export interface ExploreDocument {
  readonly schema: 'hangup/explore/2';
  readonly version: string;
  /** Seeds for each scenario, and the first of them. */
  readonly seeds: number;
  readonly from: string;
  /** Arguments of the sweep, as given. */
  readonly arguments: Origin;
  readonly stopped: Sweep['stopped'];
  readonly wall: { readonly seconds: number; readonly runs_per_s: number; readonly events_per_s: number };
  readonly scenarios: readonly ScenarioDocument[];
}

/** What the command knows besides the sweep's result. */
export interface Request {
  readonly version: string;
  readonly seeds: number;
  readonly from: number;
  readonly origin: Origin;
}

export function documentOf(result: Sweep, problems: readonly Problem[], request: Request): ExploreDocument {
  const seconds = result.wallMs / 1000;
  return {
    schema: 'hangup/explore/2',
    version: request.version,
    seeds: request.seeds,
    from: seedText(request.from),
    arguments: request.origin,
    stopped: result.stopped,
    wall: { seconds, runs_per_s: total(result, 'runs') / seconds, events_per_s: total(result, 'events') / seconds },
    scenarios: result.tallies.map((each) => scenarioDocument(each, problems)),
  };
}

function scenarioDocument(
  { scenario, tally }: Sweep['tallies'][number],
  problems: readonly Problem[],
): ScenarioDocument {
  return {
    name: scenario.name,
    title: scenario.title,
    runs: tally.runs,
    broken_runs: tally.brokenRuns,
    budget_runs: tally.budgetRuns,
    broken: problems
      .filter((problem) => problem.scenario === scenario.name)
      .map(({ law, seed, at, message, confirmed, paste }) => ({
        law,
        seed,
        runs: tally.brokenBy[law] ?? tally.budgetRuns,
        at_us: at,
        message,
        confirmed,
        paste,
      })),
    digest: digestOf(tally),
    sometimes: scenario.sometimes.map(({ name, states }) => ({ name, states, runs: tally.reached[name] ?? 0 })),
    metrics: metricsOf(tally),
    cells: Object.keys(tally.cells)
      .sort()
      .map((name) => {
        const { cell, measures } = tally.cells[name] as (typeof tally.cells)[string];
        return {
          name,
          cell,
          runs: measures.runs,
          broken_runs: measures.brokenRuns,
          budget_runs: measures.budgetRuns,
          broken_by: measures.brokenBy,
          metrics: metricsOf(measures),
        };
      }),
    per_run: perRunDocument(tally.perRun),
  };
}

function metricsOf(measures: Measures): MetricsDocument {
  return {
    completion_percent: percent(measures.streamsCompleted, measures.streamsOwed),
    integrity_percent: percent(measures.streamsIntact, measures.streamsCompleted),
    streams_owed: measures.streamsOwed,
    streams_completed: measures.streamsCompleted,
    streams_lost: measures.streamsLost,
    reconnect_ms: spreadOf(measures.reconnect),
    resume_ms: spreadOf(measures.resume),
    recovery_ms: spreadOf(measures.recovery),
    peak_buffer_bytes: measures.peakBufferBytes,
    bytes_sent: measures.bytesSent,
    bytes_resent: measures.bytesResent,
    resent_percent: percent(measures.bytesResent, measures.bytesSent || 1),
    disconnects: measures.disconnects,
    events: measures.events,
    virtual_s: measures.virtual / 1e6,
  };
}

/** Percent of the whole; nothing of nothing is everything. */
export const percent = (part: number, whole: number): number => (whole === 0 ? 100 : (part / whole) * 100);

const milliseconds = (us: number | null): number | null => (us === null ? null : Math.round(us / 100) / 10);

/** A distribution in milliseconds. */
export function spreadOf(histogram: Histogram): SpreadDocument {
  const at = (num: number): number | null => milliseconds(quantile(histogram, num, 100));
  return {
    samples: histogram.count,
    mean: milliseconds(mean(histogram)),
    p50: at(50),
    p95: at(95),
    p99: at(99),
    max: at(100),
    buckets: bucketsOf(histogram).map(([us, count]) => [us / 1000, count]),
  };
}

/** A sum over all scenarios. */
export const total = ({ tallies }: Sweep, field: 'runs' | 'events' | 'virtual'): number =>
  tallies.reduce((sum, { tally }) => sum + tally[field], 0);
