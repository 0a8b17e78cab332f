/**
 * Promises of realms, followed for whoever asked (AsyncLocalStorage), by the engine's own hooks.
 *
 * They are there for the whole process, and cost every promise: they are set when the first realm asks, and gone when the life
 * of the last one is over. Whose a promise is, is told by whose step it is: no realm runs inside another's.
 */
import { promiseHooks } from 'node:v8';
import type { Realm } from '../realm/realm.ts';

const followed = new Set<Realm>();
let unset: (() => void) | null = null;
/** Whose step it is, if its promises are followed. */
let present: Realm | null = null;

/** From now on, and within the step that is under way. */
export function followPromises(realm: Realm): void {
  followed.add(realm);
  present = realm;
  unset ??= promiseHooks.createHook({
    init(promise) {
      present?.port.promiseMade(promise);
    },
    before(promise) {
      present?.port.promiseBegins(promise);
    },
    after() {
      present?.port.promiseEnded();
    },
  }) as () => void;
}

/** Its life is over. */
export function leavePromises(realm: Realm): void {
  if (!followed.delete(realm)) return;
  if (present === realm) present = null;
  if (followed.size > 0) return;
  unset?.();
  unset = null;
}

/** A step of that realm begins; null: it is over. */
export function steps(realm: Realm | null): void {
  if (unset !== null) present = realm !== null && followed.has(realm) ? realm : null;
}
