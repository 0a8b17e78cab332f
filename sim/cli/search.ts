/** The part of `hangup explore` that searches plans instead of drawing them: flags, and what they come to. */
import type { Overrides } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Cases } from '../explore/cases.ts';
import { counted } from '../report/words.ts';
import { type Exhaustive, exhaustive } from '../search/exhaustive.ts';
import { UsageError } from './errors.ts';

export interface SearchFlags {
  readonly exhaustive?: string;
  readonly seeds?: string;
  readonly strictTargets?: boolean;
  readonly byCell?: boolean;
  readonly targets?: boolean;
}

export interface Search {
  /** What it is, in the words of the command: `exhaustive 1`. */
  readonly name: string;
  /** Conditions of its runs: the kinds of faults are chosen by the search, and stand in the plan of each run. */
  readonly overrides: Overrides;
  readonly cases: ReadonlyMap<string, Cases>;
  readonly runs: number;
  /** What was searched, a line a scenario, above the table. */
  about(): readonly string[];
}

export const isSearch = ({ exhaustive }: SearchFlags): boolean => exhaustive !== undefined;

/** The search that flags ask for, null for a sweep of seeds. Throws `UsageError` for flags that do not go together. */
export function searchOf(
  flags: SearchFlags,
  named: readonly Scenario[],
  swept: { readonly from: number; readonly seeds: number },
  overrides: Overrides,
): Search | null {
  if (flags.exhaustive === undefined) return null;
  if (flags.exhaustive !== '1')
    throw new UsageError(`--exhaustive: expected 1 (every fault) or 2 (every pair), got ${flags.exhaustive}`);
  refuse(flags, '--exhaustive', ['strictTargets', 'byCell', 'targets']);
  const of = new Map<string, Exhaustive>();
  for (const scenario of named) of.set(scenario.name, exhaustive(scenario, swept, overrides));
  const { faults: _, ...conditions } = overrides;
  return {
    name: `exhaustive ${flags.exhaustive}`,
    overrides: conditions,
    cases: of,
    runs: [...of.values()].reduce((sum, { size }) => sum + size, 0),
    about: () =>
      [...of].flatMap(([name, { searched }]) =>
        searched.map(
          ({ seed, events, moments, faults, runs }) =>
            `${name}@${seed}: ${counted(events, 'event')} at ${counted(moments, 'moment')} x ${counted(faults, 'fault')} = ${counted(runs, 'run')}`,
        ),
      ),
  };
}

const FLAGS: Readonly<Record<string, string>> = {
  strictTargets: '--strict-targets',
  byCell: '--by-cell',
  targets: '--targets',
};

/** What is promised of seeds that draw their plan is not promised of plans that a search chose. */
function refuse(flags: SearchFlags, search: string, names: readonly (keyof SearchFlags)[]): void {
  const given = names.find((name) => flags[name] === true);
  if (given !== undefined)
    throw new UsageError(
      `${search}: expected no ${FLAGS[given]} with it: targets and cells are of plans that seeds draw, and this chooses its own`,
    );
}
