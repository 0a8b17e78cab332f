/**
 * Failure files of a sweep, each written when it is found: whatever ends the sweep, what it has found stays. The first
 * bad run of each law of each scenario is kept, and those that were the first until an earlier seed came to its end.
 */
import { seedNumber } from '../core/seeds.ts';
import { failurePath, saveFailure } from './failure.ts';
import { lawsOf, type Problem } from './problems.ts';
import type { Finished } from './sweep.ts';
import type { BadRun } from './tally.ts';

type Save = Parameters<typeof saveFailure>[3];

export class Failures {
  readonly #folder: string;
  readonly #origin: Save;
  readonly #say: (line: string) => void;
  /** The first seed of each law of each scenario so far. */
  readonly #first = new Map<string, number>();
  readonly #saved = new Set<string>();

  constructor(folder: string, origin: Save, say: (line: string) => void) {
    this.#folder = folder;
    this.#origin = origin;
    this.#say = say;
  }

  /** Saves what a portion found. What cannot be written now is tried again at the end, and told then. */
  found({ scenario, tally }: Finished): void {
    for (const bad of tally.bad) {
      const seed = seedNumber(bad.seed) as number;
      const earlier = lawsOf(bad).filter(
        (law) => seed < (this.#first.get(`${scenario}\n${law}`) ?? Number.MAX_SAFE_INTEGER),
      );
      if (earlier.length === 0) continue;
      for (const law of earlier) this.#first.set(`${scenario}\n${law}`, seed);
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

  #save(scenario: string, bad: BadRun, note: string): void {
    const key = failurePath('', scenario, bad);
    if (this.#saved.has(key)) return;
    const path = saveFailure(this.#folder, scenario, bad, this.#origin);
    this.#saved.add(key);
    this.#say(`saved ${path}${note}`);
  }
}
