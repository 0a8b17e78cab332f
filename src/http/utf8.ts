/**
 * UTF-8 (RFC 3629): text to bytes and back, and whether bytes are valid as they come, in pieces that may end inside of a character.
 */

const encoder = new TextEncoder();
// A byte order mark is a character of a message like any other.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A half of a surrogate pair becomes U+FFFD. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** How many bytes `utf8` makes of a text. */
export function lengthOf(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    bytes += code < 0x800 ? 1 : 2;
    // The two halves of a pair have four bytes together.
    if ((code & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) at++;
  }
  return bytes;
}

/** Below this many bytes a loop over them is faster than a call of the platform's decoder. */
const SHORT = 32;

/** The text of `bytes` from `from` to `to`; null where they are not valid. */
export function textOf(bytes: Uint8Array, from = 0, to = bytes.length): string | null {
  if (to - from <= SHORT) {
    let text = '';
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at] as number;
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (at === to) return text;
  }
  try {
    return decoder.decode(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
  } catch {
    return null;
  }
}

/** Between pieces of a text: how many bytes its last character lacks, and what the next may be. */
export interface Utf8State {
  lacks: number;
  least: number;
  most: number;
}

export const utf8State = (): Utf8State => ({ lacks: 0, least: 0x80, most: 0xbf });

/**
 * Whether a piece may go on where `state` is; changes `state`. The text is whole when nothing lacks then. Table 3-7 of the
 * Unicode standard: only the second byte of a character has a narrower range than 80..BF.
 */
export function goesOn(state: Utf8State, bytes: Uint8Array, from: number, to: number): boolean {
  let { lacks, least, most } = state;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (lacks > 0) {
      if (byte < least || byte > most) return false;
      lacks--;
      least = 0x80;
      most = 0xbf;
    } else if (byte >= 0x80) {
      if (byte < 0xc2 || byte > 0xf4) return false;
      lacks = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      if (byte === 0xe0) least = 0xa0;
      else if (byte === 0xed) most = 0x9f;
      else if (byte === 0xf0) least = 0x90;
      else if (byte === 0xf4) most = 0x8f;
    }
  }
  state.lacks = lacks;
  state.least = least;
  state.most = most;
  return true;
}
