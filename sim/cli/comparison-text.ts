/** What `hangup compare` prints. */
import pc from 'picocolors';
import { visible } from '../../src/visible.ts';
import type { Comparison, Row } from '../compare/compare.ts';
import type { Interval } from '../compare/interval.ts';
import { argumentsText } from '../explore/command-line.ts';
import type { ExploreDocument } from '../explore/document.ts';
import { count, counted, duration, percent, size } from '../report/words.ts';
import { table } from './columns.ts';

/** A sweep, by the letter that stands for it. */
export interface Side {
  readonly name: string;
  readonly path: string;
  readonly sweep: ExploreDocument;
}

interface How {
  readonly all: boolean;
  readonly leastPercent: number;
}

export function comparisonText(
  first: Side,
  others: readonly Side[],
  comparisons: readonly Comparison[],
  how: How,
): string {
  const lines = [first, ...others].map(sideLine);
  for (const [index, other] of others.entries()) {
    const comparison = comparisons[index] as Comparison;
    // A heading only where there is more than one.
    if (others.length > 1) lines.push('', pc.bold(`${other.name} against ${first.name}`));
    lines.push(...notesOf(first, other, comparison), ...changesOf(first, other, comparison, how));
    if (others.length > 1 && isQuiet(comparison)) lines.push('nothing changed by more than luck');
    if (comparison.identical.length > 0) lines.push('', identicalLine(comparison));
  }
  // Of two sweeps everything at the end is one paragraph.
  if (others.length > 1 || comparisons[0]?.identical.length === 0) lines.push('');
  lines.push(...endOf(comparisons, how));
  return lines.join('\n');
}

const isQuiet = ({ rows, facts }: Comparison): boolean =>
  rows.length > 0 && facts.length === 0 && rows.every(({ verdict }) => verdict !== 'worse' && verdict !== 'better');

const identicalLine = ({ identical }: Comparison): string =>
  `${counted(identical.length, 'scenario')} identical, event by event: ${identical.join(', ')}`;

const sideLine = ({ name, path, sweep }: Side): string =>
  `${name}: ${visible(path)}, hangup ${sweep.version}, ${counted(sweep.scenarios.length, 'scenario')}, ${counted(
    sweep.scenarios.reduce((sum, { runs }) => sum + runs, 0),
    'run',
  )}`;

/** In what the sweeps differ beside their results. */
function notesOf(a: Side, b: Side, { onlyA, onlyB }: Comparison): string[] {
  const notes: string[] = [];
  for (const field of ['seeds', 'from'] as const)
    if (a.sweep[field] !== b.sweep[field]) notes.push(`\`${field}\` differs: ${a.sweep[field]}, ${b.sweep[field]}`);
  const conditions = [a, b].map(({ sweep }) => argumentsText(sweep.arguments) || 'none');
  if (conditions[0] !== conditions[1])
    notes.push(`the sweeps were run with other arguments: ${conditions.join(' and ')}`);
  for (const { name, sweep } of [a, b]) if (sweep.stopped) notes.push(`${name} stopped early (${sweep.stopped})`);
  if (onlyA.length > 0) notes.push(`only in ${a.name}: ${onlyA.join(', ')}`);
  if (onlyB.length > 0) notes.push(`only in ${b.name}: ${onlyB.join(', ')}`);
  return notes.map((note) => pc.yellow(`note: ${note}`));
}

function changesOf(a: Side, b: Side, { rows, facts }: Comparison, how: How): string[] {
  const lines: string[] = [];
  const shown = how.all ? rows : rows.filter(({ verdict }) => verdict === 'worse' || verdict === 'better');
  if (shown.length > 0) lines.push('', changes(a, b, shown, how.leastPercent));
  for (const { scenario, regression, states, paste } of facts) {
    lines.push('', (regression ? pc.red : pc.yellow)(`${scenario}: ${states}`));
    if (paste !== null) lines.push(paste);
  }
  return lines;
}

/** What is to be said of all comparisons together. */
function endOf(comparisons: readonly Comparison[], { leastPercent }: How): string[] {
  const lines: string[] = [];
  const { intervals, reach } = comparisons[0] as Comparison;
  const rows = comparisons.flatMap((each) => each.rows);
  const twins = comparisons.flatMap((each) => Object.values(each.twins)).reduce((sum, runs) => sum + runs, 0);
  if (twins > 0)
    lines.push(
      `${counted(twins, 'pair')} of runs of one seed, which met the same luck: r is the correlation achieved, x how many times more runs would be needed without pairs`,
    );
  if (intervals > 0)
    lines.push(
      `${counted(intervals, 'interval')}, all of which hold together with 95 % (${reach.toFixed(2)} standard errors); changes up to ${leastPercent} % count as none`,
    );
  const regressions = comparisons.reduce((sum, each) => sum + each.regressions, 0);
  const better = rows.filter(({ verdict }) => verdict === 'better').length;
  const improved = better > 0 ? `, ${counted(better, 'improvement')}` : '';
  lines.push(
    regressions > 0 ? pc.red(`${counted(regressions, 'regression')}${improved}`) : pc.green(`no regression${improved}`),
  );
  return lines;
}

function changes(a: Side, b: Side, rows: readonly Row[], leastPercent: number): string {
  // A change that may be luck is not called the same: more seeds may yet tell.
  const word = (verdict: Row['verdict'], relative: number | null): string =>
    verdict === 'same' && relative !== null && Math.abs(relative) > leastPercent ? 'may be luck' : verdict;
  const isPaired = rows.some(({ pairs }) => pairs !== null);
  return table(
    [
      'scenario',
      'metric',
      a.name,
      b.name,
      'change',
      'interval of the change',
      ...(isPaired ? ['pairs'] : []),
      'verdict',
    ],
    rows.map((row) => [
      row.scenario,
      row.metric,
      inUnit(row.unit, row.a.value),
      inUnit(row.unit, row.b.value),
      row.percent === null
        ? signed(row.unit, row.change.value)
        : `${row.percent > 0 ? '+' : ''}${row.percent.toFixed(1)} %`,
      intervalText(row.unit, row.change),
      ...(isPaired ? [pairsText(row.pairs)] : []),
      row.verdict === 'worse'
        ? pc.red('worse')
        : row.verdict === 'better'
          ? pc.green('better')
          : word(row.verdict, row.percent),
    ]),
  );
}

/** `r 0.98 x43`: the correlation achieved, and what it gained. */
function pairsText(pairs: Row['pairs']): string {
  // Where nothing varies on a side there is nothing to correlate.
  if (pairs === null || pairs.correlation === null) return 'none';
  const { correlation, gain } = pairs;
  const times = gain === null ? '' : ` x${gain >= 10 ? count(Math.round(gain)) : gain.toFixed(1)}`;
  return `r ${correlation.toFixed(2)}${times}`;
}

const intervalText = (unit: Row['unit'], { least, most }: Interval): string =>
  least === Number.NEGATIVE_INFINITY && most === Number.POSITIVE_INFINITY
    ? 'unbounded: too few runs'
    : `${signed(unit, least)} to ${signed(unit, most)}`;

function signed(unit: Row['unit'], value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  if (!Number.isFinite(value)) return value > 0 ? 'unbounded' : '-unbounded';
  return `${value < 0 ? '-' : '+'}${inUnit(unit, Math.abs(value))}`;
}

function inUnit(unit: Row['unit'], value: number): string {
  if (Number.isNaN(value)) return 'none';
  if (unit === 'us') return duration(value / 1000);
  if (unit === 'bytes') return size(value);
  if (unit === 'percent') return percent(value);
  return unit === 'share' ? percent(value * 100) : count(value);
}
