/**
 * A map of few things: what a law remembers of one client or one connection.
 *
 * Most of them stay empty, or hold one or two entries, and there are dozens for each client: an engine's own map takes 240
 * bytes before its first entry. This one makes nothing until then, searches a short list, and becomes an engine's map when
 * it has grown. Entries come in the order in which they were added, as a map's do.
 */
export class Few<K extends number | string, V> {
  /** Keys and values in turns. */
  #list: (K | V)[] = NOTHING;
  #many: Map<K, V> | null = null;

  get size(): number {
    return this.#many?.size ?? this.#list.length / 2;
  }

  get(key: K): V | undefined {
    if (this.#many !== null) return this.#many.get(key);
    const at = this.#find(key);
    return at < 0 ? undefined : (this.#list[at + 1] as V);
  }

  has(key: K): boolean {
    return this.#many === null ? this.#find(key) >= 0 : this.#many.has(key);
  }

  set(key: K, value: V): this {
    if (this.#many !== null) {
      this.#many.set(key, value);
      return this;
    }
    const at = this.#find(key);
    if (at >= 0) this.#list[at + 1] = value;
    else if (this.#list.length === 0) this.#list = [key, value];
    else if (this.#list.length < 2 * MOST) this.#list.push(key, value);
    else {
      this.#many = new Map(this).set(key, value);
      this.#list = NOTHING;
    }
    return this;
  }

  delete(key: K): boolean {
    if (this.#many !== null) return this.#many.delete(key);
    const at = this.#find(key);
    if (at < 0) return false;
    if (this.#list.length === 2) this.#list = NOTHING;
    else this.#list.splice(at, 2);
    return true;
  }

  clear(): void {
    this.#list = NOTHING;
    this.#many = null;
  }

  *[Symbol.iterator](): IterableIterator<[K, V]> {
    if (this.#many !== null) yield* this.#many;
    else for (let i = 0; i < this.#list.length; i += 2) yield [this.#list[i] as K, this.#list[i + 1] as V];
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this) yield value;
  }

  #find(key: K): number {
    const list = this.#list;
    for (let i = 0; i < list.length; i += 2) if (list[i] === key) return i;
    return -1;
  }
}

/** So many are searched one by one. */
const MOST = 8;
/** Never written to: a list is made when there is something to put into it. */
const NOTHING: never[] = [];
