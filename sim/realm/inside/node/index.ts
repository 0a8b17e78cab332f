/**
 * Everything that makes a realm a Node process, for one life: its globals, its builtins, and what the world tells it.
 *
 * It is evaluated anew for each life (see `life.ts`), within one that has the shared globals already.
 */
import type { Port } from '../../host.ts';
import { Buffer } from './buffer.ts';
import { enter, type Life } from './life.ts';
import type { Any, Callback } from './loose.ts';
import { held, kernel } from './net/table.ts';
import { endIfIdle, ending, escaped, handled, process, setEnvironment, signal } from './process.ts';
import { hold, release } from './refs.ts';
import { require_ } from './registry.ts';
import { settle } from './ticks.ts';
import { queueMicrotask, timers } from './timers.ts';

type Told = Pick<Port, 'connection' | 'connected' | 'data' | 'drained' | 'ended' | 'closed' | 'signal'>;

export interface NodeLife extends Told {
  require(name: string): unknown;
  /** What follows a task: ticks, microtasks, and the end if nothing is left to wait for. */
  checkpoint(): void;
  escaped(error: unknown, how: 'error' | 'rejection', promise?: unknown): boolean;
  /** A rejection that it was told of is handled now. */
  handled(promise: unknown): void;
  held(): string[];
}

/** `environment`: pairs of name and value. */
export function open(life: Life, environment: readonly string[]): NodeLife {
  enter(life);
  setEnvironment(environment);
  const scope = globalThis as Any;
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(scope, name, { value, writable: true, configurable: true, enumerable: false });
  };
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = timers;
  const { fetch: fetched } = scope;
  /** A process waits for its answers. */
  const fetch = async (input: unknown, init?: unknown): Promise<unknown> => {
    hold();
    try {
      return await fetched(input, init);
    } finally {
      release();
    }
  };
  // What a process has besides as a global is there, too, when nobody imports it.
  require_('process');
  const globals = {
    process,
    fetch,
    Buffer,
    global: scope,
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout,
    clearInterval,
    clearImmediate,
    queueMicrotask,
  };
  for (const name of Object.keys(globals)) define(name, (globals as Any)[name]);
  return {
    ...kernel,
    require: require_,
    signal,
    escaped,
    handled,
    held,
    checkpoint() {
      settle();
      endIfIdle();
    },
  };
}

export type { Callback };
export const isGone = (): boolean => ending.gone;
