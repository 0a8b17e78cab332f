/** Replications of a storm and their metrics, on whichever thread this is. */
import { metricNamed } from '../metrics/catalogue.ts';
import type { Metric } from '../metrics/metric.ts';
import { runStorm } from '../storm/kernel.ts';
import type { FromThread, Task, ToThread, TraceTask } from './task.ts';
import { Sampler, tracedOf } from './trace.ts';

export const performed = (task: ToThread): FromThread => ('trace' in task ? traced(task) : measured(task));

function measured({ storm, policy, seed, metrics, from, count }: Task): FromThread {
  const begun = performance.now();
  const folds = metrics.map((name) => metricNamed(name) as Metric);
  const values = new Float64Array(count * folds.length);
  for (let nth = 0; nth < count; nth++) {
    const run = runStorm(storm, policy, { seed, replication: from + nth });
    for (const [place, metric] of folds.entries()) values[nth * folds.length + place] = metric.of(run);
  }
  return { values, wallMs: performance.now() - begun };
}

function traced({ storm, policy, seed, from }: TraceTask): FromThread {
  const sampler = new Sampler(storm.clients);
  const run = runStorm(storm, policy, { seed, replication: from, watch: sampler.watch });
  const last = storm.outages.at(-1);
  return { traced: tracedOf(run, sampler, last === undefined ? 0 : last.at + last.lasts) };
}
