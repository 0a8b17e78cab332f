/** `querystring` (`lib/querystring.js`). */
import { coded } from './errors.ts';
import type { Any, Callback } from './loose.ts';

const UNSAFE = /[^A-Za-z0-9\-_.!~*'()]/g;

function escaped(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'object' ? String(value) : `${value as string}`;
  if (!UNSAFE.test(text)) return text;
  UNSAFE.lastIndex = 0;
  if (!(text as Any).isWellFormed()) throw coded(URIError, 'ERR_INVALID_URI', 'URI malformed');
  return encodeURIComponent(text);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
      const bytes = run
        .slice(1)
        .split('%')
        .map((hex) => Number.parseInt(hex, 16));
      return new (globalThis as Any).TextDecoder().decode(new Uint8Array(bytes));
    });
  }
}

const primitive = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : '';
  return typeof value === 'bigint' || typeof value === 'boolean' ? `${value}` : '';
};

function stringify(object: Any, separator = '&', equals = '=', options?: { encodeURIComponent?: Callback }): string {
  if (typeof object !== 'object' || object === null) return '';
  const encode = options?.encodeURIComponent ?? querystring.escape;
  const pairs: string[] = [];
  for (const key of Object.keys(object)) {
    const name = encode(primitive(key)) + equals;
    const value = object[key];
    if (Array.isArray(value)) for (const each of value) pairs.push(name + encode(primitive(each)));
    else pairs.push(name + encode(primitive(value)));
  }
  return pairs.join(separator);
}

function parse(
  text: unknown,
  separator = '&',
  equals = '=',
  options?: { maxKeys?: number; decodeURIComponent?: Callback },
): Record<string, string | string[]> {
  const parsed: Record<string, string | string[]> = Object.create(null);
  if (typeof text !== 'string' || text === '') return parsed;
  const most = options?.maxKeys ?? 1000;
  const decode = options?.decodeURIComponent ?? querystring.unescape;
  const clean = (part: string): string => {
    const spaced = part.replaceAll('+', ' ');
    try {
      return decode(spaced);
    } catch {
      return unescaped(spaced);
    }
  };
  let pairs = text.split(separator || '&');
  if (most > 0) pairs = pairs.slice(0, most);
  for (const pair of pairs) {
    if (pair === '') continue;
    const at = pair.indexOf(equals || '=');
    const key = clean(at < 0 ? pair : pair.slice(0, at));
    const value = at < 0 ? '' : clean(pair.slice(at + (equals || '=').length));
    const before = parsed[key];
    if (before === undefined) parsed[key] = value;
    else if (Array.isArray(before)) before.push(value);
    else parsed[key] = [before, value];
  }
  return parsed;
}

export const querystring = {
  escape: escaped,
  unescape: unescaped,
  stringify,
  parse,
  encode: stringify,
  decode: parse,
};
export default querystring;
