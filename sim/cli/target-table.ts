/** The table of targets: a row a target and scenario, and below it one for each exception with its own bound; or a summary. */
import pc from 'picocolors';
import type { Sweep } from '../explore/sweep.ts';
import { isMissed, isOpen, type Row, rowsOf } from '../explore/verdict.ts';
import { count, counted, NONE_PROMISED, notEnough } from '../report/words.ts';
import { inOneOrder, type Level, levelsOf, type Target, targetsOf } from '../targets/target.ts';
import { shownIn, spread, table } from './columns.ts';

interface Placed extends Row {
  readonly scenario: string;
}

/**
 * Every row, or (`every` false) one row a target with the figure that came closest to its bound, and whatever is missed.
 * Where there is none, though some scenario promises a target, that.
 */
export function targetTable({ tallies }: Sweep, { every }: { readonly every: boolean }): string[] {
  const rows = tallies.flatMap(({ scenario, tally }) =>
    rowsOf(targetsOf(scenario), tally).map((row): Placed => ({ ...row, scenario: scenario.name })),
  );
  const promise = tallies.some(({ scenario: { targets = [] } }) => targets.length > 0);
  if (rows.length === 0) return promise ? [`no target is judged: ${NONE_PROMISED}`, ''] : [];
  const order = inOneOrder([
    ...tallies.map(({ scenario }) => Object.keys(levelsOf(scenario))),
    ...tallies.map(({ scenario }) => targetsOf(scenario).map(({ name }) => name)),
  ]);
  return every ? whole(rows) : [...summary(rows, order), ...rows.filter(isMissed).map(inALine), ''];
}

function whole(rows: readonly Placed[]): string[] {
  // One scenario is named by the table above.
  const several = new Set(rows.map(({ scenario }) => scenario)).size > 1;
  const prefix = (row: Placed): string => (several ? `${row.scenario}: ` : '');
  const reasons = rows.flatMap((row) =>
    row.exception === null ? [] : [`${prefix(row)}${nameOf(row)}: ${row.exception.reason}`],
  );
  return [
    table(
      [...(several ? ['scenario'] : []), 'target', 'asked', 'measured', 'p50 p95 p99 max', 'verdict'],
      rows.map((row) => [
        ...(several ? [row.scenario] : []),
        nameOf(row),
        bound(row),
        measured(row),
        row.figure.spread === null ? '' : spread(row.figure.spread, row.target.figure.unit),
        verdict(row),
      ]),
    ),
    `times in virtual milliseconds${reasons.length === 0 ? '' : '; where a bound stands instead of a target:'}`,
    ...reasons,
    '',
  ];
}

/** The rows of a target in one: those of its exceptions are only counted, because their bounds are not its own. */
function summary(rows: readonly Placed[], order: readonly string[]): string[] {
  const lines = order.flatMap((name) => {
    const of = rows.filter((row) => row.name === name);
    const [first] = of;
    if (first === undefined) return [];
    const own = of.filter(({ exception, figure }) => exception === null && figure.value !== null);
    const excepted = of.filter(({ exception }) => exception !== null);
    const worst = own.reduce<Placed | undefined>(
      (most, row) => (most === undefined || share(row) > share(most) ? row : most),
      undefined,
    );
    return [
      [
        name,
        boundOf({ ...first.target, asked: first.target.held }),
        worst === undefined ? '-' : measured(worst),
        worst?.scenario ?? '-',
        new Set(of.map(({ scenario }) => scenario)).size,
        boundsInAll(excepted),
        inAll(of),
      ],
    ];
  });
  const open = rows.filter(isOpen);
  return [
    table(['target', 'asked', 'worst figure', 'in', 'scenarios', 'bounds instead', 'verdict'], lines),
    ...(open.length === 0
      ? []
      : [pc.cyan(`${counted(open.length, 'row')} of ${rows.length}: not enough seeds${enough(open)}`)]),
    'every row, with the reasons of the bounds: --targets',
  ];
}

/** How many bounds stand instead, and how many of them are broken. */
function boundsInAll(excepted: readonly Row[]): string {
  const broken = excepted.filter(isMissed).length;
  return `${excepted.length}${broken === 0 ? '' : pc.red(`, ${broken} broken`)}`;
}

/** What all rows of a target come to: `met`, `met in 20 of 28 rows, the rest has not enough seeds`, or where it is missed. */
function inAll(rows: readonly Row[]): string {
  const missed = rows.filter(isMissed).length;
  const open = rows.filter(isOpen).length;
  if (missed > 0) return pc.red(`MISSED in ${counted(missed, 'row')}`);
  if (open === 0) return pc.green('met');
  const [only] = rows;
  if (open < rows.length)
    return `${pc.green(`met in ${rows.length - open}`)}${pc.cyan(`, not enough seeds in ${open}`)}`;
  return pc.cyan(
    rows.length === 1 && only !== undefined ? notEnough(only.needed, samplesOf(only)) : 'not enough seeds',
  );
}

/** How many seeds would decide nine of ten of the rows for which that can be told, and how many all of them. */
function enough(open: readonly Row[]): string {
  const needed = open.flatMap((row) => row.needed ?? []).sort((a, b) => a - b);
  const most = needed.at(-1);
  const usual = needed[Math.ceil(needed.length * 0.9) - 1];
  if (most === undefined || usual === undefined) return '';
  const decided = needed.filter((each) => each <= usual).length;
  return `; ${counted(usual, 'seed')} would decide ${decided === open.length ? 'all' : decided}${most > usual ? `, ${count(most)} ${needed.length === open.length ? 'all' : needed.length}` : ''} of them`;
}

/** How much of its bound a figure uses; more is worse. */
function share({ target, figure, held }: Row): number {
  const value = figure.value ?? 0;
  return target.is === 'at least' ? -value : value / Math.max(held, 1);
}

const inALine = (row: Placed): string =>
  pc.red(`${row.scenario}: ${nameOf(row)}: ${bound(row)}, measured ${measured(row)}`);

/** A target, or an exception of it, by name: `recovery in condition=outage`. */
export const nameOf = (row: Row): string => (row.exception === null ? row.name : `${row.name} in ${row.cells}`);

const bound = (row: Row): string =>
  row.exception === null ? boundOf(row.target) : exceptionBound(row.target, row.held);

const SIGNS: Readonly<Record<Target['is'], string>> = { below: '<', 'at most': '<=', 'at least': '>=' };

/** A target's bound in words: `< 5 s p95`, `>= 100 % (99.95 % asked)`. */
export function boundOf(target: Level, held = target.held): string {
  const { is, asked = target.held } = target;
  const { unit, statistic } = target.figure;
  const how = statistic === 'share' || statistic === 'ratio' ? '' : ` ${statistic}`;
  const less = asked === held ? '' : ` (${shownIn(unit, asked)} asked)`;
  return `${SIGNS[is]} ${shownIn(unit, held)}${how}${less}`;
}

/** The bound of an exception, which may be reached. */
const exceptionBound = (target: Target, held: number): string =>
  `bound ${boundOf({ ...target, is: target.is === 'below' ? 'at most' : target.is, asked: held }, held)}`;

const measured = ({ target, figure }: Row): string =>
  figure.value === null ? '-' : shownIn(target.figure.unit, figure.value);

const samplesOf = ({ runs, figure }: Row): { readonly runs: number; readonly samples: number } => ({
  runs,
  samples: figure.samples,
});

function verdict(row: Row): string {
  switch (row.verdict) {
    case 'met':
      return pc.green('met');
    case 'bound':
      return pc.green('bound holds');
    case 'missed':
      return pc.red('MISSED');
    case 'out of bound':
      return pc.red('OUT OF BOUND');
    case 'not enough seeds':
      return pc.cyan(notEnough(row.needed, samplesOf(row)));
  }
}
