/** A replay page of one run, as a command or a report asks for it. */
import { PRESETS } from '../../src/backoff/presets.ts';
import type { Outcome } from '../core/outcome.ts';
import type { RunOptions } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { settingOf } from '../core/setting.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { worldOf } from '../core/worlds.ts';
import { NETWORKS } from '../networks/presets.ts';
import { pageScript, workerScript } from './bundle.ts';
import { pageOf } from './html.ts';
import { modelOf } from './model/derive.ts';
import { packed } from './plain.ts';
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
  const own = scenario.protocol?.around !== undefined || scenario.modules !== undefined;
  const worker = own
    ? { script: null, needs: 'its machines are code of somebody else, which runs in realms of Node' }
    : await workerScript(module);
  const { witness: _, ...rest } = options;
  const subject: Subject = {
    ...{
      schema: 'hangup/replay-page/1',
      version,
      scenario: scenario.name,
      title: scenario.title,
      seed: outcome.seed,
      paste,
    },
    options: packed(rest),
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
  return pageOf(subject, { page: await pageScript(), worker: worker.script, recorded });
}
