/** `--html FILE`: the page of a run. */
import { originIn } from '../core/overrides.ts';
import { pasteLine, shellWord } from '../explore/command-line.ts';
import { type Replayed, replayPage } from '../replay/make.ts';
import { writeWhole } from './output.ts';
import type { ReplayFlags } from './replay.ts';
import { tell } from './terminal.ts';
import { VERSION } from './version.ts';

/** Writes the page, and says so on standard error. Throws `OutputError`. */
export async function writePage(
  path: string,
  what: string,
  flags: ReplayFlags,
  run: Omit<Replayed, 'paste' | 'version'>,
): Promise<void> {
  const { scenario, outcome } = run;
  const isFile = what.endsWith('.json');
  const paste = isFile
    ? `npx hangup replay ${shellWord(what)}`
    : pasteLine(scenario.name, outcome.seed, {
        ...originIn(flags),
        ...(flags.config === undefined ? {} : { config: flags.config }),
      });
  writeWhole(path, await replayPage({ ...run, paste, version: VERSION }));
  tell(`hangup: the page of this run is ${path}: open it in a browser`);
}
