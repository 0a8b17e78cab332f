/** `net.Server`: a port of this process, and who came in by it (`lib/net.js`). */
import { absent, coded, systemError } from '../errors.ts';
import { EventEmitter } from '../events.ts';
import { life } from '../life.ts';
import type { Any, Callback } from '../loose.ts';
import { Ref } from '../refs.ts';
import { nextTick } from '../ticks.ts';
import { NOWHERE, normalized, portOf } from './address.ts';
import { Socket } from './socket.ts';
import { servers } from './table.ts';

export class Server extends EventEmitter {
  [key: string]: Any;
  readonly #options: Any;
  readonly #ref = new Ref();
  #port = 0;
  #host = '0.0.0.0';
  #connections = new Set<Socket>();
  #closing: Callback | null | undefined;
  maxConnections: number | undefined;

  constructor(options?: Any, listener?: Callback) {
    super();
    const its = typeof options === 'function' ? {} : (options ?? {});
    const on = typeof options === 'function' ? options : listener;
    this.#options = its;
    this.allowHalfOpen = Boolean(its.allowHalfOpen);
    this.pauseOnConnect = Boolean(its.pauseOnConnect);
    if (on !== undefined) this.on('connection', on);
  }

  listen(...args: Any[]): this {
    const [options, callback] = normalized(args);
    if (options.path) throw absent(`a server on the local socket ${options.path}`);
    if (this.listening)
      throw coded(Error, 'ERR_SERVER_ALREADY_LISTEN', 'Listen method has been called more than once without closing.');
    if (callback !== null) this.once('listening', callback);
    const port = options.port === undefined ? 0 : portOf(options.port, 'options.port');
    if (options.host) this.#host = options.host;
    const its = port === 0 ? free() : port;
    if (servers.has(its)) {
      nextTick(() => this.emit('error', systemError('EADDRINUSE', 'listen', this.#host, its)));
      return this;
    }
    this.#port = its;
    this.#closing = undefined;
    servers.set(its, this);
    this.#ref.active = true;
    life.host.listen(its);
    if (options.signal) options.signal.addEventListener('abort', () => this.close(), { once: true });
    nextTick(() => {
      if (this.listening) this.emit('listening');
    });
    return this;
  }
  get listening(): boolean {
    return this.#port !== 0;
  }
  address(): Any {
    return this.listening
      ? { address: this.#host === 'localhost' ? NOWHERE : this.#host, family: 'IPv4', port: this.#port }
      : null;
  }
  getConnections(callback: Callback): this {
    nextTick(callback, null, this.#connections.size);
    return this;
  }
  get connections(): number {
    return this.#connections.size;
  }
  close(callback?: Callback): this {
    if (typeof callback === 'function') {
      if (this.listening) this.once('close', callback);
      else this.once('close', () => callback(coded(Error, 'ERR_SERVER_NOT_RUNNING', 'Server is not running.')));
    }
    if (this.listening) {
      servers.delete(this.#port);
      life.host.unlisten(this.#port);
      this.#port = 0;
      this.#ref.active = false;
    }
    this.#closing = null;
    this.#closedIfIdle();
    return this;
  }
  [(Symbol as Any).asyncDispose ?? Symbol.for('nodejs.asyncDispose')](): Promise<void> {
    return new Promise((resolve, reject) => this.close((error: unknown) => (error ? reject(error) : resolve())));
  }
  #closedIfIdle(): void {
    if (this.#closing !== null || this.listening || this.#connections.size > 0) return;
    this.#closing = undefined;
    nextTick(() => this.emit('close'));
  }
  ref(): this {
    this.#ref.counts = true;
    return this;
  }
  unref(): this {
    this.#ref.counts = false;
    return this;
  }

  /** The kernel has accepted a connection. */
  accept(handle: number, port: number, from: string): void {
    if (this.maxConnections !== undefined && this.#connections.size >= this.maxConnections) {
      life.host.destroy(handle, true);
      this.emit('drop', { localPort: port, remoteAddress: from });
      return;
    }
    const socket = new Socket({ allowHalfOpen: this.allowHalfOpen, highWaterMark: this.#options.highWaterMark });
    socket.accepted(handle, from, port, this);
    this.#connections.add(socket);
    if (!this.pauseOnConnect) socket.read(0);
    this.emit('connection', socket);
  }
  left(socket: Socket): void {
    this.#connections.delete(socket);
    this.#closedIfIdle();
  }
}

/** A port that nobody listens on, as a kernel gives one. */
function free(): number {
  let port = 32_768;
  while (servers.has(port)) port++;
  return port;
}
