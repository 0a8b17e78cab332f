/**
 * Names as the digest takes them: a name, or a list of them, stands as one code of 64 bits.
 *
 * Names of fields and of nodes are the same in thousands of events, so they are gone through as a tree: each step is one
 * comparison, or one look-up, and a code is computed once. It depends on the names alone, not on what was seen before.
 */
export class NameCode {
  readonly #name: string;
  /** The code of all names from the first to this one: 31 bits, so that it is no tag of the digest, and 32. */
  readonly one: number;
  readonly two: number;
  /** The name that came next the last time, and all that ever did. */
  #last: NameCode | null = null;
  readonly #others = new Map<string, NameCode>();

  constructor(name: string, one: number, two: number) {
    this.#name = name;
    this.one = one;
    this.two = two;
  }

  /** These names, and then that one. */
  and(name: string): NameCode {
    const last = this.#last;
    if (last !== null && last.#name === name) return last;
    let next = this.#others.get(name);
    if (next === undefined) {
      next = this.#followedBy(name);
      this.#others.set(name, next);
    }
    this.#last = next;
    return next;
  }

  #followedBy(name: string): NameCode {
    let one = Math.imul(this.one ^ name.length, 0x9e3779b1);
    let two = Math.imul(this.two ^ name.length, 0x85ebca6b);
    for (let i = 0; i < name.length; i++) {
      one = Math.imul(one ^ name.charCodeAt(i), 0x01000193);
      two = Math.imul((two ^ name.charCodeAt(i)) + (one >>> 15), 0x85ebca6b);
    }
    return new NameCode(name, one >>> 1, two);
  }
}

/** No names yet. */
export const NO_NAMES = new NameCode('', 0x01000193, 0x811c9dc5 | 0);
