/** Request (https://fetch.spec.whatwg.org/#request-class). */
import { AbortController, type AbortSignal, whenAborted } from '../abort.ts';
import { dictionary, dress, needs } from '../idl.ts';
import type { Inside } from '../inside.ts';
import { addressOf } from '../url.ts';
import { Body, contentIn, contentOf, putContent } from './body.ts';
import { type Headers, type HeadersInit, headersOf } from './headers.ts';

export interface RequestInit {
  method?: unknown;
  headers?: HeadersInit;
  body?: unknown;
  signal?: unknown;
  redirect?: unknown;
  mode?: unknown;
  credentials?: unknown;
  cache?: unknown;
  referrer?: unknown;
  referrerPolicy?: unknown;
  integrity?: unknown;
  keepalive?: unknown;
}

/** What a request says without changing what is sent. */
const MARKS = {
  mode: 'cors',
  credentials: 'same-origin',
  cache: 'default',
  redirect: 'follow',
  referrer: 'about:client',
  referrerPolicy: '',
  integrity: '',
} as const;
type Marks = { -readonly [K in keyof typeof MARKS]: string };

const WELL_KNOWN = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];
const FORBIDDEN = ['CONNECT', 'TRACE', 'TRACK'];
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const WHAT = "Failed to construct 'Request'";

let inside: Inside;
let base: () => string;
let begin: () => AbortController;

export class Request extends Body {
  readonly #method: string;
  readonly #url: string;
  readonly #headers: Headers;
  readonly #marks: Marks;
  readonly #keepalive: boolean;
  readonly #signal: AbortSignal;

  constructor(input: unknown, init?: RequestInit) {
    needs(1, arguments.length, "construct 'Request'");
    super();
    const other = input instanceof Request ? input : null;
    const said = dictionary<RequestInit>(init, "construct 'Request'");
    this.#url = other === null ? urlOf(input) : other.#url;
    this.#method =
      said.method === undefined ? (other?.method ?? 'GET') : methodOf(`${said.method as string}`, wrongMethod);
    const marks: Marks = { ...MARKS };
    for (const name of Object.keys(MARKS) as (keyof Marks)[])
      marks[name] = said[name] === undefined ? (other?.[name] ?? marks[name]) : `${said[name] as string}`;
    this.#marks = marks;
    this.#keepalive = said.keepalive === undefined ? (other?.keepalive ?? false) : Boolean(said.keepalive);
    this.#headers = headersOf(said.headers ?? other?.headers, 'request');
    this.#signal = follow(said.signal === undefined ? (other?.signal ?? null) : said.signal);
    const { body } = said;
    if (body !== undefined && body !== null) {
      if (this.#method === 'GET' || this.#method === 'HEAD')
        throw new TypeError(`${WHAT}: Request with GET/HEAD method cannot have body.`);
      const content = contentOf(body, inside);
      putContent(this, content);
      if (content.type !== null && !this.#headers.has('content-type'))
        this.#headers.append('content-type', content.type);
    } else if (other !== null && body === undefined) {
      if (other.bodyUsed)
        throw new TypeError(`${WHAT}: Cannot construct a Request with a Request object that has already been used.`);
      putContent(this, contentIn(other));
    }
  }

  get method(): string {
    return this.#method;
  }
  get url(): string {
    return this.#url;
  }
  override get headers(): Headers {
    return this.#headers;
  }
  get destination(): string {
    return '';
  }
  get mode(): string {
    return this.#marks.mode;
  }
  get credentials(): string {
    return this.#marks.credentials;
  }
  get cache(): string {
    return this.#marks.cache;
  }
  get redirect(): string {
    return this.#marks.redirect;
  }
  get referrer(): string {
    return this.#marks.referrer;
  }
  get referrerPolicy(): string {
    return this.#marks.referrerPolicy;
  }
  get integrity(): string {
    return this.#marks.integrity;
  }
  get keepalive(): boolean {
    return this.#keepalive;
  }
  get signal(): AbortSignal {
    return this.#signal;
  }
  clone(): Request {
    if (this.bodyUsed) throw new TypeError("Failed to execute 'clone' on 'Request': Request body is already used");
    return new Request(this);
  }
}

function urlOf(input: unknown): string {
  const text = `${input as string}`;
  const address = addressOf(text, base());
  if (address === null) throw new TypeError(`${WHAT}: Failed to parse URL from ${text}`);
  if (address.credentials !== '')
    throw new TypeError(`${WHAT}: Request cannot be constructed from a URL that includes credentials: ${text}`);
  return address.href;
}

/** `wrong` makes the error of one that is none, or (`unsafe`) that a page may not use. */
export function methodOf(method: string, wrong: (method: string, unsafe: boolean) => Error): string {
  const upper = method.toUpperCase();
  if (!TOKEN.test(method)) throw wrong(method, false);
  if (FORBIDDEN.includes(upper)) throw wrong(method, true);
  return WELL_KNOWN.includes(upper) ? upper : method;
}

const wrongMethod = (method: string, unsafe: boolean): TypeError =>
  new TypeError(`${WHAT}: '${method}' ${unsafe ? 'HTTP method is unsupported' : 'is not a valid HTTP method'}.`);

/** A signal of its own, which is aborted when the given one is. */
function follow(signal: unknown): AbortSignal {
  const own = begin();
  if (signal === null) return own.signal;
  let given: AbortSignal;
  try {
    given = whenAborted(signal, () => own.abort(given.reason));
  } catch {
    throw new TypeError(`${WHAT}: member signal is not of type AbortSignal.`);
  }
  if (given.aborted) own.abort(given.reason);
  return own.signal;
}

dress({ Request });

export function installRequest(given: Inside, location: () => string): void {
  inside = given;
  base = location;
  begin = () => new AbortController();
}
