/**
 * The key of a state: two runs of one world that have equal keys at one instant go on alike, whatever begins from there.
 *
 * What happens next is a function of what is hashed here: the states of all machines and links, who lives and in which life,
 * what is pending and in which order, where every stream of luck is, which connections were told of their end, what
 * applications are in the middle of; and the verdict of what laws and claims remember besides. Times are hashed as they are,
 * so equal keys are of equal instants: it is shown in docs/search.md why a shift of time is not looked for.
 *
 * What cannot be looked into (a closure, a private field) makes a state like no other: it has no key, and nothing is pruned.
 */
import { Few } from '../../src/few.ts';
import { Connections } from '../core/connections.ts';
import { Digest } from '../core/digest.ts';
import type { AnyEvent } from '../core/kernel.ts';
import type { Running } from '../core/running.ts';

/** Null for a state that cannot be looked into. `ours`: actions of faults that have not begun, which are what is compared. */
export function stateKey(running: Running, isOurs: (event: AnyEvent) => boolean): string | null {
  const pending = running.kernel.pendings(isOurs);
  const inside = running.inside();
  if (inside === null) return null;
  const key = new Key();
  const { kernel } = running;
  const sees =
    kernel.nodes.every(
      ({ machine, up, incarnation, state, pause }) =>
        machine.opaque !== true && key.add(up) && key.add(incarnation) && key.add(state) && key.add(pause),
    ) &&
    key.add(pending) &&
    key.add(inside);
  return sees ? key.toString() : null;
}

/** A hash over plain data, and over the collections that laws remember things in. */
class Key {
  readonly #digest = new Digest();
  /** Objects by the order in which they were met: what is shared, and what leads back to itself, is told by that. */
  readonly #met = new Map<object, number>();

  /** False for what cannot be looked into. */
  add(value: unknown): boolean {
    const digest = this.#digest;
    if (typeof value === 'function' || typeof value === 'symbol') return false;
    if (typeof value === 'bigint') {
      digest.addText(`${value}n`);
      return true;
    }
    if (value === null || typeof value !== 'object') {
      digest.addValue(value);
      return true;
    }
    const before = this.#met.get(value);
    if (before !== undefined) {
      digest.addTwo(KIND.again, before);
      return true;
    }
    this.#met.set(value, this.#met.size);
    return this.#addObject(value);
  }

  #addObject(value: object): boolean {
    const digest = this.#digest;
    if (Array.isArray(value)) {
      digest.addTwo(KIND.list, value.length);
      return value.every((each) => this.add(each));
    }
    if (ArrayBuffer.isView(value)) {
      digest.addValue(value);
      return true;
    }
    if (value instanceof Map || value instanceof Few) {
      digest.addTwo(KIND.map, value.size);
      for (const [key, each] of value) if (!this.add(key) || !this.add(each)) return false;
      return true;
    }
    if (value instanceof Set) {
      digest.addTwo(KIND.set, value.size);
      for (const each of value) if (!this.add(each)) return false;
      return true;
    }
    // What connections are called changes the words of a breach, and no verdict.
    if (value instanceof Connections) return true;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return false;
    const names = Object.keys(value);
    digest.addTwo(KIND.fields, names.length);
    return names.every((name) => {
      digest.addText(name);
      return this.add((value as Readonly<Record<string, unknown>>)[name]);
    });
  }

  toString(): string {
    return this.#digest.toString();
  }
}

const KIND = { again: 1, list: 2, map: 3, set: 4, fields: 5 } as const;
