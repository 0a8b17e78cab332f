/**
 * What Web IDL does to every interface of the platform: how arguments become values, and what a prototype looks like.
 *
 * The words of an error are those of Chromium, which most people have seen; code that reads them reads those.
 */

/** A class that the platform offers by its name. */
// biome-ignore lint/suspicious/noExplicitAny: an interface takes what it takes.
export type Interface = (abstract new (...args: any[]) => object) & { prototype: object };

/** A string without lone surrogates: each becomes U+FFFD. */
export const usv = (value: unknown): string => (`${value as string}` as unknown as WellFormed).toWellFormed();

interface WellFormed {
  toWellFormed(): string;
}

/** Too few arguments; `what` is `construct 'Event'` or `execute 'send' on 'WebSocket'`. */
export function needs(count: number, given: number, what: string): void {
  if (given < count)
    throw new TypeError(
      `Failed to ${what}: ${count} argument${count === 1 ? '' : 's'} required, but only ${given} present.`,
    );
}

/** A dictionary: nothing, or an object. */
export function dictionary<D extends object>(value: unknown, what: string): Partial<D> {
  if (value === undefined || value === null) return NONE as Partial<D>;
  if (typeof value !== 'object' && typeof value !== 'function')
    throw new TypeError(`Failed to ${what}: The provided value is not of type 'object'.`);
  return value as Partial<D>;
}

const NONE: object = Object.freeze(Object.create(null) as object);

/** `[Clamp] unsigned short`: NaN is 0. Chromium cuts off what is behind the point, where Web IDL would round. */
export function clampedShort(value: unknown): number {
  const number = Number(value);
  return number > 0 ? Math.trunc(Math.min(number, 65_535)) : 0;
}

/** Gives interfaces the looks of the platform's: their members can be enumerated, and their objects are called by their name. */
export function dress(interfaces: Readonly<Record<string, Interface>>): void {
  for (const [name, each] of Object.entries(interfaces)) {
    const { prototype } = each;
    PLATFORM.add(prototype);
    for (const key of Object.getOwnPropertyNames(prototype))
      if (key !== 'constructor') Object.defineProperty(prototype, key, { enumerable: true });
    for (const key of Object.getOwnPropertyNames(each))
      if (!HIDDEN.has(key) && typeof Object.getOwnPropertyDescriptor(each, key)?.value === 'function')
        Object.defineProperty(each, key, { enumerable: true });
    Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
    if (each.name !== name) Object.defineProperty(each, 'name', { value: name, configurable: true });
  }
}

const PLATFORM = new Set<object>();

/** Whether it is an object of the platform's own, which has more than its properties. */
export function isPlatformObject(value: object): boolean {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) if (PLATFORM.has(at)) return true;
  return false;
}

const HIDDEN = new Set(['length', 'name', 'prototype']);

/** Constants stand on the interface and on its prototype. */
export function constants(of: Interface, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    for (const object of [of, of.prototype]) Object.defineProperty(object, name, { value, enumerable: true });
}

/** The bytes of an ArrayBuffer or a view on one, without a copy; null for anything else. */
export function bytesIn(value: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return isBuffer(value) ? new Uint8Array(value) : null;
}

/** Whether it is an ArrayBuffer, of whichever realm, whatever it says of itself. */
export function isBuffer(value: unknown): value is ArrayBuffer {
  if (typeof value !== 'object' || value === null) return false;
  try {
    lengthOf.call(value);
    return true;
  } catch {
    return false;
  }
}

const lengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')?.get as () => number;
