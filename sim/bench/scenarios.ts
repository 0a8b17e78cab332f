/** The suite `scenarios`: what a whole run of each scenario costs on one core. */
import { run } from '../core/run.ts';
import { SCENARIOS } from '../session/scenarios/catalogue.ts';
import type { Options, Suite } from './report.ts';
import { timeUnits } from './timing.ts';

/** `midstream/text` must make this many runs a second on one core. */
const RUNS_PER_SECOND = 2_000;

export async function scenarios({ quick }: Options): Promise<Suite> {
  const runs = quick ? 40 : 400;
  const subjects = SCENARIOS.map((scenario) => ({
    name: scenario.name,
    work: () => {
      for (let seed = 1; seed <= runs; seed++) run(scenario, seed.toString(36));
      return runs;
    },
  }));
  const timings = timeUnits(subjects, quick ? 2 : 5);
  const text = timings.find(({ kernel }) => kernel === 'midstream/text');
  const rows = timings.map((timing) => ({
    size: { 'runs/s': Math.round(1e9 / timing.ns) },
    timings: [{ ...timing, kernel: 'ns a run' }],
  }));
  return {
    name: 'scenarios',
    title: `Scenarios on one core, in this order: ${SCENARIOS.map(({ name }) => name).join(', ')}`,
    rows,
    claims:
      text === undefined
        ? []
        : [
            {
              claim: `midstream/text makes at least ${RUNS_PER_SECOND} runs a second on one core (multiple of it)`,
              value: 1e9 / text.ns / RUNS_PER_SECOND,
              holds: 1e9 / text.ns >= RUNS_PER_SECOND,
            },
          ],
  };
}
