/**
 * A browser, for one of its pages: sockets and requests of the page over bytes, what the page stores, and what it hears of
 * its window.
 *
 * A browser is more than its page: it reads from the network, answers pings and gives up in its own time while the page is
 * frozen, and keeps what the page is to hear until it goes on. So whatever is for the page stands in line, and is handed
 * over one task at a time: at once when the world is telling something, else (the page asked, and is still running) in a
 * task of its own. Times are those of Chromium, where `src/http` names them.
 */
import { createHash, createHmac } from 'node:crypto';
import type { SocketState } from '../../src/history.ts';
import { webSocketClient } from '../../src/http/client.ts';
import type { ClientSaid, WebSocketClient } from '../../src/http/endpoint.ts';
import type { ConnId, TransportEvent } from '../../src/transport.ts';
import type { NodeSpec, Page } from '../core/world.ts';
import type { Handle, Host } from '../realm/host.ts';
import { ByteStream, ENDPOINT_TIMER } from './byte-stream.ts';
import { type AnyEvent, type Life, type Platform, Process, type ProcessConfig, processMachine } from './process.ts';
import { Segments } from './segments.ts';

export interface PageOptions {
  /** Where the page is. Default: `http://server/`. */
  readonly url?: string;
  /** What it finds stored: pairs of key and value. Default: nothing. */
  readonly local?: readonly string[];
  readonly session?: readonly string[];
}

/** What a page is told besides what its connections bring. */
export type PageEvent =
  | { readonly type: 'online' | 'offline' | 'moved' }
  /** Its tab is in the background, or in front again. */
  | { readonly type: 'hidden' | 'shown' }
  | { readonly type: 'frozen' | 'resumed' }
  /** It is closed, or loaded again. */
  | { readonly type: 'unload' | 'leave' }
  | { readonly type: 'message'; readonly from: string; readonly message: unknown };

/** What one tab tells the others of its client, and itself. */
type Between =
  | { readonly what: 'next' }
  | {
      readonly what: 'stored';
      readonly key: string | null;
      readonly before: string | null;
      readonly value: string | null;
    }
  | { readonly what: 'said'; readonly channel: string; readonly data: string };

interface Socket {
  readonly handle: Handle;
  readonly url: string;
  readonly stream: ByteStream;
  readonly client: WebSocketClient;
}

const HOME = 'http://server/';

class Browser implements Platform {
  readonly local: string[];
  readonly session: string[];
  readonly host: Partial<Host>;
  readonly #life: Life;
  readonly #url: string;
  readonly #segments: Segments;
  readonly #byConn = new Map<ConnId, Socket>();
  readonly #byHandle = new Map<Handle, Socket>();
  /** What the page has still to hear, in order. */
  #line: (() => void)[] = [];
  /** A task for the first of them is on its way. */
  #called = false;
  #frozen = false;

  constructor(life: Life, { url = HOME, local = [], session = [] }: PageOptions) {
    this.#life = life;
    this.#url = url;
    this.local = [...local];
    this.session = [...session];
    this.#segments = new Segments((purpose) => life.random(purpose));
    this.host = {
      location: () => url,
      hash: (algorithm, data, key) => digest(algorithm, data, key),
      task: (handle) => this.#later(() => life.port.timer(handle)),
      wsOpen: (handle, to, protocols) => this.#open(handle, to, protocols),
      wsSend: (handle, data) => this.#ask(handle, (client) => client.send(data)),
      wsClose: (handle, code, reason) => {
        this.#note(handle, 'closing');
        this.#ask(handle, (client) => client.close(code, reason));
      },
    };
  }

  event(event: AnyEvent): void {
    const happened = event as TransportEvent | PageEvent | { type: 'timer'; timer: string; key: number };
    const { port } = this.#life;
    switch (happened.type) {
      case 'opened':
        this.#hear(happened.conn, (client) => client.connected());
        return;
      case 'frame':
        for (const piece of this.#segments.read(happened.payload as Uint8Array))
          this.#hear(happened.conn, (client) => client.received(piece));
        return;
      case 'drained':
        this.#hear(happened.conn, (client) => client.kept(happened.buffered));
        return;
      case 'closed': {
        const { conn, code, reason } = happened;
        this.#hear(conn, (client) => client.ended(code === 1000, reason));
        this.#gone(conn);
        return;
      }
      case 'timer':
        if (happened.timer === ENDPOINT_TIMER) this.#hear(happened.key, (client) => client.overdue());
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
        while (this.#line.length > 0) this.#line.shift()?.();
        port.frozen(true);
        this.#frozen = true;
        return;
      case 'resumed':
        this.#frozen = false;
        port.frozen(false);
        this.#next();
        return;
      case 'unload':
      case 'leave':
        this.#unload();
        return;
      case 'message':
        this.#between(happened.message as Between);
        return;
    }
  }

  flush(): void {
    for (const conn of this.#segments.written()) this.#byConn.get(conn)?.stream.flush();
    for (const { stream } of this.#byConn.values()) stream.flush();
  }

  // ---- sockets ----------------------------------------------------------------------------------------------------

  #open(handle: Handle, url: string, protocols: string): void {
    const conn = this.#life.newConn();
    const client = webSocketClient({
      url,
      protocols: protocols === '' ? [] : protocols.split(','),
      origin: new URL(this.#url).origin,
      draw: () => this.#life.random('websocket'),
    });
    const stream = new ByteStream(this.#life, this.#segments, conn);
    const socket: Socket = { handle, url, stream, client };
    this.#byConn.set(conn, socket);
    this.#byHandle.set(handle, socket);
    this.#life.emit({ type: 'dial', conn, to: url, over: 'bytes' });
    this.#note(handle, 'connecting');
    this.#carryOut(socket, client.begin(), true);
  }

  /** The page wants something of a socket. */
  #ask(handle: Handle, what: (client: WebSocketClient) => readonly ClientSaid[]): void {
    const socket = this.#byHandle.get(handle);
    if (socket !== undefined) this.#carryOut(socket, what(socket.client), true);
  }

  /** A connection brings something. */
  #hear(conn: ConnId, what: (client: WebSocketClient) => readonly ClientSaid[]): void {
    const socket = this.#byConn.get(conn);
    if (socket !== undefined) this.#carryOut(socket, what(socket.client), false);
  }

  #carryOut(socket: Socket, said: readonly ClientSaid[], asked: boolean): void {
    for (const each of said) {
      switch (each.type) {
        case 'write':
        case 'end':
        case 'terminate':
        case 'wait':
        case 'drain':
          socket.stream.do(each);
          break;
        default: {
          const tell = (): void => this.#told(socket, each);
          if (asked) this.#later(tell);
          else this.#tell(tell);
        }
      }
    }
  }

  #told(
    { handle }: Socket,
    said: Exclude<ClientSaid, { type: 'write' | 'end' | 'terminate' | 'wait' | 'drain' }>,
  ): void {
    const { port } = this.#life;
    switch (said.type) {
      case 'opened':
        this.#note(handle, 'open');
        port.wsOpened(handle, said.protocol);
        return;
      case 'message':
        port.wsMessage(handle, said.data);
        return;
      case 'closing':
        this.#note(handle, 'closing');
        port.wsClosing(handle);
        return;
      case 'sent':
        port.wsSent(handle, said.bytes);
        return;
      case 'closed':
        this.#note(handle, 'closed', { code: said.code, reason: said.reason });
        if (said.why !== '')
          this.#life.emit({
            type: 'console',
            level: 'error',
            text: `WebSocket connection to '${this.#byHandle.get(handle)?.url}' failed: ${said.why}`,
          });
        this.#byHandle.delete(handle);
        port.wsClosed(handle, said.code, said.reason, said.clean, said.failed);
        return;
    }
  }

  #gone(conn: ConnId): void {
    this.#byConn.get(conn)?.stream.over();
    this.#byConn.delete(conn);
  }

  #note(handle: Handle, state: SocketState['state'], more: { code?: number; reason?: string } = {}): void {
    const socket = this.#byHandle.get(handle);
    if (socket === undefined) return;
    const { url, stream } = socket;
    this.#life.emit({ type: 'socket', socket: handle, state, url, conn: stream.conn, ...more });
  }

  // ---- the page's turn --------------------------------------------------------------------------------------------

  /** The page is told something now, or behind what it has still to hear. */
  #tell(task: () => void): void {
    if (this.#frozen || this.#line.length > 0) this.#line.push(task);
    else task();
  }

  /** In a task of its own, once the present one is over. */
  #later(task: () => void): void {
    this.#line.push(task);
    this.#call();
  }

  #call(): void {
    if (this.#called || this.#frozen || this.#line.length === 0) return;
    this.#called = true;
    this.#life.emit({ type: 'beside', to: 'self', message: NEXT });
  }

  /** The next thing that the page has to hear; one an event. */
  #next(): void {
    this.#called = false;
    if (this.#frozen) return;
    this.#line.shift()?.();
    this.#call();
  }

  #between(message: Between): void {
    if (message.what === 'next') this.#next();
  }

  /** The page goes away; what a browser does for its sockets then is to say goodbye (1001) without waiting for an answer. */
  #unload(): void {
    if (!this.#frozen) this.#life.port.unload();
    for (const socket of this.#byConn.values()) {
      this.#carryOut(socket, socket.client.close(1001, ''), true);
      socket.stream.do({ type: 'terminate', how: 'fin' });
    }
    this.#line = [];
    this.#byConn.clear();
    this.#byHandle.clear();
  }
}

const NEXT: Between = { what: 'next' };

function digest(algorithm: string, data: Uint8Array, key: Uint8Array | null): Uint8Array | null {
  try {
    return (key === null ? createHash(algorithm) : createHmac(algorithm, key)).update(data).digest();
  } catch {
    return null;
  }
}

/** The platform of a page. */
export const browser = (life: Life, options: PageOptions): Platform => new Browser(life, options);

/** Which events a browser takes for its page while that is frozen: all that is the network's, and its own times. */
const ofBrowser = (event: AnyEvent & { readonly timer?: string }): boolean =>
  event.type === 'timer' ? event.timer === ENDPOINT_TIMER : BROWSERS.has(event.type);
const BROWSERS = new Set(['opened', 'frame', 'drained', 'closed']);

interface Stored {
  readonly local: readonly string[];
  readonly session: readonly string[];
}

type PageConfig = ProcessConfig<PageOptions>;

/** A client whose process is a page; it is loaded when its application says `start`. */
export function pageNode(id: string, module: ProcessConfig['module'], options: PageOptions = {}): NodeSpec {
  const config: PageConfig = { profile: 'browser', module, platform: browser, options, starts: false };
  return { id, role: 'client', machine: CLIENT as never, config, starts: false, page: PAGE, browser: ofBrowser };
}

const CLIENT = processMachine('client');

/** What survives a page: its stores; a second tab has its own session, which begins as the first one's is. */
const PAGE: Page = {
  persist: (state) => storedOf(state as Process),
  revive: (stored, old) => new Process(configWith((old as Process).config, stored as Stored | null, true)),
  open(config, stored) {
    const opened = configWith(config as PageConfig, stored as Stored | null, false);
    return { config: opened, state: new Process(opened) };
  },
};

function storedOf({ platform, config }: Process): Stored {
  const { local = [], session = [] } = platform === null ? (config.options as PageOptions) : platform;
  return { local: [...local], session: [...session] };
}

const configWith = (config: PageConfig, stored: Stored | null, starts: boolean): PageConfig => ({
  ...config,
  starts,
  options: { ...config.options, local: stored?.local ?? [], session: stored?.session ?? [] },
});
