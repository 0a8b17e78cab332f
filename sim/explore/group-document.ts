/** Failing runs by law and cause, as they stand in the document of a sweep: every seed, and the smallest run that fails so. */
import type { Group } from './groups.ts';
import { grouped } from './groups.ts';
import type { Problem } from './problems.ts';

export interface GroupDocument {
  /** The law, or `budget`, `threw`, `crashed`, `nondeterministic` for runs that ended in none. */
  readonly law: string;
  /** The sentence of the breach, with `#` for each number, time and name. */
  readonly cause: string;
  /** Failing runs of all scenarios. */
  readonly runs: number;
  readonly scenarios: readonly GroupPartDocument[];
  /** The first run made smaller; null where it was not, or nothing smaller fails. */
  readonly shrunk: ShrunkDocument | null;
}

export interface GroupPartDocument {
  readonly name: string;
  readonly runs: number;
  /** Their seeds in order, and how many more there are than the first 100,000; of a search with the name of the run. */
  readonly seeds: readonly string[];
  readonly more_seeds: number;
  readonly message: string;
  readonly paste: string;
}

/** What is left of the first run, and of how much. */
export interface ShrunkDocument {
  readonly attempts: number;
  /** `least`: nothing smaller fails; `budget`, `interrupted`: there was no time to look on. */
  readonly stopped: 'least' | 'budget' | 'interrupted';
  readonly faults: readonly [left: number, of: number];
  readonly events: readonly [left: number, of: number];
  /** Clients, servers, turns, … that are left, and of how many. */
  readonly sizes: Readonly<Record<string, readonly [left: number, of: number]>>;
  readonly plan: readonly object[];
  readonly message: string;
  /** The line that replays it, once its file is written. */
  readonly paste: string | null;
}

/** `groups` where something was made smaller; else the problems by themselves. `pasteOf`: the line for the file of one. */
export function groupDocuments(
  problems: readonly Problem[],
  groups: readonly Group[] | null,
  pasteOf: (group: Group) => string | null = () => null,
): readonly GroupDocument[] {
  const all: readonly Pick<Group, 'law' | 'cause' | 'problems' | 'least'>[] =
    groups ??
    grouped(problems).map((each) => ({ law: each[0].law, cause: each[0].cause, problems: each, least: null }));
  return all.map((group) => ({
    law: group.law,
    cause: group.cause,
    runs: group.problems.reduce((sum, { all: { runs } }) => sum + runs, 0),
    scenarios: group.problems.map(({ scenario, message, paste, all: { runs, seeds } }) => ({
      name: scenario,
      ...{ runs, seeds, more_seeds: runs - seeds.length },
      ...{ message, paste },
    })),
    shrunk: group.least === null ? null : shrunkDocument(group as Group, pasteOf),
  }));
}

function shrunkDocument(group: Group, pasteOf: (group: Group) => string | null): ShrunkDocument | null {
  if (group.least === null) return null;
  const { runs, stopped, before, after, plan, message } = group.least;
  return {
    ...{ attempts: runs, stopped },
    faults: [after.faults, before.faults],
    events: [after.events, before.events],
    sizes: Object.fromEntries(
      Object.entries(before.sizes).map(([name, size]) => [name, [after.sizes[name] ?? size, size] as const]),
    ),
    ...{ plan, message, paste: pasteOf(group) },
  };
}
