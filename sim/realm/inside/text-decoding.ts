/**
 * Decoders of text (https://encoding.spec.whatwg.org): UTF-8, UTF-16 and windows-1252, and the labels by which programs ask
 * for them. Bytes come in pieces.
 */
import { latin1 } from './utf8.ts';

/** What a decoder keeps between two pieces. */
export interface Decoding {
  /** Decodes a piece; `last`: nothing follows. Throws where it is `fatal` and something is wrong. */
  decode(bytes: Uint8Array, last: boolean): string;
}

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

/** The state machine of https://encoding.spec.whatwg.org/#utf-8-decoder. */
export class Utf8 implements Decoding {
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

export class Utf16 implements Decoding {
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

export const windows1252: Decoding = {
  decode(bytes) {
    const text = new Text();
    for (const byte of bytes) text.add(byte >= 0x80 && byte < 0xa0 ? HIGH.charCodeAt(byte - 0x80) : byte);
    return text.end();
  },
};

/** Encodings by their labels (https://encoding.spec.whatwg.org/#names-and-labels). */
export const LABELS = new Map<string, string>();
for (const [name, labels] of Object.entries({
  'utf-8': 'unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8',
  'utf-16le': 'csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le',
  'utf-16be': 'unicodefffe utf-16be',
  'windows-1252':
    'ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252',
}))
  for (const label of labels.split(' ')) LABELS.set(label, name);
