/**
 * `events`: the package of that name, which is Node's of some years ago, and what was added since: `errorMonitor`,
 * `captureRejections`, `on`, `once` with signals, the statics.
 */
import Emitter from 'package:events';
import { absent, badType, coded } from './errors.ts';
import { bound } from './frame.ts';
import type { Any, Callback } from './loose.ts';
import { nextTick } from './ticks.ts';

const Base = Emitter as Any;

const errorMonitor = Symbol('events.errorMonitor');
const captureRejection = Symbol.for('nodejs.rejection');
const captures = Symbol('kCapture');

/** The constructor of the package hands no options on. */
export const EventEmitter: Any = function EventEmitter(this: Any, options?: { captureRejections?: boolean }): void {
  EventEmitter.init.call(this, options);
};
EventEmitter.prototype = Base.prototype;
EventEmitter.prototype.constructor = EventEmitter;
Object.defineProperty(
  EventEmitter,
  'defaultMaxListeners',
  Object.getOwnPropertyDescriptor(Base, 'defaultMaxListeners') as PropertyDescriptor,
);

const init = Base.init as Callback;
EventEmitter.init = function (this: Any, options?: { captureRejections?: boolean }) {
  init.call(this);
  if (options?.captureRejections !== undefined) this[captures] = Boolean(options.captureRejections);
};
EventEmitter.prototype[captures] = false;

EventEmitter.prototype.emit = function emit(this: Any, type: PropertyKey, ...args: Any[]): boolean {
  const events = this._events;
  if (type === 'error') {
    if (events !== undefined && events[errorMonitor] !== undefined) this.emit(errorMonitor, ...args);
    if (events === undefined || events.error === undefined) unheard(args[0]);
  }
  const handler = events?.[type];
  if (handler === undefined) return false;
  if (typeof handler === 'function') told(this, type, handler, args);
  else for (const listener of handler.slice()) told(this, type, listener, args);
  return true;
};

function told(emitter: Any, type: PropertyKey, listener: Callback, args: Any[]): void {
  const result = listener.apply(emitter, args);
  if (result === undefined || result === null || !emitter[captures]) return;
  const { then } = result;
  if (typeof then !== 'function') return;
  then.call(result, undefined, (error: unknown) => nextTick(refused, emitter, error, type, args));
}

/** A listener's promise was rejected. */
function refused(emitter: Any, error: unknown, type: PropertyKey, args: Any[]): void {
  if (typeof emitter[captureRejection] === 'function') {
    emitter[captureRejection](error, type, ...args);
    return;
  }
  const before = emitter[captures];
  try {
    emitter[captures] = false;
    emitter.emit('error', error);
  } finally {
    emitter[captures] = before;
  }
}

for (const name of ['on', 'addListener', 'prependListener', 'once', 'prependOnceListener', 'off', 'removeListener']) {
  const before = EventEmitter.prototype[name] as Callback;
  EventEmitter.prototype[name] = {
    [name](this: Any, type: PropertyKey, listener: Callback): Any {
      if (typeof listener !== 'function') throw badType('listener', 'of type function', listener);
      return before.call(this, type, listener);
    },
  }[name];
}

/** An error that nobody listens to is thrown. */
function unheard(error: unknown): never {
  if (error instanceof Error) throw error;
  const text = typeof error === 'string' ? `'${error}'` : String(error);
  const unhandled = coded(Error, 'ERR_UNHANDLED_ERROR', `Unhandled error. (${text})`) as Any;
  unhandled.context = error;
  throw unhandled;
}

const count = EventEmitter.prototype.listenerCount as Callback;
EventEmitter.prototype.listenerCount = function (this: Any, type: PropertyKey, listener?: Callback): number {
  if (listener === undefined || listener === null) return count.call(this, type);
  return this.rawListeners(type).filter((each: Any) => each === listener || each.listener === listener).length;
};

function isAborted(signal: Any): boolean {
  if (signal === undefined) return false;
  if (typeof signal !== 'object' || signal === null || !('aborted' in signal))
    throw badType('options.signal', 'an instance of AbortSignal', signal);
  return signal.aborted;
}

function aborted(signal: Any): Error {
  const error = coded(Error, 'ABORT_ERR', 'The operation was aborted') as Any;
  error.name = 'AbortError';
  error.cause = signal.reason;
  return error;
}

const on = (emitter: Any, type: PropertyKey, listener: Callback, isOnce = false): void => {
  if (typeof emitter.on === 'function') {
    if (isOnce) emitter.once(type, listener);
    else emitter.on(type, listener);
  } else if (typeof emitter.addEventListener === 'function') emitter.addEventListener(type, listener, { once: isOnce });
  else throw badType('emitter', 'an instance of EventEmitter', emitter);
};
const off = (emitter: Any, type: PropertyKey, listener: Callback): void => {
  if (typeof emitter.removeListener === 'function') emitter.removeListener(type, listener);
  else emitter.removeEventListener(type, listener);
};

/** A promise of the next event of that type, with its arguments; rejected by an `error` before it. */
async function once(emitter: Any, type: PropertyKey, options: { signal?: Any } = {}): Promise<Any[]> {
  const { signal } = options;
  if (isAborted(signal)) throw aborted(signal);
  return new Promise((resolve, reject) => {
    const done = (): void => {
      if (type !== 'error') off(emitter, 'error', failed);
      signal?.removeEventListener('abort', stopped);
    };
    const happened = (...args: Any[]): void => {
      done();
      resolve(args);
    };
    const failed = (error: unknown): void => {
      off(emitter, type, happened);
      done();
      reject(error);
    };
    const stopped = (): void => {
      off(emitter, type, happened);
      done();
      reject(aborted(signal));
    };
    on(emitter, type, happened, true);
    if (type !== 'error' && typeof emitter.once === 'function') emitter.once('error', failed);
    signal?.addEventListener('abort', stopped, { once: true });
  });
}

/** All events of that type, as an async iterator of their arguments. */
function iterate(emitter: Any, type: PropertyKey, options: { signal?: Any; close?: string[] } = {}): Any {
  const { signal, close = [] } = options;
  if (isAborted(signal)) throw aborted(signal);
  const events: Any[][] = [];
  const waiting: { resolve: Callback; reject: Callback }[] = [];
  let error: unknown = null;
  let finished = false;
  const heard = (...args: Any[]): void => {
    const next = waiting.shift();
    if (next === undefined) events.push(args);
    else next.resolve({ value: args, done: false });
  };
  const failed = (reason: unknown): void => {
    const next = waiting.shift();
    if (next === undefined) error = { reason };
    else next.reject(reason);
    end();
  };
  const stopped = (): void => failed(aborted(signal));
  const end = (): Promise<Any> => {
    off(emitter, type, heard);
    off(emitter, 'error', failed);
    for (const name of close) off(emitter, name, end);
    signal?.removeEventListener('abort', stopped);
    finished = true;
    for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  };
  on(emitter, type, heard);
  if (type !== 'error' && typeof emitter.on === 'function') emitter.on('error', failed);
  for (const name of close) on(emitter, name, end);
  signal?.addEventListener('abort', stopped, { once: true });
  return {
    next(): Promise<Any> {
      const value = events.shift();
      if (value !== undefined) return Promise.resolve({ value, done: false });
      if (error !== null) {
        const { reason } = error as { reason: unknown };
        error = null;
        return Promise.reject(reason);
      }
      if (finished) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return: end,
    throw(reason: unknown): void {
      failed(reason);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function addAbortListener(signal: Any, listener: Callback): Any {
  if (isAborted(signal)) (globalThis as Any).queueMicrotask(() => listener());
  else signal.addEventListener('abort', listener, { once: true });
  const remove = (): void => signal.removeEventListener('abort', listener);
  const dispose = (Symbol as Any).dispose ?? Symbol.for('nodejs.dispose');
  return { remove, [dispose]: remove };
}

class EventEmitterAsyncResource extends EventEmitter {
  #enter = bound((run: () => boolean) => run());
  emit(type: PropertyKey, ...args: Any[]): boolean {
    return this.#enter(() => super.emit(type, ...args));
  }
  emitDestroy(): void {}
}

/** Listeners of an emitter or of an event target; of the latter nobody can ask. */
const getEventListeners = (emitter: Any, type: PropertyKey): Callback[] => {
  if (typeof emitter.listeners === 'function') return emitter.listeners(type);
  throw absent('events.getEventListeners of an EventTarget');
};

Object.assign(EventEmitter, {
  EventEmitter,
  EventEmitterAsyncResource,
  addAbortListener,
  captureRejectionSymbol: captureRejection,
  errorMonitor,
  getEventListeners,
  getMaxListeners: (emitter: Any) => (typeof emitter.getMaxListeners === 'function' ? emitter.getMaxListeners() : 10),
  listenerCount: (emitter: Any, type: PropertyKey) => emitter.listenerCount(type),
  on: iterate,
  once,
  setMaxListeners(most = EventEmitter.defaultMaxListeners, ...emitters: Any[]) {
    if (emitters.length === 0) EventEmitter.defaultMaxListeners = most;
    for (const emitter of emitters) emitter.setMaxListeners?.(most);
  },
  usingDomains: false,
});
Object.defineProperty(EventEmitter, 'captureRejections', {
  get: () => EventEmitter.prototype[captures],
  set(on: boolean) {
    EventEmitter.prototype[captures] = on;
  },
  enumerable: true,
});

export { addAbortListener, captureRejection as captureRejectionSymbol, errorMonitor, iterate as on, once };
export default EventEmitter;
