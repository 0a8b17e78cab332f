/** The tables of a sweep: a row a scenario, then what was never reached, how fast it went, and what is broken. */
import pc from 'picocolors';
import { formatRounded } from '../../src/time.ts';
import type { Cell } from '../core/cells.ts';
import { claimRowsOf } from '../explore/claim-verdict.ts';
import { total } from '../explore/document.ts';
import { type LawRow, lawRowsOf } from '../explore/law-verdict.ts';
import { badRuns } from '../explore/measures.ts';
import { percentOf } from '../explore/numbers.ts';
import type { Sweep } from '../explore/sweep.ts';
import { claimsOf, type Tally } from '../explore/tally.ts';
import { count, counted, excludedBy, notBegun, notEnough, percent } from '../report/words.ts';
import { cellTable } from './cell-table.ts';
import { table } from './columns.ts';
import { columnsOf, explained } from './figure-columns.ts';
import { targetTable } from './target-table.ts';

export function report(
  result: Sweep,
  /** What was found, in lines; empty when every run holds. */
  found: readonly string[],
  {
    byCell,
    targets,
    cell = null,
    above = null,
    below = [],
  }: {
    readonly byCell: boolean;
    readonly targets: boolean;
    readonly cell?: Cell | null;
    /** Of a search: lines above the table, which say what was searched; null for a sweep of seeds. */
    readonly above?: readonly string[] | null;
    /** Lines behind the figures: what a search found besides failures, and what the runs met. */
    readonly below?: readonly string[];
  },
): string {
  const runs = total(result, 'runs');
  const lines = [
    ...(above ?? []),
    scenarios(result),
    ...explained(columnsOf(result, 'column')),
    ...admission(result),
    '',
    ...(byCell ? cellTable(result, cell ?? {}) : []),
    ...targetTable(result, { every: targets }),
    ...unreached(result),
    ...unjudged(result),
    ...below,
    speed(result),
  ];
  if (result.stopped !== null) {
    const unbegun = notBegun(result.tallies.map(({ tally }) => tally.runs));
    lines.push(
      pc.yellow(`stopped early: ${result.stopped}; the table is partial${unbegun === '' ? '' : `: ${unbegun}`}`),
    );
  }
  for (const note of result.notes ?? []) lines.push(pc.yellow(note));
  const excluded = excludedBy(runs);
  // Runs that a search chose are no sample of anything.
  if (above === null && found.length === 0 && excluded !== '') lines.push(`${counted(runs, 'clean run')}: ${excluded}`);
  for (const line of found) lines.push(line);
  return `${lines.join('\n')}\n`;
}

function scenarios(result: Sweep): string {
  const columns = columnsOf(result, 'column');
  return table(
    ['scenario', 'runs', 'laws broken', ...columns.map(({ heading }) => heading), 'sometimes'],
    result.tallies.map(({ scenario, tally }) => {
      const laws = Object.keys(tally.brokenBy).length;
      const claims = claimsOf(scenario, tally);
      const reached = claims.filter(({ name }) => tally.reached[name] !== undefined).length;
      return [
        scenario.name,
        count(tally.runs),
        badRuns(tally) === 0 ? pc.green('0') : pc.red(badWords(laws, tally)),
        ...columns.map((column) => column.show(tally)),
        `${reached}/${claims.length}`,
      ];
    }),
  );
}

/** `2, 5 bad runs, 1 threw, 3 crashed`: how many laws, and in how many runs; never `1 in 60 runs`, which reads as one. */
const badWords = (
  laws: number,
  { brokenRuns, budgetRuns, threwRuns, crashedRuns, nondeterministicRuns }: Tally,
): string =>
  [
    String(laws),
    ...(brokenRuns + budgetRuns === 0 ? [] : [counted(brokenRuns + budgetRuns, 'bad run')]),
    ...(threwRuns === 0 ? [] : [`${count(threwRuns)} threw`]),
    ...(crashedRuns === 0 ? [] : [`${count(crashedRuns)} crashed`]),
    ...(nondeterministicRuns === 0 ? [] : [`${count(nondeterministicRuns)} nondeterministic`]),
  ].join(', ');

/** How dense it got where servers admit so many a second. */
function admission({ tallies }: Sweep): string[] {
  return tallies.flatMap(({ scenario, tally: { figures } }) => {
    const most = (name: string): number => (figures[name]?.as === 'peak' ? figures[name].peak : 0);
    const sum = (name: string): number => (figures[name]?.as === 'total' ? figures[name].total : 0);
    const ofCapacity = most('peak-arrivals-1s-of-capacity');
    if (ofCapacity === 0) return [];
    return [
      `${scenario.name}: servers refused ${percent(percentOf(sum('refusals'), sum('arrivals')))} of ${counted(sum('arrivals'), 'arrival')}; in one second at most ${counted(most('peak-dials-1s'), 'dial')}, ${counted(most('peak-arrivals-1s'), 'arrival')}, ${counted(most('peak-refusals-1s'), 'refusal')}, and arrivals ${(ofCapacity / 100).toFixed(1)} times what is admitted`,
    ];
  });
}

/** Claims that did not come true: the laws that they guard were not put to the test. */
function unreached({ tallies }: Sweep): string[] {
  return tallies.flatMap(({ scenario, tally }) =>
    claimRowsOf(claimsOf(scenario, tally), tally.reached, tally.runs).flatMap(({ name, states, verdict, needed }) => {
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

/** Laws that were not judged in every run: by law and reason, over all scenarios; what fails a sweep by itself; and what nobody promises. */
function unjudged({ tallies }: Sweep): string[] {
  const groups = new Map<string, { readonly row: LawRow; runs: number; of: number; readonly places: string[] }>();
  for (const { scenario, tally } of tallies)
    for (const row of lawRowsOf(scenario, tally)) {
      const key = [row.law, row.because, row.verdict].join();
      const group = groups.get(key) ?? { row, runs: 0, of: 0, places: [] };
      groups.set(key, group);
      group.runs += row.runs;
      group.of += tally.runs;
      group.places.push(scenario.name);
    }
  const unpromised = new Map<string, string[]>();
  const lines = [...groups.values()].flatMap(({ row: { law, because, verdict, needed }, runs, of, places }) => {
    const more = places.length > PLACES ? ` and ${places.length - PLACES} more` : '';
    const named = `${places.slice(0, PLACES).join(', ')}${more}`;
    const promise = UNPROMISED.exec(because)?.[1];
    if (promise !== undefined && runs === of) {
      unpromised.set(named, [...(unpromised.get(named) ?? []), `${law} (${promise})`]);
      return [];
    }
    const line = `law ${law}: not judged in ${runs === of ? 'any' : count(runs)} of ${counted(of, 'run')} of ${named} (${because})`;
    if (verdict === 'never tested') return [pc.red(`${line}: never put to the test`)];
    if (verdict === 'not by luck')
      return [pc.red(`law ${law}: broken by all ${counted(of, 'run')} of ${named} together: ${because}`)];
    return [verdict === 'not enough seeds' ? pc.cyan(`${line}: ${notEnough(needed, { runs, samples: runs })}`) : line];
  });
  return [
    ...lines,
    ...[...unpromised].map(([places, laws]) => `laws of nothing that ${places} promises: ${laws.join(', ')}`),
  ];
}

/** What is told in one line for all laws: nobody asked for them. */
const UNPROMISED = /^nobody promises (`\w+`)$/;

/** Scenarios that a line names. */
const PLACES = 3;

function speed(result: Sweep): string {
  const seconds = result.wallMs / 1000;
  const rate = (field: 'runs' | 'events' | 'virtual', unit = 1): number =>
    Math.round(total(result, field) / unit / seconds);
  return `${counted(total(result, 'runs'), 'run')} in ${formatRounded(result.wallMs * 1000)}: ${rate('runs')} runs/s, ${rate('events')} events/s, ${rate('virtual', 1e6)} virtual seconds a second`;
}
