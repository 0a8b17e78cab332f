/**
 * The names of an object's fields, for the digest: a list of names stands as one code of 64 bits.
 *
 * Names are the same in thousands of events, so they are gone through as a tree: each step is one comparison, and the code
 * of a list is computed once. It depends on the names alone, not on what was seen before.
 */
export class FieldNames {
  readonly #name: string;
  /** The code of all names from the first to this one. */
  readonly one: number;
  readonly two: number;
  /** The name that came next the last time, and all that ever did. */
  #last: FieldNames | null = null;
  readonly #others = new Map<string, FieldNames>();

  private constructor(name: string, one: number, two: number) {
    this.#name = name;
    this.one = one;
    this.two = two;
  }

  /** No names yet. */
  static readonly none = new FieldNames('', 0x811c9dc5, 0x01000193);

  /** These names, and then that one. */
  and(name: string): FieldNames {
    const last = this.#last;
    if (last !== null && last.#name === name) return last;
    let next = this.#others.get(name);
    if (next === undefined) {
      let one = Math.imul(this.one ^ name.length, 0x01000193);
      let two = Math.imul(this.two ^ name.length, 0x85ebca6b);
      for (let i = 0; i < name.length; i++) {
        const unit = name.charCodeAt(i);
        one = Math.imul(one ^ unit, 0x01000193);
        two = Math.imul((two ^ unit) + (one >>> 15), 0x85ebca6b);
      }
      next = new FieldNames(name, one, two);
      this.#others.set(name, next);
    }
    this.#last = next;
    return next;
  }
}
