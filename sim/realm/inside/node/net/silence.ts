/** How long a socket has said and heard nothing: what `setTimeout` of a socket watches. */
import type { Callback } from '../loose.ts';
import { setTimeout, type Timeout } from '../timers.ts';

export class Silence {
  readonly #tell: Callback;
  #timer: Timeout | null = null;

  constructor(tell: Callback) {
    this.#tell = tell;
  }

  /** From now on, and told after so many milliseconds without anything; 0 for never. */
  watch(after: number): void {
    this.end();
    if (after > 0) this.#timer = setTimeout(this.#tell, after).unref();
  }
  /** Something has happened: it begins anew. */
  begin(): void {
    this.#timer?.refresh();
  }
  end(): void {
    this.#timer?.close();
    this.#timer = null;
  }
}
