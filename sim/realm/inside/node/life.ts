/**
 * One life of a Node process, as its builtins know it.
 *
 * All modules of this room are evaluated anew for each life, so whatever they keep begins empty, and what a program changes
 * in a builtin is gone with it. They are told of their world once, before the first of them is used.
 */
import type { Handle, Host, Millis } from '../../host.ts';
import type { Callback } from './loose.ts';

/** Something that happens later; `shown` where it is the user's, for who asks what is still held. */
export interface Task {
  run(): void;
  shown?(): string;
}

/** What the engine tells of the promises of a realm. */
export interface PromiseHooks {
  promiseMade(promise: object): void;
  promiseBegins(promise: object): void;
  promiseEnded(): void;
}

/** What builtins need of the realm around them; `Inside` has all of it. */
export interface Life {
  readonly host: Host;
  readonly dice: { word(): number; fill(bytes: Uint8Array): void };
  handle(): Handle;
  schedule(task: Task, delay: Millis, handle?: Handle): Handle;
  unschedule(handle: Handle): void;
  /** Runs code of the user, and then, if nobody else is on the stack, ticks and microtasks until there are none. */
  call(callback: Callback, self: unknown, ...args: readonly unknown[]): unknown;
  /** Runs several of them as one task. */
  task(run: () => void): void;
  report(error: unknown, how?: 'error' | 'rejection'): void;
  /** Tells the world of an error that nobody dealt with. */
  tell(error: unknown, how: 'error' | 'rejection'): void;
  /** What shows values as text. */
  inspector(): unknown;
  /** Tells of all promises from now on, until the life ends. */
  promises(hooks: PromiseHooks): void;
}

/** Assigned before anything else runs. */
export let life: Life = undefined as unknown as Life;

export function enter(its: Life): void {
  life = its;
}
