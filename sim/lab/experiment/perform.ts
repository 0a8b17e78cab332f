/** Replications of a storm and their metrics, on whichever thread this is. */
import type { Policy } from '../../../src/backoff/policy.ts';
import { metricNamed } from '../metrics/catalogue.ts';
import type { Metric } from '../metrics/metric.ts';
import { runStorm, type StormOptions } from '../storm/kernel.ts';
import type { StormRun } from '../storm/run.ts';
import type { Storm } from '../storm/storm.ts';
import { recoveryAt } from './assemble.ts';
import type { Fidelity } from './experiment.ts';
import type { FromThread, Task, ToThread, TraceTask } from './task.ts';
import { Sampler, tracedOf } from './trace.ts';

type Runs = (storm: Storm, policy: Policy, options: StormOptions) => StormRun;

export const performed = (task: ToThread): Promise<FromThread> => ('trace' in task ? traced(task) : measured(task));

async function measured({ storm, policy, seed, fidelity, metrics, from, count }: Task): Promise<FromThread> {
  const runs = await runsOf(fidelity);
  const begun = performance.now();
  const folds = metrics.map((name) => metricNamed(name) as Metric);
  const values = new Float64Array(count * folds.length);
  for (let nth = 0; nth < count; nth++) {
    const run = runs(storm, policy, { seed, replication: from + nth });
    for (const [place, metric] of folds.entries()) values[nth * folds.length + place] = metric.of(run);
  }
  return { values, wallMs: performance.now() - begun };
}

async function traced({ storm, policy, seed, fidelity, from }: TraceTask): Promise<FromThread> {
  const runs = await runsOf(fidelity);
  const sampler = new Sampler(storm.clients);
  const run = runs(storm, policy, { seed, replication: from, watch: sampler.watch });
  return { traced: tracedOf(run, sampler, recoveryAt(storm)) };
}

/** The universe is loaded where somebody asks for it: machines, laws and links. */
async function runsOf(fidelity: Fidelity): Promise<Runs> {
  if (fidelity === 'lean') return runStorm;
  const { runStormInUniverse } = await import('../universe/run.ts');
  return (storm, policy, { seed, replication }) => {
    const run = runStormInUniverse(storm, policy, { seed, replication });
    const [breach] = run.breaches;
    if (breach !== undefined)
      throw new Error(`replication ${replication} breaks the law ${breach.law}: ${breach.message}`);
    return run;
  };
}
