/**
 * `async_hooks`: `AsyncLocalStorage` and `AsyncResource`. What they store follows ticks, timers, sockets and promises, the
 * last by the engine's hooks, which the world sets in this realm from the first use on. `createHook` and what needs numbers
 * of resources does not exist here.
 */
import { absent, badType } from './errors.ts';
import { bound, type Frame, frame, swap, within } from './frame.ts';
import type { Any, Callback } from './loose.ts';
import { follow } from './promises.ts';

class AsyncLocalStorage {
  readonly #default: unknown;
  #enabled = false;
  constructor(options?: { defaultValue?: unknown }) {
    this.#default = options?.defaultValue;
  }
  #with(store: unknown): Frame {
    follow();
    this.#enabled = true;
    return new Map(frame() ?? []).set(this, store);
  }
  run(store: unknown, callback: Callback, ...args: unknown[]): unknown {
    return within(this.#with(store), () => callback(...args));
  }
  exit(callback: Callback, ...args: unknown[]): unknown {
    return within(this.#with(undefined), () => callback(...args));
  }
  enterWith(store: unknown): void {
    swap(this.#with(store));
  }
  getStore(): unknown {
    if (!this.#enabled) return this.#default;
    const here = frame();
    return here?.has(this) ? here.get(this) : this.#default;
  }
  disable(): void {
    this.#enabled = false;
  }
  static bind<F extends Callback>(callback: F): F {
    return bound(callback);
  }
  static snapshot(): Callback {
    return bound((callback: Callback, ...args: unknown[]) => callback(...args));
  }
}

let ids = 1;

class AsyncResource {
  readonly type: string;
  readonly #frame: Frame = frame();
  readonly #id = ++ids;
  constructor(type: string) {
    if (typeof type !== 'string') throw badType('type', 'of type string', type);
    this.type = type;
  }
  runInAsyncScope(callback: Callback, self?: unknown, ...args: unknown[]): unknown {
    return within(this.#frame, () => Reflect.apply(callback, self, args));
  }
  emitDestroy(): this {
    return this;
  }
  asyncId(): number {
    return this.#id;
  }
  triggerAsyncId(): number {
    return 1;
  }
  bind(callback: Callback, self?: unknown): Callback {
    const resource = this;
    return function (this: unknown, ...args: unknown[]) {
      return resource.runInAsyncScope(callback, self ?? this, ...args);
    };
  }
  static bind(callback: Callback, type?: string, self?: unknown): Callback {
    return new AsyncResource(type ?? callback.name ?? 'bound-anonymous-fn').bind(callback, self);
  }
}

export const asyncHooks: Any = {
  AsyncLocalStorage,
  AsyncResource,
  createHook: () => {
    throw absent('async_hooks.createHook');
  },
  executionAsyncId: () => 1,
  triggerAsyncId: () => 0,
  executionAsyncResource: () => ({}),
  asyncWrapProviders: Object.freeze({}),
};
export default asyncHooks;
