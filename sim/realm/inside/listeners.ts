/**
 * Who listens to a target: by type, each in the order in which they came. A handler of an attribute `on…` is a listener whose
 * place is that of its first value.
 */
import type { Callback } from './inside.ts';

export type Handler = Callback | null;
export type ListenerObject = { handleEvent?: unknown };

export interface Listener {
  readonly callback: Callback | ListenerObject;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  /** The attribute's present value, for the listener of an attribute. */
  handler: Handler;
  removed: boolean;
}

export interface Listeners {
  /** By type, each in the order in which they came. */
  readonly byType: Map<string, readonly Listener[]>;
  /** The listeners of attributes, by type. */
  readonly attributes: Map<string, Listener>;
}

export const newListeners = (): Listeners => ({ byType: new Map(), attributes: new Map() });

/** Lists are never changed while somebody may be going through them: each change makes a new one. */
export function add({ byType }: Listeners, type: string, listener: Listener): void {
  const list = byType.get(type);
  if (list === undefined) byType.set(type, [listener]);
  else if (!list.some((each) => each.callback === listener.callback && each.capture === listener.capture))
    byType.set(type, [...list, listener]);
}

export function remove({ byType }: Listeners, type: string, callback: unknown, capture: boolean): void {
  const list = byType.get(type);
  const found = list?.find((each) => each.callback === callback && each.capture === capture);
  if (list === undefined || found === undefined) return;
  found.removed = true;
  if (list.length === 1) byType.delete(type);
  else
    byType.set(
      type,
      list.filter((each) => each !== found),
    );
}

/** Sets an attribute `on…`: an object counts as a handler, and anything else as none. */
export function setAttribute(listeners: Listeners, type: string, value: unknown): void {
  const handler =
    typeof value === 'function' || (typeof value === 'object' && value !== null) ? (value as Callback) : null;
  const there = listeners.attributes.get(type);
  if (handler === null) {
    if (there === undefined) return;
    remove(listeners, type, there.callback, false);
    listeners.attributes.delete(type);
  } else if (there !== undefined) there.handler = handler;
  else {
    const listener: Listener = { callback: {}, capture: false, once: false, passive: false, handler, removed: false };
    listeners.attributes.set(type, listener);
    add(listeners, type, listener);
  }
}
