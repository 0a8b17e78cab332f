/** SHA-1 (FIPS 180-4) and base64 (RFC 4648), for the one value of a handshake that needs them (RFC 6455 section 4.2.2). */

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/** The digest of a short message: 20 bytes. */
export function sha1(message: Uint8Array): Uint8Array {
  const blocks = Math.ceil((message.length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 0x2000_0000));
  view.setUint32(padded.length - 4, message.length << 3);
  const hash = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0] as const satisfies readonly number[];
  let [h0, h1, h2, h3, h4]: number[] = [...hash] as [number, number, number, number, number];
  const words = new Int32Array(80);
  for (let block = 0; block < blocks; block++) {
    for (let t = 0; t < 16; t++) words[t] = view.getInt32(block * 64 + t * 4);
    for (let t = 16; t < 80; t++)
      words[t] = rotate(
        (words[t - 3] as number) ^ (words[t - 8] as number) ^ (words[t - 14] as number) ^ (words[t - 16] as number),
        1,
      );
    let [a, b, c, d, e] = [h0, h1, h2, h3, h4] as [number, number, number, number, number];
    for (let t = 0; t < 80; t++) {
      const [f, k] =
        t < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : t < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : t < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const next = (rotate(a, 5) + f + e + k + (words[t] as number)) | 0;
      e = d;
      d = c;
      c = rotate(b, 30);
      b = a;
      a = next;
    }
    h0 = ((h0 as number) + a) | 0;
    h1 = ((h1 as number) + b) | 0;
    h2 = ((h2 as number) + c) | 0;
    h3 = ((h3 as number) + d) | 0;
    h4 = ((h4 as number) + e) | 0;
  }
  const digest = new DataView(new ArrayBuffer(20));
  for (const [place, word] of [h0, h1, h2, h3, h4].entries()) digest.setInt32(place * 4, word as number);
  return new Uint8Array(digest.buffer);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first, second = 0, third = 0] = bytes.subarray(at, at + 3) as unknown as [number, number?, number?];
    const left = bytes.length - at;
    text += DIGITS[first >> 2];
    text += DIGITS[((first & 3) << 4) | (second >> 4)];
    text += left > 1 ? DIGITS[((second & 15) << 2) | (third >> 6)] : '=';
    text += left > 2 ? DIGITS[third & 63] : '=';
  }
  return text;
}
