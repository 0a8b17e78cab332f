/**
 * `net.Socket`: one end of a connection (`lib/net.js`).
 *
 * Errors carry the codes of Linux, and `end`, `error` and `close` come in Node's order: an error by a tick, a close in a
 * later turn of the loop.
 */
import { abortBy } from '../aborting.ts';
import { Buffer } from '../buffer.ts';
import { FastBuffer } from '../bytes.ts';
import { absent, coded, systemError } from '../errors.ts';
import { type Frame, frame, swap } from '../frame.ts';
import { life } from '../life.ts';
import type { Any, Callback } from '../loose.ts';
import { nextTick } from '../ticks.ts';
import { NOWHERE, normalized, portOf } from './address.ts';
import { Endpoint } from './endpoint.ts';
import { endToo } from './half-open.ts';
import { Outlet, onceConnected, oneOf } from './outlet.ts';
import type { Server } from './server.ts';
import { sockets } from './table.ts';

export class Socket extends Endpoint {
  [key: string]: Any;
  bytesRead = 0;
  server: Any = null;
  _server: Any = null;
  _parent: Any = null;
  _hadError = false;
  _host: string | null = null;
  #handle = 0;
  /** The port that it dials. */
  #target = 0;
  #frame: Frame = frame();
  #reading = false;
  /** The other side has said all: there is nothing more to read. */
  #hasAll = false;
  /** Its own end is under way. */
  #ending = false;
  readonly #outlet = new Outlet();

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
    this.on('end', endToo);
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
    const waits = this.connecting || this.#reading || this.#outlet.isWaiting || this.#ending;
    this._holds(waits && this.#handle !== 0);
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
    this._locate(NOWHERE, this.#target, this.#handle);
    this.emit('connect');
    this.emit('ready');
    if (!this.isPaused()) this.read(0);
  }

  /** Somebody has connected to a server of this process. */
  accepted(handle: number, from: string, port: number, server: Server): void {
    this.#attach(handle);
    this.server = server;
    this._server = server;
    this._locate(from, 40_000 + (Math.abs(handle) % 20_000), handle);
    this.localPort = port;
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
    this.#send(oneOf(chunks), () => this._writev(chunks, done), done);
  }

  #send(bytes: Any, again: Callback, done: Callback): void {
    if (this.connecting) {
      onceConnected(this, again, done);
      return;
    }
    if (this.#handle === 0) {
      done(coded(Error, 'ERR_SOCKET_CLOSED', 'Socket is closed'));
      return;
    }
    this._unrefTimer();
    this.#outlet.write(this.#handle, bytes, done);
    this.#hold();
  }

  /** The kernel has taken all that was written. */
  emptied(): void {
    const done = this.#outlet.emptied();
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

  get _bytesDispatched(): number {
    return this.#outlet.written;
  }
  // ---- the end

  _destroy(error: Error | null, done: Callback): void {
    this.connecting = false;
    this._unwatch();
    const handle = this.#handle;
    const failed = error !== null && error !== undefined;
    if (handle === 0) {
      done(error);
      nextTick(closed, this);
    } else {
      this.#handle = 0;
      this.#reading = false;
      this._holds(true);
      sockets.delete(handle);
      life.host.destroy(handle, this.#resets);
      // The handle is closed in the last phase of this turn of the loop.
      soon(this, () => {
        this._holds(false);
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
