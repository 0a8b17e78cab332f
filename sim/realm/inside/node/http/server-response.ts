/** `ServerResponse` (`lib/_http_server.js`). */
import { coded } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';
import { lists } from './headers.ts';
import { OutgoingMessage } from './outgoing.ts';
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
