/**
 * What programs do with bytes all the time, at the speed of the engine: the package `buffer` goes through arrays of numbers.
 * Nearly all text of protocols is ASCII; other text is the platform's own encoder's.
 */
import { utf8Length } from '../utf8.ts';
import type { Any } from './loose.ts';

const scope = globalThis as Any;
const encoder = new scope.TextEncoder();
const decoder = new scope.TextDecoder('utf-8', { ignoreBOM: true });

/** How a text is written: by one of these, or in a way that is left to the package. */
type Sort = 'utf8' | 'latin1' | 'other';

export function sortOf(encoding: unknown): Sort {
  switch (encoding) {
    case undefined:
    case null:
    case '':
    case 'utf8':
    case 'utf-8':
      return 'utf8';
    case 'latin1':
    case 'binary':
    case 'ascii':
      return 'latin1';
  }
  if (typeof encoding !== 'string') return 'utf8';
  const lower = encoding.toLowerCase();
  return lower === encoding ? 'other' : sortOf(lower);
}

/** The engine's own (see `boot.ts`): what programs find under its name looks at sizes first, as whoever uses this must. */
declare const Bytes: typeof Uint8Array;

/** 1 GiB, as for all buffers of a realm (`buffers.ts`). */
export const MOST_BYTES = 1_073_741_824;

/** A class whose instances are buffers from the beginning; its prototype is the one that all buffers have. */
export class FastBuffer extends Bytes {
  // The one that there is without it goes by an iterator.
  constructor(first?: Any, second?: Any, third?: Any) {
    super(first, second, third);
  }
}

export function utf8Bytes(text: string): Uint8Array {
  const { length } = text;
  const bytes = new FastBuffer(length);
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return new FastBuffer(encoder.encode(text).buffer);
    bytes[i] = unit;
  }
  return bytes;
}

/** Several pieces in one: texts are UTF-8. */
export function joined(pieces: readonly (string | Uint8Array)[]): Uint8Array {
  let total = 0;
  for (const piece of pieces) total += typeof piece === 'string' ? utf8Length(piece) : piece.length;
  const whole = new FastBuffer(total);
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      whole.set(piece, at);
      at += piece.length;
      continue;
    }
    const { length } = piece;
    let i = 0;
    for (; i < length; i++) {
      const unit = piece.charCodeAt(i);
      if (unit > 0x7f) break;
      whole[at + i] = unit;
    }
    if (i < length) {
      const bytes = utf8Bytes(piece);
      whole.set(bytes, at);
      at += bytes.length;
    } else at += length;
  }
  return whole;
}

export function latin1Bytes(text: string): Uint8Array {
  const { length } = text;
  const bytes = new FastBuffer(length);
  for (let i = 0; i < length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** So many characters are made of bytes at once. */
const PIECE = 4096;
const { fromCharCode } = String;

export function latin1Text(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += PIECE)
    text += Reflect.apply(
      fromCharCode,
      null,
      new Uint8Array(bytes.buffer, bytes.byteOffset + at, Math.min(PIECE, to - at)),
    );
  return text;
}

export function utf8Text(bytes: Uint8Array, from: number, to: number): string {
  for (let i = from; i < to; i++)
    if ((bytes[i] as number) > 0x7f) return decoder.decode(new Bytes(bytes.buffer, bytes.byteOffset + from, to - from));
  return latin1Text(bytes, from, to);
}

export function compare(one: Uint8Array, other: Uint8Array): number {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i++) {
    const difference = (one[i] as number) - (other[i] as number);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return Math.sign(one.length - other.length);
}
