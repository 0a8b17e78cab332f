/**
 * Runs that are made once more, where the first one was made: bad runs of a sweep, whose equal digests say that a failure is
 * of the seed and not of luck; the same made smaller; and failures of earlier sweeps.
 */
import { getHeapStatistics } from 'node:v8';
import { homeOf } from '../core/home.ts';
import type { Scenario } from '../core/scenario.ts';
import { seedNumber } from '../core/seeds.ts';
import { Crew } from './crew.ts';
import { optionsOf, runSeeds, type Shared } from './portion.ts';
import type { Again } from './problems.ts';
import { type Judging, type Least, leastOf, type Seen, type Single, seenOf, within } from './single.ts';
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
  /** The smallest run that fails as this one does; null when there is none, or no time for it any more. */
  readonly shrink: (scenario: Scenario, single: Single) => Promise<Least | null>;
  /**
   * One run by all that it is made of; null when it ended its process, or there is no time for it any more. `apart`: in a
   * worker process in any case.
   */
  readonly see: (scenario: Scenario, single: Single, apart?: boolean) => Promise<Seen | null>;
  end(): void;
}

/** A signal has its turn so often while runs follow each other in this thread, in milliseconds. */
const TURN_MS = 20;

/**
 * In this thread where it has room for any run, because each came to its end once; else, and where somebody's own code
 * runs, in a worker process, which starts with the first of them. `mayRun` is asked before each.
 */
export function secondRuns(shared: Shared, sources: Sources, mayRun: () => boolean): SecondRuns {
  let crew: Crew | null = null;
  const isHere = (scenario: Scenario): boolean => !hasLittleHeap() && homeOf(scenario) === null;
  const crewOf = (): Crew => {
    crew ??= new Crew(1, shared, sources.all, semiSpaceMb(1));
    return crew;
  };
  const judging = (): Judging => {
    const { laws } = optionsOf(shared, sources);
    return laws === undefined ? {} : { laws };
  };
  return {
    async run(scenario: Scenario, { seed, name, plan }: BadRun) {
      if (!mayRun()) return null;
      const portion = {
        ...{ from: seedNumber(seed) as number, seeds: 1 },
        ...(name === undefined || plan === null ? {} : { cases: [{ seed, name, plan }] }),
      };
      if (isHere(scenario)) return runSeeds(scenario, portion, shared, sources);
      const answer = await crewOf().run({ ...portion, scenario: scenario.name }, homeOf(scenario) !== null);
      // Whoever came to an end first and not the second time has no outcome to compare.
      return 'tally' in answer ? answer.tally : emptyTally();
    },
    async shrink(scenario, single) {
      if (!mayRun()) return null;
      if (!isHere(scenario)) {
        const answer = await crewOf().single(single);
        return 'least' in answer ? answer.least : null;
      }
      const isInTime = within(single);
      const steps = leastOf(scenario, single, judging(), () => isInTime() && mayRun());
      for (let turn = performance.now(); ; ) {
        const step = steps.next();
        if (step.done) return step.value;
        if (performance.now() - turn < TURN_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        turn = performance.now();
      }
    },
    async see(scenario, single, apart = false) {
      if (!mayRun()) return null;
      if (!apart && isHere(scenario)) return seenOf(scenario, single, judging());
      const answer = await crewOf().single(single);
      return 'seen' in answer ? answer.seen : null;
    },
    end: () => crew?.end(),
  };
}
