/** A connection of an HTTP server, as long as it speaks HTTP: its requests, and their responses in their order (`lib/_http_server.js`). */
import type { Field } from '../../../../../src/http/fields.ts';
import type { RequestLine } from '../../../../../src/http/head.ts';
import { coded } from '../errors.ts';
import type { Any } from '../loose.ts';
import { nextTick } from '../ticks.ts';
import { setTimeout, type Timeout } from '../timers.ts';
import { lists, withoutDeflate } from './headers.ts';
import { Reader, type Sink, type Verdict } from './reader.ts';
import { STATUS_CODES } from './status.ts';

export class ServerConnection implements Sink {
  readonly server: Any;
  readonly socket: Any;
  readonly #gone: (connection: ServerConnection) => void;
  readonly #reader: Reader;
  /** Requests that are not answered to the end, and their responses; only the first writes to the socket. */
  readonly #incoming: Any[] = [];
  readonly #outgoing: Any[] = [];
  #request: Any = null;
  #requests = 0;
  #late: Timeout | null = null;
  #keepsAlive = false;

  constructor(server: Any, socket: Any, gone: (connection: ServerConnection) => void) {
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
