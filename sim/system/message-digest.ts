/** Digests of bytes, as the platform makes them for a program. */
import { createHash, createHmac } from 'node:crypto';

/** The digest, or with a key the HMAC; null: no such algorithm is known. */
export function messageDigest(algorithm: string, data: Uint8Array, key: Uint8Array | null): Uint8Array | null {
  try {
    return (key === null ? createHash(algorithm) : createHmac(algorithm, key)).update(data).digest();
  } catch {
    return null;
  }
}
