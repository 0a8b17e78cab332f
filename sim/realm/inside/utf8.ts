/** Texts as bytes: UTF-8 of a string, how long that is, and bytes that are a character each. */

/** A string as UTF-8; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  const { length } = text;
  const out = new Uint8Array(length);
  let i = 0;
  for (; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return wide(text, i, out);
    out[i] = unit;
  }
  return out;
}

/** The rest of a string that has more than ASCII, from `i` on. */
function wide(text: string, start: number, ascii: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = text;
  const out = new Uint8Array(start + (length - start) * 3);
  out.set(ascii.subarray(0, start));
  let at = start;
  for (let i = start; i < length; i++) {
    const code = text.codePointAt(i) as number;
    if (code < 0x80) out[at++] = code;
    else if (code < 0x800) {
      out[at++] = 0xc0 | (code >> 6);
      out[at++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      const whole = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
      out[at++] = 0xe0 | (whole >> 12);
      out[at++] = 0x80 | ((whole >> 6) & 0x3f);
      out[at++] = 0x80 | (whole & 0x3f);
    } else {
      i++;
      out[at++] = 0xf0 | (code >> 18);
      out[at++] = 0x80 | ((code >> 12) & 0x3f);
      out[at++] = 0x80 | ((code >> 6) & 0x3f);
      out[at++] = 0x80 | (code & 0x3f);
    }
  }
  return out.slice(0, at);
}

/** How many bytes a string takes as UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes++;
    else {
      bytes += 2;
      // A pair takes four bytes and is two units; alone, a half is U+FFFD.
      if (unit >= 0xd800 && unit <= 0xdbff && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
    }
  }
  return bytes;
}

/** Each byte as the character of that number. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}
