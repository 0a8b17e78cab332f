/**
 * The head of a response or a request: header fields until it is made, then what it says of the body and the connection
 * (`lib/_http_outgoing.js`).
 */
import { badType, coded } from '../errors.ts';
import { life } from '../life.ts';
import type { Any } from '../loose.ts';
import { stream } from '../stream.ts';
import { validateHeaderName, validateHeaderValue } from './headers.ts';

/** The date as HTTP writes it, by the clock of this host. */
const utcDate = (): string => new Date(life.host.now()).toUTCString();

export class OutgoingHead extends stream.Stream {
  [key: string]: Any;
  /** Fields by their name in lower case: as it was given, and the value. */
  readonly #fields = new Map<string, [string, Any]>();
  _last = false;
  chunkedEncoding = false;
  shouldKeepAlive = true;
  maxRequestsOnConnectionReached = false;
  useChunkedEncodingByDefault = true;
  sendDate = false;
  _removedConnection = false;
  _removedContLen = false;
  _removedTE = false;
  _contentLength: number | null = null;
  _hasBody = true;
  _trailer = '';
  _headerSent = false;
  _header: string | null = null;
  _keepAliveTimeout = 0;

  #open(what: string): void {
    if (this._header !== null)
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', `Cannot ${what} headers after they are sent to the client`);
  }
  setHeader(name: string, value: Any): this {
    this.#open('set');
    validateHeaderName(name);
    validateHeaderValue(name, value);
    this.#fields.set(name.toLowerCase(), [name, value]);
    return this;
  }
  setHeaders(headers: Any): this {
    this.#open('set');
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  }
  appendHeader(name: string, value: Any): this {
    this.#open('append');
    validateHeaderName(name);
    validateHeaderValue(name, value);
    const its = this.#fields.get(name.toLowerCase());
    if (its === undefined) this.#fields.set(name.toLowerCase(), [name, value]);
    else its[1] = [its[1], value].flat();
    return this;
  }
  getHeader(name: string): Any {
    if (typeof name !== 'string') throw badType('name', 'of type string', name);
    return this.#fields.get(name.toLowerCase())?.[1];
  }
  getHeaderNames(): string[] {
    return [...this.#fields.keys()];
  }
  getRawHeaderNames(): string[] {
    return [...this.#fields.values()].map(([name]) => name);
  }
  getHeaders(): Any {
    const headers = Object.create(null);
    for (const [key, [, value]] of this.#fields) headers[key] = value;
    return headers;
  }
  hasHeader(name: string): boolean {
    if (typeof name !== 'string') throw badType('name', 'of type string', name);
    return this.#fields.has(name.toLowerCase());
  }
  removeHeader(name: string): void {
    if (typeof name !== 'string') throw badType('name', 'of type string', name);
    this.#open('remove');
    const key = name.toLowerCase();
    this.#fields.delete(key);
    if (key === 'connection') this._removedConnection = true;
    else if (key === 'content-length') this._removedContLen = true;
    else if (key === 'transfer-encoding') this._removedTE = true;
    else if (key === 'date') this.sendDate = false;
  }
  get headersSent(): boolean {
    return this._header !== null;
  }
  get _headers(): Any {
    return this.getHeaders();
  }

  // ---- the head

  _implicitHeader(): void {
    throw coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The _implicitHeader() method is not implemented');
  }
  flushHeaders(): void {
    if (this._header === null) this._implicitHeader();
    this._send('');
  }
  /** Fields that were set, as lines of a head. */
  _fieldList(): [string, Any][] {
    return [...this.#fields.values()];
  }

  _storeHeader(first: string, fields: readonly (readonly [string, Any])[]): void {
    let text = first;
    const has = { connection: false, length: false, coding: false, date: false, expect: false, upgrade: false };
    const add = (name: string, value: Any): void => {
      validateHeaderValue(name, value);
      text += `${name}: ${value}\r\n`;
      this.#note(name.toLowerCase(), String(value), has);
    };
    for (const [name, value] of fields) {
      validateHeaderName(name);
      if (Array.isArray(value) && (name.toLowerCase() === 'cookie' || (value.length > 1 && this._joins?.(name))))
        add(name, value.join('; '));
      else if (Array.isArray(value)) for (const each of value) add(name, each);
      else add(name, value);
    }
    if (this.sendDate && !has.date) text += `Date: ${utcDate()}\r\n`;
    if (this.chunkedEncoding && (this.statusCode === 204 || this.statusCode === 304)) {
      this.chunkedEncoding = false;
      this.shouldKeepAlive = false;
    }
    text += this.#persistence(has) + this.#framing(has);
    this._header = `${text}\r\n`;
    this._headerSent = false;
    // A client that waits for leave sends its head at once.
    if (has.expect) this._send('');
  }

  #note(key: string, value: string, has: Record<string, boolean>): void {
    if (key === 'connection') {
      has.connection = true;
      this._removedConnection = false;
      if (/(?:^|\W)close(?:$|\W)/i.test(value)) this._last = true;
      else this.shouldKeepAlive = true;
    } else if (key === 'transfer-encoding') {
      has.coding = true;
      this._removedTE = false;
      if (/(?:^|\W)chunked(?:$|\W)/i.test(value)) this.chunkedEncoding = true;
    } else if (key === 'content-length') {
      has.length = true;
      this._contentLength = Number(value);
      this._removedContLen = false;
    } else if (key === 'date') has.date = true;
    else if (key === 'expect') has.expect = true;
    else if (key === 'upgrade') has.upgrade = true;
    else if (key === 'keep-alive') has.keepAlive = true;
  }

  #persistence(has: Record<string, boolean>): string {
    if (this._removedConnection) {
      this._last = !this.shouldKeepAlive;
      return '';
    }
    if (has.connection) return '';
    const keeps = this.shouldKeepAlive && (has.length || this.useChunkedEncodingByDefault || this.agent);
    if (keeps && this.maxRequestsOnConnectionReached) return 'Connection: close\r\n';
    if (!keeps) {
      this._last = true;
      return 'Connection: close\r\n';
    }
    const seconds = Math.floor(this._keepAliveTimeout / 1000);
    const timeout = seconds > 0 && !has.keepAlive ? `Keep-Alive: timeout=${seconds}\r\n` : '';
    return `Connection: keep-alive\r\n${timeout}`;
  }

  #framing(has: Record<string, boolean>): string {
    if (has.length || has.coding) return '';
    if (!this._hasBody) {
      this.chunkedEncoding = false;
      return '';
    }
    if (!this.useChunkedEncodingByDefault) {
      this._last = true;
      return '';
    }
    if (!this._trailer && !this._removedContLen && typeof this._contentLength === 'number')
      return `Content-Length: ${this._contentLength}\r\n`;
    if (this._removedTE) {
      this._last = true;
      return '';
    }
    this.chunkedEncoding = true;
    return 'Transfer-Encoding: chunked\r\n';
  }

  addTrailers(trailers: Any): void {
    this._trailer = '';
    for (const [name, value] of Array.isArray(trailers) ? trailers : Object.entries(trailers)) {
      validateHeaderName(name, 'Trailer name');
      validateHeaderValue(name, value);
      this._trailer += `${name}: ${value}\r\n`;
    }
  }
}
