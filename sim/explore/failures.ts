/**
 * Failure files of a sweep, each written when it is found: whatever ends the sweep, what it has found stays. The first bad
 * run of each law and cause of each scenario is kept, and those that were the first until an earlier seed came to its end.
 * What was made smaller takes the place of what was found, which stands in it.
 */
import { seedNumber } from '../core/seeds.ts';
import { causesOf } from './causes.ts';
import { failurePath, type Kept, saveFailure } from './failure.ts';
import type { Group } from './groups.ts';
import type { Problem } from './problems.ts';
import type { Least } from './single.ts';
import type { Finished } from './sweep.ts';
import type { BadRun } from './tally.ts';

export class Failures {
  readonly #folder: string;
  readonly #origin: Kept;
  readonly #say: (line: string) => void;
  /** The first seed of each cause of each scenario so far. */
  readonly #first = new Map<string, number>();
  readonly #saved = new Set<string>();

  constructor(folder: string, origin: Kept, say: (line: string) => void) {
    this.#folder = folder;
    this.#origin = origin;
    this.#say = say;
  }

  /** Saves what a portion found. What cannot be written now is tried again at the end, and told then. */
  found({ scenario, tally }: Pick<Finished, 'scenario' | 'tally'>): void {
    for (const bad of tally.bad) {
      const seed = seedNumber(bad.seed) as number;
      const earlier = causesOf(bad).filter(
        (cause) => seed < (this.#first.get(`${scenario}\n${cause}`) ?? Number.MAX_SAFE_INTEGER),
      );
      if (earlier.length === 0) continue;
      for (const cause of earlier) this.#first.set(`${scenario}\n${cause}`, seed);
      try {
        this.#save(scenario, bad, ' (found now; a second run confirms it at the end)');
      } catch {
        // The folder may be writable by then; and if not, the end says so once.
      }
    }
  }

  /** Saves a problem of the finished sweep, unless it is saved. Throws `OutputError`. */
  keep({ scenario, bad, confirmed }: Problem): void {
    this.#save(scenario, bad, confirmed === null ? ' (not confirmed by a second run)' : '');
  }

  /** Saves the smallest run of a group, whose file is at `path`. Throws `OutputError`. */
  keepLeast({ law, cause, problems: [problem] }: Group, least: Least, suffix: string | null): void {
    const { scenario, bad } = problem as Problem;
    const path = saveFailure(this.#folder, scenario, bad, this.#origin, { law, cause, least, suffix });
    this.#saved.add(failurePath('', scenario, bad, suffix));
    this.#say(`saved ${path} (the least that fails; the run as it was found stands in it, too)`);
  }

  #save(scenario: string, bad: BadRun, note: string): void {
    const key = failurePath('', scenario, bad);
    if (this.#saved.has(key)) return;
    const path = saveFailure(this.#folder, scenario, bad, this.#origin);
    this.#saved.add(key);
    this.#say(`saved ${path}${note}`);
  }
}

/**
 * What the file of the first run of each group is called besides that run: one run may fail in several ways, each of which
 * has a smallest run of its own.
 */
export function suffixesOf(groups: readonly Group[]): ReadonlyMap<Group, string | null> {
  const taken = new Set<string>();
  return new Map(
    groups.map((group) => {
      const { scenario, bad } = group.problems[0] as Problem;
      const names = [null, group.law, ...Array.from({ length: groups.length }, (_, i) => `${group.law}-${i + 2}`)];
      const suffix = names.find((name) => !taken.has(failurePath('', scenario, bad, name))) ?? null;
      taken.add(failurePath('', scenario, bad, suffix));
      return [group, suffix];
    }),
  );
}
