/** Replay pages of runs: `replay --html FILE`, one for each failure of a report, and those of a dashboard. */
import { type Flags, originIn } from '../core/overrides.ts';
import { run as make } from '../core/run.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { pasteLine, shellWord } from '../explore/command-line.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { type Replayed, replayPage } from '../replay/make.ts';
import { writeWhole } from './output.ts';
import type { ReplayFlags } from './replay.ts';
import { subjectOf } from './subject.ts';
import { tell } from './terminal.ts';
import { VERSION } from './version.ts';

/** Writes the page, and says so on standard error. Throws `OutputError`. */
export async function writePage(
  path: string,
  what: string,
  flags: ReplayFlags,
  run: Omit<Replayed, 'paste' | 'version'>,
): Promise<void> {
  writeWhole(path, await replayPage({ ...run, paste: pasteOf(what, flags, run), version: VERSION }));
  tell(`hangup: the page of this run is ${path}: open it in a browser`);
}

/** A run of a sweep. */
export interface Failed {
  readonly scenario: string;
  readonly seed: string;
  /** The plan of the run, which a search may have made; null draws it. */
  readonly plan: FaultPlan | null;
  readonly paste: string;
}

/** The page of a run under the conditions of its sweep, as text. */
export async function pageOf({ scenario: name, seed: text, plan, paste }: Failed, flags: Flags): Promise<string> {
  const { scenario, seed, options: given, module } = await subjectOf(`${name}@${text}`, flags);
  const options = plan === null ? given : { ...given, plan };
  const history: RecordedEntry[] = [];
  const outcome = make(scenario, seed, { ...options, witness: (entry) => history.push(entry) });
  return replayPage({ scenario, outcome, options, history, module, paste, version: VERSION });
}

/** The line that replays it in a terminal. */
function pasteOf(what: string, flags: Flags, { scenario, outcome }: Pick<Replayed, 'scenario' | 'outcome'>): string {
  if (what.endsWith('.json')) return `npx hangup replay ${shellWord(what)}`;
  const config = flags.config === undefined ? {} : { config: flags.config };
  return pasteLine(scenario.name, outcome.seed, { ...originIn(flags), ...config });
}
