/** What `explore` makes of failing runs: each kind of them once more, and smaller; and what is a bug of hangup itself. */
import type { Origin, Overrides } from '../core/overrides.ts';
import { pasteFile } from '../explore/command-line.ts';
import { failurePath } from '../explore/failure.ts';
import { suffixesOf } from '../explore/failures.ts';
import { type Group, groupsOf } from '../explore/groups.ts';
import { type Problem, problemsOf } from '../explore/problems.ts';
import type { SecondRuns } from '../explore/second-runs.ts';
import type { Sources } from '../explore/source.ts';
import type { Sweep } from '../explore/sweep.ts';
import { tell } from './terminal.ts';

export interface Findings {
  readonly problems: readonly Problem[];
  readonly groups: readonly Group[];
  /** What the file of a group's smallest run is called besides the run, null for nothing; and where it is, null for none. */
  suffixOf(group: Group): string | null;
  pathOf(group: Group): string | null;
  pasteOf(group: Group): string | null;
}

/** What a sweep found: each failing run that stands for others is made again, and the first of each cause smaller. */
export async function foundBy(
  result: Sweep,
  again: SecondRuns,
  {
    origin,
    out,
    overrides,
    shrinks,
  }: { readonly origin: Origin; readonly out: string; readonly overrides: Overrides; readonly shrinks: boolean },
): Promise<Findings> {
  const problems = await problemsOf(result, again.run, origin, out);
  const scenarios = result.tallies.map(({ scenario }) => scenario);
  const groups = await groupsOf(problems, scenarios, shrinks ? { runs: again, overrides } : null);
  const suffixes = suffixesOf(groups);
  const suffixOf = (group: Group): string | null => suffixes.get(group) ?? null;
  const pathOf = (group: Group): string | null => {
    const [first] = group.problems;
    if (group.least === null || first === undefined) return null;
    return failurePath(out, first.scenario, first.bad, suffixOf(group));
  };
  const pasteOf = (group: Group): string | null => {
    const path = pathOf(group);
    return path === null ? null : pasteFile(path);
  };
  return { problems, groups, suffixOf, pathOf, pasteOf };
}

/** Exceptions in hangup's own code, with everything that whoever mends them needs. */
export function tellBugs(problems: readonly Problem[]): void {
  for (const { scenario, seed, bad } of problems)
    if (bad.ended?.ours)
      tell(
        `hangup: this is a bug of hangup, please report it: ${scenario}@${seed} ${bad.ended.message}\n${bad.ended.stack}`,
      );
}

/**
 * Whose code it is of which a second run came to something else, null for nobody's: a run of ours depends on its seed alone,
 * and if it does not, nothing that hangup says of it is worth anything.
 */
export function doubtOf(problems: readonly Problem[], sources: Sources): 'ours' | 'theirs' | null {
  const doubtful = problems.filter(({ confirmed }) => confirmed === false);
  const ours = doubtful.find(({ scenario }) => isOurs(scenario, sources));
  if (ours !== undefined)
    tell(
      `hangup: this is a bug of hangup, please report it: a second run of ${ours.scenario}@${ours.seed} came to something else: ${ours.paste}`,
    );
  return ours !== undefined ? 'ours' : doubtful.length > 0 ? 'theirs' : null;
}

const isOurs = (name: string, sources: Sources): boolean => {
  const scenario = sources.find(name);
  return scenario !== undefined && sources.isOurs(scenario);
};
