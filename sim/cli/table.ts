/** The tables of a sweep: a row a scenario, then what was never reached, how fast it went, and what is broken. */
import Table from 'cli-table3';
import pc from 'picocolors';
import { percent, total } from '../explore/document.ts';
import { type Histogram, quantile } from '../explore/histogram.ts';
import type { Problem } from '../explore/problems.ts';
import type { Sweep } from '../explore/sweep.ts';

export function report(result: Sweep, problems: readonly Problem[]): string {
  const runs = total(result, 'runs');
  const lines = [
    scenarios(result),
    'reconnect, resume, recovery: p50 p95 p99 max in virtual milliseconds; buffer: most bytes one connection held',
    '',
    ...unreached(result).map((line) => pc.yellow(`warning: ${line}`)),
    speed(result),
  ];
  if (result.stopped !== null) lines.push(pc.yellow(`stopped early: ${result.stopped}; the table is partial`));
  if (problems.length === 0 && runs > 0)
    lines.push(
      `${runs} clean seeds: a bug that shows in more than ${((3 / runs) * 100).toPrecision(2)} % of runs is excluded at 95 %`,
    );
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

/** A table in the style of the house: as narrow as its content. */
export const newTable = (head: readonly string[]): Table.Table =>
  new Table({ head: [...head], style: { head: [], border: [], compact: true } });

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
    const reached = scenario.sometimes.filter(({ name }) => tally.reached[name] !== undefined).length;
    table.push([
      scenario.name,
      tally.runs,
      laws === 0 && tally.budgetRuns === 0
        ? pc.green('0')
        : pc.red(`${laws} in ${tally.brokenRuns + tally.budgetRuns} runs`),
      share(tally.streamsCompleted, tally.streamsOwed),
      share(tally.streamsIntact, tally.streamsCompleted),
      spread(tally.reconnect),
      spread(tally.resume),
      spread(tally.recovery),
      `${Math.ceil(tally.peakBufferBytes / 1024)} KB`,
      percent(tally.bytesResent, tally.bytesSent || 1).toFixed(2),
      `${reached}/${scenario.sometimes.length}`,
    ]);
  }
  return table.toString();
}

/** Claims that never came true: their laws were not exercised. */
function unreached({ tallies }: Sweep): string[] {
  return tallies.flatMap(({ scenario, tally }) => {
    const missing = scenario.sometimes.filter(({ name }) => tally.reached[name] === undefined);
    if (missing.length === 0) return [];
    return [`${scenario.name} never reached ${missing.map(({ name, states }) => `${name} (${states})`).join(', ')}`];
  });
}

function speed(result: Sweep): string {
  const seconds = result.wallMs / 1000;
  const rate = (field: 'runs' | 'events' | 'virtual', unit = 1): number =>
    Math.round(total(result, field) / unit / seconds);
  return `${total(result, 'runs')} runs in ${seconds.toFixed(1)} s: ${rate('runs')} runs/s, ${rate('events')} events/s, ${rate('virtual', 1e6)} virtual seconds a second`;
}

const share = (part: number, whole: number): string => {
  const value = percent(part, whole);
  return value === 100 ? '100' : value.toFixed(3);
};

/** p50, p95, p99 and maximum in whole milliseconds. */
function spread(histogram: Histogram): string {
  return [50, 95, 99, 100]
    .map((num) => quantile(histogram, num, 100))
    .map((value) => (value === null ? '-' : String(Math.round(value / 1000))))
    .join(' ');
}
