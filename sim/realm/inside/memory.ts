/**
 * What a realm was like before any code of a user ran in it, so that it can be used again.
 *
 * Everything that code can reach from the global object is known: each object, its properties, its prototype. What a life
 * added is taken away behind it, what it changed is put back; where that cannot be done (something was frozen, or defined
 * for good), or would show (a property that was deleted would come back behind the others), the realm is thrown away.
 *
 * To look at everything takes as long as a short run. So it is done behind the first lives of a module, because what that
 * does to intrinsics it does when it is loaded; what was changed once is looked at each time from then on. Otherwise the
 * global object is looked at each time, and all else in turns: in a few lives what is usual (a value that was replaced, a
 * property that was assigned), in some more everything. Whoever changes an intrinsic in one run of a thousand is found a few
 * runs later.
 */
import type { Restored } from '../host.ts';
import { scope } from './inside.ts';

// What a life did to these must not keep them from being put back.
const {
  ownKeys,
  getOwnPropertyDescriptor,
  defineProperty,
  deleteProperty,
  getPrototypeOf,
  setPrototypeOf,
  isExtensible,
} = Reflect;
const { keys: enumerable, is } = Object;

interface Known {
  readonly object: object;
  readonly keys: readonly PropertyKey[];
  readonly descriptors: readonly PropertyDescriptor[];
  readonly prototype: object | null;
  readonly extensible: boolean;
}

/** An object as a glance sees it: what its properties of plain values hold, and how many of them are enumerable. */
interface Glanced {
  readonly object: Record<PropertyKey, unknown>;
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
  readonly enumerable: number;
}

/** In so many lives all objects are glanced at, and everything is looked at. */
const GLANCES = 4;
const LOOKS = 64;

export class Memory {
  readonly #known: Known[] = [];
  readonly #glanced: Glanced[] = [];
  /** What was changed in some life. */
  readonly #changed = new Set<Known>();
  readonly #roots: unknown[] = [];
  /** The global object by itself: what is assigned to it says nothing about anything else. */
  #scope: Glanced | null = null;
  #globals: Known | null = null;
  /** Whether some life defined globals that are not enumerable. */
  #defines = false;
  readonly #seen = new WeakSet<object>();
  #learned = false;
  #turn = 0;
  /** Whether something became known only in this life: if that changed intrinsics, it may have been made of changed ones. */
  #grown = false;

  /** Looks at everything there is; without it nothing can be put back. */
  learn(): void {
    if (this.#learned) return;
    this.#seen.add(scope);
    this.#globals = knownOf(scope);
    this.#scope = glancedOf(this.#globals);
    this.#follow(this.#globals);
    for (const root of this.#roots) this.#visit(root);
    this.#learned = true;
  }

  /**
   * Something that code can reach, and that is found by no property: what a getter returns, or a part that is made when it
   * is first used.
   */
  add(value: unknown): void {
    if (!this.#learned) {
      this.#roots.push(value);
      return;
    }
    this.#visit(value);
    this.#grown = true;
  }

  /** Puts back what has changed. */
  restore(wholly: boolean): Restored {
    if (!this.#learned) return 'spoilt';
    const globals = this.#haveGlobalsChanged() ? restored(this.#globals as Known) : 'same';
    if (globals === 'spoilt') return 'spoilt';
    const again = this.#again();
    if (again === 'spoilt') return 'spoilt';
    this.#turn = (this.#turn + 1) % LOOKS;
    const found = this.#look(wholly || this.#glance());
    const result = found === 'same' ? again : found;
    const grown = this.#grown;
    this.#grown = false;
    if (result === 'same') return globals;
    return grown ? 'spoilt' : result;
  }

  #again(): Restored {
    let result: Restored = 'same';
    for (const known of this.#changed) {
      const one = restored(known);
      if (one === 'spoilt') return one;
      if (one === 'restored') result = one;
    }
    return result;
  }

  #haveGlobalsChanged(): boolean {
    const { keys, descriptors } = this.#globals as Known;
    if (hasChanged(this.#scope as Glanced)) return true;
    // Whoever assigns one is found by what is enumerable; to count those that were defined takes the engine ten times as long.
    if (!this.#defines && this.#turn % GLANCES !== 0) return false;
    if (ownKeys(scope).length !== keys.length) {
      this.#defines = true;
      return true;
    }
    for (let i = 0; i < keys.length; i++) {
      const { get } = descriptors[i] as PropertyDescriptor;
      if (get !== undefined && getOwnPropertyDescriptor(scope, keys[i] as PropertyKey)?.get !== get) return true;
    }
    return false;
  }

  /** Whether something is seen to be different. */
  #glance(): boolean {
    const glanced = this.#glanced;
    for (let i = this.#turn % GLANCES; i < glanced.length; i += GLANCES)
      if (hasChanged(glanced[i] as Glanced)) return true;
    return false;
  }

  #look(wholly: boolean): Restored {
    let result: Restored = 'same';
    if (wholly) {
      result = restored(this.#globals as Known);
      if (result !== 'same') this.#defines = true;
    }
    const known = this.#known;
    for (let i = wholly ? 0 : this.#turn; i < known.length && result !== 'spoilt'; i += wholly ? 1 : LOOKS) {
      const one = restored(known[i] as Known);
      if (one === 'same') continue;
      this.#changed.add(known[i] as Known);
      // Who changes one thing changes others.
      if (!wholly) return one === 'spoilt' || this.#look(true) === 'spoilt' ? 'spoilt' : 'restored';
      result = one;
    }
    return result;
  }

  #visit(value: unknown): void {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
    const object = value as object;
    if (this.#seen.has(object)) return;
    this.#seen.add(object);
    const known = knownOf(object);
    this.#known.push(known);
    if (!isMethod(known)) this.#glanced.push(glancedOf(known));
    this.#follow(known);
  }

  #follow({ descriptors, prototype }: Known): void {
    for (const { value, get, set } of descriptors) {
      this.#visit(value);
      this.#visit(get);
      this.#visit(set);
    }
    this.#visit(prototype);
  }
}

function knownOf(object: object): Known {
  const keys = ownKeys(object);
  return {
    object,
    keys,
    descriptors: keys.map((key) => getOwnPropertyDescriptor(object, key) as PropertyDescriptor),
    prototype: getPrototypeOf(object),
    extensible: isExtensible(object),
  };
}

const isMethod = ({ object, keys }: Known): boolean =>
  typeof object === 'function' && keys.length === 2 && keys[0] === 'length' && keys[1] === 'name';

function glancedOf({ object, keys, descriptors }: Known): Glanced {
  // What a function is called, and how many arguments it takes, nobody looks at, and takes the engine long to say.
  const idle = typeof object === 'function' ? ['length', 'name', 'arguments', 'caller'] : [];
  const plain = keys.filter(
    (key, i) => 'value' in (descriptors[i] as PropertyDescriptor) && !idle.includes(key as string),
  );
  const table = object as Record<PropertyKey, unknown>;
  return { object: table, keys: plain, values: plain.map((key) => table[key]), enumerable: enumerable(object).length };
}

function hasChanged({ object, keys, values, enumerable: count }: Glanced): boolean {
  if (enumerable(object).length !== count) return true;
  for (let i = 0; i < keys.length; i++) {
    const value = object[keys[i] as PropertyKey];
    if (value !== values[i] && !is(value, values[i])) return true;
  }
  return false;
}

function restored({ object, keys, descriptors, prototype, extensible }: Known): Restored {
  let result: Restored = 'same';
  let present = ownKeys(object);
  if (!isSame(present, keys)) {
    result = 'restored';
    for (let i = 0; i < present.length; i++) {
      const key = present[i] as PropertyKey;
      if (!has(keys, key) && !deleteProperty(object, key)) return 'spoilt';
    }
    present = ownKeys(object);
    if (!isSame(present, keys)) return 'spoilt';
  }
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const before = descriptors[i] as PropertyDescriptor;
    // What was defined for good is as it was, and some of it takes the engine long to say (`arguments` of a function).
    if (before.configurable === false && before.writable !== true) continue;
    if (isAlike(getOwnPropertyDescriptor(object, key) as PropertyDescriptor, before)) continue;
    if (!defineProperty(object, key, before)) return 'spoilt';
    result = 'restored';
  }
  if (getPrototypeOf(object) !== prototype) {
    if (!setPrototypeOf(object, prototype)) return 'spoilt';
    result = 'restored';
  }
  return isExtensible(object) === extensible ? result : 'spoilt';
}

const isAlike = (one: PropertyDescriptor, other: PropertyDescriptor): boolean =>
  (one.value === other.value || is(one.value, other.value)) &&
  one.get === other.get &&
  one.set === other.set &&
  one.writable === other.writable &&
  one.enumerable === other.enumerable &&
  one.configurable === other.configurable;

function isSame(some: readonly PropertyKey[], others: readonly PropertyKey[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}

function has(keys: readonly PropertyKey[], key: PropertyKey): boolean {
  for (let i = 0; i < keys.length; i++) if (keys[i] === key) return true;
  return false;
}
