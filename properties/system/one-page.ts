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
import { serverConnection } from '../../src/http/server.ts';
import type { Context, Machine } from '../../src/machine.ts';
import { at, type Instant, seconds } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';

/** What a server does on one connection; whatever is left out is the usual: it accepts, and says each message again. */
export interface Serves {
  upgrade?(connection: ServerConnection, request: Request, protocols: readonly string[]): readonly ServerSaid[];
  message?(connection: ServerConnection, data: string | Uint8Array): readonly ServerSaid[];
  request?(connection: ServerConnection, request: Request): readonly ServerSaid[];
}

type Event = {
  readonly type: string;
  readonly conn: ConnId;
  readonly payload: Uint8Array;
  readonly code: number;
  readonly buffered: number;
  readonly from: string;
  readonly message: { readonly op: number };
};
type Effect = { readonly type: string } & Readonly<Record<string, unknown>>;

class Server {
  readonly #serves: Serves;
  readonly #connections = new Map<ConnId, ServerConnection>();
  #effects: Effect[] = [];

  constructor(serves: Serves) {
    this.#serves = serves;
  }

  on(event: Event, _context: Context): readonly Effect[] {
    this.#effects = [];
    const { conn } = event;
    const connection = this.#connections.get(conn);
    if (event.type === 'message')
      return [{ type: 'post', to: event.from, message: { type: 'probed', op: event.message.op, ready: true } }];
    if (event.type === 'incoming') {
      this.#connections.set(conn, serverConnection());
      return [{ type: 'accept', conn }];
    }
    if (connection === undefined) return [];
    if (event.type === 'frame') this.#say(conn, connection, connection.received(event.payload));
    if (event.type === 'closed') {
      this.#say(conn, connection, connection.ended(event.code === 1000, ''));
      this.#connections.delete(conn);
    }
    return this.#effects;
  }

  #say(conn: ConnId, connection: ServerConnection, said: readonly ServerSaid[]): void {
    const { upgrade = (it) => it.accept(), message = (it, data) => it.send(data), request } = this.#serves;
    for (const each of said) {
      if (each.type === 'write')
        this.#effects.push({ type: 'send', conn, payload: each.bytes, bytes: each.bytes.length });
      else if (each.type === 'end') this.#effects.push({ type: 'close', conn, code: 1000, reason: '' });
      else if (each.type === 'terminate') this.#effects.push({ type: 'terminate', conn, how: each.how });
      else if (each.type === 'upgrade') this.#say(conn, connection, upgrade(connection, each, each.protocols));
      else if (each.type === 'message') this.#say(conn, connection, message(connection, each.data));
      else if (each.type === 'closed')
        this.#effects.push({
          type: 'custom',
          name: 'server',
          value: `closed ${each.code} ${each.reason} ${each.clean}`,
        });
      else if (each.type === 'request')
        this.#say(conn, connection, request?.(connection, each) ?? connection.respond({ status: 404 }));
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
