/** The tables of a sweep: a row a scenario, then what was never reached, how fast it went, and what is broken. */

import pc from 'picocolors';
import { formatRounded } from '../../src/time.ts';
import { claimRowsOf } from '../explore/claim-verdict.ts';
import { total } from '../explore/document.ts';
import type { Problem } from '../explore/problems.ts';
import type { Sweep } from '../explore/sweep.ts';
import { count, counted, excludedBy, notEnough, size } from '../report/words.ts';
import { cellTable } from './cell-table.ts';
import { share, spread, table } from './columns.ts';
import { targetTable } from './target-table.ts';

export function report(
  result: Sweep,
  problems: readonly Problem[],
  { byCell, targets }: { readonly byCell: boolean; readonly targets: boolean },
): string {
  const runs = total(result, 'runs');
  const lines = [
    scenarios(result),
    'reconnect, resume, recovery: p50 p95 p99 max in virtual milliseconds; buffer: most bytes one connection held',
    '',
    ...(byCell ? cellTable(result) : []),
    ...targetTable(result, { every: targets }),
    ...unreached(result),
    speed(result),
  ];
  if (result.stopped !== null) lines.push(pc.yellow(`stopped early: ${result.stopped}; the table is partial`));
  const excluded = excludedBy(runs);
  if (problems.length === 0 && excluded !== '') lines.push(`${counted(runs, 'clean run')}: ${excluded}`);
  for (const { scenario, law, message, confirmed, paste } of problems) {
    lines.push(
      '',
      pc.red(`${scenario}: ${law}: ${message}`),
      confirmed ? 'confirmed by a second run' : pc.red('a second run had another digest: this is nondeterminism'),
      paste,
    );
  }
  return `${lines.join('\n')}\n`;
}

const HEAD = [
  'scenario',
  'runs',
  'laws broken',
  'complete %',
  'intact %',
  'reconnect',
  'resume',
  'recovery',
  'buffer',
  'resent %',
  'sometimes',
];

function scenarios({ tallies }: Sweep): string {
  return table(
    HEAD,
    tallies.map(({ scenario, tally }) => {
      const laws = Object.keys(tally.brokenBy).length;
      const bad = tally.brokenRuns + tally.budgetRuns;
      const reached = scenario.sometimes.filter(({ name }) => tally.reached[name] !== undefined).length;
      return [
        scenario.name,
        count(tally.runs),
        bad === 0 ? pc.green('0') : pc.red(`${laws}, ${counted(bad, 'bad run')}`),
        share(tally.streamsCompleted, tally.streamsOwed),
        share(tally.streamsIntact, tally.streamsCompleted),
        spread(tally.reconnect),
        spread(tally.resume),
        spread(tally.recovery),
        tally.runs === 0 ? '-' : size(tally.peakBufferBytes),
        share(tally.bytesResent, tally.bytesSent),
        `${reached}/${scenario.sometimes.length}`,
      ];
    }),
  );
}

/** Claims that did not come true: the laws that they guard were not put to the test. */
function unreached({ tallies }: Sweep): string[] {
  return tallies.flatMap(({ scenario, tally }) =>
    claimRowsOf(scenario.sometimes, tally.reached, tally.runs).flatMap(({ name, states, verdict, needed }) => {
      const line = (seen: string): string =>
        `${scenario.name}: ${name} (${states}) ${seen} in ${counted(tally.runs, 'run')}`;
      if (verdict === 'reached') return [];
      if (verdict === 'never reached') return [pc.red(line('never came true'))];
      if (verdict === 'not expected') return [line('did not come true')];
      return [
        pc.cyan(`${line('has not come true yet')}: ${notEnough(needed, { runs: tally.runs, samples: tally.runs })}`),
      ];
    }),
  );
}

function speed(result: Sweep): string {
  const seconds = result.wallMs / 1000;
  const rate = (field: 'runs' | 'events' | 'virtual', unit = 1): number =>
    Math.round(total(result, field) / unit / seconds);
  return `${counted(total(result, 'runs'), 'run')} in ${formatRounded(result.wallMs * 1000)}: ${rate('runs')} runs/s, ${rate('events')} events/s, ${rate('virtual', 1e6)} virtual seconds a second`;
}
