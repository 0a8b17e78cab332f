/** The processes that look for bugs, and what they came to, in the order of the jobs whoever was done first. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Found } from './find.ts';
import type { Answer, Job } from './worker.ts';

export class Crew {
  readonly #idle: ChildProcess[] = [];
  readonly #waiting: ((worker: ChildProcess) => void)[] = [];
  readonly #all: ChildProcess[];

  constructor(size: number) {
    this.#all = Array.from({ length: size }, () => fork(new URL('./worker.ts', import.meta.url)));
    this.#idle.push(...this.#all);
  }

  async search(job: Job): Promise<Found> {
    const worker = this.#idle.pop() ?? (await new Promise<ChildProcess>((take) => this.#waiting.push(take)));
    const answer = await new Promise<Answer>((resolve, reject) => {
      const died = (): void => reject(new Error(`the process that looked for ${job.bug} died`));
      worker.once('exit', died);
      worker.once('message', (message: Answer) => {
        worker.off('exit', died);
        resolve(message);
      });
      worker.send(job);
    });
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
    if ('thrown' in answer) throw new Error(`${job.bug}, ${job.strategy} from ${job.from}: ${answer.thrown}`);
    return answer.found;
  }

  end(): void {
    for (const worker of this.#all) worker.disconnect();
  }
}
