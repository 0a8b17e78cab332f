/**
 * XMLHttpRequest (https://xhr.spec.whatwg.org), for libraries that poll with it: asynchronous, of bodies that are small and
 * whole. All of a response arrives in one task, so its states follow each other there; which events come in which state, and
 * what they count, is as Chromium has it.
 */
import type { Handle } from '../../host.ts';
import { DOMException } from '../dom-exception.ts';
import { attributes, tellOf } from '../event-target.ts';
import { constants, dress, needs, usv } from '../idl.ts';
import { define, type Inside } from '../inside.ts';
import { notOffered } from '../missing.ts';
import { addressOf } from '../url.ts';
import { contentOf } from './body.ts';
import { methodOf } from './request.ts';
import type { Answer, Requests } from './requests.ts';
import { KEY, progress, XMLHttpRequestEventTarget, XMLHttpRequestUpload } from './xml-http-events.ts';
import { RequestFields } from './xml-http-fields.ts';
import { XmlHttpResponse } from './xml-http-response.ts';

const UNSENT = 0;
const OPENED = 1;
const HEADERS_RECEIVED = 2;
const LOADING = 3;
const DONE = 4;

type State = 0 | 1 | 2 | 3 | 4;
type Failure = 'error' | 'timeout' | 'abort';

const ON = 'XMLHttpRequest';
const TYPES: readonly string[] = ['', 'arraybuffer', 'blob', 'document', 'json', 'text'];

let inside: Inside;
let base: () => string;
let requests: Requests;

class XMLHttpRequest extends XMLHttpRequestEventTarget {
  #state: State = UNSENT;
  #method = 'GET';
  #url = '';
  #fields = new RequestFields();
  #withCredentials = false;
  #type = '';
  #mime: string | null = null;
  /** In milliseconds; 0 for none. */
  #timeout = 0;
  #began = 0;
  #clock: Handle | null = null;
  /** The request under way. */
  #request: Handle | null = null;
  #answer: XmlHttpResponse | null = null;
  readonly #upload = new XMLHttpRequestUpload(KEY);
  /** How much is sent along; null once that is over, which it never is where it is nothing. */
  #sends: number | null = null;

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
    return this.#answer.object(this.#type, this.#mime);
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
    this.#fields = new RequestFields();
    this.#change(OPENED);
  }

  setRequestHeader(name: unknown, value: unknown): void {
    needs(2, arguments.length, `execute 'setRequestHeader' on '${ON}'`);
    const [field, text] = [`${name as string}`, `${value as string}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')];
    this.#mustBeOpened('setRequestHeader');
    this.#fields.set(field, text, inside);
  }

  send(body: unknown = null): void {
    this.#mustBeOpened('send');
    const content = body === null || this.#method === 'GET' || this.#method === 'HEAD' ? null : contentOf(body, inside);
    this.#sends = content?.bytes.length ?? 0;
    const request = requests.begin(
      {
        method: this.#method,
        url: this.#url,
        headers: this.#fields.lines(content, typeof body === 'string'),
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
    return this.#answer?.field(`${name as string}`.toLowerCase()) ?? null;
  }
  getAllResponseHeaders(): string {
    return this.#answer?.allFields() ?? '';
  }
  overrideMimeType(mime: unknown): void {
    needs(1, arguments.length, `execute 'overrideMimeType' on '${ON}'`);
    this.#mustNotLoad(
      "execute 'overrideMimeType' on",
      'MimeType cannot be overridden when the state is LOADING or DONE.',
    );
    this.#mime = `${mime as string}`;
  }

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
    const response = new XmlHttpResponse(answer);
    this.#answer = response;
    const sent = this.#sends ?? 0;
    if (sent > 0) {
      this.#sends = null;
      for (const type of ['progress', 'load', 'loadend'] as const) progress(this.#upload, type, sent, sent);
    }
    if (goesOn()) this.#change(HEADERS_RECEIVED);
    const { length, total } = response;
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

  #text(): string {
    return this.#state < LOADING ? '' : (this.#answer?.text(this.#mime) ?? '');
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
