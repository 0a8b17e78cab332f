/** Blob and File (https://w3c.github.io/FileAPI), whose bytes are always at hand. */
import { bytesIn, dictionary, dress, needs, usv } from './idl.ts';
import { define, scope } from './inside.ts';
import { textOf } from './text.ts';
import { utf8 } from './utf8.ts';

interface Bag {
  type?: unknown;
  endings?: unknown;
}

/** The bytes themselves, which nobody may change. */
export let bytesOfBlob: (blob: Blob) => Uint8Array<ArrayBuffer>;
let makeBlob: (bytes: Uint8Array<ArrayBuffer>, type: string) => Blob;
const BYTES = {};

export class Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #type: string;

  static {
    bytesOfBlob = (blob) => blob.#bytes;
    makeBlob = (bytes, type) => new Blob(BYTES as never, { type, bytes } as Bag);
  }

  constructor(parts?: Iterable<unknown>, options?: Bag) {
    if ((parts as unknown) === BYTES) {
      const { type, bytes } = options as { type: string; bytes: Uint8Array<ArrayBuffer> };
      this.#bytes = bytes;
      this.#type = type;
      return;
    }
    const what = "construct 'Blob'";
    const { type = '', endings = 'transparent' } = dictionary<Bag>(options, what);
    if (endings !== 'transparent' && endings !== 'native')
      throw new TypeError(
        `Failed to ${what}: Failed to read the 'endings' property from 'BlobPropertyBag': The provided value '${endings}' is not a valid enum value of type EndingType.`,
      );
    this.#bytes = joined(parts, endings === 'native');
    this.#type = typeOf(`${type as string}`);
  }

  get size(): number {
    return this.#bytes.length;
  }
  get type(): string {
    return this.#type;
  }
  slice(start: unknown = 0, end: unknown = this.#bytes.length, type: unknown = ''): Blob {
    const { length } = this.#bytes;
    const place = (value: unknown): number => {
      const at = Math.trunc(Number(value)) || 0;
      return at < 0 ? Math.max(length + at, 0) : Math.min(at, length);
    };
    const from = place(start);
    return makeBlob(this.#bytes.subarray(from, Math.max(from, place(end))), typeOf(`${type as string}`));
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.slice().buffer;
  }
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes.slice();
  }
  async text(): Promise<string> {
    return textOf(this.#bytes);
  }
  stream(): never {
    throw new TypeError('hangup: Blob.prototype.stream is not offered yet, because there is no ReadableStream');
  }
}

/** Only what is printable names a type, in lower case. */
const typeOf = (type: string): string => (/^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : '');

function joined(parts: Iterable<unknown> | undefined, native: boolean): Uint8Array<ArrayBuffer> {
  if (parts === undefined) return new Uint8Array(0);
  if (typeof parts !== 'object' || parts === null || typeof parts[Symbol.iterator] !== 'function')
    throw new TypeError("Failed to construct 'Blob': The provided value cannot be converted to a sequence.");
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (const part of parts) {
    const piece = part instanceof Blob ? bytesOfBlob(part) : (bytesIn(part) ?? ofText(part, native));
    pieces.push(piece);
    size += piece.length;
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** The native ending of lines is that of every system but one. */
const ofText = (part: unknown, native: boolean): Uint8Array => {
  const text = `${part as string}`;
  return utf8(native ? text.replace(/\r\n?/g, '\n') : text);
};

export class File extends Blob {
  readonly #name: string;
  readonly #modified: number;

  constructor(parts: Iterable<unknown>, name: string, options?: Bag & { lastModified?: number }) {
    needs(2, arguments.length, "construct 'File'");
    super(parts, options);
    const { lastModified } = dictionary<{ lastModified: number }>(options, "construct 'File'");
    this.#name = usv(name);
    this.#modified = lastModified === undefined ? scope.Date.now() : Math.trunc(Number(lastModified)) || 0;
  }

  get name(): string {
    return this.#name;
  }
  get lastModified(): number {
    return this.#modified;
  }
}

/** A Blob of bytes that are nobody else's. */
export const blobOf = (bytes: Uint8Array<ArrayBuffer>, type = ''): Blob => makeBlob(bytes, type);

dress({ Blob, File });

export function installBlob(): void {
  define('Blob', Blob);
  define('File', File);
}
