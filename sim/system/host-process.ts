/** One process of a host model: its connections, its timers, and what its functions are given. */
import { type Field, fieldOf } from '../../src/http/fields.ts';
import { serverConnection } from '../../src/http/server.ts';
import type { Request, Response, ServerConnection, ServerSaid } from '../../src/http/endpoint.ts';
import type { Context } from '../../src/machine.ts';
import { after, type Duration, type Instant, parseDuration } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import { shown } from '../core/shown.ts';
import type { Answer, Asked, Guest, HostServer, Hosting, Message } from './host-server.ts';
import type { Piece } from './probe.ts';

type Effect = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A connection of raw bytes, and who speaks on it. */
interface Connection {
  readonly conn: ConnId;
  readonly endpoint: ServerConnection;
  guest: Visitor | null;
}

interface Event {
  readonly type: string;
  readonly conn: ConnId;
  readonly payload: Uint8Array;
  readonly clean: boolean;
  readonly buffered: number;
  readonly timer: string;
  readonly key: number;
  readonly op: number;
}

/** What a closing handshake may take before the process ends all the same: as long as `ws` waits for the other side. */
const LAST_WORDS = 1_000_000 as Duration;

export class HostProcess implements Hosting<unknown> {
  readonly node: string;
  readonly #server: HostServer;
  #state: unknown = null;
  #begun = 0;
  #connections = new Map<ConnId, Connection>();
  #guests: Visitor[] = [];
  #count = 0;
  /** What `later` is to call, by the key of its timer. */
  #later = new Map<number, (server: Hosting<unknown>) => void>();
  #timers = 0;
  #draining = false;
  #quiet = false;
  #context: Context = null as never;
  #effects: Effect[] = [];

  constructor(server: HostServer, node: string) {
    this.#server = server;
    this.node = node;
  }

  step(event: { readonly type: string }, context: Context): readonly Effect[] {
    this.#context = context;
    this.#effects = [];
    this.#take(event as Event);
    return this.#effects;
  }

  #take(event: Event): void {
    const connection = this.#connections.get(event.conn);
    switch (event.type) {
      case 'started':
        this.#begin();
        return;
      case 'incoming':
        this.#incoming(event.conn);
        return;
      case 'frame':
        if (connection !== undefined) this.#carry(connection, connection.endpoint.received(event.payload));
        return;
      case 'drained':
        if (connection !== undefined) this.#carry(connection, connection.endpoint.kept(event.buffered));
        return;
      case 'closed':
        if (connection === undefined) return;
        this.#carry(connection, connection.endpoint.ended(event.clean, event.clean ? '' : 'the connection is gone'));
        this.#connections.delete(event.conn);
        return;
      case 'timer':
        this.#fired(event);
        return;
      case 'probe':
        this.#say({ type: 'send', ...probed(event, !this.#draining) });
        return;
      case 'drain':
        this.#drain();
        return;
      case 'quiesce':
        this.#quiet = true;
        for (const [period] of this.#periods()) this.#say({ type: 'clearTimer', timer: 'every', key: period });
        for (const key of this.#later.keys()) this.#say({ type: 'clearTimer', timer: 'later', key });
        this.#later.clear();
    }
  }
}
void 0 as unknown as [Field, Request, Response, ServerSaid, Instant, Answer, Asked, Guest, Message, Piece, typeof LAST_WORDS, typeof after, typeof parseDuration, typeof shown, typeof fieldOf, typeof serverConnection];
