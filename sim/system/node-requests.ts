/** What `fetch` of a Node process does behind its wall: each request on a connection of its own, which its program never sees. */
import { type Duration, ZERO } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import type { Handle, Host } from '../realm/host.ts';
import { ByteStream, ENDPOINT_TIMER } from './byte-stream.ts';
import type { Surroundings } from './page.ts';
import { type Asked, type PageRequest, pageRequest } from './page-request.ts';
import type { Life } from './process.ts';
import type { Segments } from './segments.ts';

/** What is told in a turn of the loop of its own. */
const TOLD = 'fetched';

/** What happens to a connection. */
export interface Happened {
  readonly type: string;
  readonly conn: ConnId;
  readonly payload: Uint8Array;
  readonly clean: boolean;
  readonly reason: string;
}

export class NodeRequests {
  readonly host: Pick<Host, 'fetch' | 'fetchAbort'>;
  readonly #life: Life;
  readonly #segments: Segments;
  readonly #around: Omit<Surroundings, 'handshakes'>;
  readonly #byConn = new Map<ConnId, PageRequest>();
  readonly #byHandle = new Map<Handle, PageRequest>();
  readonly #used: ByteStream[] = [];
  readonly #line: (() => void)[] = [];

  constructor(life: Life, segments: Segments) {
    this.#life = life;
    this.#segments = segments;
    this.#around = {
      life,
      origin: '',
      isFree: () => true,
      tell: (task) => task(),
      later: (task) => this.#later(task),
      over: (handle) => void this.#byHandle.delete(handle),
    };
    this.host = {
      fetch: (handle, method, url, headers, body, redirect) =>
        this.#fetch({ handle, method, url: url.replace(/#.*$/s, ''), headers, body, redirect }, 0),
      fetchAbort: (handle) => {
        this.#byHandle.get(handle)?.abort();
        this.#byHandle.delete(handle);
      },
    };
  }

  #fetch(asked: Asked, count: number): void {
    const { handle, url } = asked;
    if (!/^https?:/.test(url)) {
      this.#later(() => this.#life.port.fetched(handle, 0, '', url, '', new Uint8Array(0)));
      return;
    }
    const stream = new ByteStream(this.#life, this.#segments, this.#life.newConn(), this.#used);
    const request = pageRequest(this.#around, stream, asked, (next, more) => this.#fetch(next, more), count);
    this.#byConn.set(stream.conn, request);
    this.#byHandle.set(handle, request);
  }

  #later(task: () => void): void {
    this.#line.push(task);
    this.#life.setTimer(TOLD, this.#line.length, ZERO as Duration);
  }

  /** Something happens to a connection; false: it is none of these. */
  happens({ type, conn, payload, clean, reason }: Happened): boolean {
    const request = this.#byConn.get(conn);
    if (request === undefined) return false;
    if (type === 'opened') request.connected();
    else if (type === 'frame') for (const piece of this.#segments.read(payload)) request.received(piece);
    else if (type === 'closed') {
      request.ended(clean, reason);
      request.stream.over();
      this.#byConn.delete(conn);
    }
    return true;
  }

  timer(timer: string, key: number): void {
    if (timer === TOLD) for (const task of this.#line.splice(0)) task();
    else if (timer === ENDPOINT_TIMER) this.#byConn.get(key)?.overdue();
  }

  flush(): void {
    for (const stream of this.#used.splice(0)) {
      if (!stream.isGone) stream.flush();
      else this.#byConn.delete(stream.conn);
    }
  }
}
