/**
 * A realm's inside as a whole: what all modules need, the modules' parts, and the port that the world speaks to.
 */
import type { Escape, Handle, Host, Millis, Port, Profile } from '../host.ts';
import { installBuffers } from './buffers.ts';
import { installDate } from './date.ts';
import { Dice, installDice } from './dice.ts';
import { installErrors, stackOf, textOf } from './errors.ts';
import { type Callback, type Inside, type Part, scope, type Task } from './inside.ts';
import { installIntl } from './intl.ts';
import { Memory } from './memory.ts';
import { install as module } from './module.ts';
import { installPerformance } from './performance.ts';

/** What differs between machines, or lets code see when memory is collected. */
const GONE = ['WeakRef', 'FinalizationRegistry', 'Atomics', 'SharedArrayBuffer', 'WebAssembly'];

type Install = (inside: Inside) => Part;

export function assemble(host: Host, profile: Profile, installs: readonly Install[]): Port {
  for (const name of GONE) delete scope[name];
  installErrors();
  installBuffers();
  const base = new Base(host, profile);
  const parts = [
    installDice(base.dice),
    installDate(base),
    installIntl(),
    installPerformance(base),
    ...installs.map((install) => install(base)),
    module(base),
  ];
  const port: Port = {
    ...joined(parts),
    begin(seed, local, session) {
      // The engine remembers what an expression matched last, in `RegExp.$1` and others.
      /^/.exec('');
      for (const part of parts) part.begin?.(seed, local, session);
    },
    learn: () => base.memory.learn(),
    reset(wholly) {
      base.forget();
      for (const part of parts) part.reset?.();
      return base.memory.restore(wholly);
    },
    timer: (handle) => base.fire(handle),
    held: () => [...base.held(), ...parts.flatMap((part) => part.held?.() ?? [])],
    rejected: (reason, promise) => base.report(reason, 'rejection', promise),
  };
  return port;
}

/** What the parts answer; a call that none of them knows is none of this profile's, and does nothing. */
function joined(parts: readonly Part[]): Port {
  const port: Record<string, unknown> = {};
  for (const name of CALLS) port[name] = nothing;
  for (const part of parts) Object.assign(port, part);
  return port as unknown as Port;
}

const nothing = (): void => {};

const CALLS: readonly (keyof Port)[] = [
  'load',
  'call',
  'handled',
  'wsOpened',
  'wsMessage',
  'wsClosing',
  'wsClosed',
  'wsSent',
  'fetched',
  'online',
  'visible',
  'frozen',
  'unload',
  'stored',
  'heard',
  'connection',
  'connected',
  'data',
  'drained',
  'ended',
  'closed',
  'signal',
  'promiseMade',
  'promiseBegins',
  'promiseEnded',
];

class Base implements Inside {
  readonly host: Host;
  readonly profile: Profile;
  readonly dice = new Dice();
  escaped: Inside['escaped'] = () => false;
  checkpoint: () => void;
  readonly memory = new Memory();
  readonly #tasks = new Map<Handle, Task>();
  #handles = 0;
  #depth = 0;

  constructor(host: Host, profile: Profile) {
    this.host = host;
    this.profile = profile;
    this.checkpoint = () => host.drain();
  }

  remember(value: unknown): void {
    this.memory.add(value);
  }

  get busy(): boolean {
    return this.#depth > 0;
  }

  handle(): Handle {
    return ++this.#handles;
  }

  schedule(task: Task, delay: Millis, handle: Handle = ++this.#handles): Handle {
    this.#tasks.set(handle, task);
    this.host.setTimer(handle, delay);
    return handle;
  }

  soon(task: Task): Handle {
    const handle = ++this.#handles;
    this.#tasks.set(handle, task);
    this.host.task(handle);
    return handle;
  }

  unschedule(handle: Handle): void {
    if (this.#tasks.delete(handle)) this.host.clearTimer(handle);
  }

  halt(): void {
    for (const handle of this.#tasks.keys()) this.host.clearTimer(handle);
    this.#tasks.clear();
  }

  scheduled(handle: Handle): Task | undefined {
    return this.#tasks.get(handle);
  }

  fire(handle: Handle): void {
    const task = this.#tasks.get(handle);
    if (task === undefined) return;
    this.#tasks.delete(handle);
    task.run();
  }

  call(callback: Callback, self: unknown, ...args: readonly unknown[]): unknown {
    this.#depth++;
    let result: unknown;
    try {
      result = Reflect.apply(callback, self, args);
    } catch (error) {
      this.report(error);
    }
    if (--this.#depth === 0) this.checkpoint();
    return result;
  }

  task(run: () => void): void {
    this.#depth++;
    try {
      run();
    } catch (error) {
      this.report(error);
    }
    if (--this.#depth === 0) this.checkpoint();
  }

  report(error: unknown, how: Escape = 'error', promise?: unknown): void {
    if (!this.escaped(error, how, promise)) this.host.uncaught(how, textOf(error), stackOf(error));
  }

  forget(): void {
    this.#tasks.clear();
    this.#handles = 0;
    this.#depth = 0;
  }

  held(): readonly string[] {
    const lines: string[] = [];
    for (const task of this.#tasks.values()) if (task.shown !== undefined) lines.push('timers', task.shown());
    return lines;
  }
}
