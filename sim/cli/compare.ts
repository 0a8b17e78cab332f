/** `hangup compare A B`: what became worse between two sweeps, by more than luck. */
import pc from 'picocolors';
import { visible } from '../../src/visible.ts';
import { type Comparison, compare, type Row } from '../compare/compare.ts';
import type { Interval } from '../compare/interval.ts';
import { parseSweep } from '../compare/read.ts';
import { shown } from '../core/shown.ts';
import { argumentsText } from '../explore/command-line.ts';
import type { ExploreDocument } from '../explore/document.ts';
import { readFile } from '../input/read-file.ts';
import { count, counted, duration, percent, size } from '../report/words.ts';
import { table } from './columns.ts';
import { EXIT, InputError, UsageError } from './errors.ts';
import { say, sayJson } from './terminal.ts';
import { VERSION } from './version.ts';

export interface CompareFlags {
  readonly leastChange: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function compareFiles(pathA: string, pathB: string, flags: CompareFlags): number {
  const leastPercent = percentOf('--least-change', flags.leastChange);
  const read = [sweepOf(pathA), sweepOf(pathB)];
  const problems = read.filter((each) => typeof each === 'string');
  // One line for each file, so that both are mended at once.
  if (problems.length > 0) throw new InputError(...problems);
  const [a, b] = read as [ExploreDocument, ExploreDocument];
  const comparison = compare(a, b, { leastPercent });
  if (comparison.onlyA.length === a.scenarios.length)
    throw new InputError(`${pathA} and ${pathB}: expected at least one scenario in common`);
  if (flags.json) {
    const side = (file: string, { version, seeds, from }: ExploreDocument): object => ({ file, version, seeds, from });
    const head = { schema: 'hangup/compare/1', version: VERSION, a: side(pathA, a), b: side(pathB, b), leastPercent };
    sayJson({ ...head, ...comparison }, 2);
  } else say(text({ path: pathA, sweep: a }, { path: pathB, sweep: b }, comparison, flags));
  return comparison.regressions > 0 ? EXIT.broken : EXIT.holds;
}

function percentOf(flag: string, given: string): number {
  const value = /^\d{1,3}(\.\d{1,6})?%?$/.test(given) ? Number.parseFloat(given) : Number.NaN;
  if (!(value <= 100))
    throw new UsageError(`${flag}: expected a percentage from 0 to 100, e.g. 1, got ${shown(given)}`);
  return value;
}

/** The sweep in a file, or the line that says what is wrong with it. */
function sweepOf(path: string): ExploreDocument | string {
  let text: string;
  try {
    text = new TextDecoder().decode(readFile(path));
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  const parsed = parseSweep(text);
  return 'problem' in parsed ? `${path}: ${parsed.problem}` : parsed.document;
}

interface Side {
  readonly path: string;
  readonly sweep: ExploreDocument;
}

function text(a: Side, b: Side, comparison: Comparison, flags: CompareFlags): string {
  const { rows, facts, identical, onlyA, onlyB, intervals, regressions } = comparison;
  const lines = [sideLine('A', a), sideLine('B', b)];
  for (const field of ['seeds', 'from'] as const)
    if (a.sweep[field] !== b.sweep[field])
      lines.push(pc.yellow(`note: \`${field}\` differs: ${a.sweep[field]}, ${b.sweep[field]}`));
  const conditions = [a, b].map(({ sweep }) => argumentsText(sweep.arguments) || 'none');
  if (conditions[0] !== conditions[1])
    lines.push(pc.yellow(`note: the sweeps were run with other arguments: ${conditions.join(' and ')}`));
  for (const [side, stopped] of [
    ['A', a.sweep.stopped],
    ['B', b.sweep.stopped],
  ])
    if (stopped !== null && stopped !== undefined) lines.push(pc.yellow(`note: ${side} stopped early (${stopped})`));
  if (onlyA.length > 0) lines.push(pc.yellow(`note: only in A: ${onlyA.join(', ')}`));
  if (onlyB.length > 0) lines.push(pc.yellow(`note: only in B: ${onlyB.join(', ')}`));
  const shown = flags.all ? rows : rows.filter(({ verdict }) => verdict === 'worse' || verdict === 'better');
  if (shown.length > 0) lines.push('', changes(shown, Number.parseFloat(flags.leastChange)));
  for (const { scenario, regression, states, paste } of facts) {
    lines.push('', (regression ? pc.red : pc.yellow)(`${scenario}: ${states}`));
    if (paste !== null) lines.push(paste);
  }
  lines.push('');
  if (identical.length > 0)
    lines.push(`${counted(identical.length, 'scenario')} identical, event by event: ${identical.join(', ')}`);
  if (intervals > 0)
    lines.push(
      `${counted(intervals, 'interval')}, all of which hold together with 95 % (${comparison.reach.toFixed(2)} standard errors); changes up to ${Number.parseFloat(flags.leastChange)} % count as none`,
    );
  const better = rows.filter(({ verdict }) => verdict === 'better').length;
  lines.push(
    regressions > 0
      ? pc.red(`${counted(regressions, 'regression')}${better > 0 ? `, ${counted(better, 'improvement')}` : ''}`)
      : pc.green(`no regression${better > 0 ? `, ${counted(better, 'improvement')}` : ''}`),
  );
  return lines.join('\n');
}

const sideLine = (name: string, { path, sweep }: Side): string =>
  `${name}: ${visible(path)}, hangup ${sweep.version}, ${counted(sweep.scenarios.length, 'scenario')}, ${counted(
    sweep.scenarios.reduce((sum, { runs }) => sum + runs, 0),
    'run',
  )}`;

const HEAD = ['scenario', 'metric', 'A', 'B', 'change', 'interval of the change', 'verdict'];

function changes(rows: readonly Row[], leastPercent: number): string {
  // A change that may be luck is not called the same: more seeds may yet tell.
  const word = (verdict: Row['verdict'], relative: number | null): string =>
    verdict === 'same' && relative !== null && Math.abs(relative) > leastPercent ? 'may be luck' : verdict;
  return table(
    HEAD,
    rows.map(({ scenario, metric, unit, a, b, change, percent: relative, verdict }) => [
      scenario,
      metric,
      inUnit(unit, a.value),
      inUnit(unit, b.value),
      relative === null ? signed(unit, change.value) : `${relative > 0 ? '+' : ''}${relative.toFixed(1)} %`,
      intervalText(unit, change),
      verdict === 'worse' ? pc.red('worse') : verdict === 'better' ? pc.green('better') : word(verdict, relative),
    ]),
  );
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
