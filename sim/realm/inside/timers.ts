/**
 * Timers, as a page has them (HTML, "timers") and as a Node process has them (`lib/timers.js`).
 *
 * A page turns a delay into a 32-bit integer, runs a string as code, and makes a timer that is set by a timer for the sixth
 * time wait for 4 ms at least. Node has objects, takes what is no delay for 1 ms, and knows no nesting.
 */
import type { Handle, Millis } from '../host.ts';
import { type Any, type Callback, define, type Inside, type Part, scope, type Task } from './inside.ts';

/** Above that many timers set by one another, none waits for less than `LEAST_NESTED`. */
const MOST_NESTED = 5;
const LEAST_NESTED: Millis = 4;
/** TIMEOUT_MAX of Node. */
const LONGEST: Millis = 2_147_483_647;

export function install(inside: Inside): Part {
  return inside.profile === 'browser' ? ofPage(inside) : ofProcess(inside);
}

function ofPage(inside: Inside): Part {
  /** How deep the timer that runs now is nested; 0 outside of timers. */
  let nesting = 0;

  class Timer implements Task {
    readonly handle = inside.handle();
    readonly nested = nesting + 1;
    readonly handler: Any;
    readonly args: readonly unknown[];
    readonly delay: Millis;
    readonly repeats: boolean;

    constructor(handler: Any, delay: unknown, repeats: boolean, args: readonly unknown[]) {
      this.handler = typeof handler === 'function' ? handler : String(handler);
      this.args = args;
      this.repeats = repeats;
      this.delay = wait(delay, nesting);
      inside.schedule(this, this.delay, this.handle);
    }

    run(): void {
      nesting = this.nested;
      // It is there while it runs, so that it can be cleared.
      if (this.repeats) inside.schedule(this, wait(this.delay, nesting), this.handle);
      if (typeof this.handler === 'function') inside.call(this.handler, scope, ...this.args);
      else inside.call(scope.eval as Callback, undefined, this.handler);
      nesting = 0;
    }

    shown(): string {
      return `${this.repeats ? 'an interval' : 'a timer'} of ${this.delay} ms`;
    }
  }

  const clear = (id: unknown): void => {
    const handle = Number(id) | 0;
    if (inside.scheduled(handle) instanceof Timer) inside.unschedule(handle);
  };
  define('setTimeout', function setTimeout(handler: Any, delay?: unknown, ...args: unknown[]): Handle {
    return new Timer(handler, delay, false, args).handle;
  });
  define('setInterval', function setInterval(handler: Any, delay?: unknown, ...args: unknown[]): Handle {
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

/** WebIDL's `long`, and what HTML makes of it. */
function wait(delay: unknown, nesting: number): Millis {
  const least = nesting > MOST_NESTED ? LEAST_NESTED : 0;
  return Math.max(least, Number(delay) | 0);
}

function ofProcess(inside: Inside): Part {
  return ofProcessOnly(inside);
}
function ofProcessOnly(_inside: Inside): Part {
  return {};
}
void LONGEST;
