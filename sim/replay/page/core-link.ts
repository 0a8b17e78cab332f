/// <reference lib="dom" />
/** The page's side of its worker: questions with their answers, one after the other. */

import type { Subject } from '../subject.ts';
import type { Answer, QuestionName, Questions } from '../worker/words.ts';

/** What the core threw during a run that the page asked for. */
export class CoreError extends Error {
  readonly at: string | null;
  constructor(message: string, at: string | null) {
    super(message);
    this.at = at;
  }
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class Core {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** `script`: the worker as text. */
  constructor(script: string, { scenario, seed, options }: Subject) {
    const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    this.#worker = new Worker(url);
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('error' in data) waiting?.reject(new CoreError(data.error, data.at));
      else waiting?.resolve(data.answer);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      for (const { reject } of this.#waiting.values())
        reject(new CoreError(event.message || 'the worker of this page did not start', null));
      this.#waiting.clear();
    };
    this.#worker.postMessage({ begin: { scenario, seed, options } });
  }

  ask<K extends QuestionName>(name: K, what: Questions[K]['ask']): Promise<Questions[K]['answer']> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.#worker.postMessage({ id, name, ...what });
    });
  }

  /** How many questions are not answered yet. */
  get pending(): number {
    return this.#waiting.size;
  }
}
