/**
 * Rejections that nobody handled, told apart by realm.
 *
 * The engine notes them for the whole process, and Node reports what is noted when its own turn is over. Called by hand
 * it does so at once; while processes of foreign code live, theirs is the only listener, so that nobody else hears of what
 * happened in a run. Whose one is, its promise tells: it is an instance of its realm's own constructor.
 */
import type { Realm } from '../realm/realm.ts';

export interface Rejection {
  readonly reason: unknown;
  readonly promise: unknown;
  /** It was told before, and is handled now, after all. */
  readonly handled: boolean;
}

/** What Node's own loop calls between tasks: ticks, microtasks, and the report of rejections. */
const report = (process as unknown as { _tickCallback(): void })._tickCallback;

const living = new Set<Realm>();
const noted: Rejection[] = [];
const NONE: readonly Rejection[] = [];
let others: NodeJS.UnhandledRejectionListener[] = [];
let othersHandled: NodeJS.RejectionHandledListener[] = [];
/** What those were rejected with that a realm was told of. */
const told = new WeakMap<object, unknown>();

const note = (reason: unknown, promise: unknown): void => {
  noted.push({ reason, promise, handled: false });
};
const noteHandled = (promise: Promise<unknown>): void => {
  noted.push({ reason: told.get(promise), promise, handled: true });
};

/** From now on the rejections of a realm are kept for it. */
export function watchRejections(realm: Realm): void {
  if (living.size === 0) {
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', note);
    othersHandled = process.listeners('rejectionHandled');
    process.removeAllListeners('rejectionHandled');
    process.on('rejectionHandled', noteHandled);
  }
  living.add(realm);
}

/** Those of a realm that came up since it was last asked. */
export function rejectionsOf(realm: Realm): readonly Rejection[] {
  report();
  if (noted.length === 0) return NONE;
  const own: Rejection[] = [];
  for (const rejection of noted.splice(0)) {
    if (rejection.promise instanceof realm.Promise) {
      if (!rejection.handled) told.set(rejection.promise as object, rejection.reason);
      own.push(rejection);
    } else if (!isOfRealm(rejection.promise)) pass(rejection);
  }
  return own;
}

function isOfRealm(promise: unknown): boolean {
  for (const realm of living) if (promise instanceof realm.Promise) return true;
  return false;
}

/** Its life is over: what is still noted of it nobody wants to know. */
export function unwatchRejections(realm: Realm): void {
  if (!living.has(realm)) return;
  rejectionsOf(realm);
  living.delete(realm);
  if (living.size > 0) return;
  process.removeListener('unhandledRejection', note);
  for (const listener of others) process.on('unhandledRejection', listener);
  process.removeListener('rejectionHandled', noteHandled);
  for (const listener of othersHandled) process.on('rejectionHandled', listener);
}

/** What was rejected outside of all realms meanwhile, and may still be handled: a run is one task to whoever called it. */
const passed = new Map<unknown, unknown>();
const forget = (promise: unknown): void => {
  if (living.size === 0) passed.delete(promise);
};

/** One of the host's own: who would have heard of it hears of it, when the run is over. */
function pass({ reason, promise, handled }: Rejection): void {
  if (handled) {
    if (!passed.delete(promise)) for (const listener of othersHandled) listener(promise as Promise<unknown>);
    return;
  }
  if (passed.size === 0) {
    process.on('rejectionHandled', forget);
    setImmediate(tell);
  }
  passed.set(promise, reason);
}

function tell(): void {
  process.removeListener('rejectionHandled', forget);
  const all = [...passed];
  passed.clear();
  for (const [promise, reason] of all) {
    const listeners = living.size === 0 ? process.listeners('unhandledRejection') : others;
    for (const listener of listeners) listener(reason, promise as Promise<unknown>);
    // As the engine ends a process that has nobody to tell.
    if (listeners.length === 0) throw reason;
  }
}
