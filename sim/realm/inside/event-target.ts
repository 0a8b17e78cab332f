/**
 * EventTarget of the DOM (https://dom.spec.whatwg.org/#interface-eventtarget), and the attributes `on…` of HTML.
 *
 * Listeners are called in the order in which they came; one that is removed during a dispatch is not called any more, one
 * that is added is not called yet. Where the event loop begins a dispatch there is a microtask checkpoint after each
 * listener, and none where a script does: `inside.call` knows which.
 */
import { cancel, Event, type EventState, stateOf, trusted } from './event.ts';
import type { ErrorEvent } from './event-kinds.ts';
import { dress, needs } from './idl.ts';
import { type Any, type Callback, define, type Inside, scope } from './inside.ts';
import {
  add,
  type Handler,
  type ListenerObject,
  type Listeners,
  newListeners,
  remove,
  setAttribute,
} from './listeners.ts';

/** What an abort signal does for a listener. */
interface Signal {
  readonly aborted: boolean;
}

interface Options {
  capture?: unknown;
  once?: unknown;
  passive?: unknown;
  signal?: unknown;
}

let inside: Inside;
/** The event that a listener is just told, as old code reads it: `window.event`. */
let present: Event | undefined;
/** Brought by the module of signals, which stands on this one. */
let whenAborted: ((signal: unknown, then: () => void) => Signal) | null = null;
/** Targets that no constructor of ours made: a window is the global object itself. */
const adopted = new Map<object, Listeners>();
/** To whom an event goes on after its target: a document's to its window. */
const parents = new Map<object, object>();

/** Null: nobody has ever listened. */
let listenersOf: (target: EventTarget) => Listeners | null;
/** Throws for what is no target. */
let those: (target: EventTarget) => Listeners;

export class EventTarget {
  #listeners: Listeners | null = null;

  static {
    listenersOf = (target) => (#listeners in target ? target.#listeners : (adopted.get(target) ?? null));
    those = (target) => {
      if (#listeners in target) {
        target.#listeners ??= newListeners();
        return target.#listeners;
      }
      const found = adopted.get(target);
      if (found === undefined) throw new TypeError('Illegal invocation');
      return found;
    };
  }

  addEventListener(type: string, callback: unknown, options?: unknown): void {
    needs(2, arguments.length, "execute 'addEventListener' on 'EventTarget'");
    const listeners = those(target(this));
    if (!isCallback(callback, 'addEventListener')) return;
    const { capture, once, passive, signal } = flags(options);
    if (
      signal !== undefined &&
      (whenAborted === null || whenAborted(signal, () => remove(listeners, name, callback, found)).aborted)
    )
      return;
    const name = `${type}`;
    const found = Boolean(capture);
    add(listeners, name, {
      callback,
      capture: found,
      once: Boolean(once),
      passive: Boolean(passive),
      handler: null,
      removed: false,
    });
  }

  removeEventListener(type: string, callback: unknown, options?: unknown): void {
    needs(2, arguments.length, "execute 'removeEventListener' on 'EventTarget'");
    const listeners = those(target(this));
    if (isCallback(callback, 'removeEventListener'))
      remove(listeners, `${type}`, callback, Boolean(flags(options).capture));
  }

  dispatchEvent(event: Event): boolean {
    needs(1, arguments.length, "execute 'dispatchEvent' on 'EventTarget'");
    const to = target(this);
    those(to);
    if (!(event instanceof Event))
      throw new TypeError("Failed to execute 'dispatchEvent' on 'EventTarget': parameter 1 is not of type 'Event'.");
    const state = stateOf(event);
    if (state.dispatched || !state.initialized) {
      const { DOMException } = scope;
      throw new DOMException(
        `Failed to execute 'dispatchEvent' on 'EventTarget': The event is already being dispatched.`,
        'InvalidStateError',
      );
    }
    state.trusted = false;
    return dispatch(to, event, state);
  }
}

/** As for every operation of a global interface, `this` is the window where there is none. */
const target = (self: unknown): EventTarget => (self ?? scope) as unknown as EventTarget;

function isCallback(callback: unknown, operation: string): callback is Callback | ListenerObject {
  if (callback === null || callback === undefined) return false;
  if (typeof callback === 'function' || typeof callback === 'object') return true;
  throw new TypeError(`Failed to execute '${operation}' on 'EventTarget': parameter 2 is not of type 'Object'.`);
}

function flags(options: unknown): Options {
  if (options === undefined || options === null) return NO_OPTIONS;
  if (typeof options === 'object' || typeof options === 'function') return options as Options;
  return options ? CAPTURE : NO_OPTIONS;
}

const NO_OPTIONS: Options = Object.freeze({});
const CAPTURE: Options = Object.freeze({ capture: true });

function dispatch(to: EventTarget, event: Event, state: EventState): boolean {
  state.dispatched = true;
  state.target = to;
  const parent = parents.size === 0 ? undefined : parents.get(to);
  if (parent === undefined) {
    state.path = [to];
    // A target that is no node of a tree knows no phases: Chromium and Node call its listeners as they came.
    invoke(to, event, state, 2, null);
  } else {
    const above = parent as EventTarget;
    state.path = [to, above];
    invoke(above, event, state, 1, true);
    invoke(to, event, state, 2, true);
    invoke(to, event, state, 2, false);
    if (state.bubbles) invoke(above, event, state, 3, false);
  }
  state.phase = 0;
  state.current = null;
  state.path = NOWHERE;
  state.dispatched = false;
  state.stopped = false;
  state.stoppedAtOnce = false;
  return !state.canceled;
}

const NOWHERE: readonly EventTarget[] = [];

/** `capture` null: whichever listeners. */
function invoke(at: EventTarget, event: Event, state: EventState, phase: 1 | 2 | 3, capture: boolean | null): void {
  if (state.stopped) return;
  const listeners = listenersOf(at);
  const list = listeners?.byType.get(state.type);
  if (list === undefined) return;
  state.phase = phase;
  state.current = at;
  for (const listener of list) {
    if (listener.removed || (capture !== null && listener.capture !== capture)) continue;
    if (listener.once) remove(listeners as Listeners, state.type, listener.callback, listener.capture);
    const before = present;
    present = event;
    state.passive = listener.passive;
    if (listener.handler !== null) handle(listener.handler, at, event, state);
    else call(listener.callback, at, event);
    state.passive = false;
    present = before;
    if (state.stoppedAtOnce) return;
  }
}

function call(callback: Callback | ListenerObject, at: EventTarget, event: Event): void {
  if (typeof callback === 'function') inside.call(callback, at, event);
  else
    inside.call(() => {
      const { handleEvent } = callback;
      // The DOM would report one that is no function; Chromium passes over it in silence.
      if (typeof handleEvent === 'function') handleEvent.call(callback, event);
    }, undefined);
}

/** What a handler returns is a word of its own: false cancels, and so does true from a window's `onerror`. */
function handle(handler: Callback, at: EventTarget, event: Event, state: EventState): void {
  // An object may stand there, and is not called.
  if (typeof handler !== 'function') return;
  if (state.type === 'error' && (at as unknown) === scope && 'error' in event) {
    const { message, filename, lineno, colno, error } = event as ErrorEvent;
    if (inside.call(handler, at, message, filename, lineno, colno, error) === true) cancel(state);
    return;
  }
  const returned = inside.call(handler, at, event);
  if (state.type === 'beforeunload') {
    if (returned === undefined || returned === null) return;
    cancel(state);
    const unloading = event as { returnValue?: unknown };
    if (unloading.returnValue === '') unloading.returnValue = `${returned as string}`;
  } else if (returned === false) cancel(state);
}

/** Gives an interface attributes `on…` of these types. */
export function attributes(of: { prototype: object }, types: readonly string[]): void {
  for (const type of types)
    Object.defineProperty(of.prototype, `on${type}`, {
      get(this: unknown): Handler {
        return listenersOf(target(this))?.attributes.get(type)?.handler ?? null;
      },
      set(this: unknown, value: unknown) {
        setAttribute(those(target(this)), type, value);
      },
      enumerable: true,
      configurable: true,
    });
}

/** The platform tells a target something; false when it was canceled. */
export function tell(to: EventTarget, event: Event): boolean {
  return dispatch(to, event, stateOf(event));
}

/** An event without more than its name. */
export function tellOf(to: EventTarget, type: string, bubbles = false): void {
  if (isHeard(to, type))
    tell(
      to,
      trusted(() => new Event(type, bubbles ? { bubbles } : undefined)),
    );
}

/** Whether anybody listens; an event that nobody hears need not be made. */
export function isHeard(to: EventTarget, type: string): boolean {
  if (listenersOf(to)?.byType.has(type)) return true;
  const parent = parents.get(to) as EventTarget | undefined;
  return parent !== undefined && isHeard(parent, type);
}

/** Makes a target of an object that was there before; `parent`: who hears its events next. */
export function adopt(object: object): EventTarget {
  adopted.set(object, newListeners());
  return object as EventTarget;
}

export function setParent(of: EventTarget, parent: EventTarget): void {
  parents.set(of, parent);
}

/** Forgets all listeners of targets that outlive a life. */
export function forgetListeners(of: EventTarget): void {
  const listeners = listenersOf(of);
  listeners?.byType.clear();
  listeners?.attributes.clear();
}

/** How many listeners there are, by type. */
export function countListeners(of: EventTarget): readonly (readonly [string, number])[] {
  return [...(listenersOf(of)?.byType ?? [])].map(([type, list]) => [type, list.length] as const);
}

export function onAbort(how: typeof whenAborted): void {
  whenAborted = how;
}

dress({ EventTarget: EventTarget as Any });

export function installEventTarget(given: Inside): void {
  inside = given;
  define('EventTarget', EventTarget);
  if (given.profile === 'browser')
    Object.defineProperty(scope, 'event', { get: () => present, configurable: true, enumerable: false });
}
