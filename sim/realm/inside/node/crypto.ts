/** `crypto`: digests, which the world computes, and luck, which is the realm's own. Keys and ciphers do not exist here. */
import { Buffer } from './buffer.ts';
import { badType, coded, outOfRange } from './errors.ts';
import { life } from './life.ts';
import type { Any, Callback } from './loose.ts';
import { nextTick } from './ticks.ts';

const scope = globalThis as Any;

/** Text in an encoding, or the bytes of any view. */
function bytesOf(data: Any, encoding?: string): Any {
  if (typeof data === 'string') return Buffer.from(data, encoding === 'buffer' ? 'utf8' : encoding);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  throw badType('data', 'of type string or an instance of Buffer, TypedArray, or DataView', data);
}

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
/** OpenSSL's names: any case, and `RSA-SHA1`, `sha-256`. */
const nameOf = (algorithm: string): string =>
  algorithm
    .toLowerCase()
    .replace(/^rsa-/, '')
    .replace(/^sha-(\d)/, 'sha$1');

/** A digest under way; with a key it is an HMAC. */
class Digest {
  readonly #algorithm: string;
  readonly #key: Uint8Array | null;
  #pieces: Any[] = [];
  #done = false;

  constructor(algorithm: string, key: Uint8Array | null) {
    if (typeof algorithm !== 'string') throw badType(key === null ? 'algorithm' : 'hmac', 'of type string', algorithm);
    this.#algorithm = nameOf(algorithm);
    this.#key = key;
    if (!ALGORITHMS.includes(this.#algorithm)) {
      if (key === null) throw new Error('Digest method not supported');
      throw coded(Error, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${algorithm}`);
    }
  }
  update(data: Any, encoding?: string): this {
    if (this.#done) throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    // A copy: whoever hands over bytes may change them.
    this.#pieces.push(Buffer.from(bytesOf(data, encoding)));
    return this;
  }
  digest(encoding?: string): Any {
    if (this.#done) throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    this.#done = true;
    const data = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
    this.#pieces = [];
    const digest = Buffer.from(life.host.hash(this.#algorithm, data, this.#key) as Uint8Array);
    return encoding === undefined || encoding === 'buffer' ? digest : digest.toString(encoding);
  }
  copy(): Digest {
    if (this.#done) throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    const copy = new Digest(this.#algorithm, this.#key);
    copy.#pieces = [...this.#pieces];
    return copy;
  }
  // Of a stream it has what a pipe needs.
  write(data: Any, encoding?: string): boolean {
    this.update(data, encoding);
    return true;
  }
  #result: Any = null;
  end(data?: Any, encoding?: string): this {
    if (data !== undefined) this.update(data, encoding);
    this.#result = this.digest();
    return this;
  }
  read(): Any {
    return this.#result;
  }
  on(): this {
    return this;
  }
  once(): this {
    return this;
  }
  emit(): boolean {
    return false;
  }
}

class Hash extends Digest {
  constructor(algorithm: string) {
    super(algorithm, null);
  }
}
class Hmac extends Digest {
  constructor(algorithm: string, key: Any) {
    super(algorithm, Buffer.from(bytesOf(key)));
  }
}

/** Tells a callback later, as the thread pool of Node does, or returns at once. */
function answer<T>(value: T, callback: Callback | undefined): T | undefined {
  if (callback === undefined) return value;
  nextTick(callback, null, value);
  return undefined;
}

function fill(view: Any, offset = 0, size = view.byteLength - offset): Any {
  const bytes =
    view instanceof ArrayBuffer ? new Uint8Array(view) : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (offset < 0 || offset > bytes.length) throw outOfRange('offset', `>= 0 && <= ${bytes.length}`, offset);
  if (size < 0 || offset + size > bytes.length) throw outOfRange('size + offset', `<= ${bytes.length}`, size + offset);
  life.dice.fill(bytes.subarray(offset, offset + size));
  return view;
}

function randomBytes(size: number, callback?: Callback): Any {
  if (typeof size !== 'number') throw badType('size', 'of type number', size);
  if (!(size >= 0 && size <= 0x7fffffff)) throw outOfRange('size', '>= 0 && <= 2147483647', size);
  return answer(fill(Buffer.alloc(size)), callback);
}

function randomFill(view: Any, ...rest: Any[]): void {
  const callback = rest.pop();
  answer(fill(view, rest[0], rest[1]), callback);
}

function randomInt(min: number, max?: number | Callback, callback?: Callback): number | undefined {
  const done = typeof max === 'function' ? max : callback;
  const [from, to] = typeof max === 'number' ? [min, max] : [0, min];
  if (!Number.isSafeInteger(from)) throw badType('min', 'a safe integer', from);
  if (!Number.isSafeInteger(to)) throw badType('max', 'a safe integer', to);
  if (to <= from) throw outOfRange('max', `greater than the value of "min" (${from})`, to);
  const range = to - from;
  if (range > 2 ** 48 - 1) throw outOfRange('max - min', `<= ${2 ** 48 - 1}`, range);
  const drawn = (life.dice.word() & 0xffff) * 4_294_967_296 + life.dice.word();
  return answer(from + (drawn % range), done);
}

function randomUUID(): string {
  const bytes = fill(Buffer.alloc(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function timingSafeEqual(left: Any, right: Any): boolean {
  const [one, other] = [bytesOf(left), bytesOf(right)];
  if (one.length !== other.length)
    throw coded(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', 'Input buffers must have the same byte length');
  return one.every((byte: number, i: number) => byte === other[i]);
}

export const crypto: Any = {
  Hash,
  Hmac,
  createHash: (algorithm: string) => new Hash(algorithm),
  createHmac: (algorithm: string, key: Any) => new Hmac(algorithm, key),
  hash: (algorithm: string, data: Any, encoding = 'hex') => new Hash(algorithm).update(data).digest(encoding),
  getHashes: () => [...ALGORITHMS],
  getCiphers: () => [],
  getCurves: () => [],
  randomBytes,
  pseudoRandomBytes: randomBytes,
  prng: randomBytes,
  rng: randomBytes,
  randomFill,
  randomFillSync: fill,
  randomInt,
  randomUUID,
  timingSafeEqual,
  constants: {},
  get webcrypto() {
    return scope.crypto;
  },
  get subtle() {
    return scope.crypto?.subtle;
  },
  getRandomValues: (view: Any) => scope.crypto.getRandomValues(view),
};
export default crypto;
