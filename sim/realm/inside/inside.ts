/**
 * What the modules of a realm's inside have in common: how each adds its part, and how the user's code is run.
 *
 * A module exports `install(inside)`: it defines its globals and returns its `Part`, what it answers to the world. The mains
 * put the parts together. Code of the user is only ever run by `call`: what it throws is reported, and when it came from
 * the event loop (nobody else is on the stack) a microtask checkpoint follows. So a platform that tells something to
 * listeners gets the checkpoints between them by running each of them so.
 *
 * Whatever stands here runs within the realm: it imports nothing but its own room and packages, which are bundled with it.
 * It knows no clock, no luck and no network but those of `host`.
 */
import type { Escape, Handle, Host, Millis, Port, Profile } from '../host.ts';
import type { Dice } from './dice.ts';

// biome-ignore lint/suspicious/noExplicitAny: what the user's code is made of.
export type Any = any;
export type Callback = (...args: Any[]) => unknown;

/** The realm's own global object, as a table. */
export const scope = globalThis as unknown as Record<PropertyKey, Any>;

/** What a module answers to the world: any calls of the port, and what it does when a life begins and when it is forgotten. */
export interface Part
  extends Partial<Omit<Port, 'begin' | 'reset' | 'held' | 'timer' | 'rejected' | 'handled' | 'learn'>> {
  begin?: Port['begin'];
  /** Forgets everything of a life. Globals are put back without it. */
  reset?(): void;
  /** What it still holds: `timers`, `sockets` or `listeners`, and a line, for each. */
  held?(): readonly string[];
}

/** What happens when a timer is due. */
export interface Task {
  run(): void;
  /** How it is called where somebody asks what is held; without it nobody but the platform has to do with it. */
  shown?(): string;
}

export interface Inside {
  readonly host: Host;
  readonly profile: Profile;
  readonly dice: Dice;
  /** A name for a timer, a socket, a request: one row of numbers for all of them, begun anew with each life. */
  handle(): Handle;
  /** Runs a task once, so much later; under a name that it had before, or a new one. */
  schedule(task: Task, delay: Millis, handle?: Handle): Handle;
  /** Runs a task behind the present one; a background tab is not slowed in it. */
  soon(task: Task): Handle;
  unschedule(handle: Handle): void;
  /** Nothing that was scheduled happens any more: its page is gone. */
  halt(): void;
  scheduled(handle: Handle): Task | undefined;
  /** Runs code of the user. Undefined when it threw, which is reported. */
  call(callback: Callback, self: unknown, ...args: readonly unknown[]): unknown;
  /** Runs something as one task: no checkpoint in it, one behind it. */
  task(run: () => void): void;
  /** Whether code of the user is on the stack below. */
  readonly busy: boolean;
  /** An error that nobody caught: it reaches the user's own handlers, and else the world. */
  report(error: unknown, how?: Escape, promise?: unknown): void;
  /**
   * The user's own handlers of such errors: true when one of them says that it is dealt with. A browser's window and a Node
   * process each put theirs here.
   */
  escaped: (error: unknown, how: Escape, promise?: unknown) => boolean;
  /** Somebody handles a rejection that was told before. A browser's window puts its event here. */
  handledLate: (promise: unknown) => void;
  /**
   * An object that code of the user can reach, and that no property leads to: what a global's getter returns, the exports of
   * a built-in module, a part that is made when it is first used. What a life changes of it is put back as well.
   */
  remember(value: unknown): void;
  /** One microtask checkpoint. A Node process puts its own here, with its queue of ticks. */
  checkpoint: () => void;
}

/** Defines a global as the platform's are: writable, configurable, not enumerable. */
export function define(name: PropertyKey, value: unknown): void {
  Object.defineProperty(scope, name, { value, writable: true, configurable: true, enumerable: false });
}

/** Defines a global that is read anew each time. */
export function defineGetter(name: PropertyKey, get: () => unknown): void {
  Object.defineProperty(scope, name, { get, configurable: true, enumerable: true });
}

/** Gives `to` methods as an engine's own have them: not enumerable. */
export function defineMethods(to: object, methods: Readonly<Record<string, Callback>>): void {
  for (const name of Object.keys(methods))
    Object.defineProperty(to, name, { value: methods[name], writable: true, configurable: true, enumerable: false });
}
