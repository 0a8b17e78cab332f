/** What is given an abort signal ends with it, by the error that Node makes. */
import { coded } from './errors.ts';
import type { Any } from './loose.ts';
import { nextTick } from './ticks.ts';

export function abortBy(what: Any, signal: Any): void {
  const abort = (): void => {
    const error = coded(Error, 'ABORT_ERR', 'The operation was aborted') as Any;
    error.name = 'AbortError';
    error.cause = signal.reason;
    what.destroy(error);
  };
  if (signal.aborted) nextTick(abort);
  else signal.addEventListener('abort', abort, { once: true });
}
