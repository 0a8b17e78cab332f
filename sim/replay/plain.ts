/**
 * Plain values as JSON, and back, where JSON has no word for them: bytes, `undefined`, numbers that are not finite, big
 * integers, and texts that would end a script. What is no data at all (a function) becomes a text that says so.
 */

const TAG = '$hangup';

/** JSON that stands in a `<script>` of a page as it is: nothing in it ends the script, or a line of it. */
export const inScript = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A value of JSON that `unpacked` makes the value again of. Shared parts are written as often as they are met. */
export function packed(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return { [TAG]: 'undefined' };
    case 'bigint':
      return { [TAG]: 'bigint', of: String(value) };
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { [TAG]: 'number', of: String(Object.is(value, -0) ? '-0' : value) };
    case 'function':
    case 'symbol':
      return { [TAG]: 'code' };
    case 'object':
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return { [TAG]: 'bytes', of: base64(value) };
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return { [TAG]: value.constructor.name, of: Array.from(value as unknown as ArrayLike<number>) };
  if (Array.isArray(value)) return value.map(packed);
  if (value instanceof Map) return { [TAG]: 'map', of: [...value].map(packed) };
  if (value instanceof Set) return { [TAG]: 'set', of: [...value].map(packed) };
  const fields = Object.entries(value).map(([name, of]) => [name, packed(of)] as const);
  return Object.hasOwn(value, TAG) || Object.hasOwn(value, '__proto__')
    ? { [TAG]: 'fields', of: fields }
    : Object.fromEntries(fields);
}

export function unpacked(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(unpacked);
  if (!Object.hasOwn(value, TAG))
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, unpacked(of)]));
  const { [TAG]: tag, of } = value as { readonly [TAG]: string; readonly of: unknown };
  switch (tag) {
    case 'bigint':
      return BigInt(of as string);
    case 'number':
      return Number(of);
    case 'bytes':
      return bytesOf(of as string);
    case 'map':
      return new Map((of as unknown[]).map(unpacked) as [unknown, unknown][]);
    case 'set':
      return new Set((of as unknown[]).map(unpacked));
    case 'fields': {
      const object = {};
      for (const [name, inner] of of as [string, unknown][])
        Object.defineProperty(object, name, {
          value: unpacked(inner),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return object;
    }
    case 'code':
      return '(code)';
    case 'undefined':
      return undefined;
    default:
      return Object.hasOwn(ARRAYS, tag) ? (ARRAYS[tag] as (of: number[]) => unknown)(of as number[]) : null;
  }
}

const ARRAYS: Readonly<Record<string, (of: number[]) => unknown>> = {
  Int8Array: (of) => Int8Array.from(of),
  Uint8ClampedArray: (of) => Uint8ClampedArray.from(of),
  Int16Array: (of) => Int16Array.from(of),
  Uint16Array: (of) => Uint16Array.from(of),
  Int32Array: (of) => Int32Array.from(of),
  Uint32Array: (of) => Uint32Array.from(of),
  Float32Array: (of) => Float32Array.from(of),
  Float64Array: (of) => Float64Array.from(of),
};

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Written by hand, because Node's Buffer and a page's `btoa` have nothing in common. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const three = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const left = bytes.length - i;
    pieces.push(
      (LETTERS[three >> 18] as string) +
        LETTERS[(three >> 12) & 63] +
        (left > 1 ? LETTERS[(three >> 6) & 63] : '=') +
        (left > 2 ? LETTERS[three & 63] : '='),
    );
  }
  return pieces.join('');
}

function bytesOf(text: string): Uint8Array {
  const letters = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of letters) {
    held = ((held << 6) | LETTERS.indexOf(letter)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}
