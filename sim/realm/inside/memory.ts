/**
 * What a realm was like before any code of a user ran in it, so that it can be used again.
 *
 * Everything that can be reached from the global object is looked at once: each object, and what each of its properties
 * holds. Globals that a life added or changed are put back; a change of anything else (a method of a prototype, an
 * intrinsic) may have been meant to last, and cannot always be undone, so a realm in which one is found is thrown away.
 */
import { scope } from './inside.ts';

interface Known {
  readonly object: object;
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
}

export class Memory {
  readonly #globals = new Map<PropertyKey, PropertyDescriptor>();
  readonly #known: Known[] = [];
  readonly #seen = new Set<object>();

  /** Looks at everything, once. */
  learn(): void {
    for (const key of Reflect.ownKeys(scope)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(scope, key) as PropertyDescriptor;
      this.#globals.set(key, descriptor);
      this.#visit(descriptor.value);
      this.#visit(descriptor.get);
    }
  }

  /** Puts the globals back; false when something else was changed. */
  restore(): boolean {
    for (const key of Reflect.ownKeys(scope))
      if (!this.#globals.has(key) && !Reflect.deleteProperty(scope, key)) return false;
    for (const [key, descriptor] of this.#globals) {
      const present = Reflect.getOwnPropertyDescriptor(scope, key);
      const same = present !== undefined && present.value === descriptor.value && present.get === descriptor.get;
      if (!same && !Reflect.defineProperty(scope, key, descriptor)) return false;
    }
    return this.#known.every(isAsItWas);
  }

  #visit(value: unknown): void {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
    const object = value as object;
    if (object === scope || this.#seen.has(object)) return;
    this.#seen.add(object);
    const keys = Reflect.ownKeys(object);
    const values: unknown[] = [];
    for (const key of keys) {
      const { value: held, get } = Reflect.getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
      values.push(get ?? held);
      this.#visit(get ?? held);
    }
    this.#known.push({ object, keys, values });
    this.#visit(Reflect.getPrototypeOf(object));
  }
}

function isAsItWas({ object, keys, values }: Known): boolean {
  const present = Reflect.ownKeys(object);
  if (present.length !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) {
    const { value, get } = Reflect.getOwnPropertyDescriptor(object, keys[i] as PropertyKey) ?? {};
    if ((get ?? value) !== values[i] && !Object.is(get ?? value, values[i])) return false;
  }
  return true;
}
