/**
 * What a program says: one line a fact, which every runner reads from the console. Only order and values; a clock would
 * say another thing each time.
 */

export function log(what, ...facts) {
  console.log(`log: ${[what, ...facts.map(shown)].join(' ')}`);
}

/** Nothing more is to be said; whatever still comes within a quarter of a second counts. */
export function done() {
  console.log('log: done');
}

/** A server takes connections from here on. */
export function ready() {
  console.log('log: ready');
}

/** Logs what a call gives, or the name of what it throws. */
export function tried(what, call) {
  try {
    log(what, call());
  } catch (error) {
    log(what, 'throws', nameOf(error));
  }
}

/** What a program may rely on of an error: a DOMException's name, the class of another, and Node's code. */
export function nameOf(error) {
  if (!(error instanceof Error) && !(typeof DOMException === 'function' && error instanceof DOMException)) {
    return `not an error: ${shown(error)}`;
  }
  return error.code === undefined || typeof error.code === 'number' ? error.name : `${error.name} ${error.code}`;
}

/** `later(ms)`: a promise of a timer. */
export const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Which side of a bound it was, and never how long it was. */
export function timed(bounds) {
  const began = performance.now();
  return () => {
    const took = performance.now() - began;
    const past = bounds.filter((bound) => took >= bound);
    return past.length === 0 ? `within ${bounds[0]} ms` : `after ${past.at(-1)} ms`;
  };
}

function shown(fact) {
  if (typeof fact === 'string') return JSON.stringify(fact);
  if (Object.is(fact, -0)) return '-0';
  if (typeof fact === 'bigint') return `${fact}n`;
  if (typeof fact === 'function') return 'a function';
  if (typeof fact === 'symbol') return 'a symbol';
  if (typeof fact === 'object' && fact !== null) return JSON.stringify(fact);
  return String(fact);
}
