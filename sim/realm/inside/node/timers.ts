/**
 * `timers`: `Timeout` and `Immediate` objects, with `ref`, `unref`, `refresh`, and as promises (`lib/timers.js`).
 *
 * What is no delay is 1 ms, as is what is too long. An immediate comes before a timer of the same moment that is set after
 * it, and behind everything that its moment still brings.
 */
import { badType, coded } from './errors.ts';
import { bound, type Frame, frame, swap } from './frame.ts';
import { life, type Task } from './life.ts';
import type { Any, Callback } from './loose.ts';
import { Ref } from './refs.ts';

const LONGEST = 2_147_483_647;
const primitive = Symbol.toPrimitive;
const dispose: symbol = (Symbol as Any).dispose ?? Symbol.for('nodejs.dispose');

/** Timers by the number that they turn into, for `clearTimeout(+timer)`; only those that did. */
const numbered = new Map<number, Timeout>();

/** A callback that happens later, in the frame of who asked. */
abstract class Later implements Task {
  readonly #frame: Frame = frame();
  readonly #callback: Callback;
  readonly #args: readonly unknown[];
  readonly #ref = new Ref();
  _destroyed = false;

  constructor(callback: Callback, args: readonly unknown[]) {
    if (typeof callback !== 'function') throw badType('callback', 'of type function', callback);
    this.#callback = callback;
    this.#args = args;
  }
  abstract run(): void;
  abstract stop(): void;
  abstract shown(): string;

  protected happen(): void {
    const before = swap(this.#frame);
    life.call(this.#callback, this, ...this.#args);
    swap(before);
  }
  protected set active(on: boolean) {
    this.#ref.active = on;
  }
  ref(): this {
    this.#ref.counts = true;
    return this;
  }
  unref(): this {
    this.#ref.counts = false;
    return this;
  }
  hasRef(): boolean {
    return this.#ref.counts && !this.isCleared;
  }
  /** An immediate that happened, or never will, counts for nothing. */
  protected get isCleared(): boolean {
    return false;
  }
  [dispose](): void {
    this.stop();
  }
}

export class Timeout extends Later {
  readonly #handle = life.handle();
  readonly #delay: number;
  readonly #repeats: boolean;
  #cleared = false;

  constructor(callback: Callback, delay: unknown, repeats: boolean, args: readonly unknown[]) {
    super(callback, args);
    const given = Number(delay);
    this.#delay = given >= 1 && given <= LONGEST ? Math.trunc(given) : 1;
    this.#repeats = repeats;
    this.#arm();
  }

  #arm(): void {
    this.active = true;
    life.schedule(this, this.#delay, this.#handle);
  }

  run(): void {
    this._destroyed = !this.#repeats;
    this.active = this.#repeats;
    this.happen();
    // Its own callback may have cleared it, or armed it again. An interval waits from the end of its callback.
    if (this.#repeats && !this._destroyed) this.#arm();
    if (this._destroyed) numbered.delete(this.#handle);
  }
  stop(): void {
    this.#cleared = true;
    if (this._destroyed) return;
    this._destroyed = true;
    this.active = false;
    numbered.delete(this.#handle);
    life.unschedule(this.#handle);
  }
  refresh(): this {
    // One that has fired begins again; one that was cleared stays so.
    if (this.#cleared) return this;
    this._destroyed = false;
    this.#arm();
    return this;
  }
  close(): this {
    this.stop();
    return this;
  }
  shown(): string {
    return `${this.#repeats ? 'setInterval' : 'setTimeout'}(…, ${this.#delay})`;
  }
  [primitive](): number {
    if (!this._destroyed) numbered.set(this.#handle, this);
    return this.#handle;
  }
}

export class Immediate extends Later {
  readonly #handle = life.handle();

  constructor(callback: Callback, args: readonly unknown[]) {
    super(callback, args);
    this.active = true;
    life.schedule(this, 0, this.#handle);
  }
  run(): void {
    this._destroyed = true;
    this.active = false;
    this.happen();
  }
  stop(): void {
    if (this._destroyed) return;
    this._destroyed = true;
    this.active = false;
    life.unschedule(this.#handle);
  }
  protected override get isCleared(): boolean {
    return this._destroyed;
  }
  shown(): string {
    return 'an immediate';
  }
}

export const setTimeout = (callback: Callback, delay?: unknown, ...args: unknown[]): Timeout =>
  new Timeout(callback, delay, false, args);
export const setInterval = (callback: Callback, delay?: unknown, ...args: unknown[]): Timeout =>
  new Timeout(callback, delay, true, args);
export const setImmediate = (callback: Callback, ...args: unknown[]): Immediate => new Immediate(callback, args);

export function clearTimeout(timer: unknown): void {
  if (timer instanceof Timeout) timer.close();
  else if (typeof timer === 'number' || typeof timer === 'string') numbered.get(Number(timer))?.close();
}
export const clearInterval = (timer: unknown): void => clearTimeout(timer);
export function clearImmediate(immediate: unknown): void {
  if (immediate instanceof Immediate) immediate.stop();
}

// ---- as promises

interface Options {
  readonly signal?: Any;
  readonly ref?: boolean;
}

function aborted(signal: Any): Error {
  const error = coded(Error, 'ABORT_ERR', 'The operation was aborted') as Any;
  error.name = 'AbortError';
  error.cause = signal.reason;
  return error;
}

function wait(make: (done: Callback) => Later, value: unknown, { signal, ref }: Options = {}): Promise<Any> {
  if (signal?.aborted) return Promise.reject(aborted(signal));
  return new Promise((resolve, reject) => {
    const timer = make(() => {
      signal?.removeEventListener('abort', stopped);
      resolve(value);
    });
    const stopped = (): void => {
      timer.stop();
      reject(aborted(signal));
    };
    if (ref === false) timer.unref();
    signal?.addEventListener('abort', stopped, { once: true });
  });
}

const later = (delay?: number, value?: unknown, options?: Options): Promise<Any> =>
  wait((done) => setTimeout(done, delay), value, options);
const soon = (value?: unknown, options?: Options): Promise<Any> => wait((done) => setImmediate(done), value, options);

async function* every(delay?: number, value?: unknown, { signal, ref }: Options = {}): AsyncGenerator<unknown> {
  if (signal?.aborted) throw aborted(signal);
  let due = 0;
  let wake: Callback | null = null;
  const timer = setInterval(() => {
    due++;
    wake?.();
    wake = null;
  }, delay);
  if (ref === false) timer.unref();
  const stopped = (): void => wake?.();
  signal?.addEventListener('abort', stopped, { once: true });
  try {
    for (;;) {
      if (signal?.aborted) throw aborted(signal);
      if (due === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      for (; due > 0; due--) yield value;
    }
  } finally {
    timer.close();
    signal?.removeEventListener('abort', stopped);
  }
}

export const promises = {
  setTimeout: later,
  setImmediate: soon,
  setInterval: every,
  scheduler: { wait: (delay: number, options?: Options) => later(delay, undefined, options), yield: () => soon() },
};

const custom = Symbol.for('nodejs.util.promisify.custom');
Object.defineProperty(setTimeout, custom, { value: later, enumerable: true });
Object.defineProperty(setImmediate, custom, { value: soon, enumerable: true });

const ready = Promise.resolve();
const { then } = Promise.prototype;

/** A microtask, in the frame of who asked; what it throws nobody can catch. */
export function queueMicrotask(callback: Callback): void {
  if (typeof callback !== 'function') throw badType('callback', 'of type function', callback);
  const run = bound(callback);
  Reflect.apply(then, ready, [
    () => {
      try {
        run();
      } catch (error) {
        life.report(error);
      }
    },
  ]);
}

export const timers = {
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  clearInterval,
  clearImmediate,
  promises,
};
