/**
 * What keeps a process alive: its timers, its sockets, its servers, unless they are told not to (`unref`).
 *
 * A simulated process is not asked to end by itself before somebody tells it to go, since whoever calls its functions would
 * keep a real one alive; from then on it ends as soon as nothing holds it.
 */
let holds = 0;

export const hold = (): void => {
  holds++;
};
export const release = (): void => {
  holds--;
};
export const isHeld = (): boolean => holds > 0;

/** One thing that may hold the process: whether it is there, and whether it counts. */
export class Ref {
  #active = false;
  #counts = true;

  /** It is there now, or no longer. */
  set active(on: boolean) {
    if (on === this.#active) return;
    this.#active = on;
    if (this.#counts) on ? hold() : release();
  }
  get active(): boolean {
    return this.#active;
  }
  set counts(on: boolean) {
    if (on === this.#counts) return;
    this.#counts = on;
    if (this.#active) on ? hold() : release();
  }
  get counts(): boolean {
    return this.#counts;
  }
}
