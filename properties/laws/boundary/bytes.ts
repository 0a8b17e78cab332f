/**
 * The bytes of a stream, whatever pieces they came in. Text is compared as UTF-8, so that what was written as text may be
 * read as bytes, and the cuts of neither matter: a character that is cut in two waits for its other half.
 */
import type { Piece } from '../../../src/history.ts';

/** Half of a character beyond U+FFFF that ended a piece of text; 0 for none. */
export type Half = number;

export class Bytes {
  #bytes: Uint8Array;
  length = 0;
  /** What waits for the next piece of text. */
  half: Half = 0;

  constructor(room = 64) {
    this.#bytes = new Uint8Array(room);
  }

  /** Adds a piece behind the others. */
  add(piece: Piece): this {
    if (typeof piece === 'string') this.#text(piece);
    else {
      if (this.half !== 0) this.#char(0xfffd);
      this.half = 0;
      this.#room(piece.length);
      this.#bytes.set(piece, this.length);
      this.length += piece.length;
    }
    return this;
  }

  /** Whether `other` stands here at `at`. */
  matches(other: Bytes, at: number): boolean {
    if (at + other.length > this.length) return false;
    for (let i = 0; i < other.length; i++) if (this.#bytes[at + i] !== other.#bytes[i]) return false;
    return true;
  }

  /** The first place from `from` on, up to `until`, where `other` stands; -1 for none. */
  find(other: Bytes, from: number, until = this.length): number {
    const last = Math.min(until, this.length - other.length);
    for (let at = from; at <= last; at++) if (this.matches(other, at)) return at;
    return -1;
  }

  /** How many bytes of `other` stand here from `at` on. */
  common(other: Bytes, at: number): number {
    let count = 0;
    while (count < other.length && at + count < this.length && this.#bytes[at + count] === other.#bytes[count]) count++;
    return count;
  }

  slice(from: number, to = this.length): Uint8Array {
    return this.#bytes.subarray(Math.max(0, from), Math.min(to, this.length));
  }

  /** A key by which equal contents are found. */
  key(): string {
    let key = '';
    for (let i = 0; i < this.length; i++) key += String.fromCharCode(this.#bytes[i] as number);
    return this.half === 0 ? key : `${key}\u{10000}${this.half}`;
  }

  #text(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const isLow = unit >= 0xdc00 && unit < 0xe000;
      if (this.half !== 0) {
        const high = this.half;
        this.half = 0;
        if (isLow) {
          this.#char(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
          continue;
        }
        this.#char(0xfffd);
      }
      if (unit >= 0xd800 && unit < 0xdc00) this.half = unit;
      else this.#char(isLow ? 0xfffd : unit);
    }
  }

  #char(code: number): void {
    this.#room(4);
    const bytes = this.#bytes;
    if (code < 0x80) bytes[this.length++] = code;
    else {
      const tails = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      bytes[this.length++] = (HEADS[tails] as number) | (code >> (6 * tails));
      for (let tail = tails - 1; tail >= 0; tail--) bytes[this.length++] = 0x80 | ((code >> (6 * tail)) & 0x3f);
    }
  }

  #room(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}

const HEADS: readonly number[] = [0, 0xc0, 0xe0, 0xf0];

/** The bytes of a piece that follows on `half`; what the piece leaves waiting is the `half` of what is returned. */
export function bytesOf(piece: Piece, half: Half = 0): Bytes {
  const bytes = new Bytes(piece.length * (typeof piece === 'string' ? 3 : 1) + 4);
  bytes.half = half;
  return bytes.add(piece);
}
