/** A portion of a sweep: consecutive seeds of one scenario, run in this thread. */
import type { Policy } from '../../src/backoff/policy.ts';
import type { Content } from '../../src/content.ts';
import type { Cell } from '../cells.ts';
import type { FaultKind } from '../faults/plan.ts';
import type { Network } from '../networks/network.ts';
import { type RunOptions, run } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { scenarioNamed } from '../scenarios/catalogue.ts';
import { pairOf } from './pair.ts';
import { seedText } from './seeds.ts';
import { count, countPair, emptyTally, type Tally } from './tally.ts';

export interface Portion {
  readonly scenario: string;
  readonly from: number;
  readonly seeds: number;
}

/** What every portion of a sweep has in common; sent to a worker once, because contents may be large. */
export interface Shared {
  readonly input: readonly Content[] | null;
  readonly network: Network | null;
  /** The backoff policy of every client, or null for the scenario's own. */
  readonly policy: Policy | null;
  readonly cell: Cell | null;
  /** Kinds that plans are drawn from, or null for each scenario's own. */
  readonly faults: readonly FaultKind[] | null;
}

/** One seed in so many is run again without faults, for the overhead of recovery: each costs two more runs. */
const PAIR_EVERY = 20;

/** The options of a sweep's runs. */
export const optionsOf = ({ input, network, policy, cell, faults }: Shared): RunOptions => ({
  ...(input === null ? {} : { input }),
  ...(network === null ? {} : { network }),
  ...(policy === null ? {} : { policy }),
  ...(cell === null ? {} : { cell }),
  ...(faults === null ? {} : { faults }),
});

/** A scenario is code, and code does not travel between threads: a worker looks it up by its name. */
export const runPortion = (portion: Portion, shared: Shared): Tally =>
  runSeeds(scenarioNamed(portion.scenario) as Scenario, portion, shared);

/** The same for a scenario at hand, which need not be in the catalogue. */
export function runSeeds(scenario: Scenario, { from, seeds }: Omit<Portion, 'scenario'>, shared: Shared): Tally {
  const options = optionsOf(shared);
  const pairs = scenario.targets?.some((target) => target.name === 'overhead') ?? false;
  const tally = emptyTally();
  for (let number = from; number < from + seeds; number++) {
    const seed = seedText(number);
    const outcome = run(scenario, seed, options);
    count(tally, outcome, scenario.targets);
    // The first seed of a sweep belongs to them, so that a short one measures it too.
    if (pairs && number % PAIR_EVERY === 1) {
      const { faultFree, forAsLong } = pairOf(scenario, outcome, options);
      countPair(tally, outcome, faultFree, forAsLong);
    }
  }
  return tally;
}
