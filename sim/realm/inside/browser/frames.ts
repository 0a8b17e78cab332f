/**
 * What a page is asked to do when it is drawn, or idle: `requestAnimationFrame` and `requestIdleCallback`. A hidden page is
 * not drawn, so its frames wait until it is seen again.
 */
import type { Handle, Millis } from '../../host.ts';
import { needs } from '../idl.ts';
import { type Callback, define, type Inside, type Part } from '../inside.ts';
import type { PageState } from './page-state.ts';

/** Sixty pictures a second. */
const FRAME: Millis = 1000 / 60;
/** An idle page is interrupted after that at the latest (https://w3c.github.io/requestidlecallback). */
const LONGEST_IDLE: Millis = 50;

interface Idle {
  readonly handle: Handle;
  readonly callback: Callback;
  readonly timeout: Handle | null;
}

export function installFrames(inside: Inside, page: PageState): Part & { shown(): void } {
  /** Callbacks of the next frame, in the order in which they were asked for. */
  let frames = new Map<Handle, Callback>();
  let running: Map<Handle, Callback> | null = null;
  let next: Handle | null = null;
  const idles = new Map<Handle, Idle>();

  const plan = (): void => {
    if (next !== null || frames.size === 0 || !page.visible) return;
    const now = inside.host.uptime();
    // Of this moment's frame the next one, whatever the last bit of a fraction says.
    const frame = Math.floor(now / FRAME + 1e-6) + 1;
    next = inside.schedule({ run: draw }, frame * FRAME - now);
  };
  const draw = (): void => {
    next = null;
    if (!page.visible) return;
    const now = inside.host.uptime();
    const due = frames;
    frames = new Map();
    // One may cancel another of the same frame.
    running = due;
    for (const callback of due.values()) inside.call(callback, undefined, now);
    running = null;
    plan();
  };

  define('requestAnimationFrame', function requestAnimationFrame(callback: Callback): Handle {
    needs(1, arguments.length, "execute 'requestAnimationFrame' on 'Window'");
    mustBeFunction(callback, 'requestAnimationFrame');
    const handle = inside.handle();
    frames.set(handle, callback);
    plan();
    return handle;
  });
  define('cancelAnimationFrame', function cancelAnimationFrame(handle: Handle): void {
    frames.delete(Number(handle));
    running?.delete(Number(handle));
  });

  const run = (handle: Handle, didTimeout: boolean): void => {
    const idle = idles.get(handle);
    if (idle === undefined) return;
    idles.delete(handle);
    if (idle.timeout !== null) inside.unschedule(idle.timeout);
    const until = inside.host.uptime() + LONGEST_IDLE;
    inside.call(idle.callback, undefined, {
      didTimeout,
      timeRemaining: () => (didTimeout ? 0 : Math.max(0, until - inside.host.uptime())),
    });
  };
  define(
    'requestIdleCallback',
    function requestIdleCallback(callback: Callback, options?: { timeout?: number }): Handle {
      needs(1, arguments.length, "execute 'requestIdleCallback' on 'Window'");
      mustBeFunction(callback, 'requestIdleCallback');
      const handle = inside.handle();
      const { timeout = 0 } = options ?? {};
      // Nothing else is ever to be done at the same time, so it is idle at once, in a task of its own.
      inside.schedule({ run: () => run(handle, false) }, 1);
      idles.set(handle, {
        handle,
        callback,
        timeout: timeout > 0 ? inside.schedule({ run: () => run(handle, true) }, timeout) : null,
      });
      return handle;
    },
  );
  define('cancelIdleCallback', function cancelIdleCallback(handle: Handle): void {
    idles.delete(Number(handle));
  });
  return {
    shown: plan,
    reset() {
      frames.clear();
      idles.clear();
      next = null;
      running = null;
    },
  };
}

function mustBeFunction(callback: unknown, name: string): void {
  if (typeof callback !== 'function')
    throw new TypeError(`Failed to execute '${name}' on 'Window': parameter 1 is not of type 'Function'.`);
}
