/**
 * Tasks that run side by side, whose results are taken in the order in which they began. A slow one keeps nobody waiting:
 * those behind it run, and their results wait for their turn.
 */

/** Tasks that have begun and whose results were not taken: behind a run of seconds they cost memory, and no thread's time. */
const AHEAD_MAX = 64;

interface Task<T> {
  readonly result: Promise<T>;
  finished: boolean;
}

export class InOrder<T> {
  readonly #runningMax: number;
  readonly #tasks: Task<T>[] = [];
  #running = 0;
  #wake = (): void => {};

  /** At most `runningMax` tasks run at a time, 1 or more. */
  constructor(runningMax: number) {
    this.#runningMax = runningMax;
  }

  get hasRoom(): boolean {
    return this.#running < this.#runningMax && this.#tasks.length < AHEAD_MAX;
  }

  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  add(result: Promise<T>): void {
    const task: Task<T> = { result, finished: false };
    this.#tasks.push(task);
    this.#running++;
    const finish = (): void => {
      task.finished = true;
      this.#running--;
      this.#wake();
    };
    // A task that failed says so when its result is taken.
    result.then(finish, finish);
  }

  /** The result of the earliest task, or null when another one has finished first and made room. Not for an empty queue. */
  async next(): Promise<T | null> {
    const first = this.#tasks[0] as Task<T>;
    if (!first.finished)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (!first.finished) return null;
    this.#tasks.shift();
    return first.result;
  }
}
