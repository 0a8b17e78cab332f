/**
 * JSON that somebody else wrote: UTF-8, with or without a byte order mark, nested no deeper than what reads it can walk.
 *
 * `JSON.parse` takes a million brackets, but whatever walks the value by recursion afterwards (a schema's validator,
 * `JSON.stringify`) overflows the stack, far from where the document could still be named.
 */
import { InputError } from '../cli/errors.ts';

/** The deepest nesting of lists and objects: what Jackson and CPython take as well. */
export const DEPTH_MOST = 1000;

/** The value in a file's bytes. Throws `InputError` in one line that begins with the path as it was given. */
export function parseJson(path: string, bytes: Uint8Array): unknown {
  const text = textOf(path, bytes);
  if (deeperThan(text, DEPTH_MOST))
    throw new InputError(`${path}: is nested too deeply: expected at most ${DEPTH_MOST} levels`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = (error as Error).message.replace(/\s+/g, ' ').slice(0, 120);
    throw new InputError(
      `${path}: ${text.trim() === '' ? 'is empty: expected JSON' : `does not parse as JSON (${why})`}`,
    );
  }
}

/** The text of UTF-8, without a byte order mark. Throws `InputError` as `parseJson` does. */
export function textOf(path: string, bytes: Uint8Array): string {
  try {
    // Takes a byte order mark away, which RFC 8259 lets a reader ignore and Windows' editors write.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const is = isUtf16(bytes) ? 'UTF-16' : 'no UTF-8';
    throw new InputError(`${path}: does not parse as JSON (is ${is}: expected UTF-8)`);
  }
}

/** Whether a byte order mark says so: Windows PowerShell redirects into UTF-16. */
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

/** Whether brackets outside of strings open more than `most` levels; of text that is no JSON it may say anything. */
function deeperThan(text: string, most: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      for (i++; i < text.length && text.charCodeAt(i) !== QUOTE; i++) if (text.charCodeAt(i) === BACKSLASH) i++;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > most) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
