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
}

/** What Node's own loop calls between tasks: ticks, microtasks, and the report of rejections. */
const report = (process as unknown as { _tickCallback(): void })._tickCallback;

const living = new Set<Realm>();
const noted: Rejection[] = [];
const NONE: readonly Rejection[] = [];
/** Promises whose rejection was noted and that somebody handles after all. */
const late: unknown[] = [];
const NOBODY: readonly unknown[] = [];
let others: NodeJS.UnhandledRejectionListener[] = [];
let othersOfLate: NodeJS.RejectionHandledListener[] = [];

const note = (reason: unknown, promise: unknown): void => {
  noted.push({ reason, promise });
};

const noteLate = (promise: unknown): void => {
  late.push(promise);
};

/** From now on the rejections of a realm are kept for it. */
export function watchRejections(realm: Realm): void {
  if (living.size === 0) {
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', note);
    othersOfLate = process.listeners('rejectionHandled');
    process.removeAllListeners('rejectionHandled');
    process.on('rejectionHandled', noteLate);
  }
  living.add(realm);
}

/** Those of a realm that came up since it was last asked. */
export function rejectionsOf(realm: Realm): readonly Rejection[] {
  report();
  if (noted.length === 0) return NONE;
  const own: Rejection[] = [];
  for (const rejection of noted.splice(0)) {
    if (rejection.promise instanceof realm.Promise) own.push(rejection);
    else if (!isOfRealm(rejection.promise)) pass(rejection);
  }
  return own;
}

function isOfRealm(promise: unknown): boolean {
  for (const realm of living) if (promise instanceof realm.Promise) return true;
  return false;
}

/** Those of them that somebody has handled since; to be asked for behind `rejectionsOf`. */
export function handledOf(realm: Realm): readonly unknown[] {
  return late.length === 0 ? NOBODY : late.splice(0).filter((promise) => promise instanceof realm.Promise);
}

/** Its life is over: what is still noted of it nobody wants to know. */
export function unwatchRejections(realm: Realm): void {
  if (!living.has(realm)) return;
  rejectionsOf(realm);
  living.delete(realm);
  if (living.size > 0) return;
  process.removeListener('unhandledRejection', note);
  for (const listener of others) process.on('unhandledRejection', listener);
  process.removeListener('rejectionHandled', noteLate);
  for (const listener of othersOfLate) process.on('rejectionHandled', listener);
  late.length = 0;
}

/** What was rejected outside of all realms meanwhile, and may still be handled: a run is one task to whoever called it. */
const passed = new Map<unknown, unknown>();
const handled = (promise: unknown): void => {
  passed.delete(promise);
};

/** One of the host's own: who would have heard of it hears of it, when the run is over. */
function pass({ reason, promise }: Rejection): void {
  if (passed.size === 0) {
    process.on('rejectionHandled', handled);
    setImmediate(tell);
  }
  passed.set(promise, reason);
}

function tell(): void {
  process.removeListener('rejectionHandled', handled);
  const all = [...passed];
  passed.clear();
  for (const [promise, reason] of all) {
    const listeners = living.size === 0 ? process.listeners('unhandledRejection') : others;
    for (const listener of listeners) listener(reason, promise as Promise<unknown>);
    // As the engine ends a process that has nobody to tell.
    if (listeners.length === 0) throw reason;
  }
}
