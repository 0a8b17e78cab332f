/**
 * Timers, as a page has them (HTML, "timers") and as a Node process has them (`lib/timers.js`).
 *
 * A page turns a delay into a 32-bit integer, runs a string as code, and makes a timer that timers have set one out of the
 * other wait for 4 ms at least. Node hands out objects, takes what is no delay for 1 ms, and knows no nesting.
 */
import type { Handle, Millis } from '../host.ts';
import { needs } from './idl.ts';
import { type Any, type Callback, define, type Inside, type Part, scope, type Task } from './inside.ts';

export function install(inside: Inside): Part {
  define('queueMicrotask', microtasks(inside));
  return inside.profile === 'browser' ? ofPage(inside) : ofProcess(inside);
}

function microtasks(inside: Inside): Callback {
  const ready = Promise.resolve();
  const { then } = Promise.prototype;
  return function queueMicrotask(callback: unknown): void {
    if (typeof callback !== 'function') throw new TypeError('queueMicrotask: its argument is no function');
    Reflect.apply(then, ready, [
      () => {
        try {
          callback();
        } catch (error) {
          inside.report(error);
        }
      },
    ]);
  };
}

// ---- a page's -------------------------------------------------------------------------------------------------------

/** A timer that more than that many have set one out of the other does not wait for less than `LEAST_NESTED`. */
const MOST_NESTED = 5;
const LEAST_NESTED: Millis = 4;

/** WebIDL's `long`, and what HTML makes of it. */
function wait(delay: unknown, nesting: number): Millis {
  const least = nesting > MOST_NESTED ? LEAST_NESTED : 0;
  return Math.max(least, Number(delay) | 0);
}

function ofPage(inside: Inside): Part {
  /** How deep the timer that runs now is nested; 0 outside of timers. */
  let nesting = 0;

  class Timer implements Task {
    readonly handle = inside.handle();
    readonly #handler: Any;
    readonly #args: readonly unknown[];
    readonly #delay: unknown;
    readonly #repeats: boolean;
    #nesting = nesting;

    constructor(handler: Any, delay: unknown, repeats: boolean, args: readonly unknown[]) {
      this.#handler = typeof handler === 'function' ? handler : String(handler);
      this.#delay = Number(delay) | 0;
      this.#repeats = repeats;
      this.#args = args;
      this.#set();
    }

    run(): void {
      nesting = this.#nesting;
      // While it runs it is there, so that it can be cleared.
      if (this.#repeats) this.#set();
      if (typeof this.#handler === 'function') inside.call(this.#handler, scope, ...this.#args);
      else inside.call(scope.eval as Callback, undefined, this.#handler);
      nesting = 0;
    }

    #set(): void {
      inside.schedule(this, wait(this.#delay, this.#nesting), this.handle);
      this.#nesting++;
    }

    shown(): string {
      return `${this.#repeats ? 'setInterval' : 'setTimeout'}(…, ${this.#delay})`;
    }
  }

  const clear = (id: unknown): void => {
    const handle = Number(id) | 0;
    if (inside.scheduled(handle) instanceof Timer) inside.unschedule(handle);
  };
  define('setTimeout', function setTimeout(handler: unknown, delay: unknown = 0, ...args: unknown[]): Handle {
    needs(1, arguments.length, "execute 'setTimeout' on 'Window'");
    return new Timer(handler, delay, false, args).handle;
  });
  define('setInterval', function setInterval(handler: unknown, delay: unknown = 0, ...args: unknown[]): Handle {
    needs(1, arguments.length, "execute 'setInterval' on 'Window'");
    return new Timer(handler, delay, true, args).handle;
  });
  define('clearTimeout', function clearTimeout(id?: unknown): void {
    clear(id);
  });
  define('clearInterval', function clearInterval(id?: unknown): void {
    clear(id);
  });
  return {
    reset() {
      nesting = 0;
    },
  };
}

// ---- a Node process's -----------------------------------------------------------------------------------------------

/** TIMEOUT_MAX. */
const LONGEST: Millis = 2_147_483_647;

function ofProcess(inside: Inside): Part {
  class Timeout implements Task {
    #handle: Handle;
    readonly #callback: Callback;
    readonly #args: readonly unknown[];
    readonly #delay: Millis;
    readonly #repeats: boolean;
    #refed = true;

    constructor(callback: Callback, delay: unknown, repeats: boolean, args: readonly unknown[]) {
      const asked = Number(delay);
      this.#callback = callback;
      this.#delay = asked >= 1 && asked <= LONGEST ? Math.trunc(asked) : 1;
      this.#repeats = repeats;
      this.#args = args;
      this.#handle = inside.schedule(this, this.#delay);
    }

    run(): void {
      inside.call(this.#callback, this, ...this.#args);
      // Node sets it anew when it has run, unless it was cleared or set anew by itself.
      if (this.#repeats && this.#handle !== 0 && inside.scheduled(this.#handle) === undefined)
        inside.schedule(this, this.#delay, this.#handle);
    }

    shown(): string {
      return `${this.#repeats ? 'setInterval' : 'setTimeout'}(…, ${this.#delay})`;
    }

    ref(): this {
      this.#refed = true;
      return this;
    }

    unref(): this {
      this.#refed = false;
      return this;
    }

    hasRef(): boolean {
      return this.#refed;
    }

    /** One that is over or was cleared begins again, too: Node does so for those that are over. */
    refresh(): this {
      if (this.#handle !== 0) inside.schedule(this, this.#delay, this.#handle);
      return this;
    }

    close(): this {
      if (this.#handle !== 0) inside.unschedule(this.#handle);
      this.#handle = 0;
      return this;
    }

    [Symbol.toPrimitive](): Handle {
      return this.#handle;
    }
  }

  class Immediate implements Task {
    readonly #callback: Callback;
    readonly #args: readonly unknown[];
    readonly #handle: Handle;
    #refed = true;

    constructor(callback: Callback, args: readonly unknown[]) {
      this.#callback = callback;
      this.#args = args;
      this.#handle = inside.schedule(this, 0);
    }

    run(): void {
      inside.call(this.#callback, this, ...this.#args);
    }

    shown(): string {
      return 'setImmediate';
    }

    ref(): this {
      this.#refed = true;
      return this;
    }

    unref(): this {
      this.#refed = false;
      return this;
    }

    hasRef(): boolean {
      return this.#refed;
    }

    clear(): void {
      inside.unschedule(this.#handle);
    }
  }

  const clear = (timer: unknown): void => {
    if (timer instanceof Timeout) timer.close();
    else if (typeof timer === 'number' || typeof timer === 'string') {
      const task = inside.scheduled(Number(timer));
      if (task instanceof Timeout) task.close();
    }
  };
  const callable = (callback: unknown): Callback => {
    if (typeof callback === 'function') return callback as Callback;
    const error = new TypeError(`The "callback" argument must be of type function. Received ${String(callback)}`);
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
  };
  define('setTimeout', function setTimeout(callback: unknown, delay?: unknown, ...args: unknown[]): Timeout {
    return new Timeout(callable(callback), delay, false, args);
  });
  define('setInterval', function setInterval(callback: unknown, delay?: unknown, ...args: unknown[]): Timeout {
    return new Timeout(callable(callback), delay, true, args);
  });
  define('setImmediate', function setImmediate(callback: unknown, ...args: unknown[]): Immediate {
    return new Immediate(callable(callback), args);
  });
  define('clearTimeout', function clearTimeout(timer?: unknown): void {
    clear(timer);
  });
  define('clearInterval', function clearInterval(timer?: unknown): void {
    clear(timer);
  });
  define('clearImmediate', function clearImmediate(immediate?: unknown): void {
    if (immediate instanceof Immediate) immediate.clear();
  });
  return {};
}
