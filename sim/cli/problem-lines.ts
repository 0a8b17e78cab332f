/**
 * What a sweep found, below its table: each law and cause with all its seeds, the smallest run that fails so, and the lines
 * to paste. Seeds that have no room are counted, and stand in `--json`.
 */
import pc from 'picocolors';
import type { Scenario } from '../core/scenario.ts';
import { faultLine } from '../explain/fault-line.ts';
import type { CauseTally } from '../explore/causes.ts';
import { pasteFile } from '../explore/command-line.ts';
import type { Group } from '../explore/groups.ts';
import type { Problem } from '../explore/problems.ts';
import type { Least } from '../explore/single.ts';
import { type Faults, faultsOf } from '../faults/catalogue.ts';
import { count, counted, moment } from '../report/words.ts';

/** Seeds that a line names, and scenarios that have a line. */
const SEEDS = 5;
const SCENARIOS = 8;
const FAULTS = 8;

/** The lines of a group; `path` is the file of its smallest run, null when there is none. */
export function groupLines(group: Group, scenarios: readonly Scenario[], path: string | null): readonly string[] {
  const { problems, runs, least, unshrunk } = group;
  const [first, ...others] = problems as readonly [Problem, ...Problem[]];
  const { scenario, law, at, event, message, confirmed, paste } = first;
  const of = scenarios.find(({ name }) => name === scenario) as Scenario;
  return [
    '',
    pc.red(`${scenario}: ${law}: ${message}`),
    `${event > 0 ? `${moment(at, event)}; ` : ''}${confirmedWords(confirmed)}`,
    ...(others.length === 0
      ? [`${counted(runs, 'run')}: ${seedsText(first.all)}`]
      : [
          `${counted(runs, 'run')} of ${counted(problems.length, 'scenario')}:`,
          ...problems
            .slice(0, SCENARIOS)
            .map((each) => `  ${each.scenario}: ${counted(each.all.runs, 'run')}: ${seedsText(each.all)}`),
          ...(problems.length > SCENARIOS
            ? [`  and ${problems.length - SCENARIOS} more scenarios (all in --json)`]
            : []),
        ]),
    ...(least === null || path === null
      ? unshrunk === 'no time'
        ? ['not shrunk: there was no time left for it; replay --shrink does']
        : []
      : [...leastLines(least, faultsOf(of), of), pasteFile(path), 'the run as it was found:']),
    // That of a search stands in the same file.
    least !== null && path !== null && paste === pasteFile(path) ? `${paste} --found` : paste,
  ];
}

/** `k7f3, k7f9 and 14 more`. */
export function seedsText({ runs, seeds }: Pick<CauseTally, 'runs' | 'seeds'>): string {
  const shown = seeds.slice(0, SEEDS);
  const more = runs - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${count(more)} more (all in --json)` : shown.join(', ');
}

/** What a run was made smaller to, and the faults that are left. */
function leastLines(least: Least, faults: Faults, { protocol }: Scenario): readonly string[] {
  const { plan } = least;
  const lines = plan.slice(0, FAULTS).map((fault, i) => `  ${faultLine(i, fault, faults, protocol?.phases)}`);
  const more = plan.length > FAULTS ? [`  and ${plan.length - FAULTS} more faults`] : [];
  return [
    `shrunk in ${counted(least.runs, 'run')} to ${sizeText(least)}${lines.length === 0 ? '' : ':'}`,
    ...lines,
    ...more,
  ];
}

/** `1 of 6 faults, 95 of 2,236 events, 1 of 3 clients`: what became fewer. */
export function sizeText({ before, after, stopped }: Pick<Least, 'before' | 'after' | 'stopped'>): string {
  const parts: (readonly [name: string, before: number, after: number])[] = [
    ['faults', before.faults, after.faults],
    ['events', before.events, after.events],
    ...Object.entries(before.sizes).map(([name, size]) => [name, size, after.sizes[name] ?? size] as const),
  ];
  const said = parts
    .filter(([, from, to]) => to !== from)
    .map(([name, from, to]) => `${count(to)} of ${count(from)} ${from === 1 ? name.replace(/s$/, '') : name}`);
  const why = {
    least: '',
    budget: ', and stopped there by its budget',
    interrupted: ', and stopped there by the clock',
  };
  return `${said.length === 0 ? 'nothing less' : said.join(', ')}${why[stopped]}`;
}

const confirmedWords = (confirmed: boolean | null): string => {
  if (confirmed === null) return pc.yellow('not confirmed: the sweep was interrupted before a second run');
  return confirmed ? 'confirmed by a second run' : pc.red('a second run had another digest: this is nondeterminism');
};
