/**
 * TextEncoder and TextDecoder (https://encoding.spec.whatwg.org), of UTF-8, UTF-16 and windows-1252, which has the labels
 * `latin1` and `ascii`, too. Any other encoding is missing, and says so.
 */
import { bytesIn, dictionary, dress, usv } from './idl.ts';
import { define } from './inside.ts';

/** A string as UTF-8; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  const { length } = text;
  const out = new Uint8Array(length);
  let i = 0;
  for (; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return wide(text, i, out);
    out[i] = unit;
  }
  return out;
}

/** The rest of a string that has more than ASCII, from `i` on. */
function wide(text: string, start: number, ascii: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = text;
  const out = new Uint8Array(start + (length - start) * 3);
  out.set(ascii.subarray(0, start));
  let at = start;
  for (let i = start; i < length; i++) {
    const code = text.codePointAt(i) as number;
    if (code < 0x80) out[at++] = code;
    else if (code < 0x800) {
      out[at++] = 0xc0 | (code >> 6);
      out[at++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      const whole = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
      out[at++] = 0xe0 | (whole >> 12);
      out[at++] = 0x80 | ((whole >> 6) & 0x3f);
      out[at++] = 0x80 | (whole & 0x3f);
    } else {
      i++;
      out[at++] = 0xf0 | (code >> 18);
      out[at++] = 0x80 | ((code >> 12) & 0x3f);
      out[at++] = 0x80 | ((code >> 6) & 0x3f);
      out[at++] = 0x80 | (code & 0x3f);
    }
  }
  return out.slice(0, at);
}

/** How many bytes a string takes as UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes++;
    else {
      bytes += 2;
      // A pair takes four bytes and is two units; alone, a half is U+FFFD.
      if (unit >= 0xd800 && unit <= 0xdbff && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
    }
  }
  return bytes;
}

/** What a decoder keeps between two pieces. */
interface Decoding {
  /** Decodes a piece; `last`: nothing follows. Throws where it is `fatal` and something is wrong. */
  decode(bytes: Uint8Array, last: boolean): string;
}

const REPLACEMENT = 0xfffd;

class Text {
  #text = '';
  #units: number[] = [];

  add(code: number): void {
    if (code > 0xffff) this.#units.push(0xd7c0 + (code >> 10), 0xdc00 | (code & 0x3ff));
    else this.#units.push(code);
    if (this.#units.length > 4096) this.#flush();
  }
  #flush(): void {
    this.#text += String.fromCharCode(...this.#units);
    this.#units = [];
  }
  end(): string {
    this.#flush();
    return this.#text;
  }
}

/** How many bytes at the beginning are ASCII. */
function asciiIn(bytes: Uint8Array): number {
  let i = 0;
  while (i < bytes.length && (bytes[i] as number) < 0x80) i++;
  return i;
}

/** Each byte as the character of that number. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

/** The state machine of https://encoding.spec.whatwg.org/#utf-8-decoder. */
class Utf8 implements Decoding {
  readonly #wrong: () => number;
  #code = 0;
  #seen = 0;
  #needed = 0;
  #lower = 0x80;
  #upper = 0xbf;

  constructor(wrong: () => number) {
    this.#wrong = wrong;
  }

  decode(bytes: Uint8Array, last: boolean): string {
    const plain = this.#needed === 0 ? asciiIn(bytes) : 0;
    if (plain === bytes.length && this.#needed === 0) return latin1(bytes);
    const text = new Text();
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (this.#needed === 0) {
        if (byte < 0x80) text.add(byte);
        else if (!this.#begins(byte)) text.add(this.#wrong());
      } else if (byte < this.#lower || byte > this.#upper) {
        this.#forget();
        text.add(this.#wrong());
        // It may be the first of another one.
        i--;
      } else {
        this.#lower = 0x80;
        this.#upper = 0xbf;
        this.#code = (this.#code << 6) | (byte & 0x3f);
        if (++this.#seen < this.#needed) continue;
        text.add(this.#code);
        this.#forget();
      }
    }
    if (last && this.#needed > 0) {
      this.#forget();
      text.add(this.#wrong());
    }
    return text.end();
  }

  #begins(byte: number): boolean {
    if (byte < 0xc2 || byte > 0xf4) return false;
    if (byte < 0xe0) {
      this.#needed = 1;
      this.#code = byte & 0x1f;
    } else if (byte < 0xf0) {
      if (byte === 0xe0) this.#lower = 0xa0;
      if (byte === 0xed) this.#upper = 0x9f;
      this.#needed = 2;
      this.#code = byte & 0xf;
    } else {
      if (byte === 0xf0) this.#lower = 0x90;
      if (byte === 0xf4) this.#upper = 0x8f;
      this.#needed = 3;
      this.#code = byte & 0x7;
    }
    return true;
  }

  #forget(): void {
    this.#code = 0;
    this.#seen = 0;
    this.#needed = 0;
    this.#lower = 0x80;
    this.#upper = 0xbf;
  }
}

class Utf16 implements Decoding {
  readonly #wrong: () => number;
  readonly #big: boolean;
  #byte = -1;
  #lead = -1;

  constructor(wrong: () => number, big: boolean) {
    this.#wrong = wrong;
    this.#big = big;
  }

  decode(bytes: Uint8Array, last: boolean): string {
    const text = new Text();
    for (const byte of bytes) {
      if (this.#byte < 0) {
        this.#byte = byte;
        continue;
      }
      const unit = this.#big ? (this.#byte << 8) | byte : (byte << 8) | this.#byte;
      this.#byte = -1;
      this.#take(unit, text);
    }
    if (last && (this.#byte >= 0 || this.#lead >= 0)) {
      this.#byte = -1;
      this.#lead = -1;
      text.add(this.#wrong());
    }
    return text.end();
  }

  #take(unit: number, text: Text): void {
    const lead = this.#lead;
    this.#lead = -1;
    if (lead >= 0) {
      if (unit >= 0xdc00 && unit <= 0xdfff) {
        text.add(0x10000 + ((lead - 0xd800) << 10) + (unit - 0xdc00));
        return;
      }
      text.add(this.#wrong());
    }
    if (unit >= 0xd800 && unit <= 0xdbff) this.#lead = unit;
    else text.add(unit >= 0xdc00 && unit <= 0xdfff ? this.#wrong() : unit);
  }
}

/** Bytes 0x80 to 0x9F of windows-1252; the others are Latin-1. */
const HIGH =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

const windows1252: Decoding = {
  decode(bytes) {
    const text = new Text();
    for (const byte of bytes) text.add(byte >= 0x80 && byte < 0xa0 ? HIGH.charCodeAt(byte - 0x80) : byte);
    return text.end();
  },
};

/** Encodings by their labels (https://encoding.spec.whatwg.org/#names-and-labels). */
const LABELS = new Map<string, string>();
for (const [name, labels] of Object.entries({
  'utf-8': 'unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8',
  'utf-16le': 'csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le',
  'utf-16be': 'unicodefffe utf-16be',
  'windows-1252':
    'ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252',
}))
  for (const label of labels.split(' ')) LABELS.set(label, name);

export class TextEncoder {
  get encoding(): string {
    return 'utf-8';
  }
  encode(input: unknown = ''): Uint8Array<ArrayBuffer> {
    return utf8(`${input as string}`);
  }
  encodeInto(source: unknown, destination: Uint8Array): { read: number; written: number } {
    if (!(destination instanceof Uint8Array))
      throw new TypeError("Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type 'Uint8Array'.");
    const text = usv(source);
    let read = 0;
    let written = 0;
    for (const sign of text) {
      const bytes = utf8(sign);
      if (written + bytes.length > destination.length) break;
      destination.set(bytes, written);
      read += sign.length;
      written += bytes.length;
    }
    return { read, written };
  }
}

export class TextDecoder {
  readonly #encoding: string;
  readonly #fatal: boolean;
  readonly #ignoreBOM: boolean;
  #decoding: Decoding | null = null;
  #bomSeen = false;

  constructor(label: unknown = 'utf-8', options?: unknown) {
    const { fatal = false, ignoreBOM = false } = dictionary<{ fatal: boolean; ignoreBOM: boolean }>(
      options,
      "construct 'TextDecoder'",
    );
    const encoding = LABELS.get(`${label as string}`.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase());
    if (encoding === undefined)
      throw new RangeError(`Failed to construct 'TextDecoder': The encoding label provided ('${label}') is invalid.`);
    this.#encoding = encoding;
    this.#fatal = Boolean(fatal);
    this.#ignoreBOM = Boolean(ignoreBOM);
  }

  get encoding(): string {
    return this.#encoding;
  }
  get fatal(): boolean {
    return this.#fatal;
  }
  get ignoreBOM(): boolean {
    return this.#ignoreBOM;
  }

  decode(input?: unknown, options?: unknown): string {
    const { stream = false } = dictionary<{ stream: boolean }>(options, "execute 'decode' on 'TextDecoder'");
    const bytes = input === undefined ? NO_BYTES : bytesIn(input);
    if (bytes === null)
      throw new TypeError(
        "Failed to execute 'decode' on 'TextDecoder': parameter 1 is not of type 'ArrayBuffer' or 'ArrayBufferView'.",
      );
    if (this.#decoding === null) {
      this.#bomSeen = false;
      this.#decoding = this.#begin();
    }
    const decoding = this.#decoding;
    if (!stream) this.#decoding = null;
    let text: string;
    try {
      text = decoding.decode(bytes, !stream);
    } catch (error) {
      this.#decoding = null;
      throw error;
    }
    if (this.#bomSeen || this.#ignoreBOM || text === '' || this.#encoding === 'windows-1252') return text;
    this.#bomSeen = true;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  #begin(): Decoding {
    const encoding = this.#encoding;
    const wrong = this.#fatal
      ? (): never => {
          throw new TypeError(
            `Failed to execute 'decode' on 'TextDecoder': The encoded data was not valid for encoding ${encoding}`,
          );
        }
      : () => REPLACEMENT;
    if (encoding === 'utf-8') return new Utf8(wrong);
    return encoding === 'windows-1252' ? windows1252 : new Utf16(wrong, encoding === 'utf-16be');
  }
}

const NO_BYTES = new Uint8Array(0);

/** Bytes as text, as every platform reads UTF-8: what is wrong becomes U+FFFD, and a byte order mark is left out. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

dress({ TextEncoder, TextDecoder });

export function installText(): void {
  define('TextEncoder', TextEncoder);
  define('TextDecoder', TextDecoder);
}
