/**
 * `net`: TCP, whose kernel is the world (`lib/net.js`).
 *
 * What is written counts as sent as long as the kernel surely has room for it; beyond that the world is asked, so `write`,
 * `drain` and `bufferedAmount` of whoever stands on it say what they say in Node. Errors carry the codes of Linux, and
 * `end`, `error` and `close` come in Node's order: an error by a tick, a close in a later turn of the loop.
 */
import { Buffer } from './buffer.ts';
import { FastBuffer, joined, sortOf } from './bytes.ts';
import { absent, badType, coded, outOfRange, systemError } from './errors.ts';
import { EventEmitter } from './events.ts';
import { type Frame, frame, swap } from './frame.ts';
import { life } from './life.ts';
import type { Any, Callback } from './loose.ts';
import { Ref } from './refs.ts';
import { Duplex } from './stream.ts';
import { nextTick } from './ticks.ts';
import { setTimeout, type Timeout } from './timers.ts';

/** What a kernel takes of one connection before it has to say whether it has room for more. */
const SURE_ROOM = 128 * 1024;

/** Sockets that the kernel knows, by their handle. */
const sockets = new Map<number, Socket>();
const servers = new Map<number, Server>();

/** Where everybody is: a realm has names, no addresses. */
const NOWHERE = '127.0.0.1';

export class Socket extends Duplex {
  [key: string]: Any;
  connecting = false;
  bytesRead = 0;
  server: Any = null;
  _server: Any = null;
  _parent: Any = null;
  _hadError = false;
  _host: string | null = null;
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  remoteFamily: string | undefined;
  localAddress: string | undefined;
  localPort: number | undefined;
  localFamily: string | undefined;
  timeout = 0;
  #handle = 0;
  /** The port that it dials. */
  #target = 0;
  readonly #ref = new Ref();
  #frame: Frame = frame();
  #reading = false;
  /** The other side has said all: there is nothing more to read. */
  #hasAll = false;
  /** Its own end is under way. */
  #ending = false;
  #written = 0;
  /** What was written since the kernel surely had room, and who waits for it to say so. */
  #unsure = 0;
  #waiting: Callback | null = null;
  #idle: Timeout | null = null;

  constructor(options: Any = {}) {
    super({
      ...(typeof options === 'object' ? options : {}),
      allowHalfOpen: Boolean(options?.allowHalfOpen),
      emitClose: false,
      autoDestroy: true,
      decodeStrings: false,
      read: undefined,
      write: undefined,
      writev: undefined,
      final: undefined,
      destroy: undefined,
    });
    this.on('end', ended);
    if (options?.handle) this.#attach(options.handle);
    if (options?.signal) abortBy(this, options.signal);
  }

  /** The kernel has it: its handle says which. */
  #attach(handle: number): void {
    this.#handle = handle;
    sockets.set(handle, this);
    this.#hold();
  }
  /** A kernel waits for a socket that connects, reads, or has something to write; one that does none of it holds nobody. */
  #hold(): void {
    this.#ref.active =
      this.#handle !== 0 && (this.connecting || this.#reading || this.#waiting !== null || this.#ending);
  }
  get _handle(): Any {
    return this.#handle === 0 ? null : this;
  }

  // ---- connecting

  connect(...args: Any[]): this {
    const [options, callback] = normalized(args);
    if (options.path) throw absent(`a connection to the local socket ${options.path}`);
    if (options.port === undefined && options.host === undefined)
      throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "options" or "port" or "path" argument must be specified');
    const port = portOf(options.port, 'options.port');
    if (callback !== null) this.once('connect', callback);
    if (this.destroyed) {
      this._undestroy();
      this.#handle = 0;
    }
    this.connecting = true;
    this.writable = true;
    this._host = String(options.host ?? 'localhost');
    this.#target = port;
    if (options.noDelay) this.setNoDelay();
    if (options.timeout) this.setTimeout(options.timeout);
    this.#attach(life.handle());
    life.host.connect(this.#handle, this._host, port);
    return this;
  }

  /** The kernel says: it is there. */
  opened(): void {
    if (this.destroyed) return;
    this.connecting = false;
    this.#hold();
    this.#locate(NOWHERE, this.#target);
    this.emit('connect');
    this.emit('ready');
    if (!this.isPaused()) this.read(0);
  }

  /** Somebody has connected to a server of this process. */
  accepted(handle: number, from: string, port: number, server: Server): void {
    this.#attach(handle);
    this.server = server;
    this._server = server;
    this.#locate(from, 40_000 + (Math.abs(handle) % 20_000));
    this.localPort = port;
  }

  #locate(address: string, port: number): void {
    this.remoteAddress = address;
    this.remotePort = port;
    this.remoteFamily = 'IPv4';
    this.localAddress = NOWHERE;
    this.localPort ??= 40_000 + (Math.abs(this.#handle) % 20_000);
    this.localFamily = 'IPv4';
  }

  get pending(): boolean {
    return this.#handle === 0 || this.connecting;
  }
  get readyState(): string {
    if (this.connecting) return 'opening';
    if (this.readable && this.writable) return 'open';
    if (this.readable) return 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  // ---- reading

  _read(): void {
    if (this.connecting || this.#handle === 0) this.once('connect', () => this._read());
    else if (!this.#reading && !this.#hasAll) {
      this.#reading = true;
      this.#hold();
      life.host.read(this.#handle, true);
    }
  }
  #stopReading(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.#hold();
    life.host.read(this.#handle, false);
  }
  pause(): this {
    if (this.#handle !== 0 && !this.connecting) this.#stopReading();
    return super.pause();
  }
  resume(): this {
    if (this.#handle !== 0 && !this.connecting && !this.#reading) this._read();
    return super.resume();
  }
  read(size?: number): Any {
    if (this.#handle !== 0 && !this.connecting && !this.#reading) this._read();
    return super.read(size);
  }

  /** Bytes have come. */
  took(bytes: Uint8Array): void {
    if (this.destroyed) return;
    this._unrefTimer();
    this.bytesRead += bytes.length;
    if (!this.push(new FastBuffer(bytes))) this.#stopReading();
  }

  /** The other side has ended its stream. */
  finished(): void {
    if (this.destroyed) return;
    this.#hasAll = true;
    this.#stopReading();
    this.push(null);
    this.read(0);
  }

  // ---- writing

  _write(data: Any, encoding: string, done: Callback): void {
    this.#send(
      typeof data === 'string' ? Buffer.from(data, encoding) : data,
      () => this._write(data, encoding, done),
      done,
    );
  }
  _writev(chunks: { chunk: Any; encoding: string }[], done: Callback): void {
    const pieces = chunks.map(({ chunk, encoding }) =>
      typeof chunk === 'string' && sortOf(encoding) !== 'utf8' ? Buffer.from(chunk, encoding) : chunk,
    );
    this.#send(joined(pieces), () => this._writev(chunks, done), done);
  }

  #send(bytes: Any, again: Callback, done: Callback): void {
    if (this.connecting) {
      const failed = (): void =>
        done(
          coded(Error, 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION', 'Socket closed before the connection was established'),
        );
      this.once('connect', () => {
        this.off('close', failed);
        again();
      });
      this.once('close', failed);
      return;
    }
    if (this.#handle === 0) {
      done(coded(Error, 'ERR_SOCKET_CLOSED', 'Socket is closed'));
      return;
    }
    this._unrefTimer();
    this.#written += bytes.length;
    life.host.write(this.#handle, bytes);
    this.#unsure += bytes.length;
    if (this.#unsure <= SURE_ROOM) done();
    else {
      this.#waiting = done;
      this.#hold();
      life.host.room(this.#handle);
    }
  }

  /** The kernel has taken all that was written. */
  emptied(): void {
    const done = this.#waiting;
    this.#waiting = null;
    this.#hold();
    if (done !== null && !this.destroyed) done();
  }

  _final(done: Callback): void {
    if (this.connecting) {
      this.once('connect', () => this._final(done));
      return;
    }
    if (this.#handle === 0) {
      done();
      return;
    }
    life.host.end(this.#handle);
    this.#ending = true;
    this.#hold();
    // `uv_shutdown` answers in a later turn of the loop.
    soon(this, () => {
      this.#ending = false;
      this.#hold();
      done();
    });
  }

  get bytesWritten(): number {
    let bytes = this.#written;
    for (const entry of this._writableState.getBuffer?.() ?? []) bytes += entry.chunk.length;
    return bytes;
  }
  get _bytesDispatched(): number {
    return this.#written;
  }
  get bufferSize(): number | undefined {
    return this.#handle === 0 ? undefined : this.writableLength;
  }

  // ---- the end

  _destroy(error: Error | null, done: Callback): void {
    this.connecting = false;
    this.#idle?.close();
    this.#idle = null;
    const handle = this.#handle;
    const failed = error !== null && error !== undefined;
    if (handle === 0) {
      done(error);
      nextTick(closed, this);
    } else {
      this.#handle = 0;
      this.#reading = false;
      this.#ref.active = true;
      sockets.delete(handle);
      life.host.destroy(handle, this.#resets);
      // The handle is closed in the last phase of this turn of the loop.
      soon(this, () => {
        this.#ref.active = false;
        this.emit('close', failed);
      });
      done(error);
    }
    const server = this._server;
    if (server !== null) {
      this._server = null;
      server.left(this);
    }
  }
  #resets = false;
  resetAndDestroy(): this {
    if (this.#handle === 0) this.destroy(coded(Error, 'ERR_SOCKET_CLOSED', 'Socket is closed'));
    else if (this.connecting) this.once('connect', () => this.resetAndDestroy());
    else {
      this.#resets = true;
      this.destroy();
    }
    return this;
  }
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** The kernel has lost it: `code` says how. */
  lost(code: string): void {
    if (this.destroyed) return;
    const error = this.connecting
      ? systemError(code, 'connect', this._host ?? NOWHERE, this.#target)
      : systemError(code, code === 'EPIPE' ? 'write' : 'read');
    this.destroy(error);
  }

  // ---- the rest

  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(after: number, callback?: Callback): this {
    if (typeof after !== 'number') throw badType('msecs', 'of type number', after);
    this.timeout = after;
    this.#idle?.close();
    this.#idle = null;
    if (after > 0) this.#watch();
    if (callback !== undefined) {
      if (after > 0) this.once('timeout', callback);
      else this.removeListener('timeout', callback);
    }
    return this;
  }
  #watch(): void {
    this.#idle = setTimeout(() => {
      this.emit('timeout');
    }, this.timeout).unref();
  }
  /** Something has happened on it: its time of silence begins anew. */
  _unrefTimer(): void {
    this.#idle?.refresh();
  }
  ref(): this {
    this.#ref.counts = true;
    return this;
  }
  unref(): this {
    this.#ref.counts = false;
    return this;
  }
  address(): Any {
    return this.#handle === 0 || this.connecting ? {} : { address: NOWHERE, family: 'IPv4', port: this.localPort };
  }

  /** Runs what the kernel brings in the frame of who made the socket. */
  inFrame(run: () => void): void {
    const before = swap(this.#frame);
    life.task(run);
    swap(before);
  }
  get name(): string {
    return this.server === null
      ? `a connection to ${this._host}:${this.#target}`
      : `a connection from ${this.remoteAddress}`;
  }
}

/** Later in this turn of the loop, behind what else happens now. */
function soon(socket: Socket, run: () => void): void {
  life.schedule({ run: () => socket.inFrame(run) }, 0);
}

const closed = (socket: Socket): void => {
  socket.emit('close', false);
};

/** Once the other side has said all, this one has nothing more to say, unless it may be half open. */
function ended(this: Socket): void {
  if (!this.allowHalfOpen) this.write = afterEnd;
}
function afterEnd(this: Socket, _data: unknown, encoding?: unknown, callback?: unknown): boolean {
  const done = typeof encoding === 'function' ? encoding : callback;
  const error = coded(Error, 'EPIPE', 'This socket has been ended by the other party');
  if (typeof done === 'function') nextTick(done as Callback, error);
  this.destroy(error);
  return false;
}

function abortBy(what: Any, signal: Any): void {
  const abort = (): void => {
    const error = coded(Error, 'ABORT_ERR', 'The operation was aborted') as Any;
    error.name = 'AbortError';
    error.cause = signal.reason;
    what.destroy(error);
  };
  if (signal.aborted) nextTick(abort);
  else signal.addEventListener('abort', abort, { once: true });
}

function portOf(port: Any, name: string): number {
  const number = typeof port === 'string' && port.trim() !== '' ? Number(port) : port;
  if (typeof number !== 'number') throw badType(name, 'one of type number or string', port);
  if (!(Number.isInteger(number) && number >= 0 && number < 65_536))
    throw coded(
      RangeError,
      'ERR_SOCKET_BAD_PORT',
      `${name} should be >= 0 and < 65536. Received type ${typeof port} (${port}).`,
    );
  return number;
}

/** What may be handed to `connect` and `listen`: options, or a port (and a host), or a path; then a callback. */
function normalized(args: Any[]): [Any, Callback | null] {
  const list = Array.isArray(args[0]) ? args[0] : args;
  const [first, second] = list;
  const last = list.at(-1);
  const callback = typeof last === 'function' ? last : null;
  if (typeof first === 'object' && first !== null) return [first, callback];
  if (typeof first === 'string' && !/^\d+$/.test(first)) return [{ path: first }, callback];
  const options: Any = typeof first === 'function' ? {} : { port: first };
  if (typeof second === 'string') options.host = second;
  return [options, callback];
}

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

// ---- what the kernel brings

export const kernel = {
  connection(handle: number, port: number, from: string): void {
    const server = servers.get(port);
    if (server === undefined) life.host.destroy(handle, true);
    else life.task(() => server.accept(handle, port, from));
  },
  connected: (handle: number): void => told(handle, (socket) => socket.opened()),
  data: (handle: number, bytes: Uint8Array): void => told(handle, (socket) => socket.took(bytes)),
  drained: (handle: number): void => told(handle, (socket) => socket.emptied()),
  ended: (handle: number): void => told(handle, (socket) => socket.finished()),
  closed: (handle: number, error: string): void => told(handle, (socket) => socket.lost(error || 'ECONNRESET')),
};

function told(handle: number, run: (socket: Socket) => void): void {
  const socket = sockets.get(handle);
  if (socket !== undefined) socket.inFrame(() => run(socket));
}

export const held = (): string[] => [
  ...[...sockets.values()].map(({ name }) => name),
  ...[...servers.keys()].map((port) => `a server on port ${port}`),
];

// ---- the module

const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const isIPv4 = (text: unknown): boolean => V4.test(String(text));
const isIPv6 = (text: unknown): boolean => /^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*(?:%\w+)?$/i.test(String(text));

const connect = (...args: Any[]): Socket => {
  const [options] = normalized(args);
  const socket = new Socket(options);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket.connect(...args);
};

export const net: Any = {
  Socket: callable(Socket),
  Stream: Socket,
  Server: callable(Server),
  connect,
  createConnection: connect,
  createServer: (options?: Any, listener?: Callback) => new Server(options, listener),
  isIP: (text: unknown) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0),
  isIPv4,
  isIPv6,
  getDefaultAutoSelectFamily: () => true,
  setDefaultAutoSelectFamily() {},
  getDefaultAutoSelectFamilyAttemptTimeout: () => 250,
  setDefaultAutoSelectFamilyAttemptTimeout() {},
  BlockList: class {
    constructor() {
      throw absent('net.BlockList');
    }
  },
};

/** Old code calls Node's constructors without `new`, or from a constructor of its own. */
export function callable<T extends new (...args: Any[]) => Any>(kind: T): T {
  return new Proxy(kind, { apply: (target, _self, args) => new target(...args) });
}

export { normalized, outOfRange };
export default net;
