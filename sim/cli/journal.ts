/**
 * Where `explore` keeps its journal, and what becomes of it: beside the report, or in `.hangup`. It stays when a sweep is
 * interrupted, killed, out of its time, or could not deliver what it found; `--resume` then goes on with it.
 */
import { existsSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Header, Journal, type Recorded, readJournal } from '../explore/journal.ts';
import type { Finished, Sweep } from '../explore/sweep.ts';
import { reasonOf } from './errors.ts';
import { tell } from './terminal.ts';

export interface KeptJournal {
  /** Portions of the sweep that is resumed. */
  readonly finished: readonly Finished[];
  add(finished: Finished): void;
  /** The sweep's results are where they belong. */
  end(stopped: Sweep['stopped']): void;
}

const FOLDER = '.hangup';
const NAME = 'sweep.journal';

/** Throws `InputError` when `--resume` has a journal that it cannot go on with. */
export function journalOf(flags: { readonly report?: string; readonly resume?: boolean }, header: Header): KeptJournal {
  const folder = flags.report ?? FOLDER;
  const path = join(folder, NAME);
  let recorded: Recorded | null = null;
  if (flags.resume) {
    if (existsSync(path)) recorded = readJournal(path, header);
    const runs = (recorded?.finished ?? []).reduce((sum, { seeds }) => sum + seeds, 0);
    tell(
      recorded === null
        ? `--resume: ${path} does not exist: the sweep begins`
        : `--resume: ${runs} of ${header.scenarios.length * header.seeds} runs are in ${path}`,
    );
  }
  let journal: Journal | null = null;
  try {
    journal = Journal.open(path, header, recorded);
  } catch (error) {
    tell(`warning: ${path}: cannot be written (${reasonOf(error)}): this sweep cannot be resumed`);
  }
  return {
    finished: recorded?.finished ?? [],
    add(finished) {
      if (journal === null || journal.broken !== null) return;
      journal.add(finished);
      if (journal.broken !== null)
        tell(`warning: ${path}: cannot be written (${journal.broken}): --resume would go on from here`);
    },
    end(stopped) {
      if (journal === null) return;
      if (stopped === null || stopped === 'failure') {
        journal.remove();
        removeEmpty(folder);
      } else {
        journal.close();
        tell(`--resume goes on from here (${path})`);
      }
    },
  };
}

/** A folder that nothing is in says nothing. */
function removeEmpty(folder: string): void {
  try {
    if (folder === FOLDER) rmdirSync(folder);
  } catch {
    // Somebody's failures are in it.
  }
}
