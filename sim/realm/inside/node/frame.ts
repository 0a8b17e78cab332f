/**
 * The frame of values that AsyncLocalStorage carries from where something is asked for to where it happens.
 *
 * A frame is never changed: `run` makes another one. Whoever calls back later (timers, ticks, sockets) keeps the frame of
 * the asker and runs in it. Promises do so by the engine's hooks, which the world sets while somebody needs them.
 */
import type { Callback } from './loose.ts';

/** Values by their storage; null: nobody has stored anything, which is what nearly every program has. */
export type Frame = ReadonlyMap<object, unknown> | null;

let current: Frame = null;

export const frame = (): Frame => current;

/** Makes another frame the present one, and returns the one before. */
export function swap(to: Frame): Frame {
  const before = current;
  current = to;
  return before;
}

/** Calls in another frame. */
export function within<T>(other: Frame, run: () => T): T {
  if (other === current) return run();
  const before = swap(other);
  try {
    return run();
  } finally {
    current = before;
  }
}

/** The same function, in the frame of whoever asks now. */
export function bound<F extends Callback>(callback: F): F {
  const here = current;
  if (here === null) return callback;
  return function (this: unknown, ...args: unknown[]) {
    return within(here, () => callback.apply(this, args));
  } as F;
}
