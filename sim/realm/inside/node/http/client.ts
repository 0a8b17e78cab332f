/** `ClientRequest`: one request on one connection (`lib/_http_client.js`). */
import type { Field } from '../../../../../src/http/fields.ts';
import type { StatusLine } from '../../../../../src/http/head.ts';
import { Buffer } from '../buffer.ts';
import { badType, coded } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';
import { net } from '../net/index.ts';
import { finished } from '../stream.ts';
import { nextTick } from '../ticks.ts';
import { urlToHttpOptions } from '../url.ts';
import { agents } from './agent.ts';
import { isToken, lists } from './headers.ts';
import { IncomingMessage } from './incoming.ts';
import { OutgoingMessage } from './outgoing.ts';
import { Reader, type Sink, type Verdict } from './reader.ts';

const BODILESS = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'];

const hangUp = (what = 'socket hang up'): Error => coded(Error, 'ECONNRESET', what);

function hostOf(host: unknown, name: string): string | undefined {
  if (host !== null && host !== undefined && typeof host !== 'string')
    throw badType(`options.${name}`, 'of type string or one of undefined or null', host);
  return host || undefined;
}

/** What `request` and `get` take: a URL, options, a callback, each of them or not. */
export function merged(input: Any, options: Any, callback: Any): [Any, Callback | undefined] {
  const isUrl = input instanceof (globalThis as Any).URL;
  const first =
    typeof input === 'string'
      ? urlToHttpOptions(new (globalThis as Any).URL(input))
      : isUrl
        ? urlToHttpOptions(input)
        : null;
  if (first === null) return [Object.assign({}, input), options];
  if (typeof options === 'function') return [first, options];
  return [Object.assign(first, options), callback];
}

export class ClientRequest extends OutgoingMessage {
  #error: Any = undefined;
  #reading: Response | null = null;

  constructor(input: Any, second?: Any, third?: Any) {
    super();
    const [options, callback] = merged(input, second, third);
    const base = options._defaultAgent || agents.global;
    let { agent } = options;
    if (agent === false) agent = new base.constructor();
    else if (agent === null || agent === undefined) {
      if (typeof options.createConnection !== 'function') agent = base;
    } else if (typeof agent.addRequest !== 'function')
      throw badType('options.agent', 'one of Agent-like Object, undefined, or false', agent);
    this.agent = agent;
    const protocol = options.protocol || base.protocol;
    const expected = agent?.protocol || base.protocol;
    if (options.path && /[^\u0021-\u00ff]/.test(String(options.path)))
      throw coded(TypeError, 'ERR_UNESCAPED_CHARACTERS', 'Request path contains unescaped characters');
    if (protocol !== expected)
      throw coded(TypeError, 'ERR_INVALID_PROTOCOL', `Protocol "${protocol}" not supported. Expected "${expected}"`);
    const defaultPort = options.defaultPort || agent?.defaultPort;
    const port = options.port || defaultPort || 80;
    const host = hostOf(options.hostname, 'hostname') || hostOf(options.host, 'host') || 'localhost';
    const its = { ...options, port, host };
    if (options.timeout !== undefined) this.timeout = options.timeout;
    if (options.signal) this.#abortBy(options.signal);
    delete its.signal;
    const { method = 'GET' } = options;
    if (method !== null && typeof method !== 'string') throw badType('options.method', 'of type string', method);
    if (method && !isToken(method))
      throw coded(TypeError, 'ERR_INVALID_HTTP_TOKEN', `Method must be a valid HTTP token ["${method}"]`);
    this.method = (method || 'GET').toUpperCase();
    this.path = options.path || '/';
    if (callback) this.once('response', callback);
    this.useChunkedEncodingByDefault = !BODILESS.includes(this.method);
    Object.assign(this, {
      _ended: false,
      res: null,
      aborted: false,
      timeoutCb: null,
      upgradeOrConnect: false,
      parser: null,
      reusedSocket: false,
      host,
      protocol,
      joinDuplicateHeaders: options.joinDuplicateHeaders,
      socketPath: options.socketPath,
    });
    if (agent) {
      const keeps = agent.keepAlive || Number.isFinite(agent.maxSockets);
      this._last = !keeps;
      this.shouldKeepAlive = keeps;
    }
    this.#setFields(options, host, port, defaultPort);
    this.#connect(its);
  }

  #abortBy(signal: Any): void {
    const abort = (): void => {
      const error = coded(Error, 'ABORT_ERR', 'The operation was aborted') as Any;
      error.name = 'AbortError';
      error.cause = signal.reason;
      this.destroy(error);
    };
    if (signal.aborted) nextTick(abort);
    else signal.addEventListener('abort', abort, { once: true });
  }

  #setFields(options: Any, host: string, port: Any, defaultPort: Any): void {
    const { headers } = options;
    if (Array.isArray(headers)) {
      const list: [string, Any][] = [];
      if (Array.isArray(headers[0])) list.push(...(headers as [string, Any][]));
      else for (let i = 0; i < headers.length; i += 2) list.push([headers[i], headers[i + 1]]);
      this._storeHeader(`${this.method} ${this.path} HTTP/1.1\r\n`, list);
      return;
    }
    for (const name of Object.keys(headers ?? {})) this.setHeader(name, headers[name]);
    if (!this.getHeader('host') && (options.setHost ?? true)) {
      const isV6 = host.indexOf(':') >= 0 && host.indexOf(':') !== host.lastIndexOf(':') && !host.startsWith('[');
      const name = isV6 ? `[${host}]` : host;
      this.setHeader('Host', port && Number(port) !== defaultPort ? `${name}:${port}` : name);
    }
    if (options.auth && !this.getHeader('Authorization'))
      this.setHeader('Authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`);
    if (this.getHeader('expect')) this._implicitHeader();
  }

  #connect(options: Any): void {
    if (this.agent) {
      this.agent.addRequest(this, options);
      return;
    }
    this._last = true;
    this.shouldKeepAlive = false;
    const its = { ...options, path: options.socketPath || undefined };
    if (typeof its.createConnection !== 'function') {
      this.onSocket(net.createConnection(its));
      return;
    }
    let told = false;
    const created = (error: unknown, socket?: Any): void => {
      if (told) return;
      told = true;
      if (error) nextTick(() => this.#fail(error));
      else this.onSocket(socket);
    };
    try {
      const socket = its.createConnection(its, created);
      if (socket) created(null, socket);
    } catch (error) {
      created(error);
    }
  }

  override _implicitHeader(): void {
    if (this._header !== null)
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot render headers after they are sent to the client');
    this._storeHeader(`${this.method} ${this.path} HTTP/1.1\r\n`, this._fieldList());
  }

  /** An error of its connection, told once. */
  #fail(error: unknown): void {
    this.emit('error', error);
  }
  failed(error: unknown): void {
    this.socket._hadError = true;
    this.#fail(error);
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    nextTick(() => this.emit('abort'));
    this.destroy();
  }
  override destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.res?._dump();
    this.#error = error;
    this.socket?.destroy(error);
    return this;
  }

  onSocket(socket: Any, error?: unknown): void {
    nextTick(() => this.#begin(socket, error));
  }
  #begin(socket: Any, error: Any): void {
    if (!this.destroyed && !error) {
      this.#reading = new Response(this, socket);
      this.emit('socket', socket);
      this._flush();
      return;
    }
    this.destroyed = true;
    const over = (why: unknown): void => {
      if (why) this.#fail(why);
      else if (!this.aborted) this.#fail(hangUp());
      else this.#fail(hangUp());
      this._closed = true;
      this.emit('close');
    };
    if (!socket) over(error || this.#error);
    else if (!error && this.agent && !socket.destroyed) {
      socket.emit('free');
      over(this.#error);
    } else
      finished(socket.destroy(error || this.#error), (why: Any) =>
        over((why?.code === 'ERR_STREAM_PREMATURE_CLOSE' ? null : why) || error),
      );
  }

  /** Its connection says nothing for that long. */
  override setTimeout(after: number, callback?: Callback): this {
    if (this._ended) return this;
    this.listenTimeout();
    if (callback !== undefined) this.once('timeout', callback);
    const set = (socket: Any): void => {
      if (socket.connecting) socket.once('connect', () => socket.setTimeout(after));
      else socket.setTimeout(after);
    };
    if (this.socket) set(this.socket);
    else this.once('socket', set);
    return this;
  }
  listenTimeout(): void {
    if (this.timeoutCb) return;
    this.timeoutCb = () => this.emit('timeout');
    const { timeoutCb } = this;
    if (this.socket) this.socket.once('timeout', timeoutCb);
    else this.on('socket', (socket: Any) => socket.once('timeout', timeoutCb));
  }
  setNoDelay(on?: boolean): void {
    this.#withSocket((socket) => socket.setNoDelay(on));
  }
  setSocketKeepAlive(on?: boolean, after?: number): void {
    this.#withSocket((socket) => socket.setKeepAlive(on, after));
  }
  #withSocket(run: (socket: Any) => void): void {
    if (this.socket) run(this.socket);
    else this.once('socket', run);
  }
  clearTimeout(callback?: Callback): void {
    this.setTimeout(0, callback);
  }
  get reading(): unknown {
    return this.#reading;
  }
}

/** The end of a connection on which a request waits for its response. */
class Response implements Sink {
  readonly #request: Any;
  readonly #socket: Any;
  readonly #reader: Reader;
  #incoming: Any = null;
  #isOver = false;

  constructor(request: Any, socket: Any) {
    this.#request = request;
    this.#socket = socket;
    this.#reader = new Reader('response', this);
    request.socket = socket;
    request.parser = this;
    socket.parser = this;
    socket._httpMessage = request;
    socket.on('error', this.#onError);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
    socket.on('drain', this.#onDrain);
    if (request.timeout !== undefined || request.agent?.options?.timeout) request.listenTimeout();
  }
  get method(): string {
    return this.#request.method;
  }

  // ---- what the connection brings

  readonly #onData = (bytes: Any): void => {
    const taken = this.#reader.execute(bytes);
    const socket = this.#socket;
    if (taken instanceof Error) {
      (taken as Any).rawPacket = bytes;
      this.#letGo();
      socket.destroy();
      this.#request.failed(taken);
    } else if (this.#reader.isSwitched) this.#switch(bytes.slice(taken));
    else if (this.#isOver) this.#letGo();
  };
  readonly #onEnd = (): void => {
    const request = this.#request;
    if (request.res === null && !this.#socket._hadError) request.failed(hangUp());
    this.#finish();
    this.#socket.destroy();
  };
  readonly #onClose = (): void => {
    const request = this.#request;
    const { res } = request;
    request.destroyed = true;
    if (res !== null) {
      if (!res.complete) res.destroy(hangUp('aborted'));
      request._closed = true;
      request.emit('close');
      if (!res.aborted && res.readable) res.push(null);
    } else {
      if (!this.#socket._hadError) request.failed(hangUp());
      request._closed = true;
      request.emit('close');
    }
    request.outputData.length = 0;
    this.#finish();
  };
  readonly #onError = (error: unknown): void => {
    this.#request.failed(error);
    this.#finish();
    this.#socket.removeListener('data', this.#onData);
    this.#socket.removeListener('end', this.#onEnd);
    this.#socket.destroy();
  };
  readonly #onDrain = (): void => {
    const request = this.#request;
    if (!request.finished) request.drained();
  };
  readonly #onTimeout = (): void => {
    this.#request.res?.emit('timeout');
  };
  /** Nothing more comes: a body without a length is whole now. */
  #finish(): void {
    if (!this.#isOver) this.#reader.finish();
    this.#socket.parser = null;
  }
  #letGo(): void {
    const socket = this.#socket;
    socket.removeListener('data', this.#onData);
    socket.removeListener('end', this.#onEnd);
    socket.removeListener('drain', this.#onDrain);
    socket.parser = null;
  }

  #switch(head: Any): void {
    const request = this.#request;
    const socket = this.#socket;
    request.res = this.#incoming;
    this.#letGo();
    if (request.timeoutCb) socket.removeListener('timeout', request.timeoutCb);
    socket.removeListener('timeout', this.#onTimeout);
    const event = request.method === 'CONNECT' ? 'connect' : 'upgrade';
    if (request.listenerCount(event) === 0) {
      socket.destroy();
      return;
    }
    request.upgradeOrConnect = true;
    socket.emit('agentRemove');
    socket.removeListener('close', this.#onClose);
    socket.removeListener('error', this.#onError);
    socket._httpMessage = null;
    socket.readableFlowing = null;
    request.emit(event, this.#incoming, socket, head);
    request.destroyed = true;
    request._closed = true;
    request.emit('close');
  }

  // ---- what the reader tells

  head(start: StatusLine, fields: readonly Field[]): Verdict {
    const request = this.#request;
    if (request.res !== null) {
      // A second response to one request.
      this.#socket.destroy();
      return 'none';
    }
    const response = new IncomingMessage(this.#socket) as Any;
    response.joinDuplicateHeaders = Boolean(request.joinDuplicateHeaders);
    response.headed(start.minor, fields);
    response.statusCode = start.status;
    response.statusMessage = start.reason;
    this.#incoming = response;
    const { status } = start;
    if (status === 101 || request.method === 'CONNECT') {
      response.upgrade = true;
      request.res = response;
      return 'switch';
    }
    if (status < 200) {
      this.#incoming = null;
      if (status === 100) request.emit('continue');
      const { statusMessage, httpVersion, headers, rawHeaders } = response;
      request.emit('information', {
        statusCode: status,
        statusMessage,
        httpVersion,
        httpVersionMajor: 1,
        httpVersionMinor: start.minor,
        headers,
        rawHeaders,
      });
      return 'none';
    }
    request.res = response;
    response.req = request;
    if (!this.#keepsAlive(response)) request.shouldKeepAlive = false;
    response.on('end', () => this.#ended());
    request.on('finish', () => {
      if (request.shouldKeepAlive && request._ended) this.#free();
    });
    this.#socket.on('timeout', this.#onTimeout);
    if (request.aborted || !request.emit('response', response)) response._dump();
    return 'body';
  }
  body(piece: Any): void {
    const response = this.#incoming;
    if (response === null || response._dumped) return;
    if (!response.push(piece)) this.#socket.pause();
  }
  complete(): void {
    const response = this.#incoming;
    if (response === null) return;
    this.#isOver = true;
    response.complete = true;
    response.push(null);
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  #keepsAlive(response: Any): boolean {
    const { headers, statusCode, httpVersionMinor } = response;
    const hasEnd =
      headers['content-length'] !== undefined ||
      lists(headers['transfer-encoding'], 'chunked') ||
      statusCode === 204 ||
      statusCode === 304 ||
      this.method === 'HEAD';
    if (!hasEnd) return false;
    return httpVersionMinor > 0 ? !lists(headers.connection, 'close') : lists(headers.connection, 'keep-alive');
  }

  /** The response was read to its end. */
  #ended(): void {
    const request = this.#request;
    const socket = this.#socket;
    if (request.timeoutCb) socket.removeListener('timeout', request.timeoutCb);
    socket.removeListener('timeout', this.#onTimeout);
    request._ended = true;
    if (!request.shouldKeepAlive) {
      if (socket.writable) socket.destroySoon();
    } else if (request.writableFinished && !request.aborted) this.#free();
  }
  /** The connection is the agent's again, after everybody has heard of the end. */
  #free(): void {
    const request = this.#request;
    const socket = this.#socket;
    if (request.timeoutCb) {
      socket.setTimeout(0, request.timeoutCb);
      request.timeoutCb = null;
    }
    socket.removeListener('close', this.#onClose);
    socket.removeListener('error', this.#onError);
    socket.removeListener('drain', this.#onDrain);
    this.#letGo();
    nextTick(() => {
      request._closed = true;
      request.emit('close');
      socket.emit('free');
    });
    request.destroyed = true;
    if (request.res) request.res.socket = null;
  }
}
