/** Bad runs a second time, where the first one was made: equal digests say that a failure is of the seed, not of luck. */
import { getHeapStatistics } from 'node:v8';
import { homeOf } from '../core/home.ts';
import type { Scenario } from '../core/scenario.ts';
import { seedNumber } from '../core/seeds.ts';
import { Crew } from './crew.ts';
import { runSeeds, type Shared } from './portion.ts';
import type { Again } from './problems.ts';
import type { Sources } from './source.ts';
import { semiSpaceMb } from './sweep.ts';
import { type BadRun, emptyTally } from './tally.ts';

/** So few runs take about as long as a process takes to start. */
const FEW_RUNS = 50;
/** Every run of the catalogue has room in such a heap many times over. */
const HEAP_MB = 1000;

/** Whether a sweep on one thread has a process of its own: a run that ends its process takes nothing else with it. */
export const isWorthProcess = (runs: number): boolean => runs > FEW_RUNS || hasLittleHeap();

const hasLittleHeap = (): boolean => getHeapStatistics().heap_size_limit < HEAP_MB * 1024 * 1024;

export interface SecondRuns {
  readonly run: Again;
  end(): void;
}

/**
 * In this thread where it has room for any run, because each came to its end once; else, and where somebody's own code
 * runs, in a worker process, which starts with the first of them. `mayRun` is asked before each.
 */
export function secondRuns(shared: Shared, sources: Sources, mayRun: () => boolean): SecondRuns {
  let crew: Crew | null = null;
  return {
    async run(scenario: Scenario, { seed, name, plan }: BadRun) {
      if (!mayRun()) return null;
      const portion = {
        ...{ from: seedNumber(seed) as number, seeds: 1 },
        ...(name === undefined || plan === null ? {} : { cases: [{ seed, name, plan }] }),
      };
      if (!hasLittleHeap() && homeOf(scenario) === null) return runSeeds(scenario, portion, shared, sources);
      crew ??= new Crew(1, shared, sources.all, semiSpaceMb(1));
      const answer = await crew.run({ ...portion, scenario: scenario.name }, homeOf(scenario) !== null);
      // Whoever came to an end first and not the second time has no outcome to compare.
      return 'tally' in answer ? answer.tally : emptyTally();
    },
    end: () => crew?.end(),
  };
}
