/**
 * Where an experiment is made: threads, the journal that outlives them, signals and the budget that end them, and what is
 * shown meanwhile. Who experiments says which rows it needs; why there are fewer in the end is known here.
 */
import { existsSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LabDocument } from '../../lab/experiment/document.ts';
import type { Reached } from '../../lab/experiment/enough.ts';
import { type Conditions, cellKey } from '../../lab/experiment/experiment.ts';
import { type LabHeader, LabJournal, type LabRecorded, readLabJournal } from '../../lab/experiment/journal.ts';
import { Rows, untilEnded } from '../../lab/experiment/rows.ts';
import { Refused, Threads } from '../../lab/experiment/threads.ts';
import { reasonOf, UsageError } from '../errors.ts';
import { type Interrupt, onInterrupt } from '../interrupt.ts';
import { tell } from '../terminal.ts';
import { type LabProgress, labProgress } from './progress.ts';

export interface WorkbenchOptions {
  readonly conditions: Conditions;
  readonly header: LabHeader;
  readonly jobs: number;
  /** Wall time in milliseconds, or null. */
  readonly budgetMs: number | null;
  readonly resume: boolean;
  /** Where the journal is; null for the folder of hangup. */
  readonly folder: string | null;
}

const FOLDER = '.hangup';
const NAME = 'lab.journal';

export class Workbench {
  readonly rows: Rows;
  readonly #path: string;
  readonly #threads: Threads;
  readonly #interrupt: Interrupt = onInterrupt();
  readonly #timer: NodeJS.Timeout | null;
  readonly #progress: LabProgress;
  readonly #journal: LabJournal | null;
  /** What each cell will have, as it looks now. */
  readonly #expects = new Map<string, number>();
  readonly #begun = performance.now();
  readonly #budgetMs: number | null;
  #done: number;
  #isRefused = false;
  #words = '';
  #stopped: LabDocument['stopped'] = null;

  /** Throws `InputError` when `--resume` has a journal that it cannot go on with. */
  constructor({ conditions, header, jobs, budgetMs, resume, folder }: WorkbenchOptions) {
    this.#path = join(folder ?? FOLDER, NAME);
    this.#budgetMs = budgetMs;
    const recorded = resume ? recordedAt(this.#path, header) : null;
    this.#done = (recorded?.done ?? []).reduce((sum, { values }) => sum + values.length, 0);
    this.#journal = opened(this.#path, header, recorded);
    this.#progress = labProgress(this.#done);
    this.#threads = new Threads(jobs);
    this.rows = new Rows(
      conditions,
      this.#threads,
      {
        made: (done) => {
          this.#journal?.add(done);
          this.#done += done.values.length;
          this.#show();
        },
      },
      recorded?.done,
    );
    this.#interrupt.signal.addEventListener('abort', () => this.#stop('interrupted'));
    this.#timer = budgetMs === null ? null : setTimeout(() => this.#stop('budget'), budgetMs);
  }

  /** Why work was stopped before its end; null when it was not. */
  get stopped(): LabDocument['stopped'] {
    return this.#stopped;
  }

  /** What only this machine can say. */
  get machine(): { readonly workers: number; readonly seconds: number } {
    return { workers: this.#threads.size, seconds: Math.round(performance.now() - this.#begun) / 1000 };
  }

  /** Whether so much of the budget is spent; never without one. */
  isSpent(share: number): boolean {
    return this.#budgetMs !== null && performance.now() - this.#begun > share * this.#budgetMs;
  }

  /** What is under way, as progress says it. */
  readonly words = (words: string): void => {
    this.#words = words;
  };

  /** Does some work, and says `words` meanwhile; false when it was stopped, and whatever is asked for then as well. */
  async work(words: string, what: () => Promise<void>): Promise<boolean> {
    this.#words = words;
    try {
      return this.#stopped === null && (await untilEnded(what));
    } catch (error) {
      // Nothing that was made goes on to anything.
      this.#isRefused = error instanceof Refused;
      if (error instanceof Refused) throw new UsageError(error.message);
      throw error;
    }
  }

  /** What was heard of a cell. */
  readonly heard = ({ cell, expects }: Reached, phase = ''): void => {
    this.#expects.set(`${phase} ${cellKey(cell)}`, expects);
    this.#show();
  };

  /** All rows are there: from here on nothing is shown of how far it is. */
  pause(): void {
    this.#progress.end();
  }

  /** A line that stays. */
  say(line: string): void {
    this.#progress.say(line);
  }

  /** Everything is where it belongs, or nothing more will come: the journal goes, unless there is something to go on with. */
  end(delivered: boolean): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#threads.end();
    this.#progress.end();
    this.#interrupt.end();
    if (this.#journal === null) return;
    if (this.#journal.broken !== null)
      tell(`warning: ${this.#path}: cannot be written (${this.#journal.broken}): --resume would go on from there`);
    if (this.#isRefused || (delivered && this.#stopped === null)) {
      this.#journal.remove();
      removeEmpty(this.#path);
    } else {
      this.#journal.close();
      tell(`--resume goes on from here (${this.#path})`);
    }
  }

  #stop(why: 'budget' | 'interrupted'): void {
    this.#stopped ??= why;
    this.#threads.end();
  }

  #show(): void {
    let expects = 0;
    for (const each of this.#expects.values()) expects += each;
    this.#progress.show(this.#done, expects, this.#words);
  }
}

function recordedAt(path: string, header: LabHeader): LabRecorded | null {
  const recorded = existsSync(path) ? readLabJournal(path, header) : null;
  const rows = (recorded?.done ?? []).reduce((sum, { values }) => sum + values.length, 0);
  tell(
    recorded === null
      ? `--resume: ${path} does not exist: the experiment begins`
      : `--resume: ${rows} replications are in ${path}`,
  );
  return recorded;
}

function opened(path: string, header: LabHeader, recorded: LabRecorded | null): LabJournal | null {
  try {
    return LabJournal.open(path, header, recorded);
  } catch (error) {
    tell(`warning: ${path}: cannot be written (${reasonOf(error)}): this experiment cannot be resumed`);
    return null;
  }
}

/** A folder that nothing is in says nothing. */
function removeEmpty(path: string): void {
  try {
    if (path === join(FOLDER, NAME)) rmdirSync(FOLDER);
  } catch {
    // Somebody's failures are in it.
  }
}
