/**
 * What must be made before a run, though nobody knows of it until the run needs it: bundles and boot scripts. A run has a
 * time limit, and a bundler that is interrupted in the middle of something is of no use afterwards. So whoever needs one
 * leaves the run; it is made outside, and the run begins again.
 */

/** Leaves a run: it goes on when something was made. */
class Aside extends Error {}

let limited = false;
let wanted: (() => unknown) | null = null;

/** Makes something that is kept by whoever asks; where a time limit is running, throws, and it is there the next time. */
export function aside<T>(make: () => T): T {
  if (!limited) return make();
  wanted = make;
  throw new Aside('a run was left to make something');
}

/** Makes a call in which nobody may be interrupted who makes something; again when something was made meanwhile. */
export function leaving<T>(call: () => T): T {
  for (;;) {
    limited = true;
    wanted = null;
    let outcome: { readonly result: T } | { readonly error: unknown };
    try {
      outcome = { result: call() };
    } catch (error) {
      outcome = { error };
    } finally {
      limited = false;
    }
    if (wanted === null) {
      if ('error' in outcome) throw outcome.error;
      return outcome.result;
    }
    if (!isMade(wanted)) return call();
  }
}

/** What cannot be made says why where it is asked for. */
function isMade(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}
