/** `btoa` and `atob` (https://infra.spec.whatwg.org/#forgiving-base64). */
import { DOMException } from './dom-exception.ts';
import { needs } from './idl.ts';
import { define } from './inside.ts';
import { latin1 } from './utf8.ts';

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...SIGNS].map((sign, value) => [sign, value]));

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += `${SIGNS[bits >> 18]}${SIGNS[(bits >> 12) & 63]}`;
    text += (b === undefined ? '=' : SIGNS[(bits >> 6) & 63]) as string;
    text += (c === undefined ? '=' : SIGNS[bits & 63]) as string;
  }
  return text;
}

/** Null for what is none. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | null {
  let signs = text.replace(/[\t\n\f\r ]+/g, '');
  if (signs.length % 4 === 0) signs = signs.replace(/={1,2}$/, '');
  if (signs.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((signs.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const sign of signs) {
    const value = VALUES.get(sign);
    if (value === undefined) return null;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 255;
  }
  return bytes;
}

export function installBase64(): void {
  define('btoa', function btoa(data: unknown) {
    needs(1, arguments.length, "execute 'btoa' on 'Window'");
    const text = `${data as string}`;
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 255)
        throw new DOMException(
          "Failed to execute 'btoa' on 'Window': The string to be encoded contains characters outside of the Latin1 range.",
          'InvalidCharacterError',
        );
      bytes[i] = unit;
    }
    return base64(bytes);
  });
  define('atob', function atob(data: unknown) {
    needs(1, arguments.length, "execute 'atob' on 'Window'");
    const bytes = bytesOfBase64(`${data as string}`);
    if (bytes === null)
      throw new DOMException(
        "Failed to execute 'atob' on 'Window': The string to be decoded is not correctly encoded.",
        'InvalidCharacterError',
      );
    return latin1(bytes);
  });
}
