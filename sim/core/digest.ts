/**
 * The digest: an incremental hash over every event of a run, in order. Two runs with the same digest had the same history.
 *
 * Two lanes of multiply and rotate take two 32-bit words a round: integer operations that every engine computes alike, a
 * few nanoseconds for a small event (a cryptographic hash would be half of a sweep's time). A round is a bijection of the
 * state, and different words give different states; so one changed field always shows, and more of them hide each other
 * once in 2^64. It detects differences; it does not resist forgery.
 */
import { isFields } from '../../src/plain.ts';
import { NO_NAMES } from './name-code.ts';

export class Digest {
  #a = 0x243f6a88;
  #b = 0x85a308d3 | 0;

  /** One round: two words of 32 bits; higher bits are cut off, so numbers that come from a run go through `addTwo`. */
  #mix(x: number, y: number): void {
    this.#a = turnA(this.#a, x);
    this.#b = turnB(this.#b, y, this.#a);
  }

  /** Mixes in two numbers, whole: one round for integers from 0 to almost 2^32, which nearly all are. -0 counts as 0. */
  addTwo(x: number, y: number): void {
    if (x >>> 0 === x && y >>> 0 === y && x < TAGS_FROM) this.#mix(x, y);
    else {
      this.#mix(TAG.wide, 2);
      this.#addBits(x);
      this.#addBits(y);
    }
  }

  /**
   * Mixes in three pairs, as `addTwo` would one after the other. What most of a run consists of is told by such sixes: the
   * state stays in registers, and an engine learns for each place by itself that its numbers are small.
   */
  addSix(x0: number, y0: number, x1: number, y1: number, x2: number, y2: number): void {
    const areWords =
      x0 >>> 0 === x0 && y0 >>> 0 === y0 && x1 >>> 0 === x1 && y1 >>> 0 === y1 && x2 >>> 0 === x2 && y2 >>> 0 === y2;
    if (!areWords || x0 >= TAGS_FROM || x1 >= TAGS_FROM || x2 >= TAGS_FROM) {
      this.addTwo(x0, y0);
      this.addTwo(x1, y1);
      this.addTwo(x2, y2);
      return;
    }
    let a = turnA(this.#a, x0);
    let b = turnB(this.#b, y0, a);
    a = turnA(a, x1);
    b = turnB(b, y1, a);
    a = turnA(a, x2);
    b = turnB(b, y2, a);
    this.#a = a;
    this.#b = b;
  }

  #addBits(value: number): void {
    // The value of -0 is that of 0, and every broken number is the same one.
    bits.setFloat64(0, value === 0 ? 0 : Number.isNaN(value) ? Number.NaN : value);
    this.#mix(bits.getUint32(0), bits.getUint32(4));
  }

  /** Mixes in a text: its length, then its UTF-16 units, two a word. */
  addText(text: string): void {
    const { length } = text;
    this.#mix(TAG.text, length);
    let i = 0;
    for (; i + 4 <= length; i += 4)
      this.#mix(
        text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16),
        text.charCodeAt(i + 2) | (text.charCodeAt(i + 3) << 16),
      );
    if (i < length) this.#mix(unit(text, i) | (unit(text, i + 1) << 16), unit(text, i + 2));
  }

  /** Mixes in a name that many events say; not a text that each says anew, because every name is kept. */
  addName(name: string): void {
    const { one, two } = NO_NAMES.and(name);
    this.#mix(one, two);
  }

  /**
   * Mixes in plain data, all of it: numbers, texts, flags, null, lists, objects with the names of their fields, typed
   * arrays (bytes). Every value begins with its sort and says where it ends, so no two values are spelled alike. Fields go in the
   * order in which the code wrote them. Throws for anything else: it would not be seen.
   */
  addValue(value: unknown): void {
    switch (typeof value) {
      case 'number':
        if (value >>> 0 === value) this.#mix(TAG.number, value);
        else {
          this.#mix(TAG.wide, 1);
          this.#addBits(value);
        }
        return;
      case 'string':
        this.addText(value);
        return;
      case 'boolean':
        this.#mix(TAG.flag, value ? 1 : 0);
        return;
      case 'undefined':
        this.#mix(TAG.nothing, 1);
        return;
      case 'object':
        if (value === null) this.#mix(TAG.nothing, 0);
        else if (Array.isArray(value)) this.#addList(value, TAG.list);
        else if (ArrayBuffer.isView(value) && !(value instanceof DataView))
          this.#addArray(value as unknown as ArrayLike<unknown> & { readonly [Symbol.toStringTag]: string });
        else this.#addFields(value);
        return;
      default:
        throw new Error(`a ${typeof value} is no plain data, so the digest cannot see it`);
    }
  }

  #addList(list: ArrayLike<unknown>, tag: number): void {
    this.#mix(tag, list.length);
    for (let i = 0; i < list.length; i++) this.addValue(list[i]);
  }

  /** A realm has constructors of its own, so their name has to do. */
  #addArray(array: ArrayLike<unknown> & { readonly [Symbol.toStringTag]: string }): void {
    if (array[Symbol.toStringTag] === 'Uint8Array') this.#addBytes(array as Uint8Array);
    else this.#addList(array, TAG.array);
  }

  /** Eight at a time: a byte in itself says little. */
  #addBytes(bytes: Uint8Array): void {
    this.#mix(TAG.array, bytes.length);
    for (let i = 0; i < bytes.length; i += 8) this.#mix(wordAt(bytes, i), wordAt(bytes, i + 4));
  }

  #addFields(value: object): void {
    this.#mix(TAG.object, 0);
    let names = NO_NAMES;
    let isEmpty = true;
    for (const name in value) {
      isEmpty = false;
      names = names.and(name);
      this.addValue((value as Readonly<Record<string, unknown>>)[name]);
    }
    if (isEmpty) mustBePlain(value);
    this.#mix(TAG.object, 1);
    this.#mix(names.one, names.two);
  }

  /** 16 hex digits. */
  toString(): string {
    return hex(avalanche(this.#a ^ (this.#b >>> 7))) + hex(avalanche(this.#b));
  }
}

/** One round of each lane; the second takes what the first has become. */
function turnA(a: number, x: number): number {
  const mixed = Math.imul(a ^ x, 0x9e3779b1);
  return (mixed << 13) | (mixed >>> 19);
}

function turnB(b: number, y: number, a: number): number {
  const mixed = (Math.imul(b ^ y ^ a, 0x85ebca6b) + 0x27d4eb2f) | 0;
  return (mixed << 17) | (mixed >>> 15);
}

/** Throws for what keeps what it holds where no field shows it: a Map, a Date, an ArrayBuffer. */
function mustBePlain(value: object): void {
  if (isFields(value)) return;
  throw new Error(`a ${value.constructor.name} is no plain data, so the digest cannot see it`);
}

/** The words from here on are tags; a number that would look like one is mixed in as its bits. */
const TAGS_FROM = 0xffff_fff0;
/** What follows is of this sort. */
const TAG = {
  wide: 0xffff_fff0,
  number: 0xffff_fff1,
  text: 0xffff_fff2,
  flag: 0xffff_fff3,
  nothing: 0xffff_fff4,
  list: 0xffff_fff5,
  array: 0xffff_fff6,
  object: 0xffff_fff7,
} as const;

/** The UTF-16 unit there; 0 behind the end, which the length tells apart. */
const unit = (text: string, i: number): number => (i < text.length ? text.charCodeAt(i) : 0);

/** Four bytes, the first one lowest; zeros behind the end, which the length tells apart. */
function wordAt(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let i = Math.min(bytes.length, at + 4) - 1; i >= at; i--) word = (word << 8) | (bytes[i] as number);
  return word;
}

/** Room for the bits of one number; a view that states its byte order, so that every machine reads the same. */
const bits = new DataView(new ArrayBuffer(8));

/** Spreads every input bit over the word, so that similar histories have unlike digests. */
function avalanche(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}

/** A stable small number for a name (timer names, message types): FNV-1a. */
export function nameCode(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
