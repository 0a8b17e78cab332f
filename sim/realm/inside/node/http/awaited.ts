/** A response that is awaited: the end of a connection on which a request waits for it (`lib/_http_client.js`). */
import type { Field } from '../../../../../src/http/fields.ts';
import type { StatusLine } from '../../../../../src/http/head.ts';
import { coded } from '../errors.ts';
import type { Any } from '../loose.ts';
import { nextTick } from '../ticks.ts';
import { lists } from './headers.ts';
import { IncomingMessage } from './incoming.ts';
import { Reader, type Sink, type Verdict } from './reader.ts';

export const hangUp = (what = 'socket hang up'): Error => coded(Error, 'ECONNRESET', what);

export class Awaited implements Sink {
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
