/** The tables of a sweep: a row a scenario, then what was never reached, how fast it went, and what is broken. */

import pc from 'picocolors';
import { counted } from '../../src/count.ts';
import { formatRounded } from '../../src/time.ts';
import { total } from '../explore/document.ts';
import { badRuns } from '../explore/measures.ts';
import { percent } from '../explore/metrics.ts';
import type { Problem } from '../explore/problems.ts';
import type { Sweep } from '../explore/sweep.ts';
import { claimsOf, type Tally } from '../explore/tally.ts';
import { cellTable } from './cell-table.ts';
import { newTable, share, spread } from './columns.ts';
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
    ...admission(result),
    '',
    ...(byCell ? cellTable(result) : []),
    ...targetTable(result, { every: targets }),
    ...unreached(result).map((line) => pc.yellow(`warning: ${line}`)),
    speed(result),
  ];
  if (result.stopped !== null) lines.push(pc.yellow(`stopped early: ${result.stopped}; the table is partial`));
  for (const note of result.notes ?? []) lines.push(pc.yellow(note));
  // The rule of three says nothing of three runs.
  if (problems.length === 0 && runs > 3)
    lines.push(
      `${runs} clean seeds: a bug that shows in more than ${((3 / runs) * 100).toPrecision(2)} % of runs is excluded at 95 %`,
    );
  for (const { scenario, law, message, confirmed, paste } of problems) {
    lines.push('', pc.red(`${scenario}: ${law}: ${message}`), confirmedWords(confirmed), paste);
  }
  return `${lines.join('\n')}\n`;
}

const confirmedWords = (confirmed: boolean | null): string => {
  if (confirmed === null) return pc.yellow('not confirmed: the sweep was interrupted before a second run');
  return confirmed ? 'confirmed by a second run' : pc.red('a second run had another digest: this is nondeterminism');
};

function scenarios({ tallies }: Sweep): string {
  const table = newTable([
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
  ]);
  for (const { scenario, tally } of tallies) {
    const laws = Object.keys(tally.brokenBy).length;
    const claims = claimsOf(scenario, tally);
    const reached = claims.filter(({ name }) => tally.reached[name] !== undefined).length;
    table.push([
      scenario.name,
      tally.runs,
      badRuns(tally) === 0 ? pc.green('0') : pc.red(badWords(laws, tally)),
      share(tally.streamsCompleted, tally.streamsOwed),
      share(tally.streamsIntact, tally.streamsCompleted),
      spread(tally.reconnect),
      spread(tally.resume),
      spread(tally.recovery),
      `${Math.ceil(tally.peakBufferBytes / 1024)} KB`,
      percent(tally.bytesResent, tally.bytesSent || 1).toFixed(2),
      `${reached}/${claims.length}`,
    ]);
  }
  return table.toString();
}

/** `2 in 5 runs, 1 threw, 3 crashed`. */
const badWords = (laws: number, { brokenRuns, budgetRuns, threwRuns, crashedRuns }: Tally): string =>
  [
    `${laws} in ${counted(brokenRuns + budgetRuns, 'run')}`,
    ...(threwRuns === 0 ? [] : [`${threwRuns} threw`]),
    ...(crashedRuns === 0 ? [] : [`${crashedRuns} crashed`]),
  ].join(', ');

/** How dense it got where servers admit so many a second. */
function admission({ tallies }: Sweep): string[] {
  return tallies.flatMap(({ scenario, tally }) => {
    const { arrivals, refusals, peakDials1s, peakArrivals1s, peakRefusals1s, peakArrivalsPermille } = tally;
    if (peakArrivalsPermille === 0) return [];
    return [
      `${scenario.name}: servers refused ${percent(refusals, arrivals).toFixed(1)} % of ${arrivals} arrivals; in one second at most ${peakDials1s} dials, ${peakArrivals1s} arrivals, ${peakRefusals1s} refusals, and arrivals ${(peakArrivalsPermille / 1000).toFixed(1)} times what is admitted`,
    ];
  });
}

/** Claims that never came true: their laws were not exercised. */
function unreached({ tallies }: Sweep): string[] {
  return tallies.flatMap(({ scenario, tally }) => {
    const missing = claimsOf(scenario, tally).filter(({ name }) => tally.reached[name] === undefined);
    if (missing.length === 0) return [];
    return [`${scenario.name} never reached ${missing.map(({ name, states }) => `${name} (${states})`).join(', ')}`];
  });
}

function speed(result: Sweep): string {
  const seconds = result.wallMs / 1000;
  const rate = (field: 'runs' | 'events' | 'virtual', unit = 1): number =>
    Math.round(total(result, field) / unit / seconds);
  return `${counted(total(result, 'runs'), 'run')} in ${formatRounded(result.wallMs * 1000)}: ${rate('runs')} runs/s, ${rate('events')} events/s, ${rate('virtual', 1e6)} virtual seconds a second`;
}
