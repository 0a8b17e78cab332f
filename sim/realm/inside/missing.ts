/**
 * What a platform has and a realm does not: it throws with its name when it is used, so that nobody goes on with an
 * `undefined` that users never see. Asking whether it is there (`typeof EventSource`) says yes, as on the platform.
 */
import { define } from './inside.ts';

/** The error of something that is not there. */
export const notOffered = (what: string, why: string): Error =>
  new Error(`hangup: ${what} is not offered here: ${why}`);

/** A function, or class, that throws. */
export function missing(what: string, why: string): () => never {
  // Not an arrow: what throws behind `new` must be a constructor to say so itself.
  function stand(): never {
    throw notOffered(what, why);
  }
  Object.defineProperty(stand, 'name', { value: what, configurable: true });
  return stand;
}

/** Globals that throw when they are called, or made one of. */
export function defineMissing(names: readonly string[], why: string): void {
  for (const name of names) define(name, missing(name, why));
}

/** Members of an object that throw when they are called. */
export function missingMembers(of: object, owner: string, names: readonly string[], why: string): void {
  for (const name of names)
    Object.defineProperty(of, name, {
      value: missing(`${owner}.${name}`, why),
      writable: true,
      configurable: true,
      enumerable: true,
    });
}
