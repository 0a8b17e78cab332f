/**
 * All failing runs of a sweep by law and cause, over its scenarios: how many, which seeds, and the smallest run that fails
 * so. One bug usually breaks in many scenarios; it is one group, and shrunk once.
 */
import type { Overrides } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Problem } from './problems.ts';
import type { SecondRuns } from './second-runs.ts';
import type { Least } from './single.ts';

export interface Group {
  readonly law: string;
  readonly cause: string;
  /** Failing runs of all scenarios. */
  readonly runs: number;
  /** The first of each scenario, in the order of the sweep. */
  readonly problems: readonly Problem[];
  /** The smallest run that fails so, of the first problem; null where there is none, or nobody looked. */
  readonly least: Least | null;
  /** Why nobody looked for a smaller one; null where somebody did, or it makes no sense. */
  readonly unshrunk: 'no time' | 'not asked' | null;
}

/** Shrinking of one group, in milliseconds of wall time at the most, and of all of them together. */
const EACH_MS = 15_000;
const ALL_MS = 45_000;

/** Problems by law and cause, in the order in which they were found. */
export function grouped(problems: readonly Problem[]): readonly (readonly [Problem, ...Problem[]])[] {
  const groups = new Map<string, [Problem, ...Problem[]]>();
  for (const problem of problems) {
    const key = `${problem.law}\n${problem.cause}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [problem]);
    else known.push(problem);
  }
  return [...groups.values()];
}

/** The groups of a sweep; with `shrink`, the first run of each is made as small as it gets while there is time. */
export async function groupsOf(
  problems: readonly Problem[],
  scenarios: readonly Scenario[],
  shrink: { readonly runs: SecondRuns; readonly overrides: Overrides } | null,
): Promise<readonly Group[]> {
  const latest = performance.now() + ALL_MS;
  const groups: Group[] = [];
  for (const [first, ...others] of grouped(problems)) {
    const all = [first, ...others];
    const common = {
      law: first.law,
      cause: first.cause,
      problems: all,
      runs: all.reduce((sum, { all: { runs } }) => sum + runs, 0),
    };
    const patienceMs = Math.min(EACH_MS, latest - performance.now());
    if (shrink === null || !canShrink(first)) {
      groups.push({ ...common, least: null, unshrunk: canShrink(first) ? 'not asked' : null });
      continue;
    }
    const scenario = scenarios.find(({ name }) => name === first.scenario) as Scenario;
    const least = patienceMs > 0 ? await leastOf(scenario, first, shrink, patienceMs) : null;
    const isLate = least === null && performance.now() >= latest;
    groups.push({ ...common, least, unshrunk: isLate ? 'no time' : null });
  }
  return groups;
}

/** Who crashed takes a process with each attempt, and what is not the same twice has no smallest run. */
const canShrink = ({ confirmed, bad: { verdict, plan } }: Problem): boolean =>
  confirmed === true && plan !== null && verdict !== 'crashed' && verdict !== 'nondeterministic';

const leastOf = (
  scenario: Scenario,
  { law, message, bad: { seed, cell, plan, exceeded } }: Problem,
  { runs, overrides }: { readonly runs: SecondRuns; readonly overrides: Overrides },
  patienceMs: number,
): Promise<Least | null> =>
  runs.shrink(scenario, {
    ...{ scenario: scenario.name, seed, plan },
    overrides: { ...overrides, cell },
    shrink: { wanted: { law, message: law === 'budget' ? (exceeded ?? '') : message }, patienceMs },
  });
