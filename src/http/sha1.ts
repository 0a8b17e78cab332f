/** SHA-1 (FIPS 180-4) and base64 (RFC 4648), for the one value of a handshake that needs them (RFC 6455 section 4.2.2). */

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const words = new Int32Array(80);

/** The digest of a short message: 20 bytes. */
export function sha1(message: Uint8Array): Uint8Array {
  const blocks = Math.ceil((message.length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  put(padded, padded.length - 8, Math.floor(message.length / 0x2000_0000));
  put(padded, padded.length - 4, message.length << 3);
  let h0 = 0x67452301;
  let h1 = 0xefcdab89 | 0;
  let h2 = 0x98badcfe | 0;
  let h3 = 0x10325476;
  let h4 = 0xc3d2e1f0 | 0;
  for (let block = 0; block < blocks; block++) {
    for (let t = 0; t < 16; t++) words[t] = word(padded, block * 64 + t * 4);
    for (let t = 16; t < 80; t++)
      words[t] = rotate(
        (words[t - 3] as number) ^ (words[t - 8] as number) ^ (words[t - 14] as number) ^ (words[t - 16] as number),
        1,
      );
    let a = h0;
    let b = h1;
    let c = h2;
    let d = h3;
    let e = h4;
    for (let t = 0; t < 80; t++) {
      const next = (rotate(a, 5) + mixed(t, b, c, d) + e + (words[t] as number)) | 0;
      e = d;
      d = c;
      c = rotate(b, 30);
      b = a;
      a = next;
    }
    h0 = (h0 + a) | 0;
    h1 = (h1 + b) | 0;
    h2 = (h2 + c) | 0;
    h3 = (h3 + d) | 0;
    h4 = (h4 + e) | 0;
  }
  const digest = new Uint8Array(20);
  put(digest, 0, h0);
  put(digest, 4, h1);
  put(digest, 8, h2);
  put(digest, 12, h3);
  put(digest, 16, h4);
  return digest;
}

/** The function of a round, and its constant. */
function mixed(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

/** Writes a word of 32 bits, the most significant byte first. */
export function put(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const first = bytes[at] as number;
    const second = bytes[at + 1] ?? 0;
    const third = bytes[at + 2] ?? 0;
    const left = bytes.length - at;
    text += DIGITS[first >> 2];
    text += DIGITS[((first & 3) << 4) | (second >> 4)];
    text += left > 1 ? DIGITS[((second & 15) << 2) | (third >> 6)] : '=';
    text += left > 2 ? DIGITS[third & 63] : '=';
  }
  return text;
}
