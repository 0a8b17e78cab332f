/** Response (https://fetch.spec.whatwg.org/#response-class), whose body is there as a whole. */
import { dictionary, dress, needs } from '../idl.ts';
import type { Inside } from '../inside.ts';
import { addressOf } from '../url.ts';
import { Body, type Content, contentIn, contentOf, putContent } from './body.ts';
import { type Headers, type HeadersInit, headersOf } from './headers.ts';
import { REDIRECTS } from './requests.ts';

interface ResponseInit {
  status?: unknown;
  statusText?: unknown;
  headers?: HeadersInit;
}

type Kind = 'basic' | 'default' | 'error' | 'opaqueredirect';

/** Statuses that have no body. */
const BODILESS = [101, 103, 204, 205, 304];

let inside: Inside;
let base: () => string;
let make: (of: Made) => Response;

interface Made {
  readonly kind: Kind;
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: Iterable<Iterable<unknown>>;
  readonly content: Content | null;
}

export class Response extends Body {
  #status = 200;
  #statusText = '';
  #headers: Headers;
  #kind: Kind = 'default';
  #url = '';
  #redirected = false;

  static {
    make = ({ kind, status, statusText, url, redirected, headers, content }) => {
      const response = new Response();
      response.#kind = kind;
      response.#status = status;
      response.#statusText = statusText;
      response.#url = url;
      response.#redirected = redirected;
      response.#headers = headersOf(headers, 'immutable');
      putContent(response, content);
      return response;
    };
  }

  constructor(body: unknown = null, init?: ResponseInit) {
    super();
    const what = "Failed to construct 'Response'";
    const { status = 200, statusText = '', headers } = dictionary<ResponseInit>(init, "construct 'Response'");
    this.#status = Number(status);
    if (!(this.#status >= 200 && this.#status <= 599))
      throw new RangeError(`${what}: The status provided (${status}) is outside the range [200, 599].`);
    this.#statusText = `${statusText as string}`;
    if (/[^\t\x20-\x7e\x80-\xff]/.test(this.#statusText)) throw new TypeError(`${what}: Invalid statusText`);
    this.#headers = headersOf(headers, 'response');
    if (body === null || body === undefined) return;
    if (BODILESS.includes(this.#status))
      throw new TypeError(`${what}: Response with null body status cannot have body`);
    const content = contentOf(body, inside);
    putContent(this, content);
    if (content.type !== null && !this.#headers.has('content-type')) this.#headers.append('content-type', content.type);
  }

  get type(): string {
    return this.#kind;
  }
  get url(): string {
    return this.#url;
  }
  get redirected(): boolean {
    return this.#redirected;
  }
  get status(): number {
    return this.#status;
  }
  get ok(): boolean {
    return this.#status >= 200 && this.#status <= 299;
  }
  get statusText(): string {
    return this.#statusText;
  }
  override get headers(): Headers {
    return this.#headers;
  }
  clone(): Response {
    if (this.bodyUsed) throw new TypeError("Failed to execute 'clone' on 'Response': Response body is already used");
    return make({
      kind: this.#kind,
      status: this.#status,
      statusText: this.#statusText,
      url: this.#url,
      redirected: this.#redirected,
      headers: this.#headers,
      content: contentIn(this),
    });
  }

  static error(): Response {
    return make({ ...EMPTY, kind: 'error', status: 0 });
  }
  static redirect(url: unknown, status: unknown = 302): Response {
    needs(1, arguments.length, "execute 'redirect' on 'Response'");
    const address = addressOf(`${url as string}`, base());
    if (address === null) throw new TypeError(`Failed to parse URL from ${url as string}`);
    if (!REDIRECTS.includes(Number(status)))
      throw new RangeError("Failed to execute 'redirect' on 'Response': Invalid status code");
    return make({ ...EMPTY, status: Number(status), headers: [['location', address.href]] });
  }
  static json(data: unknown, init?: ResponseInit): Response {
    const text = JSON.stringify(data);
    if (text === undefined)
      throw new TypeError("Failed to execute 'json' on 'Response': The data is not JSON serializable");
    const response = new Response(text, init);
    if (headersOf(init?.headers, 'none').get('content-type') === null)
      response.headers.set('content-type', 'application/json');
    return response;
  }
}

const EMPTY: Made = {
  kind: 'default',
  status: 200,
  statusText: '',
  url: '',
  redirected: false,
  headers: [],
  content: null,
};

/** What came over the wire. */
export const responseOf = (
  of: Omit<Made, 'kind' | 'content'> & { readonly bytes: Uint8Array<ArrayBuffer> },
): Response =>
  make({ ...of, kind: 'basic', content: BODILESS.includes(of.status) ? null : { bytes: of.bytes, type: null } });

/** A redirect that somebody wanted to see: of where it leads nothing is said. */
export const opaqueRedirect = (url: string): Response => make({ ...EMPTY, kind: 'opaqueredirect', status: 0, url });

dress({ Response });

export function installResponse(given: Inside, location: () => string): void {
  inside = given;
  base = location;
}
