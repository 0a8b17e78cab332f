/** `http.Server` (`lib/_http_server.js`). */
import type { Any, Callback } from '../loose.ts';
import { Server as NetServer } from '../net/server.ts';
import { IncomingMessage } from './incoming.ts';
import { ServerConnection } from './server-connection.ts';
import { ServerResponse } from './server-response.ts';

export class Server extends NetServer {
  readonly #live = new Set<ServerConnection>();

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
      this.#live.add(new ServerConnection(this, socket, (gone) => this.#live.delete(gone)));
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
