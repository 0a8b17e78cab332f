/** The table of targets: a row a target and scenario, and below it one for each exception with its own bound; or a summary. */
import pc from 'picocolors';
import { formatDuration } from '../../src/time.ts';
import type { Sweep } from '../explore/sweep.ts';
import { isMissed, type Row, rowsOf } from '../explore/verdict.ts';
import { counted } from '../report/words.ts';
import { TARGETS, type Target } from '../targets/catalogue.ts';
import { TARGET_NAMES } from '../targets/target.ts';
import { newTable, spread } from './columns.ts';
import type { Missed } from './exit-code.ts';

interface Placed extends Row {
  readonly scenario: string;
}

/**
 * Every row, or (`every` false) one row a target with the figure that came closest to its bound, and whatever is missed.
 * Empty when no scenario promises a target.
 */
export function targetTable({ tallies }: Sweep, { every }: { readonly every: boolean }): string[] {
  const rows = tallies.flatMap(({ scenario, tally }) =>
    rowsOf(scenario.targets ?? [], tally).map((row): Placed => ({ ...row, scenario: scenario.name })),
  );
  if (rows.length === 0) return [];
  return every ? whole(rows) : [...summary(rows), ...rows.filter(isMissed).map(inALine), ''];
}

function whole(rows: readonly Placed[]): string[] {
  const table = newTable(['scenario', 'target', 'asked', 'measured', 'p50 p95 p99 max', 'verdict']);
  for (const row of rows)
    table.push([
      row.scenario,
      nameOf(row),
      bound(row),
      measured(row),
      row.figure.spread === null ? '' : spread(row.figure.spread),
      verdict(row),
    ]);
  const reasons = rows.flatMap((row) =>
    row.exception === null ? [] : [`${row.scenario}: ${nameOf(row)}: ${row.exception.reason}`],
  );
  return [
    table.toString(),
    'times in virtual milliseconds; where a bound stands instead of a target:',
    ...(reasons.length === 0 ? ['nowhere'] : reasons),
    '',
  ];
}

/** The rows of a target in one: those of its exceptions are only counted, because their bounds are not its own. */
function summary(rows: readonly Placed[]): string[] {
  const table = newTable(['target', 'asked', 'worst figure', 'in', 'scenarios', 'bounds instead', 'verdict']);
  for (const name of TARGET_NAMES) {
    const of = rows.filter((row) => row.name === name);
    const own = of.filter(({ exception, figure }) => exception === null && figure.value !== null);
    const excepted = of.filter(({ exception }) => exception !== null);
    const worst = own.reduce<Placed | undefined>(
      (most, row) => (most === undefined || share(row) > share(most) ? row : most),
      undefined,
    );
    if (of.length === 0) continue;
    const missed = of.filter(isMissed).length;
    table.push([
      name,
      boundOf(TARGETS[name]),
      worst === undefined ? '-' : measured(worst),
      worst?.scenario ?? '-',
      new Set(of.map(({ scenario }) => scenario)).size,
      excepted.length === 0 ? '' : `${excepted.length}, ${excepted.filter(isMissed).length} broken`,
      missed > 0 ? pc.red(`MISSED in ${counted(missed, 'row')}`) : worst === undefined ? '' : pc.green('met'),
    ]);
  }
  return [table.toString(), 'every row, with the reasons of the bounds: --targets'];
}

/** How much of its bound a figure uses; more is worse. */
function share({ name, figure, held }: Row): number {
  const value = figure.value ?? 0;
  return TARGETS[name].is === 'at least' ? -value : value / Math.max(held, 1);
}

const inALine = (row: Placed): string =>
  pc.red(`${row.scenario}: ${nameOf(row)}: ${bound(row)}, measured ${measured(row)}`);

/** All missed rows in one line, without figures: `missed: context/basic: recovery in condition=outage (4 runs), …`. */
export const missedLine = (missed: readonly Missed[]): string =>
  `missed: ${missed.map(({ scenario, row }) => `${scenario}: ${nameOf(row)} (${counted(row.runs, 'run')})`).join(', ')}`;

const nameOf = (row: Row): string => (row.exception === null ? row.name : `${row.name} in ${row.cells}`);

const bound = (row: Row): string =>
  row.exception === null ? boundOf(TARGETS[row.name]) : exceptionBound(TARGETS[row.name], row.held);

const SIGNS: Readonly<Record<Target['is'], string>> = { below: '<', 'at most': '<=', 'at least': '>=' };

/** A target's bound in words: `< 5 s p95`, `>= 100 % (99.95 % asked)`. */
export function boundOf(target: Target, held = target.held): string {
  const { is, unit, statistic, asked } = target;
  const how = statistic === 'share' || statistic === 'ratio' ? '' : ` ${statistic}`;
  const less = asked === held ? '' : ` (${show(asked, unit)} asked)`;
  return `${SIGNS[is]} ${show(held, unit)}${how}${less}`;
}

/** The bound of an exception, which may be reached. */
const exceptionBound = (target: Target, held: number): string =>
  `bound ${boundOf({ ...target, is: target.is === 'below' ? 'at most' : target.is, asked: held }, held)}`;

const measured = ({ name, figure }: Row): string =>
  figure.value === null ? '-' : show(figure.value, TARGETS[name].unit);

function show(value: number, unit: Target['unit']): string {
  switch (unit) {
    case 'us':
      return formatDuration(Math.round(value));
    case 'bytes':
      return value < 1_000_000 ? `${Math.ceil(value / 1000)} KB` : `${Number((value / 1_000_000).toFixed(1))} MB`;
    case 'percent':
      return `${Number(value.toFixed(3))} %`;
  }
}

function verdict({ verdict: found, figure }: Row): string {
  switch (found) {
    case 'met':
      return pc.green('met');
    case 'bound':
      return pc.green('bound holds');
    case 'missed':
      return pc.red('MISSED');
    case 'out of bound':
      return pc.red('OUT OF BOUND');
    case 'not measured':
      return pc.yellow(`not measured (${counted(figure.samples, 'sample')})`);
  }
}
