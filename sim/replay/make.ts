/** A replay page of one run, as a command or a report asks for it. */
import { PRESETS } from '../../src/backoff/presets.ts';
import { CATALOGUE } from '../catalogue.ts';
import type { Outcome } from '../core/outcome.ts';
import type { RunOptions } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { settingOf } from '../core/setting.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { worldOf } from '../core/worlds.ts';
import { NETWORKS } from '../networks/presets.ts';
import { pageScript, type WorkerScript, workerScript } from './bundle.ts';
import { pageOf } from './html.ts';
import { modelOf } from './model/derive.ts';
import { toldOf } from './model/told.ts';
import { packed } from './plain.ts';
import { flawOnPage } from './rehearse.ts';
import type { Subject } from './subject.ts';

export interface Replayed {
  readonly scenario: Scenario;
  readonly outcome: Outcome;
  /** What it was run with, without a witness. */
  readonly options: RunOptions;
  readonly history: readonly RecordedEntry[];
  /** The module that exports its scenario, as a URL. */
  readonly module: string;
  /** The line that replays it. */
  readonly paste: string;
  readonly version: string;
}

/** The page as text. */
export async function replayPage({
  scenario,
  outcome,
  options,
  history,
  module,
  paste,
  version,
}: Replayed): Promise<string> {
  const { witness: _, ...rest } = options;
  const given = packed(rest);
  const worker = await workerFor(scenario, outcome, given, module);
  const subject: Subject = {
    ...{
      schema: 'hangup/replay-page/1',
      version,
      scenario: scenario.name,
      title: scenario.title,
      seed: outcome.seed,
      paste,
    },
    options: given,
    ...{ digest: outcome.digest, verdict: outcome.verdict, recordedOnly: worker.needs },
    choices: {
      policies: scenario.protocol?.underPolicy === undefined ? [] : Object.keys(PRESETS),
      networks: scenario.protocol?.flawOfNetwork === undefined ? [] : NETWORKS.map(({ name }) => name),
    },
  };
  const recorded =
    worker.script === null
      ? modelOf(scenario, outcome, history, worldOf(scenario, settingOf(scenario, outcome.seed, options)).world)
      : null;
  // Its page cannot make the runs that a story takes.
  if (recorded !== null && outcome.verdict !== 'holds') recorded.told = toldOf(scenario, outcome, history, rest);
  return pageOf(subject, { page: await pageScript(), worker: worker.script, recorded });
}

/** What runs it in the page, or why nothing does. */
async function workerFor(
  scenario: Scenario,
  outcome: Outcome,
  options: unknown,
  module: string,
): Promise<WorkerScript> {
  if (scenario.protocol?.around !== undefined || scenario.modules !== undefined)
    return { script: null, needs: 'its machines are code of somebody else, which runs in realms of Node' };
  const made = await workerScript(module);
  // Our own catalogue is known to come to the same in every engine.
  if (made.script === null || CATALOGUE.scenarios.includes(scenario as never)) return made;
  const flaw = flawOnPage(made.script, outcome, options);
  return flaw === null ? made : { script: null, needs: flaw };
}
