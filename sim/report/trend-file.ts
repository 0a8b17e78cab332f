/**
 * The trend of sweeps: one JSON line each, appended by `explore --trend`, so that a report can draw the trend.
 *
 * Reading is forgiving and says so: a line that is no entry is named and left out, because a file that one bad line
 * makes useless is a file that nobody keeps.
 */
import { shown } from '../core/shown.ts';
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import type { HeadlineDocument } from '../explore/metrics.ts';
import type { TargetDocument } from '../explore/target-document.ts';
import { type Told, toldBy } from './headline.ts';

export interface TrendEntry {
  readonly schema: 'hangup/trend/1';
  /** Wall time at the end of the sweep, ISO 8601; nothing in a run depends on it. */
  readonly at: string;
  readonly version: string;
  readonly seeds: number;
  readonly from: string;
  readonly arguments: ExploreDocument['arguments'];
  readonly scenarios: readonly TrendFigures[];
}

/** What is kept of a scenario. */
export interface TrendFigures {
  readonly name: string;
  readonly runs: number;
  readonly broken_runs: number;
  readonly budget_runs: number;
  /** Missing in lines of before they were counted. */
  readonly threw_runs?: number;
  readonly crashed_runs?: number;
  readonly nondeterministic_runs?: number;
  readonly digest: string;
  /** What the scenario is told by in a word; null when it measures no distribution. */
  readonly headline: (Quantiles & Pick<HeadlineDocument, 'name' | 'unit'>) | null;
  /** Verdicts by target: its figure, and whether it is what was promised. */
  readonly targets: readonly Pick<TargetDocument, 'name' | 'unit' | 'value' | 'held' | 'verdict'>[];
}

interface Quantiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The line of a sweep. */
export function trendEntry(document: ExploreDocument, at: string): TrendEntry {
  const { version, seeds, from, scenarios } = document;
  return {
    schema: 'hangup/trend/1',
    at,
    version,
    seeds,
    from,
    arguments: document.arguments,
    scenarios: scenarios.map(figuresOf),
  };
}

function figuresOf(scenario: ScenarioDocument): TrendFigures {
  const { name, runs, broken_runs, budget_runs, threw_runs, crashed_runs, nondeterministic_runs } = scenario;
  const { digest, targets } = scenario;
  const [told] = [...toldBy([scenario]).values()].flat();
  return {
    ...{ name, runs, broken_runs, budget_runs, threw_runs, crashed_runs, nondeterministic_runs, digest },
    headline: told === undefined ? null : headlineOf(told),
    targets: targets.map(({ name, unit, value, held, verdict }) => ({ name, unit, value, held, verdict })),
  };
}

const headlineOf = ({ headline: { name, unit }, spread: { p50, p95, p99, max } }: Told): TrendFigures['headline'] => ({
  ...{ name, unit, p50, p95, p99, max },
});

export interface Trend {
  readonly entries: readonly TrendEntry[];
  /** One sentence for each line that was left out, with its number. */
  readonly problems: readonly string[];
}

export function parseTrend(text: string): Trend {
  const entries: TrendEntry[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const problem = problemOf(line);
    if (typeof problem === 'string') problems.push(`line ${index + 1}: ${problem}; left out`);
    else entries.push(problem);
  }
  return { entries, problems };
}

function problemOf(line: string): TrendEntry | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'does not parse as JSON (was it cut off?)';
  }
  if (value === null || typeof value !== 'object') return 'expected a JSON object';
  const entry = value as Partial<Record<keyof TrendEntry, unknown>>;
  if (entry.schema !== 'hangup/trend/1') return `\`schema\`: expected hangup/trend/1, got ${shown(entry.schema)}`;
  for (const field of ['at', 'version', 'from'] as const)
    if (typeof entry[field] !== 'string') return `\`${field}\`: expected a text, got ${shown(entry[field])}`;
  if (!Number.isSafeInteger(entry.seeds)) return `\`seeds\`: expected a number of seeds, got ${shown(entry.seeds)}`;
  if (!isArguments(entry.arguments))
    return `\`arguments\`: expected an object of texts and nulls, got ${shown(entry.arguments)}`;
  if (!Array.isArray(entry.scenarios) || !entry.scenarios.every(isFigures))
    return '`scenarios`: expected a list of figures by scenario';
  return value as TrendEntry;
}

/** Arguments of a sweep. A line or document of before an argument existed lacks it, or all of them. */
export const isArguments = (value: unknown): boolean =>
  value === undefined ||
  (value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => each === null || typeof each === 'string'));

function isFigures(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  const figures = value as Partial<Record<keyof TrendFigures, unknown>>;
  return (
    typeof figures.name === 'string' &&
    (['runs', 'broken_runs', 'budget_runs'] as const).every((field) => Number.isSafeInteger(figures[field])) &&
    (figures.headline === null || isHeadline(figures.headline))
  );
}

const isHeadline = (value: unknown): boolean => {
  if (value === undefined || typeof value !== 'object') return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return (
    typeof fields.name === 'string' &&
    ['ms', 'bytes', 'percent', 'count'].includes(String(fields.unit)) &&
    ['p50', 'p95', 'max'].every((each) => fields[each] === null || Number(fields[each]) >= 0)
  );
};
