/**
 * Frames that follow promises. What runs inside a realm cannot see when a promise is made or goes on, but the engine tells
 * whoever owns the process; the world passes it on to a realm that asked (`Life.promises`), since that costs every promise.
 */
import { type Frame, frame, swap } from './frame.ts';
import { life } from './life.ts';

/** The frame of whoever made a promise; those that were made in none are not in it. */
const frames = new WeakMap<object, Frame>();
/** Frames to go back to: reactions run one after the other, a thenable may run one inside. */
const before: Frame[] = [];

let following = false;

/** From now on. */
export function follow(): void {
  if (following) return;
  following = true;
  life.promises({
    promiseMade(promise) {
      const here = frame();
      if (here !== null) frames.set(promise, here);
    },
    promiseBegins(promise) {
      before.push(swap(frames.get(promise) ?? null));
    },
    promiseEnded() {
      swap(before.pop() ?? null);
    },
  });
}
