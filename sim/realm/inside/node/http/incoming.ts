/** `IncomingMessage`: a request to a server, or the response to a client's (`lib/_http_incoming.js`). */
import type { Field } from '../../../../../src/http/fields.ts';
import type { Any, Callback } from '../loose.ts';
import { Readable } from '../stream.ts';
import { nextTick } from '../ticks.ts';
import { addField } from './headers.ts';

export class IncomingMessage extends Readable {
  [key: string]: Any;
  httpVersionMajor = 1;
  httpVersionMinor = 1;
  httpVersion = '1.1';
  complete = false;
  rawHeaders: string[] = [];
  rawTrailers: string[] = [];
  aborted = false;
  upgrade: boolean | null = null;
  url = '';
  method: string | null = null;
  statusCode: number | null = null;
  statusMessage: string | null = null;
  joinDuplicateHeaders = false;
  _dumped = false;
  #headers: Any = null;
  #trailers: Any = {};

  constructor(socket?: Any) {
    super({ autoDestroy: true, highWaterMark: socket?.readableHighWaterMark });
    this.socket = socket;
    this.client = socket;
    this._readableState.readingMore = true;
  }

  get connection(): Any {
    return this.socket;
  }
  set connection(socket: Any) {
    this.socket = socket;
  }
  get headers(): Any {
    if (this.#headers === null) {
      this.#headers = {};
      for (let i = 0; i < this.rawHeaders.length; i += 2)
        addField(
          this.#headers,
          this.rawHeaders[i] as string,
          this.rawHeaders[i + 1] as string,
          this.joinDuplicateHeaders,
        );
    }
    return this.#headers;
  }
  set headers(headers: Any) {
    this.#headers = headers;
  }
  get headersDistinct(): Any {
    const distinct: Any = Object.create(null);
    for (let i = 0; i < this.rawHeaders.length; i += 2) {
      const key = (this.rawHeaders[i] as string).toLowerCase();
      distinct[key] ??= [];
      distinct[key].push(this.rawHeaders[i + 1]);
    }
    return distinct;
  }
  get trailers(): Any {
    return this.#trailers;
  }
  set trailers(trailers: Any) {
    this.#trailers = trailers;
  }

  /** Its head, as it was read. */
  headed(minor: number, fields: readonly Field[]): void {
    this.httpVersionMinor = minor;
    this.httpVersion = `1.${minor}`;
    for (const [name, value] of fields) this.rawHeaders.push(name, value);
  }

  setTimeout(after: number, callback?: Callback): this {
    if (callback !== undefined) this.on('timeout', callback);
    this.socket.setTimeout(after);
    return this;
  }

  _read(): void {
    if (!this.#consuming) {
      this._readableState.readingMore = false;
      this.#consuming = true;
    }
    if (this.socket?.readable) this.socket.resume();
  }
  #consuming = false;
  get _consuming(): boolean {
    return this.#consuming;
  }

  _destroy(error: Error | null, done: Callback): void {
    if (!this.readableEnded || !this.complete) {
      this.aborted = true;
      this.emit('aborted');
    }
    // An error of a message is told to those who listen for it, and to nobody else.
    const told = (why: unknown): void => nextTick(() => done(this.listenerCount('error') === 0 ? null : why));
    // A connection goes with a message that was not read to its end.
    const { socket } = this;
    if (!socket || socket.destroyed || !this.aborted) told(error);
    else {
      socket.destroy(error);
      if (socket.closed) told(error);
      else socket.once('close', () => told(error));
    }
  }

  /** Nobody reads it: it is taken, so that what follows on its connection can be. */
  _dump(): void {
    if (this._dumped) return;
    this._dumped = true;
    this.resume();
  }
  _dumpAndCloseReadable(): void {
    this._dumped = true;
    this._readableState.ended = true;
    this._readableState.endEmitted = true;
    this._readableState.destroyed = true;
    this._readableState.closed = true;
    this._readableState.closeEmitted = true;
  }
}
