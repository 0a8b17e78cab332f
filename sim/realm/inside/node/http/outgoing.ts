/**
 * `OutgoingMessage`: what a response and a request have in common (`lib/_http_outgoing.js`): behind the head a body of known
 * length, in chunks, or up to the end of the connection.
 */
import { Buffer } from '../buffer.ts';
import { badType, coded } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';
import { nextTick } from '../ticks.ts';
import { OutgoingHead } from './outgoing-head.ts';

const NOTHING: Callback = () => {};

/** Something to write once there is a connection. */
interface Waiting {
  readonly data: Any;
  readonly encoding: Any;
  readonly callback: Callback | null;
}

const uncork = (socket: Any): void => socket.uncork();

export class OutgoingMessage extends OutgoingHead {
  [key: string]: Any;
  outputData: Waiting[] = [];
  outputSize = 0;
  writable = true;
  destroyed = false;
  _defaultKeepAlive = true;
  strictContentLength = false;
  finished = false;
  _closed = false;
  _onPendingData: Callback = NOTHING;
  socket: Any = null;
  #corked = 0;
  #needsDrain = false;
  #failed: unknown = null;

  // ---- the body

  write(chunk: Any, encoding?: Any, callback?: Any): boolean {
    const done = typeof encoding === 'function' ? encoding : callback;
    return this.#body(chunk, typeof encoding === 'function' ? undefined : encoding, done, false);
  }

  #body(chunk: Any, encoding: Any, callback: Any, fromEnd: boolean): boolean {
    const done: Callback = typeof callback === 'function' ? callback : NOTHING;
    if (chunk === null) throw coded(TypeError, 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream');
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      throw badType('chunk', 'of type string or an instance of Buffer or Uint8Array', chunk);
    const length = typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length;
    if (this.finished) return this.#refuse(coded(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end'), done);
    if (this.destroyed)
      return this.#refuse(coded(Error, 'ERR_STREAM_DESTROYED', 'Cannot call write after a stream was destroyed'), done);
    if (this._header === null) {
      if (fromEnd) this._contentLength ??= length;
      this._implicitHeader();
    }
    if (!this._hasBody) {
      nextTick(done);
      return true;
    }
    if (!fromEnd && this.socket && !this.socket.writableCorked) {
      this.socket.cork();
      nextTick(uncork, this.socket);
    }
    let sent: boolean;
    if (this.chunkedEncoding && length > 0) {
      this._send(length.toString(16), 'latin1');
      this._send('\r\n', 'latin1');
      this._send(chunk, encoding);
      sent = this._send('\r\n', 'latin1', done);
    } else sent = this._send(chunk, encoding, done);
    if (!sent) this.#needsDrain = true;
    return sent;
  }

  #refuse(error: Error, done: Callback): boolean {
    if (this.destroyed) nextTick(done, error);
    else
      nextTick(() => {
        if (this._closed) return;
        done(error);
        this.emit('error', error);
      });
    return false;
  }

  /** Writes, behind the head if that was not sent yet. */
  _send(data: Any, encoding?: Any, callback?: Callback): boolean {
    if (!this._headerSent && this._header !== null) {
      this._headerSent = true;
      if (
        typeof data === 'string' &&
        (encoding === undefined || encoding === null || /^(utf-?8|latin1|binary)$/i.test(encoding)) &&
        !/[^\0-\x7f]/.test(this._header)
      )
        data = this._header + data;
      else this.#raw(this._header, 'latin1', null);
    }
    return this.#raw(data, encoding, callback ?? null);
  }

  #raw(data: Any, encoding: Any, callback: Callback | null): boolean {
    const { socket } = this;
    if (socket && socket._httpMessage === this && socket.writable) {
      if (this.outputData.length > 0) this._flushOutput(socket);
      return socket.write(data, encoding, callback);
    }
    if (socket?.destroyed) return false;
    this.outputData.push({ data, encoding, callback });
    this.outputSize += data.length;
    this._onPendingData(data.length);
    return this.outputSize < this.writableHighWaterMark;
  }

  _flush(): void {
    const { socket } = this;
    if (!socket?.writable) return;
    const wasFull = this._flushOutput(socket);
    if (this.finished) this._finish();
    else if (wasFull && this.#needsDrain) {
      this.#needsDrain = false;
      this.emit('drain');
    }
  }
  _flushOutput(socket: Any): boolean {
    let taken = true;
    const waiting = this.outputData;
    if (waiting.length === 0) return taken;
    while (this.#corked > 0) {
      this.#corked--;
      socket.cork();
    }
    socket.cork();
    for (const { data, encoding, callback } of waiting) taken = socket.write(data, encoding, callback);
    socket.uncork();
    this.outputData = [];
    this._onPendingData(-this.outputSize);
    this.outputSize = 0;
    return taken;
  }

  /** Its connection has room again. */
  drained(): void {
    if (!this.#needsDrain) return;
    this.#needsDrain = false;
    this.emit('drain');
  }

  end(chunk?: Any, encoding?: Any, callback?: Any): this {
    let data = chunk;
    let done = callback;
    let its = encoding;
    if (typeof chunk === 'function') [data, its, done] = [null, null, chunk];
    else if (typeof encoding === 'function') [its, done] = [null, encoding];
    if (data) {
      if (this.finished) {
        this.#refuse(
          coded(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end'),
          typeof done === 'function' ? done : NOTHING,
        );
        return this;
      }
      this.socket?.cork();
      this.#body(data, its, null, true);
    } else if (this.finished) {
      if (typeof done === 'function') {
        if (this.writableFinished)
          nextTick(done, coded(Error, 'ERR_STREAM_ALREADY_FINISHED', 'Cannot call end after a stream was finished'));
        else this.on('finish', done);
      }
      return this;
    } else if (this._header === null) {
      this.socket?.cork();
      this._contentLength = 0;
      this._implicitHeader();
    }
    if (typeof done === 'function') this.once('finish', done);
    const finish = (): void => {
      if (!this.socket?._hadError) this.emit('finish');
    };
    if (this._hasBody && this.chunkedEncoding) this._send(`0\r\n${this._trailer}\r\n`, 'latin1', finish);
    else if (!this._headerSent || this.writableLength || data) this._send('', 'latin1', finish);
    else nextTick(finish);
    if (this.socket) {
      // What was written in one go leaves in one.
      this.socket._writableState.corked = 1;
      this.socket.uncork();
    }
    this.#corked = 0;
    this.finished = true;
    if (this.outputData.length === 0 && this.socket?._httpMessage === this) this._finish();
    return this;
  }

  _finish(): void {
    this.emit('prefinish');
  }

  // ---- as a stream

  cork(): void {
    this.#corked++;
    this.socket?.cork();
  }
  uncork(): void {
    if (this.#corked > 0) this.#corked--;
    this.socket?.uncork();
  }
  get writableCorked(): number {
    return this.#corked;
  }
  get writableEnded(): boolean {
    return this.finished;
  }
  get writableFinished(): boolean {
    return this.finished && this.outputSize === 0 && (!this.socket || this.socket.writableLength === 0);
  }
  get writableLength(): number {
    return this.outputSize + (this.socket?.writableLength ?? 0);
  }
  get writableHighWaterMark(): number {
    return this.socket?.writableHighWaterMark ?? 16_384;
  }
  get writableObjectMode(): boolean {
    return false;
  }
  get writableNeedDrain(): boolean {
    return !this.destroyed && !this.finished && this.#needsDrain;
  }
  get errored(): unknown {
    return this.#failed;
  }
  get closed(): boolean {
    return this._closed;
  }
  get connection(): Any {
    return this.socket;
  }
  set connection(socket: Any) {
    this.socket = socket;
  }
  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.#failed = error ?? null;
    if (this.socket) this.socket.destroy(error);
    else this.once('socket', (socket: Any) => socket.destroy(error));
    return this;
  }
  setTimeout(after: number, callback?: Callback): this {
    if (callback !== undefined) this.on('timeout', callback);
    if (this.socket) this.socket.setTimeout(after);
    else this.once('socket', (socket: Any) => socket.setTimeout(after));
    return this;
  }
  pipe(): void {
    this.emit('error', coded(Error, 'ERR_STREAM_CANNOT_PIPE', 'Cannot pipe, not readable'));
  }
}
