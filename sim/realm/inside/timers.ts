/**
 * Timers of a page (HTML, "timers"): it turns a delay into a 32-bit integer, runs a string as code, and makes a timer that
 * timers have set one out of the other wait for 4 ms at least. Those of a Node process stand in `node/timers.ts`.
 */
import type { Handle, Millis } from '../host.ts';
import { needs } from './idl.ts';
import { type Any, type Callback, define, type Inside, type Part, scope, type Task } from './inside.ts';

export function install(inside: Inside): Part {
  define('queueMicrotask', microtasks(inside));
  return timers(inside);
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

/** A timer that more than that many have set one out of the other does not wait for less than `LEAST_NESTED`. */
const MOST_NESTED = 5;
const LEAST_NESTED: Millis = 4;

/** WebIDL's `long`, and what HTML makes of it. */
function wait(delay: unknown, nesting: number): Millis {
  const least = nesting > MOST_NESTED ? LEAST_NESTED : 0;
  return Math.max(least, Number(delay) | 0);
}

function timers(inside: Inside): Part {
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
