/** What becomes of a socket whose other side has said all. */
import { coded } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';
import { nextTick } from '../ticks.ts';

/** Once the other side has said all, this one has nothing more to say, unless it may be half open. */
export function endToo(this: Any): void {
  if (!this.allowHalfOpen) this.write = afterEnd;
}
function afterEnd(this: Any, _data: unknown, encoding?: unknown, callback?: unknown): boolean {
  const done = typeof encoding === 'function' ? encoding : callback;
  const error = coded(Error, 'EPIPE', 'This socket has been ended by the other party');
  if (typeof done === 'function') nextTick(done as Callback, error);
  this.destroy(error);
  return false;
}
