/**
 * A browser, for one of its pages: sockets and requests of the page over bytes, what the page stores, and what it hears of
 * its tab.
 *
 * A browser is more than its page: it reads from the network, answers pings and gives up in its own time while the page is
 * frozen, and keeps what the page is to hear until it goes on. So whatever is for the page stands in line, and is handed
 * over one task at a time: at once when the world is telling something, else (the page asked, and is still running) in a
 * task of its own. Times are those of Chromium, where `src/http` names them.
 */
import type { ConnId } from '../../src/transport.ts';
import type { Handle, Host } from '../realm/host.ts';
import { isBlocked } from './blocked-ports.ts';
import { ByteStream, ENDPOINT_TIMER } from './byte-stream.ts';
import { HANDSHAKE_TIMER, Handshakes } from './handshakes.ts';
import { messageDigest } from './message-digest.ts';
import type { Between, PageEvent } from './page-events.ts';
import { type Asked, type PageRequest, pageRequest } from './page-request.ts';
import { type PageSocket, pageSocket, refuseSocket } from './page-socket.ts';
import { PageStores } from './page-stores.ts';
import type { AnyEvent, Life, Platform } from './process.ts';
import { Segments } from './segments.ts';

export interface PageOptions {
  /** Where the page is. Default: `http://server/`. */
  readonly url?: string;
  /** What it finds stored: pairs of key and value. Default: nothing. */
  readonly local?: readonly string[];
  readonly session?: readonly string[];
}

/** What a connection of a page does with what it brings. */
export interface Connection {
  readonly stream: ByteStream;
  connected(): void;
  received(bytes: Uint8Array): void;
  kept(buffered: number): void;
  overdue(): void;
  ended(clean: boolean, why: string): void;
  /** The page goes away. */
  leave(): void;
}

/** What sockets and requests are given. */
export interface Surroundings {
  readonly life: Life;
  readonly origin: string;
  readonly handshakes: Handshakes;
  /** Whether the page can be told something at once: nothing waits for it, and it is not frozen. */
  isFree(): boolean;
  /** It is told something now, or behind what it has still to hear. */
  tell(task: () => void): void;
  /** The page is told something in a task of its own, once the present one is over. */
  later(task: () => void): void;
  /** The page has heard the last of it. */
  over(handle: Handle): void;
}

const HOME = 'http://server/';

class Browser implements Platform {
  readonly host: Partial<Host>;
  readonly #life: Life;
  readonly #around: Surroundings;
  readonly #stores: PageStores;
  readonly #segments: Segments;
  readonly #handshakes: Handshakes;
  readonly #connections = new Map<ConnId, Connection>();
  /** Streams that were asked something in this step. */
  readonly #used: ByteStream[] = [];
  readonly #sockets = new Map<Handle, PageSocket>();
  readonly #requests = new Map<Handle, PageRequest>();
  /** What the page has still to hear, in order. */
  readonly #line: (() => void)[] = [];
  #frozen = false;

  constructor(life: Life, { url = HOME, local = [], session = [] }: PageOptions) {
    this.#life = life;
    this.#stores = new PageStores(local, session);
    this.#segments = new Segments((purpose) => life.random(purpose));
    this.#handshakes = new Handshakes(life);
    this.#around = {
      life,
      origin: new URL(url).origin,
      handshakes: this.#handshakes,
      isFree: () => this.#isFree(),
      tell: (task) => this.#tell(task),
      later: (task) => this.#later(task),
      over: (handle) => {
        this.#sockets.delete(handle);
        this.#requests.delete(handle);
      },
    };
    this.host = {
      location: () => url,
      hash: messageDigest,
      task: (handle) => this.#later(() => life.port.timer(handle)),
      wsOpen: (handle, to, protocols) => {
        if (isBlocked(to)) {
          refuseSocket(this.#around, handle, to);
          return;
        }
        const socket = pageSocket(this.#around, this.#stream(), { handle, url: to, protocols });
        this.#sockets.set(handle, this.#joined(socket));
      },
      wsSend: (handle, data) => this.#sockets.get(handle)?.send(data),
      wsClose: (handle, code, reason) => this.#sockets.get(handle)?.close(code, reason),
      fetch: (handle, method, to, headers, body, redirect) =>
        this.#fetch({ handle, method, url: to.replace(/#.*$/s, ''), headers, body, redirect }, 0),
      fetchAbort: (handle) => {
        this.#requests.get(handle)?.abort();
        this.#requests.delete(handle);
      },
      store: (area, key, value) => this.#store(area, key, value),
      broadcast: (channel, data) => this.#others({ what: 'said', channel, data }),
      reload: () => life.emit({ type: 'reload' }),
    };
  }

  get local(): readonly string[] {
    return this.#stores.pairs('local');
  }

  get session(): readonly string[] {
    return this.#stores.pairs('session');
  }

  event(event: AnyEvent): void {
    const happened = event as PageEvent;
    const { port } = this.#life;
    switch (happened.type) {
      case 'opened':
        this.#connections.get(happened.conn)?.connected();
        return;
      case 'frame':
        for (const piece of this.#segments.read(happened.payload as Uint8Array))
          this.#connections.get(happened.conn)?.received(piece);
        return;
      case 'drained':
        this.#connections.get(happened.conn)?.kept(happened.buffered);
        return;
      case 'closed':
        this.#ended(happened.conn, happened.code === 1000, happened.reason);
        return;
      case 'timer':
        if (happened.timer === ENDPOINT_TIMER) this.#connections.get(happened.key)?.overdue();
        else if (happened.timer === HANDSHAKE_TIMER) this.#handshakes.due(happened.key);
        return;
      case 'online':
      case 'offline':
        this.#tell(() => port.online(happened.type === 'online'));
        return;
      case 'hidden':
      case 'shown':
        this.#tell(() => port.visible(happened.type === 'shown'));
        return;
      case 'frozen':
        // What it has still to hear comes first.
        this.#catchUp();
        port.frozen(true);
        this.#frozen = true;
        return;
      case 'resumed':
        this.#frozen = false;
        port.frozen(false);
        // And what waited comes ahead of timers that fell due meanwhile.
        this.#catchUp();
        return;
      case 'unload':
      case 'leave':
        this.#leave();
        return;
      case 'message':
        this.#heard(happened.message);
        return;
    }
  }

  flush(): void {
    const used = this.#used;
    if (used.length === 0) return;
    for (const stream of used) {
      if (!stream.isGone) stream.flush();
      else if (this.#connections.get(stream.conn)?.stream === stream) this.#connections.delete(stream.conn);
    }
    used.length = 0;
  }

  // ---- connections ------------------------------------------------------------------------------------------------

  #stream(): ByteStream {
    return new ByteStream(this.#life, this.#segments, this.#life.newConn(), this.#used);
  }

  #joined<C extends Connection>(connection: C): C {
    this.#connections.set(connection.stream.conn, connection);
    return connection;
  }

  #fetch(asked: Asked, count: number): void {
    const { handle, url } = asked;
    if (!/^https?:/.test(url) || isBlocked(url)) {
      this.#later(() => this.#life.port.fetched(handle, 0, '', url, '', NO_BYTES));
      return;
    }
    const follow = (next: Asked, more: number): void => this.#fetch(next, more);
    const request = pageRequest(this.#around, this.#stream(), asked, follow, count);
    this.#requests.set(handle, this.#joined(request));
  }

  #ended(conn: ConnId, clean: boolean, why: string): void {
    const connection = this.#connections.get(conn);
    connection?.ended(clean, why);
    connection?.stream.over();
    this.#connections.delete(conn);
  }

  // ---- the page's turn --------------------------------------------------------------------------------------------

  #tell(task: () => void): void {
    if (this.#isFree()) task();
    else this.#later(task);
  }

  #isFree(): boolean {
    return !this.#frozen && this.#line.length === 0;
  }

  #later(task: () => void): void {
    this.#line.push(task);
    if (!this.#frozen) this.#life.emit({ type: 'beside', to: 'self', message: NEXT });
  }

  /** One an event: laws and people tell causes apart by events. */
  #next(): void {
    if (!this.#frozen) this.#line.shift()?.();
  }

  /** All that waits now; what comes of it waits in its turn. Who was called for one of them finds nothing, or the next. */
  #catchUp(): void {
    for (let left = this.#line.length; left > 0; left--) this.#line.shift()?.();
  }

  #leave(): void {
    if (!this.#frozen) this.#life.port.unload();
    for (const connection of this.#connections.values()) connection.leave();
    this.#handshakes.forget();
    this.#line.length = 0;
    this.#connections.clear();
    this.#sockets.clear();
    this.#requests.clear();
  }

  // ---- other tabs -------------------------------------------------------------------------------------------------

  #store(area: 'local' | 'session', key: string | null, value: string | null): void {
    const before = this.#stores.put(area, key, value);
    if (area === 'local') this.#others({ what: 'stored', key, before, value });
  }

  #others(message: Between): void {
    this.#life.emit({ type: 'beside', to: 'others', message });
  }

  #heard(message: Between): void {
    const { port } = this.#life;
    if (message.what === 'next') this.#next();
    else if (message.what === 'said') this.#tell(() => port.heard(message.channel, message.data));
    else {
      const { key, before, value } = message;
      this.#stores.put('local', key, value);
      this.#tell(() => port.stored(key, before, value));
    }
  }
}

const NO_BYTES = new Uint8Array(0);
const NEXT: Between = { what: 'next' };

/** The platform of a page. */
export const browser = (life: Life, options: PageOptions): Platform => new Browser(life, options);

/** Which events a browser takes for its page while that is frozen: all that is the network's, and its own times. */
export const isOfBrowser = (event: AnyEvent & { readonly timer?: string }): boolean =>
  event.type === 'timer'
    ? event.timer === ENDPOINT_TIMER || event.timer === HANDSHAKE_TIMER
    : OF_BROWSER.has(event.type);
const OF_BROWSER: ReadonlySet<string> = new Set(['opened', 'frame', 'drained', 'ended', 'closed']);
