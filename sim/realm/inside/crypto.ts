/** `crypto`: random bytes from the dice of the run, and the digests that the platform computes. */
import { DOMException } from './dom-exception.ts';
import { bytesIn, dress, needs } from './idl.ts';
import { define, type Inside } from './inside.ts';
import { missingMembers } from './missing.ts';

/** More than that is not drawn in one go (https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues). */
const MOST_BYTES = 65_536;
/** Node and browsers are asked by the names on the left; the world knows those on the right. */
const DIGESTS: Readonly<Record<string, string>> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const KEY = {};
let inside: Inside;

class SubtleCrypto {
  constructor(key: unknown) {
    if (key !== KEY) throw new TypeError("Failed to construct 'SubtleCrypto': Illegal constructor");
  }
  async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
    needs(2, arguments.length, "execute 'digest' on 'SubtleCrypto'");
    const name =
      typeof algorithm === 'object' && algorithm !== null ? (algorithm as { name?: unknown }).name : algorithm;
    const bytes = bytesIn(data);
    if (bytes === null)
      throw new TypeError(
        "Failed to execute 'digest' on 'SubtleCrypto': 2nd argument is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.",
      );
    const known = DIGESTS[`${name as string}`.toUpperCase()];
    const found = known === undefined ? null : inside.host.hash(known, bytes, null);
    if (found === null) throw new DOMException('Unrecognized algorithm name', 'NotSupportedError');
    return new Uint8Array(found).buffer;
  }
}

missingMembers(
  SubtleCrypto.prototype,
  'crypto.subtle',
  [
    'encrypt',
    'decrypt',
    'sign',
    'verify',
    'generateKey',
    'deriveKey',
    'deriveBits',
    'importKey',
    'exportKey',
    'wrapKey',
    'unwrapKey',
  ],
  "of the platform's cryptography there are digests and random bytes",
);

class Crypto {
  readonly #subtle = new SubtleCrypto(KEY);

  constructor(key: unknown) {
    if (key !== KEY) throw new TypeError("Failed to construct 'Crypto': Illegal constructor");
  }
  get subtle(): SubtleCrypto {
    return this.#subtle;
  }
  getRandomValues<T>(array: T): T {
    needs(1, arguments.length, "execute 'getRandomValues' on 'Crypto'");
    const what = "Failed to execute 'getRandomValues' on 'Crypto'";
    if (!ArrayBuffer.isView(array)) throw new TypeError(`${what}: parameter 1 is not of type 'ArrayBufferView'.`);
    if (!isInteger(array))
      throw new DOMException(
        `${what}: The provided ArrayBufferView is of type '${kindOf(array)}', which is not an integer array type.`,
        'TypeMismatchError',
      );
    if (array.byteLength > MOST_BYTES)
      throw new DOMException(
        `${what}: The ArrayBufferView's byte length (${array.byteLength}) exceeds the number of bytes of entropy available via this API (${MOST_BYTES}).`,
        'QuotaExceededError',
      );
    inside.dice.fill(bytesIn(array) as Uint8Array);
    return array;
  }
  randomUUID(): string {
    const bytes = new Uint8Array(16);
    inside.dice.fill(bytes);
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}

const kindOf = (view: ArrayBufferView): string => Object.prototype.toString.call(view).slice(8, -1);
const isInteger = (view: ArrayBufferView): boolean => /^(Big)?(Ui|I)nt(8|16|32|64)(Clamped)?Array$/.test(kindOf(view));

dress({ Crypto, SubtleCrypto });

export function installCrypto(given: Inside): void {
  inside = given;
  define('Crypto', Crypto);
  define('SubtleCrypto', SubtleCrypto);
  define('crypto', new Crypto(KEY));
}
