/** A page with a script of its own, a server that answers as a test wants, and the wire between them. */
import { Script } from 'node:vm';
import { balanced } from '../../sim/core/balanced.ts';
import { scenario } from '../../sim/core/definition.ts';
import { type RunOptions, run } from '../../sim/core/run.ts';
import { visit } from '../../sim/core/visit.ts';
import type { NodeSpec } from '../../sim/core/world.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import type { Bundle } from '../../sim/realm/bundle.ts';
import { OWN_CODE_KINDS } from '../../sim/system/faults/catalogue.ts';
import type { PageOptions } from '../../sim/system/page.ts';
import { pageNode } from '../../sim/system/page-node.ts';
import type { Entry } from '../../src/history.ts';
import type { Request, ServerConnection, ServerSaid } from '../../src/http/endpoint.ts';
import { type Frame, FrameReader } from '../../src/http/frame-reader.ts';
import { bytesOf, latin1 } from '../../src/http/latin1.ts';
import { serverConnection } from '../../src/http/server.ts';
import { acceptOf } from '../../src/http/upgrade.ts';
import type { Context, Machine } from '../../src/machine.ts';
import { after, at, type Duration, type Instant, seconds } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';

/** Does something more on a connection, some time later. */
type Later = (delay: Duration, then: () => readonly ServerSaid[]) => void;

/** What a server does on one connection; whatever is left out is the usual: it accepts, and says each message again. */
export interface Serves {
  upgrade?(
    connection: ServerConnection,
    request: Request,
    protocols: readonly string[],
    later: Later,
  ): readonly ServerSaid[];
  message?(connection: ServerConnection, data: string | Uint8Array): readonly ServerSaid[];
  request?(connection: ServerConnection, request: Request, later: Later): readonly ServerSaid[];
  /** A server that writes its bytes by hand, once it has the head of a request; what comes behind that is told as frames. */
  raw?(wire: Wire, head: string): void;
}

/** A connection of a server that writes its bytes by hand. */
export interface Wire {
  /** Which connection of the run it is, from 1 on. */
  readonly nth: number;
  /** Text is a byte a character. */
  write(data: string | Uint8Array): void;
  /** Accepts the upgrade, and writes something right behind, in one segment. */
  accept(more?: string | Uint8Array, fields?: string): void;
  end(): void;
  reset(): void;
  later(delay: Duration, then: () => void): void;
}

type Event = {
  readonly type: string;
  readonly conn: ConnId;
  readonly payload: Uint8Array;
  readonly code: number;
  readonly buffered: number;
  readonly from: string;
  readonly key: number;
  readonly message: { readonly op: number };
};
type Effect = { readonly type: string } & Readonly<Record<string, unknown>>;

/** The connection of a server that writes its bytes by hand. */
class RawConnection implements Wire {
  readonly nth: number;
  readonly #server: Server;
  readonly #conn: ConnId;
  readonly #reader = new FrameReader({ masked: true, longest: 0x7fff_ffff, refuses: () => false });
  #head = '';
  #asked = false;

  constructor(server: Server, conn: ConnId, nth: number) {
    this.#server = server;
    this.#conn = conn;
    this.nth = nth;
  }

  received(bytes: Uint8Array): void {
    if (this.#asked) {
      const frames: Frame[] = [];
      this.#reader.read(bytes, frames);
      for (const each of frames) this.#server.note(`got ${shown(each)}`);
      return;
    }
    this.#head += latin1(bytes, 0, bytes.length);
    if (!this.#head.includes('\r\n\r\n')) return;
    this.#asked = true;
    this.#server.serves.raw?.(this, this.#head);
  }
  write(data: string | Uint8Array): void {
    const payload = typeof data === 'string' ? bytesOf(data) : data;
    this.#server.effect({ type: 'send', conn: this.#conn, payload, bytes: payload.length });
  }
  accept(more: string | Uint8Array = '', fields = ''): void {
    const key = /^sec-websocket-key: (.*)\r$/im.exec(this.#head)?.[1] ?? '';
    const text = typeof more === 'string' ? more : latin1(more, 0, more.length);
    this.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n${fields}\r\n${text}`,
    );
  }
  end(): void {
    this.#server.effect({ type: 'close', conn: this.#conn, code: 1000, reason: '' });
  }
  reset(): void {
    this.#server.effect({ type: 'terminate', conn: this.#conn, how: 'rst' });
  }
  later(delay: Duration, then: () => void): void {
    this.#server.later(delay, then);
  }
}

function shown(frame: Frame): string {
  if (frame.type === 'flaw') return `flaw ${frame.flaw.why}`;
  if (frame.type === 'close') return frame.code === 1005 ? 'close' : `close ${frame.code} ${frame.reason}`;
  return `${frame.type} ${typeof frame.data === 'string' ? frame.data : `${frame.data.length} bytes`}`;
}

class Server {
  readonly serves: Serves;
  readonly #connections = new Map<ConnId, ServerConnection | RawConnection>();
  readonly #later = new Map<number, () => void>();
  #effects: Effect[] = [];
  #now: Instant = at(0);
  #made = 0;

  constructor(serves: Serves) {
    this.serves = serves;
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  note(value: string): void {
    this.effect({ type: 'custom', name: 'server', value });
  }

  later(delay: Duration, then: () => void): void {
    const key = this.#later.size + 1;
    this.#later.set(key, then);
    this.effect({ type: 'setTimer', timer: 'later', key, at: after(this.#now, delay) });
  }

  on(event: Event, { now }: Context): readonly Effect[] {
    this.#effects = [];
    this.#now = now;
    this.#take(event);
    return this.#effects;
  }

  #take(event: Event): void {
    const { conn } = event;
    const connection = this.#connections.get(conn);
    if (event.type === 'message')
      this.effect({ type: 'post', to: event.from, message: { type: 'probed', op: event.message.op, ready: true } });
    else if (event.type === 'timer') this.#later.get(event.key)?.();
    else if (event.type === 'incoming') {
      const nth = ++this.#made;
      this.#connections.set(
        conn,
        this.serves.raw === undefined ? serverConnection() : new RawConnection(this, conn, nth),
      );
      this.effect({ type: 'accept', conn });
    } else if (connection instanceof RawConnection) {
      if (event.type === 'frame') connection.received(event.payload);
      if (event.type === 'closed') this.note(`${event.code === 1000 ? 'ended' : 'gone'}`);
    } else if (connection === undefined) return;
    else if (event.type === 'frame') this.#say(conn, connection, connection.received(event.payload));
    else if (event.type === 'closed') {
      this.#say(conn, connection, connection.ended(event.code === 1000, ''));
      this.#connections.delete(conn);
    }
  }

  #say(conn: ConnId, connection: ServerConnection, said: readonly ServerSaid[]): void {
    const { upgrade = (it) => it.accept(), message = (it, data) => it.send(data), request } = this.serves;
    const later: Later = (delay, then) => this.later(delay, () => this.#say(conn, connection, then()));
    for (const each of said) {
      if (each.type === 'write') this.effect({ type: 'send', conn, payload: each.bytes, bytes: each.bytes.length });
      else if (each.type === 'end') this.effect({ type: 'close', conn, code: 1000, reason: '' });
      else if (each.type === 'terminate') this.effect({ type: 'terminate', conn, how: each.how });
      else if (each.type === 'upgrade') this.#say(conn, connection, upgrade(connection, each, each.protocols, later));
      else if (each.type === 'message') this.#say(conn, connection, message(connection, each.data));
      else if (each.type === 'pong') this.note(`pong ${(this.#now / 1_000_000).toFixed(1)}`);
      else if (each.type === 'closed') this.note(`closed ${each.code} ${each.reason} ${each.clean}`);
      else if (each.type === 'gone') this.note('gave up');
      else if (each.type === 'request')
        this.#say(conn, connection, request?.(connection, each, later) ?? connection.respond({ status: 404 }));
    }
  }
}

const machine: Machine<Serves, Server, Event, Effect> = {
  kind: 'server',
  opaque: true,
  init: (serves) => new Server(serves),
  step: (server, event, context) => server.on(event, context),
};

export interface Given {
  readonly serves?: Serves;
  readonly plan?: FaultPlan;
  readonly until?: Instant;
  readonly seed?: number;
  readonly page?: PageOptions;
  readonly run?: RunOptions;
}

export interface Ran {
  /** What the pages wrote to their consoles, each with the second in which it did. */
  readonly lines: readonly string[];
  /** The same, without times. */
  readonly said: readonly string[];
  readonly entries: readonly Entry[];
  readonly digest: string;
}

/** Runs a script, or a bundle, in the page of `c1`. */
export function inPage(script: string | Pick<Bundle, 'script' | 'place'>, given: Given = {}): Ran {
  const { serves = {}, plan = [], until = at(20_000_000), seed = 1, page = {}, run: options = {} } = given;
  const module =
    typeof script !== 'string'
      ? script
      : {
          place: (text: string): string => text,
          script: new Script(`(function (require) { ${script}\n })`, { filename: 'bundle:page.js' }),
        };
  const server: NodeSpec = { id: 'server', role: 'server', machine: machine as never, config: serves };
  const made = scenario({
    name: 'test/page',
    title: 'a page and a server',
    laws: [],
    faults: OWN_CODE_KINDS,
    world: () => ({
      nodes: [pageNode('c1', module, page), server],
      links: [
        {
          node: 'c1-server',
          ends: ['c1', 'server'],
          up: networkNamed('cable').up,
          down: networkNamed('cable').down,
          handshakeRoundTrips: 1,
        },
      ],
      serviceDelay: balanced([], [], networkNamed('cable')).serviceDelay,
      applications: [visit('c1', { start: at(0), until })],
      facts: { clients: [] },
      conditions: 'none',
    }),
    plan: () => plan,
  });
  const entries: Entry[] = [];
  const { digest } = run(made, seed, { ...options, witness: (entry) => entries.push(entry) });
  const shown: (readonly [Entry, string])[] = [];
  for (const entry of entries)
    if (entry.kind === 'console') shown.push([entry, entry.text]);
    else if (entry.kind === 'uncaught') shown.push([entry, `uncaught ${entry.how}: ${entry.error}`]);
    else if (entry.kind === 'custom') shown.push([entry, `${entry.node} ${entry.value as string}`]);
  return {
    lines: shown.map(([entry, text]) => `${(entry.at / 1_000_000).toFixed(3)} ${entry.node} ${text}`),
    said: shown.map(([, text]) => text),
    entries,
    digest,
  };
}

export const second = (n: number): Instant => at(seconds(n));
