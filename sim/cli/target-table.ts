/** The table of targets: one row a target and scenario, and one below it for each exception with its own bound. */
import pc from 'picocolors';
import { formatDuration } from '../../src/time.ts';
import type { Sweep } from '../explore/sweep.ts';
import { type Row, rowsOf } from '../explore/verdict.ts';
import { TARGETS, type Target } from '../targets/catalogue.ts';
import { newTable, spread } from './columns.ts';

/** Empty when no scenario promises a target. */
export function targetTable({ tallies }: Sweep): string[] {
  const table = newTable(['scenario', 'target', 'asked', 'measured', 'p50 p95 p99 max', 'verdict']);
  const reasons: string[] = [];
  for (const { scenario, tally } of tallies)
    for (const row of rowsOf(scenario.targets ?? [], tally)) {
      table.push([
        scenario.name,
        row.exception === null ? row.name : `${row.name} in ${row.cells}`,
        row.exception === null ? boundOf(TARGETS[row.name]) : exceptionBound(TARGETS[row.name], row.held),
        measured(row),
        row.figure.spread === null ? '' : spread(row.figure.spread),
        verdict(row),
      ]);
      if (row.exception !== null)
        reasons.push(`${scenario.name}: ${row.name} in ${row.cells}: ${row.exception.reason}`);
    }
  if (table.length === 0) return [];
  return [
    table.toString(),
    'times in virtual milliseconds; where a bound stands instead of a target:',
    ...(reasons.length === 0 ? ['nowhere'] : reasons),
    '',
  ];
}

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
      return pc.yellow(`not measured (${figure.samples} samples)`);
  }
}
