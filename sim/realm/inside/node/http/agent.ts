/** `http.Agent`: the connections of a client, kept for the next request if it says so (`lib/_http_agent.js`). */
import { EventEmitter } from '../events.ts';
import { bound } from '../frame.ts';
import type { Any, Callback } from '../loose.ts';
import { net } from '../net/index.ts';

/** So much earlier than the server says, so that it does not close what is just used again. */
const EARLIER = 1000;

const ignore = (): void => {};

/** The last of a list that is there no longer when it is empty. */
function drop(lists: Any, name: string, item: unknown): void {
  const list = lists[name];
  const at = list?.indexOf(item) ?? -1;
  if (at < 0) return;
  list.splice(at, 1);
  if (list.length === 0) delete lists[name];
}

export class Agent extends EventEmitter {
  [key: string]: Any;
  static defaultMaxSockets = Number.POSITIVE_INFINITY;
  defaultPort = 80;
  protocol = 'http:';

  constructor(options: Any = {}) {
    super();
    this.options = { noDelay: true, ...options, path: null };
    this.requests = Object.create(null);
    this.sockets = Object.create(null);
    this.freeSockets = Object.create(null);
    this.keepAliveMsecs = options.keepAliveMsecs || 1000;
    this.keepAlive = options.keepAlive || false;
    this.maxSockets = options.maxSockets || Agent.defaultMaxSockets;
    this.maxFreeSockets = options.maxFreeSockets || 256;
    this.maxTotalSockets = options.maxTotalSockets ?? Number.POSITIVE_INFINITY;
    this.scheduling = options.scheduling || 'lifo';
    this.totalSocketCount = 0;
    this.on('free', (socket: Any, its: Any) => this.#free(socket, its));
  }

  createConnection(...args: Any[]): Any {
    return net.createConnection(...args);
  }
  getName(options: Any = {}): string {
    const family = options.family === 4 || options.family === 6 ? `:${options.family}` : '';
    const local = options.socketPath ? `:${options.socketPath}` : '';
    return `${options.host || 'localhost'}:${options.port || ''}:${options.localAddress || ''}${family}${local}`;
  }

  addRequest(request: Any, given: Any): void {
    const options = { ...given, ...this.options };
    if (options.socketPath) options.path = options.socketPath;
    const name = this.getName(options);
    const free = this.freeSockets[name] ?? [];
    while (free.length > 0 && free[0].destroyed) free.shift();
    const socket = this.scheduling === 'fifo' ? free.shift() : free.pop();
    if (free.length === 0) delete this.freeSockets[name];
    const count = free.length + (this.sockets[name]?.length ?? 0);
    if (socket !== undefined) {
      this.reuseSocket(socket, request);
      this.#assign(request, socket);
      this.sockets[name] ??= [];
      this.sockets[name].push(socket);
    } else if (count < this.maxSockets && this.totalSocketCount < this.maxTotalSockets)
      this.createSocket(request, options, (error: unknown, made: Any) => {
        if (error) request.onSocket(made, error);
        else this.#assign(request, made);
      });
    else {
      this.requests[name] ??= [];
      this.requests[name].push(request);
      request.waitsWith = options;
      request.assigned = bound((its: Any) => this.#assign(request, its));
    }
  }

  createSocket(_request: Any, given: Any, callback: Callback): void {
    const options = { ...given, ...this.options, encoding: null };
    if (options.socketPath) options.path = options.socketPath;
    const name = this.getName(options);
    let told = false;
    const created = (error: unknown, socket?: Any): void => {
      if (told) return;
      told = true;
      if (error) {
        callback(error);
        return;
      }
      this.sockets[name] ??= [];
      this.sockets[name].push(socket);
      this.totalSocketCount++;
      this.#watch(socket, options);
      callback(null, socket);
    };
    const socket = this.createConnection(options, created);
    if (socket) created(null, socket);
  }

  #watch(socket: Any, options: Any): void {
    const free = (): boolean => this.emit('free', socket, options);
    const gone = (): void => {
      this.totalSocketCount--;
      this.removeSocket(socket, options);
    };
    const silent = (): void => {
      if (Object.values(this.freeSockets).some((list: Any) => list.includes(socket))) socket.destroy();
    };
    // One that speaks another protocol from now on is none of the agent's.
    const removed = (): void => {
      gone();
      socket.removeListener('close', gone);
      socket.removeListener('free', free);
      socket.removeListener('timeout', silent);
      socket.removeListener('agentRemove', removed);
    };
    socket.on('free', free);
    socket.on('close', gone);
    socket.on('timeout', silent);
    socket.on('agentRemove', removed);
  }

  #free(socket: Any, options: Any): void {
    const name = this.getName(options);
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const waiting = this.requests[name];
    if (waiting?.length > 0) {
      const request = waiting.shift();
      if (waiting.length === 0) delete this.requests[name];
      request.assigned(socket);
      return;
    }
    const request = socket._httpMessage;
    const free = this.freeSockets[name] ?? [];
    const count = free.length + (this.sockets[name]?.length ?? 0);
    const isFull =
      this.totalSocketCount > this.maxTotalSockets || count > this.maxSockets || free.length >= this.maxFreeSockets;
    if (!request?.shouldKeepAlive || !this.keepAlive || isFull || !this.keepSocketAlive(socket)) {
      socket.destroy();
      return;
    }
    this.freeSockets[name] = free;
    socket._httpMessage = null;
    this.removeSocket(socket, options);
    socket.once('error', ignore);
    free.push(socket);
  }

  removeSocket(socket: Any, options: Any): void {
    const name = this.getName(options);
    drop(this.sockets, name, socket);
    if (!socket.writable) drop(this.freeSockets, name, socket);
    const other = Object.keys(this.requests).find((each) => each === name) ?? Object.keys(this.requests)[0];
    const request = other === undefined ? undefined : this.requests[other]?.[0];
    if (request === undefined || (other !== name && this.sockets[other as string]?.length > 0)) return;
    this.createSocket(request, other === name ? options : request.waitsWith, (error: unknown, made: Any) => {
      if (error) request.onSocket(made, error);
      else made.emit('free');
    });
  }

  keepSocketAlive(socket: Any): boolean {
    socket.setKeepAlive(true, this.keepAliveMsecs);
    socket.unref();
    let timeout = this.options.timeout || 0;
    const hint = /^timeout=(\d+)/.exec(socket._httpMessage?.res?.headers['keep-alive'] ?? '')?.[1];
    if (hint !== undefined) {
      const least = Math.max(0, Number(hint) * 1000 - EARLIER);
      if (least === 0) return false;
      if (least < timeout) timeout = least;
    }
    if (socket.timeout !== timeout) socket.setTimeout(timeout);
    return true;
  }
  reuseSocket(socket: Any, request: Any): void {
    socket.removeListener('error', ignore);
    request.reusedSocket = true;
    socket.ref();
  }
  #assign(request: Any, socket: Any): void {
    request.onSocket(socket);
    const timeout = this.options.timeout || 0;
    if (request.timeout !== undefined && request.timeout !== timeout) socket.setTimeout(request.timeout);
  }

  destroy(): void {
    for (const lists of [this.freeSockets, this.sockets])
      for (const list of Object.values(lists) as Any[]) for (const socket of [...list]) socket.destroy();
  }
}

export const agents = { global: new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 }) };
