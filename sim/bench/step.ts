/** The suite `step`: what an event costs with machines stepped in place, on immer drafts, and on frozen drafts. */
import { run } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { scenarioNamed } from '../session/scenarios/catalogue.ts';
import type { Options, Suite } from './report.ts';
import { timeUnits } from './timing.ts';

const MODES = ['sweep', 'recorded', 'frozen'] as const;

export async function step({ quick }: Options): Promise<Suite> {
  const scenario = scenarioNamed('midstream/text') as Scenario;
  const seeds = Array.from({ length: quick ? 3 : 20 }, (_, i) => (i + 1).toString(36));
  const subjects = MODES.map((mode) => ({
    name: mode,
    work: () => seeds.reduce((events, seed) => events + run(scenario, seed, { mode }).events, 0),
  }));
  const timings = timeUnits(subjects, quick ? 2 : 5);
  return {
    name: 'step',
    title: 'Step: ns an event of midstream/text, by mode',
    rows: [{ size: { runs: seeds.length }, timings }],
    claims: [],
  };
}
