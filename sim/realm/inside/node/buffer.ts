/** `buffer`: the package of that name, with what Node has beyond it. */
import { Buffer as Base, kMaxLength, SlowBuffer } from 'package:buffer';
import { badType } from './errors.ts';
import type { Any, Callback } from './loose.ts';

export const Buffer = Base as Any;
const proto = Buffer.prototype;

const URL_SAFE = /^base64url$/i;
const isUrlSafe = (encoding: unknown): boolean => typeof encoding === 'string' && URL_SAFE.test(encoding);

/** The package decodes what is safe in URLs with `base64` already; it only lacks the name, and writing so. */
const named = (encoding: unknown): unknown => (isUrlSafe(encoding) ? 'base64' : encoding);

const { from, isEncoding, byteLength, concat } = Buffer as Record<string, Callback>;
Object.assign(Buffer, {
  from(value: unknown, second: unknown, third: unknown) {
    return (from as Callback).call(Buffer, value, named(second), third);
  },
  isEncoding: (encoding: unknown) => isUrlSafe(encoding) || (isEncoding as Callback)(encoding),
  byteLength: (value: unknown, encoding: unknown) => (byteLength as Callback)(value, named(encoding)),
  concat(list: readonly Uint8Array[], length?: number) {
    if (!Array.isArray(list)) throw badType('list', 'an instance of Array', list);
    return (concat as Callback).call(Buffer, list, length);
  },
  copyBytesFrom(view: Any, offset = 0, length = view.length - offset) {
    const part = view.subarray(offset, offset + length);
    return Buffer.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  },
  of: (...bytes: number[]) => Buffer.from(bytes),
});

const { toString: textOf, write, fill, indexOf, lastIndexOf, includes } = proto as Record<string, Callback>;
/** A view of a part, as `subarray` of the engine would make it, whose constructor is another one. */
function part(this: Any, start?: number, end?: number): Any {
  const { length } = this;
  const from = start === undefined ? 0 : bounded(start, length);
  const to = end === undefined ? length : bounded(end, length);
  const view = new Uint8Array(this.buffer, this.byteOffset + from, Math.max(0, to - from));
  return Object.setPrototypeOf(view, proto);
}
function bounded(index: number, length: number): number {
  const whole = Math.trunc(index) || 0;
  return whole < 0 ? Math.max(0, length + whole) : Math.min(whole, length);
}

const methods: Record<string, Callback> = {
  toString(this: Any, encoding?: string, start?: number, end?: number): string {
    if (!isUrlSafe(encoding)) return (textOf as Callback).call(this, encoding, start, end);
    const text = (textOf as Callback).call(this, 'base64', start, end) as string;
    return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  },
  write(this: Any, ...args: unknown[]): number {
    return (write as Callback).apply(this, args.map(named));
  },
  fill(this: Any, ...args: unknown[]): Any {
    return (fill as Callback).apply(this, [args[0], ...args.slice(1).map(named)]);
  },
  indexOf(this: Any, value: unknown, offset?: unknown, encoding?: unknown): number {
    return (indexOf as Callback).call(this, value, named(offset), named(encoding));
  },
  lastIndexOf(this: Any, value: unknown, offset?: unknown, encoding?: unknown): number {
    return (lastIndexOf as Callback).call(this, value, named(offset), named(encoding));
  },
  includes(this: Any, value: unknown, offset?: unknown, encoding?: unknown): boolean {
    return (includes as Callback).call(this, value, named(offset), named(encoding));
  },
  subarray: part,
  slice: part,
};
for (const name of Object.keys(methods))
  Object.defineProperty(proto, name, { value: methods[name], writable: true, configurable: true, enumerable: false });

/** Whether bytes are UTF-8 (Unicode 15, table 3-7). */
export function isUtf8(input: Uint8Array | ArrayBuffer): boolean {
  const bytes = input instanceof ArrayBuffer ? new Uint8Array(input) : input;
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] as number;
    const more = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
    if (more < 0 || i + more >= bytes.length) return false;
    const second = bytes[i + 1] as number;
    const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (more > 0 && (second < least || second > most)) return false;
    for (let k = 2; k <= more; k++) if (((bytes[i + k] as number) & 0xc0) !== 0x80) return false;
    i += more + 1;
  }
  return true;
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

function transcode(source: Any, to: string, from: string): Any {
  return Buffer.from(Buffer.from(source).toString(from), to);
}

const constants = { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: 536_870_888 };
Buffer.poolSize = 8192;

export const buffer = {
  Buffer,
  SlowBuffer,
  constants,
  kMaxLength,
  kStringMaxLength: constants.MAX_STRING_LENGTH,
  INSPECT_MAX_BYTES: 50,
  isUtf8,
  isAscii,
  transcode,
  get atob() {
    return (globalThis as Any).atob;
  },
  get btoa() {
    return (globalThis as Any).btoa;
  },
  get Blob() {
    return (globalThis as Any).Blob;
  },
  get File() {
    return (globalThis as Any).File;
  },
};
export { kMaxLength };
export default buffer;
