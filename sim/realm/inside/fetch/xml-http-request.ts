/**
 * XMLHttpRequest (https://xhr.spec.whatwg.org), for libraries that poll with it: asynchronous, of bodies that are small and
 * whole. All of a response arrives in one task, so its states follow each other there; which events come in which state, and
 * what they count, is as Chromium has it.
 */
import type { Handle } from '../../host.ts';
import { type Blob, blobOf } from '../blob.ts';
import { DOMException } from '../dom-exception.ts';
import { trusted } from '../event.ts';
import { ProgressEvent } from '../event-kinds.ts';
import { attributes, EventTarget, isHeard, tell, tellOf } from '../event-target.ts';
import { constants, dress, needs, usv } from '../idl.ts';
import { define, type Inside } from '../inside.ts';
import { notOffered } from '../missing.ts';
import { TextDecoder } from '../text.ts';
import { addressOf } from '../url.ts';
import { type Content, contentOf } from './body.ts';
import { isForbidden, pairsOfText } from './headers.ts';
import { methodOf } from './request.ts';
import type { Answer, Requests } from './requests.ts';

const UNSENT = 0;
const OPENED = 1;
const HEADERS_RECEIVED = 2;
const LOADING = 3;
const DONE = 4;

type State = 0 | 1 | 2 | 3 | 4;
type Failure = 'error' | 'timeout' | 'abort';

const ON = 'XMLHttpRequest';
const TYPES: readonly string[] = ['', 'arraybuffer', 'blob', 'document', 'json', 'text'];
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const EVENTS = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'] as const;
type Told = (typeof EVENTS)[number];

let inside: Inside;
let base: () => string;
let requests: Requests;
const KEY = {};

class XMLHttpRequestEventTarget extends EventTarget {
  constructor(key?: unknown) {
    super();
    if (key !== KEY) throw new TypeError(`Failed to construct '${ON}EventTarget': Illegal constructor`);
  }
}

class XMLHttpRequestUpload extends XMLHttpRequestEventTarget {}

/** `total` is 0 where it is not known. */
function progress(to: EventTarget, type: Told, loaded = 0, total = 0): void {
  if (!isHeard(to, type)) return;
  const init = { lengthComputable: total > 0, loaded, total };
  tell(
    to,
    trusted(() => new ProgressEvent(type, init)),
  );
}

class XMLHttpRequest extends XMLHttpRequestEventTarget {
  #state: State = UNSENT;
  #method = 'GET';
  #url = '';
  #headers = new Map<string, string>();
  #withCredentials = false;
  #type = '';
  #mime: string | null = null;
  /** In milliseconds; 0 for none. */
  #timeout = 0;
  #began = 0;
  #clock: Handle | null = null;
  /** The request under way. */
  #request: Handle | null = null;
  #answer: Answer | null = null;
  readonly #upload = new XMLHttpRequestUpload(KEY);
  /** How much is sent along; null once that is over, which it never is where it is nothing. */
  #sends: number | null = null;
  /** The answer as an object, once it was asked for. */
  #buffer: ArrayBuffer | null = null;
  #blob: Blob | null = null;

  constructor() {
    super(KEY);
  }

  get readyState(): number {
    return this.#state;
  }
  get timeout(): number {
    return this.#timeout;
  }
  set timeout(value: unknown) {
    this.#timeout = Number(value) >>> 0;
    if (this.#request !== null) this.#wait();
  }
  get withCredentials(): boolean {
    return this.#withCredentials;
  }
  set withCredentials(value: unknown) {
    if (this.#state > OPENED || this.#request !== null)
      throw state(
        "set the 'withCredentials' property on",
        "The value may only be set if the object's state is UNSENT or OPENED.",
      );
    this.#withCredentials = Boolean(value);
  }
  get upload(): XMLHttpRequestUpload {
    return this.#upload;
  }
  get responseURL(): string {
    return this.#answer?.url ?? '';
  }
  get status(): number {
    return this.#answer?.status ?? 0;
  }
  get statusText(): string {
    return this.#answer?.statusText ?? '';
  }
  get responseType(): string {
    return this.#type;
  }
  set responseType(value: unknown) {
    const type = `${value as string}`;
    if (!TYPES.includes(type)) return;
    this.#mustNotLoad(
      "set the 'responseType' property on",
      "The response type cannot be set if the object's state is LOADING or DONE.",
    );
    this.#type = type;
  }
  get response(): unknown {
    if (this.#type === '' || this.#type === 'text') return this.#text();
    if (this.#state !== DONE || this.#answer === null) return null;
    const { bytes } = this.#answer;
    switch (this.#type) {
      case 'arraybuffer':
        this.#buffer ??= bytes.slice().buffer;
        return this.#buffer;
      case 'blob':
        this.#blob ??= blobOf(bytes, this.#mime ?? this.#fields().get('content-type') ?? '');
        return this.#blob;
      case 'json':
        try {
          return JSON.parse(new TextDecoder().decode(bytes));
        } catch {
          return null;
        }
      default:
        return null;
    }
  }
  get responseText(): string {
    if (this.#type !== '' && this.#type !== 'text')
      throw state(
        "read the 'responseText' property from",
        `The value is only accessible if the object's 'responseType' is '' or 'text' (was '${this.#type}').`,
      );
    return this.#text();
  }
  get responseXML(): null {
    if (this.#type !== '' && this.#type !== 'document')
      throw state(
        "read the 'responseXML' property from",
        `The value is only accessible if the object's 'responseType' is '' or 'document' (was '${this.#type}').`,
      );
    return null;
  }

  open(method: unknown, url: unknown, async: unknown = true, user?: unknown, password?: unknown): void {
    needs(2, arguments.length, `execute 'open' on '${ON}'`);
    const name = methodOf(`${method as string}`, (text, unsafe) =>
      unsafe
        ? new DOMException(
            `Failed to execute 'open' on '${ON}': '${text}' HTTP method is unsupported.`,
            'SecurityError',
          )
        : new DOMException(`Failed to execute 'open' on '${ON}': '${text}' is not a valid HTTP method.`, 'SyntaxError'),
    );
    const address = addressOf(usv(url), base());
    if (address === null) throw new DOMException(`Failed to execute 'open' on '${ON}': Invalid URL`, 'SyntaxError');
    if (!async) throw notOffered('a synchronous XMLHttpRequest', 'a page would stand still until it is answered');
    if (user != null || password != null)
      throw notOffered('an XMLHttpRequest with a user or a password', 'servers are not asked for credentials');
    this.#end();
    this.#answer = null;
    this.#method = name;
    this.#url = address.href;
    this.#headers = new Map();
    this.#change(OPENED);
  }

  setRequestHeader(name: unknown, value: unknown): void {
    needs(2, arguments.length, `execute 'setRequestHeader' on '${ON}'`);
    const [field, text] = [`${name as string}`, `${value as string}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')];
    this.#mustBeOpened('setRequestHeader');
    const wrong = (what: string, kind: string): DOMException =>
      new DOMException(
        `Failed to execute 'setRequestHeader' on '${ON}': '${what}' is not a valid HTTP header field ${kind}.`,
        'SyntaxError',
      );
    if (!TOKEN.test(field)) throw wrong(field, 'name');
    if (/[\0\r\n]|[^\0-\xff]/.test(text)) throw wrong(text, 'value');
    const key = field.toLowerCase();
    // A browser says so in its console, and goes on.
    if (isForbidden(key)) inside.host.console('error', `Refused to set unsafe header "${field}"`);
    else {
      const before = this.#headers.get(key);
      this.#headers.set(key, before === undefined ? text : `${before}, ${text}`);
    }
  }

  send(body: unknown = null): void {
    this.#mustBeOpened('send');
    const content = body === null || this.#method === 'GET' || this.#method === 'HEAD' ? null : contentOf(body, inside);
    const headers = this.#headersWith(content, typeof body === 'string');
    this.#sends = content?.bytes.length ?? 0;
    const request = requests.begin(
      {
        method: this.#method,
        url: this.#url,
        headers: [...headers].map(([name, value]) => `${name}: ${value}`).join('\n'),
        body: content?.bytes ?? null,
        redirect: 'follow',
      },
      (answer) => this.#answered(answer),
    );
    this.#request = request;
    this.#began = inside.host.uptime();
    this.#wait();
    progress(this, 'loadstart');
    // A listener may have ended it, or begun it anew.
    if (this.#request === request && content !== null) progress(this.#upload, 'loadstart', 0, this.#sends);
  }

  abort(): void {
    const wasUnderWay = this.#request !== null;
    this.#end();
    if (wasUnderWay) this.#fail('abort');
    if (this.#state === DONE) {
      this.#state = UNSENT;
      this.#answer = null;
    }
  }

  getResponseHeader(name: unknown): string | null {
    needs(1, arguments.length, `execute 'getResponseHeader' on '${ON}'`);
    return this.#fields().get(`${name as string}`.toLowerCase()) ?? null;
  }
  getAllResponseHeaders(): string {
    const all = [...this.#fields()].sort(([one], [other]) => (one < other ? -1 : 1));
    return all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }
  overrideMimeType(mime: unknown): void {
    needs(1, arguments.length, `execute 'overrideMimeType' on '${ON}'`);
    this.#mustNotLoad(
      "execute 'overrideMimeType' on",
      'MimeType cannot be overridden when the state is LOADING or DONE.',
    );
    this.#mime = `${mime as string}`;
  }

  // ---- behind it ------------------------------------------------------------------------------------------------------

  #change(state: State): void {
    if (this.#state === state) return;
    this.#state = state;
    tellOf(this, 'readystatechange');
  }

  #answered(answer: Answer): void {
    const request = this.#request;
    if (answer.status === 0) {
      this.#end();
      this.#fail('error');
      return;
    }
    const goesOn = (): boolean => this.#request === request;
    this.#answer = answer;
    this.#buffer = null;
    this.#blob = null;
    const sent = this.#sends ?? 0;
    if (sent > 0) {
      this.#sends = null;
      for (const type of ['progress', 'load', 'loadend'] as const) progress(this.#upload, type, sent, sent);
    }
    if (goesOn()) this.#change(HEADERS_RECEIVED);
    const { length } = answer.bytes;
    const total = Number(this.#fields().get('content-length') ?? 0) === length ? length : 0;
    if (goesOn() && length > 0) this.#change(LOADING);
    if (goesOn() && length > 0) progress(this, 'progress', length, total);
    if (!goesOn()) return;
    this.#end();
    this.#change(DONE);
    if (this.#state !== DONE) return;
    progress(this, 'load', length, total);
    const isThere = this.#answer !== null;
    progress(this, 'loadend', isThere ? length : 0, isThere ? total : 0);
  }

  #fail(how: Failure): void {
    this.#answer = null;
    this.#change(DONE);
    if (this.#sends !== null) {
      this.#sends = null;
      progress(this.#upload, how);
      progress(this.#upload, 'loadend');
    }
    progress(this, how);
    progress(this, 'loadend');
  }

  /** Nothing more is heard of what is under way. */
  #end(): void {
    if (this.#request !== null) requests.abort(this.#request);
    this.#request = null;
    if (this.#clock !== null) inside.unschedule(this.#clock);
    this.#clock = null;
  }

  /** The time begins with `send`, whenever it is set. */
  #wait(): void {
    if (this.#clock !== null) inside.unschedule(this.#clock);
    this.#clock = null;
    if (this.#timeout === 0) return;
    const run = (): void => {
      this.#end();
      this.#fail('timeout');
    };
    const left = Math.max(0, this.#began + this.#timeout - inside.host.uptime());
    this.#clock = inside.schedule({ run }, left);
  }

  #headersWith(content: Content | null, isText: boolean): ReadonlyMap<string, string> {
    const headers = this.#headers;
    const said = headers.get('content-type');
    if (content === null || (said === undefined && content.type === null)) return headers;
    // A text goes as UTF-8, whatever else its type says.
    const type = isText ? said?.replace(/(charset=)("?)(?!utf-8\b)[^";]*\2/i, '$1UTF-8') : said;
    return new Map([...headers, ['content-type', type ?? (content.type as string)]]);
  }

  #fields(): ReadonlyMap<string, string> {
    const fields = new Map<string, string>();
    for (const [name, value] of pairsOfText(this.#answer?.headers ?? '')) {
      const key = name.toLowerCase();
      if (key === 'set-cookie' || key === 'set-cookie2') continue;
      const before = fields.get(key);
      fields.set(key, before === undefined ? value : `${before}, ${value}`);
    }
    return fields;
  }

  #text(): string {
    if (this.#state < LOADING || this.#answer === null) return '';
    const type = this.#mime ?? this.#fields().get('content-type') ?? '';
    const charset = /;\s*charset="?([^";\s]+)/i.exec(type)?.[1] ?? 'utf-8';
    let decoder: TextDecoder;
    try {
      decoder = new TextDecoder(charset);
    } catch {
      decoder = new TextDecoder();
    }
    return decoder.decode(this.#answer.bytes);
  }

  #mustBeOpened(operation: string): void {
    if (this.#state !== OPENED || this.#request !== null)
      throw state(`execute '${operation}' on`, "The object's state must be OPENED.");
  }

  #mustNotLoad(what: string, why: string): void {
    if (this.#state >= LOADING) throw state(what, why);
  }
}

const state = (what: string, why: string): DOMException =>
  new DOMException(`Failed to ${what} '${ON}': ${why}`, 'InvalidStateError');

attributes(XMLHttpRequestEventTarget, EVENTS);
attributes(XMLHttpRequest, ['readystatechange']);
constants(XMLHttpRequest, { UNSENT, OPENED, HEADERS_RECEIVED, LOADING, DONE });
dress({ XMLHttpRequestEventTarget, XMLHttpRequestUpload, XMLHttpRequest });

export function installXmlHttpRequest(given: Inside, location: () => string, of: Requests): void {
  inside = given;
  base = location;
  requests = of;
  for (const [name, value] of Object.entries({ XMLHttpRequestEventTarget, XMLHttpRequestUpload, XMLHttpRequest }))
    define(name, value);
}
