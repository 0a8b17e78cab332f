/**
 * `process.nextTick`, and what a Node process does after each callback: all ticks, then all microtasks, until there are
 * neither (`processTicksAndRejections`).
 */
import { type Frame, frame, swap } from './frame.ts';
import { life } from './life.ts';
import type { Callback } from './loose.ts';

let queue: Callback[] = [];
/** In step with `queue`: what each is called with, and in which frame. */
let argsOf: (readonly unknown[])[] = [];
let frames: Frame[] = [];
let head = 0;
let settling = false;
/** The process is gone: neither ticks nor microtasks run. */
let dropped = false;

export function nextTick(callback: Callback, ...args: readonly unknown[]): void {
  queue.push(callback);
  argsOf.push(args);
  frames.push(frame());
}

/** Runs ticks and microtasks until there are none. */
export function settle(): void {
  // A tick that reports its error comes back here, and what is left is run by the one that called it.
  if (settling || dropped) return;
  settling = true;
  const before = swap(null);
  do {
    while (head < queue.length) {
      const callback = queue[head] as Callback;
      const args = argsOf[head] as readonly unknown[];
      swap(frames[head] as Frame);
      head++;
      try {
        callback(...args);
      } catch (error) {
        life.report(error);
      }
    }
    if (queue.length > 0) {
      queue = [];
      argsOf = [];
      frames = [];
      head = 0;
    }
    swap(null);
    if (!dropped) life.host.drain();
  } while (queue.length > 0);
  swap(before);
  settling = false;
}

/** The process is gone: nothing of what waits happens. */
export function drop(): void {
  dropped = true;
  queue = [];
  argsOf = [];
  frames = [];
  head = 0;
}
