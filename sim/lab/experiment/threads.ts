/**
 * The threads on which replications are made.
 *
 * Threads and not processes, as a sweep has them: a replication is typed arrays of known size, so a heap hardly grows, and
 * a thread starts in a fraction of the time. None of the work is done on the command's own thread, which therefore hears a
 * signal at once, whatever a storm of a million clients is in the middle of.
 */
import { Worker } from 'node:worker_threads';
import type { FromThread, ToThread } from './task.ts';

/** What is asked when all threads were ended. */
export class Ended extends Error {}

/** A policy or a storm that cannot be run. */
export class Refused extends Error {}

/** What made a thread end: a bug of ours, somebody's own policy, or memory. */
export class ThreadError extends Error {}

interface Job {
  readonly task: ToThread;
  resolve(answer: FromThread): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  job: Job | null;
}

export class Threads {
  readonly size: number;
  readonly #threads: Thread[] = [];
  readonly #queue: Job[] = [];
  #over = false;

  /** At most `size`, 1 or more; they start when there is something to do. */
  constructor(size: number) {
    this.size = size;
  }

  /** In the order in which it was asked for, as threads become free. Rejects with `Ended` or `ThreadError`. */
  perform(task: ToThread): Promise<FromThread> {
    return new Promise((resolve, reject) => {
      if (this.#over) {
        reject(new Ended());
        return;
      }
      this.#queue.push({ task, resolve, reject });
      this.#assign();
    });
  }

  /** Ends every thread at once, whatever it does; whoever waits hears `Ended`. */
  end(): void {
    this.#over = true;
    for (const { worker, job } of this.#threads.splice(0)) {
      job?.reject(new Ended());
      void worker.terminate();
    }
    for (const job of this.#queue.splice(0)) job.reject(new Ended());
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      const free = this.#threads.find(({ job }) => job === null) ?? this.#started();
      if (free === null) return;
      const job = this.#queue.shift() as Job;
      free.job = job;
      free.worker.postMessage(job.task);
    }
  }

  #started(): Thread | null {
    if (this.#threads.length >= this.size) return null;
    const worker = new Worker(THREAD);
    const thread: Thread = { worker, job: null };
    this.#threads.push(thread);
    worker.on('message', (answer: FromThread) => {
      const { job } = thread;
      thread.job = null;
      if ('thrown' in answer) job?.reject(new ThreadError(answer.thrown));
      else if ('refused' in answer) job?.reject(new Refused(answer.refused));
      else job?.resolve(answer);
      this.#assign();
    });
    worker.on('error', (error) => this.#bury(thread, reasonOf(error)));
    worker.on('exit', (code) => this.#bury(thread, `it ended with exit code ${code}`));
    return thread;
  }

  #bury(thread: Thread, reason: string): void {
    const at = this.#threads.indexOf(thread);
    if (at < 0) return;
    this.#threads.splice(at, 1);
    thread.job?.reject(new ThreadError(`a thread came to no end: ${reason}`));
    this.#assign();
  }
}

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './boot.mjs' : './thread.js', import.meta.url);

const reasonOf = (error: Error): string =>
  (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : String(error.stack ?? error);
