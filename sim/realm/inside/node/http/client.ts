/** `ClientRequest`: one request on one connection (`lib/_http_client.js`). */
import { abortBy } from '../aborting.ts';
import { Buffer } from '../buffer.ts';
import { badType, coded } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';
import { net } from '../net/index.ts';
import { finished } from '../stream.ts';
import { nextTick } from '../ticks.ts';
import { urlToHttpOptions } from '../url.ts';
import { agents } from './agent.ts';
import { Awaited, hangUp } from './awaited.ts';
import { isToken } from './headers.ts';
import { OutgoingMessage } from './outgoing.ts';

const BODILESS = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'];

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
  #reading: Awaited | null = null;

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
    if (options.signal) abortBy(this, options.signal);
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
      this.#reading = new Awaited(this, socket);
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
