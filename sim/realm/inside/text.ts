/**
 * TextEncoder and TextDecoder (https://encoding.spec.whatwg.org), of UTF-8, UTF-16 and windows-1252, which has the labels
 * `latin1` and `ascii`, too. Any other encoding is missing, and says so.
 */
import { bytesIn, dictionary, dress, usv } from './idl.ts';
import { define } from './inside.ts';
import { type Decoding, LABELS, Utf8, Utf16, windows1252 } from './text-decoding.ts';
import { utf8 } from './utf8.ts';

const REPLACEMENT = 0xfffd;

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
