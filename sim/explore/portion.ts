/** A portion of a sweep: consecutive seeds of one scenario, run in this thread. */
import type { Content } from '../../src/content.ts';
import type { FaultKind } from '../faults/plan.ts';
import type { Network } from '../networks/network.ts';
import { type RunOptions, run } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { scenarioNamed } from '../scenarios/catalogue.ts';
import { seedText } from './seeds.ts';
import { count, emptyTally, type Tally } from './tally.ts';

export interface Portion {
  readonly scenario: string;
  readonly from: number;
  readonly seeds: number;
}

/** What every portion of a sweep has in common; sent to a worker once, because contents may be large. */
export interface Shared {
  readonly input: readonly Content[] | null;
  readonly network: Network | null;
  /** Kinds that plans are drawn from, or null for each scenario's own. */
  readonly faults: readonly FaultKind[] | null;
}

export function runPortion({ scenario: name, from, seeds }: Portion, { input, network, faults }: Shared): Tally {
  const scenario = scenarioNamed(name) as Scenario;
  const options: RunOptions = {
    ...(input === null ? {} : { input }),
    ...(network === null ? {} : { network }),
    ...(faults === null ? {} : { faults }),
  };
  const tally = emptyTally();
  for (let seed = from; seed < from + seeds; seed++) count(tally, run(scenario, seedText(seed), options));
  return tally;
}
