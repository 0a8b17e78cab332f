/** `buffer`: the package of that name, with what Node has beyond it. */
import { Buffer as Base, kMaxLength, SlowBuffer } from 'package:buffer';
import { utf8Length } from '../utf8.ts';
import { compare, FastBuffer, latin1Bytes, latin1Text, MOST_BYTES, sortOf, utf8Bytes, utf8Text } from './bytes.ts';
import { badType, coded, outOfRange } from './errors.ts';
import type { Any, Callback } from './loose.ts';

export const Buffer = Base as Any;
const { prototype: packaged } = Buffer;
for (const name of Reflect.ownKeys(packaged))
  if (name !== 'constructor')
    Object.defineProperty(
      FastBuffer.prototype,
      name,
      Object.getOwnPropertyDescriptor(packaged, name) as PropertyDescriptor,
    );
Buffer.prototype = FastBuffer.prototype;
const proto = Buffer.prototype;
Object.defineProperty(proto, 'constructor', { value: Buffer, writable: true, configurable: true, enumerable: false });

const URL_SAFE = /^base64url$/i;
const isUrlSafe = (encoding: unknown): boolean => typeof encoding === 'string' && URL_SAFE.test(encoding);

/** The package decodes what is safe in URLs with `base64` already; it only lacks the name, and writing so. */
const named = (encoding: unknown): unknown => (isUrlSafe(encoding) ? 'base64' : encoding);

const FIRST = 'of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object';

function mustFit(size: number): void {
  if (size > MOST_BYTES) throw new RangeError('Array buffer allocation failed');
}

function sized(make: (size: number, ...rest: unknown[]) => Any): Callback {
  return (size: unknown, ...rest: unknown[]) => {
    if (typeof size !== 'number') throw badType('size', 'of type number', size);
    if (!(size >= 0 && size <= kMaxLength)) throw outOfRange('size', `>= 0 && <= ${kMaxLength}`, size);
    mustFit(size);
    return make(size, ...rest);
  };
}

const { from, isEncoding, byteLength, alloc } = Buffer as Record<string, Callback>;
Object.assign(Buffer, {
  from(value: Any, second: unknown, third: unknown) {
    if (typeof value === 'string') {
      const sort = sortOf(second);
      if (sort === 'utf8') return utf8Bytes(value);
      if (sort === 'latin1') return latin1Bytes(value);
    } else if (value instanceof Uint8Array) return new FastBuffer(value);
    else if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
      throw badType('first argument', FIRST, value);
    return (from as Callback).call(Buffer, value, named(second), third);
  },
  alloc: sized((size, fill, encoding) => (fill === undefined ? new FastBuffer(size) : alloc?.(size, fill, encoding))),
  allocUnsafe: sized((size) => new FastBuffer(size)),
  allocUnsafeSlow: sized((size) => new FastBuffer(size)),
  isEncoding: (encoding: unknown) => isUrlSafe(encoding) || (isEncoding as Callback)(encoding),
  byteLength(value: Any, encoding: unknown) {
    if (typeof value === 'string') {
      const sort = sortOf(encoding);
      if (sort !== 'other') return sort === 'utf8' ? utf8Length(value) : value.length;
    } else if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer))
      throw badType('string', 'of type string or an instance of Buffer or ArrayBuffer', value);
    return (byteLength as Callback)(value, named(encoding));
  },
  concat(list: readonly Uint8Array[], length?: number) {
    if (!Array.isArray(list)) throw badType('list', 'an instance of Array', list);
    const total = length ?? list.reduce((sum, each) => sum + (each?.length ?? 0), 0);
    mustFit(total);
    const whole = new FastBuffer(total);
    let at = 0;
    for (const [i, each] of list.entries()) {
      if (!(each instanceof Uint8Array)) throw badType(`list[${i}]`, 'an instance of Buffer or Uint8Array', each);
      const room = total - at;
      whole.set(each.length > room ? each.subarray(0, room) : each, at);
      at += Math.min(each.length, room);
    }
    return whole;
  },
  compare(one: Any, other: Any) {
    if (!(one instanceof Uint8Array)) throw badType('buf1', 'an instance of Buffer or Uint8Array', one);
    if (!(other instanceof Uint8Array)) throw badType('buf2', 'an instance of Buffer or Uint8Array', other);
    return compare(one, other);
  },
  copyBytesFrom(view: Any, offset = 0, length = view.length - offset) {
    const part = view.subarray(offset, offset + length);
    return Buffer.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  },
  of: (...bytes: number[]) => Buffer.from(bytes),
});

// Whatever makes buffers of buffers makes these.
Object.defineProperty(Buffer, Symbol.species, { get: () => FastBuffer, configurable: true });

const { toString: textOf, write, fill, indexOf, lastIndexOf, includes } = proto as Record<string, Callback>;
/** A view of a part, as `subarray` of the engine would make it, whose constructor is another one. */
function part(this: Any, start?: number, end?: number): Any {
  const { length } = this;
  const from = start === undefined ? 0 : bounded(start, length);
  const to = end === undefined ? length : bounded(end, length);
  return new FastBuffer(this.buffer, this.byteOffset + from, Math.max(0, to - from));
}
function bounded(index: number, length: number): number {
  const whole = Math.trunc(index) || 0;
  return whole < 0 ? Math.max(0, length + whole) : Math.min(whole, length);
}

const methods: Record<string, Callback> = {
  toString(this: Any, encoding?: string, start?: number, end?: number): string {
    const sort = encoding === undefined ? 'utf8' : sortOf(encoding);
    if (sort === 'utf8' || (sort === 'latin1' && encoding !== 'ascii')) {
      const { length } = this;
      const from = start === undefined ? 0 : Math.min(length, Math.max(0, Math.trunc(start) || 0));
      const to = end === undefined ? length : Math.min(length, Math.max(from, Math.trunc(end) || 0));
      return sort === 'utf8' ? utf8Text(this, from, to) : latin1Text(this, from, to);
    }
    if (!isUrlSafe(encoding)) return (textOf as Callback).call(this, encoding, start, end);
    const text = (textOf as Callback).call(this, 'base64', start, end) as string;
    return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  },
  write(this: Any, text: Any, ...args: Any[]): number {
    if (typeof text !== 'string') throw badType('argument', 'of type string', text);
    const offset = typeof args[0] === 'number' ? args[0] : 0;
    const encoding = args.find((each) => typeof each === 'string');
    const sort = sortOf(encoding);
    const most = typeof args[1] === 'number' ? args[1] : Number.POSITIVE_INFINITY;
    if (sort !== 'other' && offset >= 0 && offset <= this.length) {
      const bytes = sort === 'utf8' ? utf8Bytes(text) : latin1Bytes(text);
      if (bytes.length <= Math.min(most, this.length - offset)) {
        this.set(bytes, offset);
        return bytes.length;
      }
    }
    return within(() => (write as Callback).call(this, text, ...args.map(named)));
  },
  fill(this: Any, ...args: unknown[]): Any {
    return (fill as Callback).apply(this, [args[0], ...args.slice(1).map(named)]);
  },
  equals(this: Any, other: Any): boolean {
    if (!(other instanceof Uint8Array)) throw badType('otherBuffer', 'an instance of Buffer or Uint8Array', other);
    return this === other || (this.length === other.length && compare(this, other) === 0);
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

/** The package says what is wrong without a code. */
function within<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RangeError) || 'code' in error) throw error;
    throw coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', 'Attempt to access memory outside buffer bounds');
  }
}

const NUMBERS = /^(read|write)(?:Big)?(?:U?Int|Uint|Float|Double)(\d*)/;
for (const name of Object.keys(proto)) {
  const match = NUMBERS.exec(name);
  if (match === null) continue;
  const its = proto[name] as Callback;
  const isRead = match[1] === 'read';
  const method = function (this: Any, first: Any, second: Any, third: Any): Any {
    try {
      return its.call(this, first, second, third);
    } catch (error) {
      if (!(error instanceof RangeError) || 'code' in error) throw error;
      const offset = isRead ? first : second;
      const size = sizeOf(name, match[2] as string, isRead ? second : third);
      if (typeof offset !== 'number' && offset !== undefined) throw badType('offset', 'of type number', offset);
      if (offset === undefined || (offset >= 0 && offset + size <= this.length))
        throw outOfRange('value', 'what fits', first);
      if (this.length < size)
        throw coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', 'Attempt to access memory outside buffer bounds');
      throw outOfRange('offset', `>= 0 and <= ${this.length - size}`, offset);
    }
  };
  Object.defineProperty(method, 'name', { value: name });
  Object.defineProperty(proto, name, { value: method, writable: true, configurable: true, enumerable: false });
}

function sizeOf(name: string, bits: string, given: unknown): number {
  if (bits !== '') return Number(bits) / 8;
  return name.includes('Float') ? 4 : name.includes('Double') ? 8 : Number(given) || 1;
}

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
