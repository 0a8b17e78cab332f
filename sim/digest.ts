/**
 * The digest: an incremental hash over every event of a run, in order. Two runs with the same digest had the same history.
 *
 * Two 32-bit lanes of multiply and rotate: integer operations that every engine computes alike, about 10 % of a sweep's
 * time (a cryptographic hash would be half of it). It detects differences; it does not resist forgery.
 */
export class Digest {
  #a = 0x243f6a88;
  #b = 0x85a308d3 | 0;

  /** Mixes in an integer up to 2^32 (higher bits are cut off: mix those in separately). */
  add(value: number): void {
    const a = Math.imul(this.#a ^ value, 0x9e3779b1);
    this.#a = (a << 13) | (a >>> 19);
    const b = Math.imul(this.#b ^ value, 0x85ebca6b) + 0x27d4eb2f;
    this.#b = (b << 17) | (b >>> 15);
  }

  /** Mixes in an integer up to 2^53. */
  addWide(value: number): void {
    this.add(value | 0);
    this.add((value / 4294967296) | 0);
  }

  /** Mixes in a text. */
  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
    this.add(text.length);
  }

  /** 16 hex digits. */
  toString(): string {
    return hex(avalanche(this.#a ^ (this.#b >>> 7))) + hex(avalanche(this.#b));
  }
}

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
