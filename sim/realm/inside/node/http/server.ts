/** `http.Server` and `ServerResponse` (`lib/_http_server.js`). */
import type { Field } from '../../../../../src/http/fields.ts';
import type { RequestLine } from '../../../../../src/http/head.ts';
import { coded } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';
import { Server as NetServer } from '../net/server.ts';
import { nextTick } from '../ticks.ts';
import { setTimeout, type Timeout } from '../timers.ts';
import { lists, withoutDeflate } from './headers.ts';
import { IncomingMessage } from './incoming.ts';
import { OutgoingMessage } from './outgoing.ts';
import { Reader, type Sink, type Verdict } from './reader.ts';
import { STATUS_CODES } from './status.ts';

export class ServerResponse extends OutgoingMessage {
  statusCode = 200;
  statusMessage: string | undefined = undefined;
  req: Any;
  _sent100 = false;
  _expect_continue = false;

  constructor(request: Any, _options?: Any) {
    super();
    if (request.method === 'HEAD') this._hasBody = false;
    this.req = request;
    this.sendDate = true;
    if (request.httpVersionMajor < 1 || request.httpVersionMinor < 1) {
      this.useChunkedEncodingByDefault = lists(request.headers.te, 'chunked');
      this.shouldKeepAlive = false;
    }
  }
  override _finish(): void {
    super._finish();
  }
  assignSocket(socket: Any): void {
    if (socket._httpMessage) throw coded(Error, 'ERR_HTTP_SOCKET_ASSIGNED', 'Socket already assigned');
    socket._httpMessage = this;
    socket.on('close', socketClosed);
    this.socket = socket;
    this.emit('socket', socket);
    this._flush();
  }
  detachSocket(socket: Any): void {
    socket.removeListener('close', socketClosed);
    socket._httpMessage = null;
    this.socket = null;
  }

  writeContinue(callback?: Callback): void {
    this.#early('HTTP/1.1 100 Continue\r\n\r\n', callback);
    this._sent100 = true;
  }
  writeProcessing(callback?: Callback): void {
    this.#early('HTTP/1.1 102 Processing\r\n\r\n', callback);
  }
  writeEarlyHints(hints: Any, callback?: Callback): void {
    let text = 'HTTP/1.1 103 Early Hints\r\n';
    for (const [name, value] of Object.entries(hints)) text += `${name}: ${[value].flat().join(', ')}\r\n`;
    this.#early(`${text}\r\n`, callback);
  }
  #early(text: string, callback?: Callback): void {
    this.socket?.write(text, 'latin1', callback);
  }

  override _implicitHeader(): void {
    this.writeHead(this.statusCode);
  }
  writeHead(status: Any, reason?: Any, fields?: Any): this {
    if (this._header !== null)
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot write headers after they are sent to the client');
    const code = status | 0;
    if (code < 100 || code > 999)
      throw coded(RangeError, 'ERR_HTTP_INVALID_STATUS_CODE', `Invalid status code: ${status}`);
    const its = typeof reason === 'string' ? fields : (fields ?? reason);
    this.statusMessage = typeof reason === 'string' ? reason : (this.statusMessage ?? STATUS_CODES[code] ?? 'unknown');
    this.statusCode = code;
    let list: (readonly [string, Any])[];
    if (this.getHeaderNames().length > 0) {
      for (const [name, value] of pairs(its)) this.setHeader(name, value);
      list = this._fieldList();
    } else list = pairs(its);
    if (code === 204 || code === 304 || (code >= 100 && code <= 199)) this._hasBody = false;
    if (this._expect_continue && !this._sent100) this.shouldKeepAlive = false;
    if (/[\r\n]/.test(this.statusMessage as string))
      throw coded(TypeError, 'ERR_INVALID_CHAR', 'Invalid character in statusMessage');
    this._storeHeader(`HTTP/1.1 ${code} ${this.statusMessage}\r\n`, list);
    return this;
  }
  writeHeader(status: Any, reason?: Any, fields?: Any): this {
    return this.writeHead(status, reason, fields);
  }
}

/** Fields as an object, as a list of pairs, or as a flat list. */
function pairs(fields: Any): (readonly [string, Any])[] {
  if (!fields) return [];
  if (!Array.isArray(fields)) return Object.entries(fields).filter(([name]) => name !== '');
  if (Array.isArray(fields[0])) return fields;
  if (fields.length % 2 !== 0) throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', "The argument 'headers' is invalid.");
  const list: [string, Any][] = [];
  for (let i = 0; i < fields.length; i += 2) list.push([fields[i], fields[i + 1]]);
  return list;
}

/** A response whose connection is gone. */
function socketClosed(this: Any): void {
  const response = this._httpMessage;
  if (response === null || response === undefined) return;
  response.destroyed = true;
  response._closed = true;
  response.emit('close');
}

export class Server extends NetServer {
  readonly #live = new Set<Connection>();

  constructor(options?: Any, listener?: Callback) {
    const its = typeof options === 'function' ? {} : (options ?? {});
    super({ allowHalfOpen: true, noDelay: its.noDelay ?? true, highWaterMark: its.highWaterMark });
    const on = typeof options === 'function' ? options : listener;
    this.kinds = { request: its.IncomingMessage ?? IncomingMessage, response: its.ServerResponse ?? ServerResponse };
    this.timeout = 0;
    this.keepAliveTimeout = its.keepAliveTimeout ?? 5000;
    this.requestTimeout = its.requestTimeout ?? 300_000;
    this.headersTimeout = its.headersTimeout ?? Math.min(60_000, this.requestTimeout || 60_000);
    this.maxHeadersCount = null;
    this.maxRequestsPerSocket = 0;
    this.requireHostHeader = its.requireHostHeader ?? true;
    this.httpAllowHalfOpen = false;
    this.joinDuplicateHeaders = Boolean(its.joinDuplicateHeaders);
    if (on !== undefined) this.on('request', on);
    this.on('connection', (socket: Any) => {
      this.#live.add(new Connection(this, socket, (gone) => this.#live.delete(gone)));
    });
  }
  setTimeout(after: Any, callback?: Callback): this {
    if (typeof after === 'function') this.on('timeout', after);
    else {
      this.timeout = after;
      if (callback !== undefined) this.on('timeout', callback);
    }
    return this;
  }
  override close(callback?: Callback): this {
    // Since version 19 what is idle is closed with the server.
    this.closeIdleConnections();
    return super.close(callback);
  }
  closeIdleConnections(): void {
    for (const connection of [...this.#live]) if (connection.isIdle) connection.socket.destroy();
  }
  closeAllConnections(): void {
    for (const connection of [...this.#live]) connection.socket.destroy();
  }
}

/** One connection of a server, as long as it speaks HTTP. */
class Connection implements Sink {
  readonly server: Any;
  readonly socket: Any;
  readonly #gone: (connection: Connection) => void;
  readonly #reader: Reader;
  /** Requests that are not answered to the end, and their responses; only the first writes to the socket. */
  readonly #incoming: Any[] = [];
  readonly #outgoing: Any[] = [];
  #request: Any = null;
  #requests = 0;
  #late: Timeout | null = null;
  #keepsAlive = false;

  constructor(server: Any, socket: Any, gone: (connection: Connection) => void) {
    this.server = server;
    this.socket = socket;
    this.#gone = gone;
    this.#reader = new Reader('request', this);
    socket.server = server;
    socket.parser = this;
    if (server.timeout) socket.setTimeout(server.timeout);
    socket.on('timeout', this.#onTimeout);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
    socket.on('drain', this.#onDrain);
    socket.on('error', this.#onError);
    this.#awaitHead();
  }

  get isIdle(): boolean {
    return this.#outgoing.length === 0 && this.#incoming.length === 0 && this.#reader.isBetween && this.#requests > 0;
  }

  // ---- what the connection brings

  readonly #onData = (bytes: Any): void => {
    this.#wake();
    const taken = this.#reader.execute(bytes);
    if (taken instanceof Error) this.#fail(taken, bytes);
    else if (this.#reader.isSwitched) this.#switch(bytes.slice(taken));
    else if (this.socket._paused && !this.socket.isPaused()) this.socket.pause();
  };
  readonly #onEnd = (): void => {
    const error = this.#reader.finish();
    if (error !== null) {
      this.#fail(error);
      return;
    }
    if (!this.server.httpAllowHalfOpen) {
      this.#abort();
      this.socket.end();
    } else if (this.#outgoing.length > 0) this.#outgoing.at(-1)._last = true;
    else if (this.socket._httpMessage) this.socket._httpMessage._last = true;
    else this.socket.end();
  };
  readonly #onClose = (): void => {
    this.#late?.close();
    this.#gone(this);
    this.#abort();
  };
  readonly #onDrain = (): void => {
    this.socket._httpMessage?.drained();
  };
  readonly #onError = (error: Any): void => {
    this.socket.removeListener('error', this.#onError);
    if (this.socket.listenerCount('error') === 0) this.socket.on('error', () => {});
    if (!this.server.emit('clientError', error, this.socket)) this.socket.destroy(error);
  };
  readonly #onTimeout = (): void => {
    const request = this.#request;
    const told = [
      request !== null && !request.complete && request.emit('timeout', this.socket),
      this.socket._httpMessage?.emit('timeout', this.socket) ?? false,
      this.server.emit('timeout', this.socket),
    ];
    if (!told.includes(true)) this.socket.destroy();
  };

  #fail(error: Any, bytes?: Any): void {
    error.rawPacket = bytes;
    if (this.server.emit('clientError', error, this.socket)) return;
    const { socket } = this;
    if (socket.writable && !socket._httpMessage?._headerSent) {
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    }
    socket.destroy(error);
  }
  /** Requests that will never be whole. */
  #abort(): void {
    while (this.#incoming.length > 0) {
      const error = coded(Error, 'ECONNRESET', 'aborted');
      this.#incoming.shift().destroy(error);
    }
  }

  // ---- time

  #awaitHead(): void {
    const { headersTimeout } = this.server;
    if (headersTimeout > 0) this.#late = setTimeout(() => this.#fail(tooLate()), headersTimeout).unref();
  }
  #headCame(): void {
    this.#late?.close();
    this.#late = null;
  }
  /** A connection that was kept for another request has one. */
  #wake(): void {
    if (!this.#keepsAlive) return;
    this.#keepsAlive = false;
    this.socket.setTimeout(this.server.timeout || 0);
    this.#awaitHead();
  }

  // ---- what the reader tells

  head(start: RequestLine, fields: readonly Field[]): Verdict {
    this.#headCame();
    const request = new this.server.kinds.request(this.socket);
    request.joinDuplicateHeaders = this.server.joinDuplicateHeaders;
    request.headed(start.minor, fields.map(cleaned).filter(isLeft));
    request.method = start.method;
    request.url = start.target;
    this.#request = request;
    const { upgrade, connection } = request.headers;
    const wants = start.method === 'CONNECT' || (upgrade !== undefined && lists(connection, 'upgrade'));
    request.upgrade = wants && (start.method === 'CONNECT' || this.server.listenerCount('upgrade') > 0);
    if (request.upgrade) return 'switch';
    this.#answer(request);
    return 'body';
  }
  body(piece: Any): void {
    const request = this.#request;
    if (request === null || request._dumped) return;
    if (!request.push(piece)) this.socket.pause();
  }
  complete(): void {
    const request = this.#request;
    this.#request = null;
    if (request === null) return;
    request.complete = true;
    request.push(null);
    // What a request waited for does not concern the next one.
    if (this.socket.isPaused()) this.socket.resume();
  }

  #switch(head: Any): void {
    const { socket, server } = this;
    const request = this.#request;
    const event = request.method === 'CONNECT' ? 'connect' : 'upgrade';
    this.#letGo();
    request._dumpAndCloseReadable?.call(request);
    if (server.listenerCount(event) === 0) {
      socket.destroy();
      return;
    }
    socket.readableFlowing = null;
    server.emit(event, request, socket, head);
  }
  #letGo(): void {
    const { socket } = this;
    socket.removeListener('timeout', this.#onTimeout);
    socket.removeListener('data', this.#onData);
    socket.removeListener('end', this.#onEnd);
    socket.removeListener('close', this.#onClose);
    socket.removeListener('drain', this.#onDrain);
    socket.removeListener('error', this.#onError);
    socket.parser = null;
    this.#headCame();
    this.#gone(this);
  }

  // ---- answers

  #answer(request: Any): void {
    const { server, socket } = this;
    this.#requests++;
    this.#incoming.push(request);
    const response = new server.kinds.response(request);
    response._keepAliveTimeout = server.keepAliveTimeout;
    response.shouldKeepAlive =
      request.httpVersionMinor > 0
        ? !lists(request.headers.connection, 'close')
        : lists(request.headers.connection, 'keep-alive');
    response.maxRequestsOnConnectionReached =
      server.maxRequestsPerSocket > 0 && server.maxRequestsPerSocket <= this.#requests;
    this.#outgoing.push(response);
    if (this.#outgoing.length === 1) response.assignSocket(socket);
    response.on('finish', () => this.#answered(request, response));
    if (request.httpVersionMinor > 0 && server.requireHostHeader && request.headers.host === undefined) {
      response.writeHead(400, ['Connection', 'close']);
      response.end();
      return;
    }
    if (server.maxRequestsPerSocket > 0 && server.maxRequestsPerSocket < this.#requests) {
      server.emit('dropRequest', request, socket);
      response.writeHead(503);
      response.end();
      return;
    }
    const { expect } = request.headers;
    if (expect === undefined || request.httpVersionMinor < 1) server.emit('request', request, response);
    else if (!lists(expect, '100-continue')) {
      if (server.listenerCount('checkExpectation') > 0) server.emit('checkExpectation', request, response);
      else {
        response.writeHead(417);
        response.end();
      }
    } else {
      response._expect_continue = true;
      if (server.listenerCount('checkContinue') > 0) server.emit('checkContinue', request, response);
      else {
        response.writeContinue();
        server.emit('request', request, response);
      }
    }
  }

  #answered(request: Any, response: Any): void {
    const { socket, server } = this;
    const at = this.#incoming.indexOf(request);
    if (at >= 0) this.#incoming.splice(at, 1);
    this.#outgoing.shift();
    // The program may not have read its request to the end.
    if (!request._consuming) request._dump();
    response.detachSocket(socket);
    nextTick(() => {
      response._closed = true;
      response.destroyed = true;
      response.emit('close');
    });
    if (response._last || !response.shouldKeepAlive) socket.destroySoon();
    else if (this.#outgoing.length === 0) {
      if (server.keepAliveTimeout > 0 && !socket.destroyed) {
        this.#keepsAlive = true;
        socket.setTimeout(server.keepAliveTimeout);
      }
    } else this.#outgoing[0].assignSocket(socket);
  }
}

const tooLate = (): Error => coded(Error, 'ERR_HTTP_REQUEST_TIMEOUT', 'Request timeout');

/** Compression of messages is never offered to a program here. */
const cleaned = (field: Field): Field =>
  field[0].toLowerCase() === 'sec-websocket-extensions' ? [field[0], withoutDeflate(field[1])] : field;
const isLeft = ([name, value]: Field): boolean => value !== '' || name.toLowerCase() !== 'sec-websocket-extensions';
