/** A portion of a sweep: consecutive seeds of one scenario, run in this thread. */
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
  readonly cell: Cell | null;
  /** Kinds that plans are drawn from, or null for each scenario's own. */
  readonly faults: readonly FaultKind[] | null;
}

/** One seed in so many is run again without faults, for the overhead of recovery: each costs two more runs. */
const PAIR_EVERY = 20;

/** The options of a sweep's runs. */
export const optionsOf = ({ input, network, cell, faults }: Shared): RunOptions => ({
  ...(input === null ? {} : { input }),
  ...(network === null ? {} : { network }),
  ...(cell === null ? {} : { cell }),
  ...(faults === null ? {} : { faults }),
});

export function runPortion({ scenario: name, from, seeds }: Portion, shared: Shared): Tally {
  const scenario = scenarioNamed(name) as Scenario;
  const options = optionsOf(shared);
  const pairs = scenario.targets?.some((target) => target.name === 'overhead') ?? false;
  const tally = emptyTally();
  for (let number = from; number < from + seeds; number++) {
    const seed = seedText(number);
    const outcome = run(scenario, seed, options);
    count(tally, outcome);
    // The first seed of a sweep belongs to them, so that a short one measures it too.
    if (pairs && number % PAIR_EVERY === 1) {
      const { faultFree, forAsLong } = pairOf(scenario, outcome, options);
      countPair(tally, outcome, faultFree, forAsLong);
    }
  }
  return tally;
}
