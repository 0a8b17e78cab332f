/**
 * Things that a simulated process does not have. Libraries import many that they never use, so what is missing can be loaded,
 * taken apart and passed on; calling it throws, with its name and who asked.
 */
import { absent } from './errors.ts';
import type { Any } from './loose.ts';

/** What is asked of anything by those who only look at it. */
const LOOKS = new Set<PropertyKey>(['then', 'toJSON', 'nodeType', 'asymmetricMatch', '$$typeof', '__esModule']);

/** The file that called, as the stack has it. */
function asker(): string {
  const line = (new Error().stack ?? '').split('\n').find((each) => each.includes(' at ') && !each.includes('hangup:'));
  return line?.trim().replace(/^at /, '') ?? '';
}

/** A stand-in for `name`, which has what is in `known`. */
export function missing(name: string, known: Any = {}): Any {
  const fail = (): never => {
    throw absent(name, asker());
  };
  const parts = new Map<PropertyKey, Any>();
  const get = (key: PropertyKey): Any => {
    if (Object.hasOwn(known, key)) return known[key];
    if (typeof key === 'symbol' || LOOKS.has(key)) return undefined;
    let part = parts.get(key);
    if (part === undefined) {
      part = missing(`${name}.${String(key)}`);
      parts.set(key, part);
    }
    return part;
  };
  // Bundlers copy what a module has into another object, whose prototype is that of the module: it must know as much.
  const prototype = new Proxy({}, { get: (_target, key) => get(key) });
  function stand(): void {}
  return new Proxy(stand, {
    get: (_target, key) => (key === 'prototype' ? stand.prototype : get(key)),
    has: () => true,
    getPrototypeOf: () => prototype,
    apply: fail,
    construct: fail,
  });
}
