/**
 * Luck inside a realm: `Math.random`, and the bytes that `crypto` draws.
 *
 * sfc32 of PractRand: three words of seed, a counter, additions and shifts only, so every engine draws the same.
 */
import { type Part, scope } from './inside.ts';

export class Dice {
  #a = 0;
  #b = 0;
  #c = 0;
  #count = 1;

  seed(a: number, b: number, c: number): void {
    this.#a = a | 0;
    this.#b = b | 0;
    this.#c = c | 0;
    this.#count = 1;
    // As its author seeds it: the words are mixed before the first is used.
    for (let i = 0; i < 12; i++) this.word();
  }

  /** A uniform 32-bit unsigned integer. */
  word(): number {
    const drawn = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0;
    return drawn >>> 0;
  }

  /** From 0 up to 1, with the 53 bits that a number holds. */
  fraction(): number {
    const high = this.word() >>> 5;
    return (high * 67_108_864 + (this.word() >>> 6)) / 9_007_199_254_740_992;
  }

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 4) {
      let word = this.word();
      for (let j = i; j < i + 4 && j < bytes.length; j++, word >>>= 8) bytes[j] = word & 255;
    }
  }
}

export function installDice(dice: Dice): Part {
  Object.defineProperty(scope.Math, 'random', {
    value: function random() {
      return dice.fraction();
    },
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return {
    begin([a, b, c]) {
      dice.seed(a, b, c);
    },
  };
}
