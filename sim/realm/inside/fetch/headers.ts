/** Headers (https://fetch.spec.whatwg.org/#headers-class). */
import { dress, needs } from '../idl.ts';
import { pairsOf } from './pairs.ts';

/** Who may change them, and which a script may not say. */
export type Guard = 'none' | 'request' | 'response' | 'immutable';

/** Names that only the browser itself says (https://fetch.spec.whatwg.org/#forbidden-request-header). */
const FORBIDDEN = new Set(
  'accept-charset accept-encoding access-control-request-headers access-control-request-method connection content-length cookie cookie2 date dnt expect host keep-alive origin referer set-cookie te trailer transfer-encoding upgrade via'.split(
    ' ',
  ),
);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export type HeadersInit = Iterable<Iterable<unknown>> | Readonly<Record<string, unknown>>;

let guardOf: (headers: Headers, guard: Guard) => void;
let linesOf: (headers: Headers) => readonly (readonly [string, string])[];

export class Headers {
  /** Names in lower case, in the order in which they came. */
  #list: (readonly [name: string, value: string])[] = [];
  #guard: Guard = 'none';

  static {
    guardOf = (headers, guard) => {
      headers.#guard = guard;
      if (guard === 'request') headers.#list = headers.#list.filter(([name]) => !isForbidden(name));
      // https://fetch.spec.whatwg.org/#forbidden-response-header-name
      if (guard === 'immutable') headers.#list = headers.#list.filter(([name]) => !/^set-cookie2?$/.test(name));
    };
    linesOf = (headers) => headers.#list;
  }

  constructor(init?: HeadersInit) {
    fill(this, init);
  }

  append(name: unknown, value: unknown): void {
    needs(2, arguments.length, "execute 'append' on 'Headers'");
    const [key, text] = sound(name, value, 'append');
    if (this.#mayChange(key, 'append')) this.#list.push([key, text]);
  }
  set(name: unknown, value: unknown): void {
    needs(2, arguments.length, "execute 'set' on 'Headers'");
    const [key, text] = sound(name, value, 'set');
    if (!this.#mayChange(key, 'set')) return;
    const at = this.#list.findIndex(([each]) => each === key);
    if (at < 0) this.#list.push([key, text]);
    else
      this.#list = this.#list.flatMap((each, i) => (i === at ? [[key, text] as const] : each[0] === key ? [] : [each]));
  }
  delete(name: unknown): void {
    needs(1, arguments.length, "execute 'delete' on 'Headers'");
    const key = soundName(name, 'delete');
    if (this.#mayChange(key, 'delete')) this.#list = this.#list.filter(([each]) => each !== key);
  }
  get(name: unknown): string | null {
    needs(1, arguments.length, "execute 'get' on 'Headers'");
    const key = soundName(name, 'get');
    const values = this.#list.filter(([each]) => each === key).map(([, value]) => value);
    return values.length === 0 ? null : values.join(', ');
  }
  has(name: unknown): boolean {
    needs(1, arguments.length, "execute 'has' on 'Headers'");
    const key = soundName(name, 'has');
    return this.#list.some(([each]) => each === key);
  }
  getSetCookie(): string[] {
    return this.#list.filter(([name]) => name === 'set-cookie').map(([, value]) => value);
  }
  forEach(callback: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    needs(1, arguments.length, "execute 'forEach' on 'Headers'");
    for (const [name, value] of this) callback.call(self, value, name, this);
  }
  keys(): IterableIterator<string> {
    return pairsOf(
      'Headers',
      () => this.#pairs(),
      ([name]) => name,
    );
  }
  values(): IterableIterator<string> {
    return pairsOf(
      'Headers',
      () => this.#pairs(),
      ([, value]) => value,
    );
  }
  entries(): IterableIterator<[string, string]> {
    return pairsOf(
      'Headers',
      () => this.#pairs(),
      ([name, value]) => [name, value],
    );
  }
  #pairs(): readonly (readonly [string, string])[] {
    const names = [...new Set(this.#list.map(([name]) => name))].sort((one, other) => (one < other ? -1 : 1));
    return names.flatMap((name) =>
      name === 'set-cookie'
        ? this.getSetCookie().map((value) => [name, value] as const)
        : [[name, this.get(name) as string] as const],
    );
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  #mayChange(name: string, operation: string): boolean {
    if (this.#guard === 'immutable')
      throw new TypeError(`Failed to execute '${operation}' on 'Headers': Headers are immutable`);
    return this.#guard !== 'request' || !isForbidden(name);
  }
}

/** A name in lower case that a script may not say. */
export const isForbidden = (name: string): boolean =>
  FORBIDDEN.has(name) || name.startsWith('proxy-') || name.startsWith('sec-');

function sound(name: unknown, value: unknown, operation: string): readonly [string, string] {
  const key = soundName(name, operation);
  const text = latin(value, operation).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\r\n]/.test(text)) throw new TypeError(`Failed to execute '${operation}' on 'Headers': Invalid value`);
  return [key, text];
}

function soundName(name: unknown, operation: string): string {
  const text = latin(name, operation);
  if (!TOKEN.test(text)) throw new TypeError(`Failed to execute '${operation}' on 'Headers': Invalid name`);
  return text.toLowerCase();
}

function latin(value: unknown, operation: string): string {
  const text = `${value as string}`;
  for (let i = 0; i < text.length; i++)
    if (text.charCodeAt(i) > 255)
      throw new TypeError(`Failed to execute '${operation}' on 'Headers': String contains non ISO-8859-1 code point.`);
  return text;
}

function fill(headers: Headers, init: HeadersInit | undefined): void {
  if (init === undefined) return;
  const wrong =
    "Failed to construct 'Headers': The provided value is not of type '(record<ByteString, ByteString> or sequence<sequence<ByteString>>)'.";
  if (init === null || (typeof init !== 'object' && typeof init !== 'function')) throw new TypeError(wrong);
  const record = init as Readonly<Record<PropertyKey, unknown>>;
  const iterate = record[Symbol.iterator];
  const pairs: (readonly [unknown, unknown])[] = [];
  if (iterate !== undefined && iterate !== null)
    for (const pair of init as Iterable<Iterable<unknown>>) {
      const both = [...pair];
      if (both.length !== 2) throw new TypeError("Failed to construct 'Headers': Invalid value");
      pairs.push([both[0], both[1]]);
    }
  else
    for (const key of Reflect.ownKeys(record)) {
      if (!Reflect.getOwnPropertyDescriptor(record, key)?.enumerable) continue;
      // A symbol is no name, and throws.
      const name = latin(key, 'append');
      pairs.push([name, latin(record[key], 'append')]);
    }
  for (const [name, value] of pairs) headers.append(name, value);
}

/** Headers whose owner is a request or a response. */
export function headersOf(init: HeadersInit | undefined, guard: Guard): Headers {
  const headers = new Headers(init);
  guardOf(headers, guard);
  return headers;
}

/** As they cross the wall: a line for each name. */
export function textOfHeaders(headers: Headers): string {
  const values = new Map<string, string>();
  for (const [name, value] of linesOf(headers)) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  let text = '';
  for (const [name, value] of values) text += `${text === '' ? '' : '\n'}${name}: ${value}`;
  return text;
}

export const pairsOfText = (text: string): readonly (readonly [string, string])[] =>
  text === ''
    ? []
    : text.split('\n').map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      });

dress({ Headers });
