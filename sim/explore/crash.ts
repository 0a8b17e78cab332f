/**
 * What becomes of a portion whose worker dies in it. The run that it was in is made again by itself, in a fresh process:
 * if that dies too, the run has crashed, which is a verdict; if not, something else ended the worker (an operator, the
 * kernel's hunt for memory). The portion's other runs are made again in any case: their results died with the worker.
 */
import type { Scenario } from '../core/scenario.ts';
import { seedText } from '../core/seeds.ts';
import { slice } from './cases.ts';
import type { Crew } from './crew.ts';
import { crashed, type Portion, type Shared } from './portion.ts';
import { emptyTally, merge, type Tally } from './tally.ts';

/** A worker process that ended in the middle of a run. */
export interface WorkerDeath {
  readonly scenario: string;
  readonly seed: string;
  /** `out of memory`, `signal SIGKILL`, `exit code 7`. */
  readonly reason: string;
  /** Whether the run ended a second one, so that it counts as crashed. */
  readonly again: boolean;
}

/** How many runs of a scenario ended their workers, and how many came to an end. */
export interface Survival {
  crashes: number;
  others: number;
}

/** Crashes after which a scenario is given up when they are half of its runs: each costs two starts of a process. */
const CRASHES_MAX = 5;

/** Whether a machine (or a limit of memory) on which a scenario cannot be run is better left alone. */
export const isHopeless = ({ crashes, others }: Survival): boolean => crashes >= CRASHES_MAX && crashes >= others;

export interface Watch {
  readonly survival: Survival;
  /** Whether it is worth going on after a death; if not, the tally has fewer runs than the portion has seeds. */
  goesOn(): boolean;
  died(death: WorkerDeath): void;
}

/** The tally of a portion, whatever happens to workers on the way. Rejects with `NoWorkers`. */
export async function survive(
  crew: Crew,
  scenario: Scenario,
  { from, seeds, cases }: Omit<Portion, 'scenario'>,
  shared: Shared,
  watch: Watch,
): Promise<Tally> {
  const tally = emptyTally();
  const { name } = scenario;
  const end = from + seeds;
  const add = (part: Tally): void => merge(tally, part);
  let next = from;
  while (next < end) {
    const answer = await crew.run({
      ...{ scenario: name, from: next, seeds: end - next },
      ...slice(cases, next - from, end - next),
    });
    if ('tally' in answer) {
      watch.survival.others += answer.tally.runs;
      add(answer.tally);
      break;
    }
    const { death } = answer;
    if (!watch.goesOn()) break;
    // Where nobody knows the run, each has its turn.
    const at = death.seed !== null && death.seed >= next && death.seed < end ? death.seed : next;
    if (at > next) {
      const before = await survive(
        crew,
        scenario,
        { from: next, seeds: at - next, ...slice(cases, next - from, at - next) },
        shared,
        watch,
      );
      add(before);
      if (before.runs < at - next || !watch.goesOn()) break;
    }
    const alone = await crew.run({ scenario: name, from: at, seeds: 1, ...slice(cases, at - from, 1) }, true);
    const run = cases?.[at - from] ?? { seed: seedText(at) };
    const { seed } = run;
    if ('tally' in alone) {
      watch.survival.others++;
      add(alone.tally);
    } else {
      watch.survival.crashes++;
      crashed(tally, scenario, run, shared, alone.death.reason);
    }
    watch.died({ scenario: name, seed, reason: death.reason, again: 'death' in alone });
    if (!watch.goesOn()) break;
    next = at + 1;
  }
  return tally;
}
