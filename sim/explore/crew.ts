/**
 * A crew: worker processes that run portions of a sweep.
 *
 * Processes and not threads, because a thread that runs out of memory, or crashes in native code, takes its process with
 * it (V8 grants a thread's heap 16 MB beyond its limit, and one collection of a young generation of 64 MB promotes more).
 * A process that dies takes only its portion: a cell in a file that all of them share says which run it was in, a fresh
 * process takes its place, and whoever asked decides what to run again.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatDuration, ms } from '../../src/time.ts';
import type { Portion, Shared } from './portion.ts';
import type { Least, Seen, Single } from './single.ts';
import type { Address } from './source.ts';
import type { Tally } from './tally.ts';

/** How a worker process ended in the middle of its portion. */
export interface Death {
  /** The seed that it was in, as a number; null when nobody knows. */
  readonly seed: number | null;
  /** `out of memory`, `signal SIGKILL`, `exit code 7`. */
  readonly reason: string;
}

export type Answer = { readonly tally: Tally } | { readonly death: Death };

/** What comes of a single run: of one that is shrunk, the smallest; null when it does not fail as it is said to. */
export type SingleAnswer = { readonly seen: Seen } | { readonly least: Least | null } | { readonly death: Death };

/** No worker process lives long enough to take a portion. */
export class NoWorkers extends Error {}

/** What a worker is told, and what it says; nothing else travels. */
export type ToWorker =
  | { readonly shared: Shared; readonly modules: readonly Address[] }
  | { readonly portion: Portion }
  | { readonly single: Single };
export type FromWorker =
  | { readonly ready: true }
  /** A module that scenarios come from cannot be loaded there. */
  | { readonly unready: string }
  | { readonly tally: Tally }
  | { readonly seen: Seen }
  | { readonly least: Least | null }
  | { readonly thrown: string };

/** Set for every process of a crew: a module that sweeps when it is loaded would start crews for ever. */
export const IN_WORKER = 'HANGUP_WORKER';

/** Deaths in a row of processes that never became ready, until nobody tries again. */
const STILLBORN_MAX = 3;
/** One run takes milliseconds, and one that uses its budget of events up some twenty seconds. */
const PATIENCE_MS = 120_000;
const LOOKS = 12;
/** The file descriptor of the cells in every worker, behind standard streams and the channel. */
export const CELLS_FD = 4;
/** Bytes of a cell: one double. */
export const CELL_BYTES = 8;
/** What stands in a cell between two portions. */
export const NO_SEED = -1;
/** How much of what a dying process says is kept. */
const LAST_WORDS = 8192;

interface Job {
  readonly work: { readonly portion: Portion } | { readonly single: Single };
  /** Whether only a process that has run nothing yet will do. */
  readonly fresh: boolean;
  resolve(answer: never): void;
  reject(error: Error): void;
}

interface Worker {
  readonly slot: number;
  readonly process: ChildProcess;
  ready: boolean;
  /** Portions that it has taken. */
  taken: number;
  job: Job | null;
  /** The end of what it wrote on standard error. */
  words: string;
  /** The run that it was seen in last, how often in a row, and whether it was ended for that. */
  seen: string;
  looks: number;
  late: boolean;
}

export class Crew {
  readonly #shared: Shared;
  readonly #modules: readonly Address[];
  readonly #semiSpaceMb: number;
  readonly #program: string;
  readonly #cells: number | null;
  readonly #workers: (Worker | null)[];
  readonly #queue: Job[] = [];
  readonly #patienceMs: number;
  readonly #clock: NodeJS.Timeout;
  #stillborn = 0;
  #over = false;

  /**
   * At most `size` processes, 1 or more, which start when there is something to run and find scenarios in these modules,
   * each with young semi-spaces of so many megabytes; `program` is what they run. A process that is in one run for longer
   * than its patience is ended: a step that never returns would hold the sweep for ever.
   */
  constructor(
    size: number,
    shared: Shared,
    modules: readonly Address[],
    semiSpaceMb: number,
    program: string = WORKER,
    patienceMs = PATIENCE_MS,
  ) {
    this.#patienceMs = patienceMs;
    // Looked at in steps, so that a machine that slept does not count.
    this.#clock = setInterval(() => this.#look(), patienceMs / LOOKS).unref();
    this.#program = program;
    this.#shared = shared;
    this.#modules = modules.map(({ url, ours }) => ({ url, ours }));
    this.#semiSpaceMb = semiSpaceMb;
    this.#cells = openCells(size);
    this.#workers = Array.from({ length: size }, () => null);
  }

  /** Runs a portion in any worker that is free; `fresh` in one that has run nothing before. Rejects with `NoWorkers`. */
  run(portion: Portion, fresh = false): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ work: { portion }, fresh, resolve, reject });
      this.#assign();
    });
  }

  /** Makes a single run in any worker that is free, or shrinks it. */
  single(single: Single): Promise<SingleAnswer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ work: { single }, fresh: false, resolve, reject });
      this.#assign();
    });
  }

  /** Ends every process at once, whatever it does. */
  end(): void {
    this.#over = true;
    clearInterval(this.#clock);
    for (const worker of this.#workers) worker?.process.kill('SIGKILL');
    if (this.#cells !== null) closeSync(this.#cells);
  }

  #start(slot: number): void {
    const child = fork(this.#program, [String(slot), this.#cells === null ? '' : String(CELLS_FD)], {
      execArgv: [
        ...HEAP_FLAGS,
        `--min-semi-space-size=${this.#semiSpaceMb}`,
        `--max-semi-space-size=${this.#semiSpaceMb}`,
      ],
      env: { ...process.env, [IN_WORKER]: '1' },
      // Contents and tallies hold what JSON has no words for.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', this.#cells ?? 'ignore'],
    });
    const worker: Worker = {
      slot,
      process: child,
      ready: false,
      taken: 0,
      job: null,
      words: '',
      seen: '',
      looks: 0,
      late: false,
    };
    this.#workers[slot] = worker;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      worker.words = (worker.words + text).slice(-LAST_WORDS);
    });
    child.on('message', (message) => this.#hear(worker, message as FromWorker));
    // `close` comes behind the last words, `exit` may not.
    child.on('close', (code, signal) => this.#bury(worker, code, signal));
    child.on('error', () => {});
    this.#tell(worker, { shared: this.#shared, modules: this.#modules });
  }

  /** What cannot be sent to a dying process is told by its death. */
  #tell(worker: Worker, message: ToWorker): void {
    worker.process.send(message, () => {});
  }

  #assign(): void {
    const { free, starting } = this.#idle();
    for (const worker of free) {
      const nth = this.#queue.findIndex(({ fresh }) => !fresh || worker.taken === 0);
      const [job] = nth < 0 ? [] : this.#queue.splice(nth, 1);
      if (job === undefined) continue;
      worker.job = job;
      worker.taken++;
      this.#tell(worker, job.work);
    }
    // What is left waits for a process: for one that starts, or for the successor of one that has run something.
    let wanted = this.#queue.length - starting;
    for (let slot = 0; slot < this.#workers.length && wanted > 0; slot++)
      if (this.#workers[slot] === null) {
        this.#start(slot);
        wanted--;
      }
    const old = free.find(({ job }) => job === null);
    if (wanted > 0 && old !== undefined) {
      old.ready = false;
      old.process.kill('SIGKILL');
    }
  }

  /** Workers that can take a job, and how many others will be able to. */
  #idle(): { readonly free: readonly Worker[]; readonly starting: number } {
    const idle = this.#workers.filter((worker): worker is Worker => worker !== null && worker.job === null);
    return { free: idle.filter(({ ready }) => ready), starting: idle.filter(({ ready }) => !ready).length };
  }

  #hear(worker: Worker, message: FromWorker): void {
    if ('ready' in message) {
      worker.ready = true;
      this.#stillborn = 0;
    } else if ('unready' in message) {
      for (const job of this.#queue.splice(0)) job.reject(new Error(message.unready));
      return;
    } else {
      const { job } = worker;
      worker.job = null;
      if ('thrown' in message) job?.reject(new Error(message.thrown));
      else job?.resolve(message as never);
    }
    this.#assign();
  }

  #bury(worker: Worker, code: number | null, signal: NodeJS.Signals | null): void {
    this.#workers[worker.slot] = null;
    if (this.#over) return;
    const reason = worker.late
      ? `no end of it within ${formatDuration(ms(this.#patienceMs))}`
      : reasonOf(code, signal, worker.words);
    worker.job?.resolve({ death: { seed: this.#seedIn(worker.slot), reason } } as never);
    // One that was ended to make room was ready once.
    if (!worker.ready && worker.taken === 0) this.#stillborn++;
    if (this.#stillborn < STILLBORN_MAX) {
      this.#assign();
      return;
    }
    for (const job of this.#queue.splice(0)) job.reject(new NoWorkers(`no worker process can be started (${reason})`));
  }

  #look(): void {
    for (const worker of this.#workers) {
      if (worker === null || worker.job === null) continue;
      const seen = `${worker.taken} ${this.#seedIn(worker.slot)}`;
      worker.looks = this.#cells !== null && seen === worker.seen ? worker.looks + 1 : 0;
      worker.seen = seen;
      if (worker.looks < LOOKS) continue;
      worker.late = true;
      worker.process.kill('SIGKILL');
    }
  }

  #seedIn(slot: number): number | null {
    if (this.#cells === null) return null;
    const cell = Buffer.alloc(CELL_BYTES);
    readSync(this.#cells, cell, 0, CELL_BYTES, slot * CELL_BYTES);
    const seed = cell.readDoubleLE();
    return seed === NO_SEED ? null : seed;
  }
}

const WORKER = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './boot.mjs' : './worker.js', import.meta.url));

/** Limits of the heap that this process was given hold for its workers, too; its debugger and loaders are its own. */
const HEAP_FLAGS = process.execArgv.filter((flag) => /^--max[-_](old[-_]space|heap)[-_]size=/.test(flag));

/** A file without a name, so that nothing is left behind; null where there is no place for one: then nobody knows. */
function openCells(size: number): number | null {
  try {
    const path = join(tmpdir(), `hangup-cells-${process.pid}-${Date.now().toString(36)}-${opened++}`);
    const cells = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    const empty = Buffer.alloc(CELL_BYTES);
    empty.writeDoubleLE(NO_SEED);
    for (let slot = 0; slot < size; slot++) writeSync(cells, empty, 0, CELL_BYTES, slot * CELL_BYTES);
    return cells;
  } catch {
    return null;
  }
}
let opened = 0;

function reasonOf(code: number | null, signal: NodeJS.Signals | null, words: string): string {
  if (/heap out of memory|ERR_WORKER_OUT_OF_MEMORY|Array buffer allocation failed/.test(words)) return 'out of memory';
  return signal !== null ? `signal ${signal}` : `exit code ${code}`;
}
