/** One process of a host model: its connections, its timers, and what its functions are given. */
import type { ServerConnection, ServerSaid } from '../../src/http/endpoint.ts';
import { serverConnection } from '../../src/http/server.ts';
import type { Context } from '../../src/machine.ts';
import { after, type Duration, type Instant, parseDuration } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import { shown } from '../core/shown.ts';
import { askedFor, responseOf, Visitor } from './host-guest.ts';
import type { Guest, Hosting, HostServer, Message } from './host-server.ts';
import { Segments } from './segments.ts';
import { type Effect, Speaking } from './speaking.ts';

/** Whatever a process is told, with the fields that some of it has. */
interface Event {
  readonly type: string;
  readonly conn: ConnId;
  readonly over?: string;
  readonly payload: Uint8Array;
  readonly clean: boolean;
  readonly reason: string;
  readonly timer: string;
  readonly key: number;
  readonly deadline: number;
  readonly from: string;
  readonly message: { readonly type: string; readonly op: number };
}

/** A connection of raw bytes, and who speaks on it. */
interface Connection {
  readonly conn: ConnId;
  readonly endpoint: ServerConnection;
  guest: Visitor | null;
}

/** What is called again and again. */
export type Period = readonly [every: Duration, then: (server: Hosting<unknown>) => void];

export class HostProcess extends Speaking implements Hosting<unknown> {
  state: unknown = null;
  readonly #server: HostServer;
  readonly #periods: readonly Period[];
  readonly #connections = new Map<ConnId, Connection>();
  readonly #guests: Visitor[] = [];
  /** What `later` is to call, by the key of its timer. */
  readonly #later = new Map<number, (server: Hosting<unknown>) => void>();
  #segments: Segments | null = null;
  #count = 0;
  #timers = 0;
  #begun = 0 as Instant;
  #draining = false;
  #quiet = false;

  constructor(server: HostServer, periods: readonly Period[], node: string) {
    super(node);
    this.#periods = periods;
    this.#server = server;
  }

  // ---- what happens

  step(event: { readonly type: string }, context: Context): readonly Effect[] {
    this.begins(context);
    this.#segments ??= new Segments((purpose) => this.context.random(purpose));
    this.#take(event as Event);
    for (const conn of this.#segments.written()) this.#leave(conn);
    return this.effects;
  }

  #take(event: Event): void {
    const connection = this.#connections.get(event.conn);
    switch (event.type) {
      case 'started':
        this.#begin();
        return;
      case 'incoming':
        this.#incoming(event);
        return;
      case 'frame':
        if (connection === undefined) return;
        for (const bytes of (this.#segments as Segments).read(event.payload))
          this.#carry(connection, connection.endpoint.received(bytes));
        return;
      case 'closed':
        if (connection === undefined) return;
        this.#carry(connection, connection.endpoint.ended(event.clean, event.reason));
        this.#forget(connection);
        return;
      case 'timer':
        this.#fired(event);
        return;
      case 'message': {
        const { type, op } = event.message;
        if (type === 'probe')
          this.say({ type: 'post', to: event.from, message: { type: 'probed', op, ready: !this.#draining } });
        return;
      }
      case 'drain':
        this.#drain(event.deadline);
        return;
      case 'quiesce':
        this.#quiet = true;
        this.#stop();
    }
  }

  #begin(): void {
    this.#begun = this.context.now;
    this.state = this.#server.state?.() ?? {};
    if (this.#quiet) return;
    for (const [index, [period]] of this.#periods.entries()) this.#arm('every', index + 1, period);
  }

  #incoming({ conn, over }: Event): void {
    if (over !== 'bytes')
      throw new Error('hostServer: expected a client that speaks HTTP over raw bytes (`over: "bytes"`)');
    if (this.#draining) {
      this.say({ type: 'refuse', conn, status: 503 });
      return;
    }
    this.#connections.set(conn, { conn, endpoint: serverConnection({ tellsSent: false }), guest: null });
    this.say({ type: 'accept', conn });
  }

  #fired({ timer, key }: Event): void {
    if (timer === 'every') {
      const [period, then] = this.#periods[key - 1] as Period;
      this.#arm('every', key, period);
      then(this);
    } else if (timer === 'later') {
      const then = this.#later.get(key);
      this.#later.delete(key);
      then?.(this);
    } else if (timer === 'wire') {
      const connection = this.#connections.get(key);
      if (connection !== undefined) this.#carry(connection, connection.endpoint.overdue());
    } else if (timer === 'exit') this.say({ type: 'exit' });
  }

  #drain(deadline: number): void {
    this.#draining = true;
    this.#server.drain?.(this);
    for (const guest of [...this.#guests]) guest.close(1001, 'going away');
    if (this.#connections.size === 0) this.say({ type: 'exit' });
    // Whoever does not answer must not keep the process: its supervisor ends it at the deadline, and it goes before that.
    else this.say({ type: 'setTimer', timer: 'exit', key: 0, at: this.context.now + Math.floor(deadline * 0.9) });
  }

  // ---- what connections say

  #carry(connection: Connection, said: readonly ServerSaid[]): void {
    const { conn, endpoint, guest } = connection;
    const segments = this.#segments as Segments;
    for (const each of said)
      switch (each.type) {
        case 'write':
          segments.write(conn, each.bytes);
          break;
        case 'end':
          this.#leave(conn);
          this.say({ type: 'close', conn, code: 1000, reason: '' });
          break;
        case 'terminate':
          segments.forget(conn);
          this.say({ type: 'terminate', conn, how: each.how });
          this.#forget(connection);
          break;
        case 'wait':
          if (each.for === null) this.say({ type: 'clearTimer', timer: 'wire', key: conn });
          else this.say({ type: 'setTimer', timer: 'wire', key: conn, at: after(this.context.now, each.for) });
          break;
        case 'upgrade': {
          const asked = askedFor(each, each.protocols);
          const refused = this.#server.refuse?.(asked, this) ?? null;
          if (refused === null) this.#welcome(connection, asked);
          else this.#carry(connection, endpoint.respond(responseOf(refused, 'refuse')));
          break;
        }
        case 'request': {
          const answer = this.#server.request?.(askedFor(each, []), this) ?? 404;
          this.#carry(connection, endpoint.respond(responseOf(answer, 'request')));
          break;
        }
        case 'message':
          if (guest !== null) this.#server.message?.(guest, each.data, this);
          break;
        case 'closing':
          if (guest !== null) guest.isOpen = false;
          break;
        case 'closed':
          if (guest !== null) this.#gone(guest, each.code, each.reason);
      }
  }

  #welcome(connection: Connection, asked: Asking): void {
    const { endpoint } = connection;
    const { protocol = ([first]) => first ?? null } = this.#server;
    const chosen = protocol(asked.protocols, this);
    if (chosen !== null && !asked.protocols.includes(chosen))
      throw new Error(`protocol: expected one of those that were offered, or null, got ${shown(chosen)}`);
    const guest = new Visitor(++this.#count, asked, chosen ?? '', endpoint, (said) => this.#carry(connection, said));
    connection.guest = guest;
    this.#guests.push(guest);
    this.#carry(connection, endpoint.accept(chosen === null ? {} : { protocol: chosen }));
    this.#server.open?.(guest, this);
  }

  #gone(guest: Visitor, code: number, reason: string): void {
    guest.isOpen = false;
    const at = this.#guests.indexOf(guest);
    if (at < 0) return;
    this.#guests.splice(at, 1);
    this.#server.close?.(guest, code, reason, this);
  }

  #forget(connection: Connection): void {
    const { conn, guest } = connection;
    if (!this.#connections.delete(conn)) return;
    this.say({ type: 'clearTimer', timer: 'wire', key: conn });
    if (guest !== null) this.#gone(guest, 1006, '');
    if (this.#draining && this.#connections.size === 0) this.say({ type: 'exit' });
  }

  /** What was written to a connection leaves. */
  #leave(conn: ConnId): void {
    for (const payload of (this.#segments as Segments).take(conn))
      this.say({ type: 'send', conn, payload, bytes: payload.length });
  }

  // ---- what its functions may ask for

  get now(): number {
    return (this.context.now - this.#begun) / 1000;
  }

  get guests(): readonly Guest[] {
    return this.#guests.filter(({ isOpen }) => isOpen);
  }

  broadcast(message: Message): void {
    for (const guest of this.guests) guest.send(message);
  }

  later(delay: string, then: (server: Hosting<unknown>) => void): void {
    const key = ++this.#timers;
    const wait = parseDuration(delay);
    if (wait === undefined) throw new Error(`later: expected a length of time such as '2s', got ${shown(delay)}`);
    this.#later.set(key, then);
    this.#arm('later', key, wait);
  }

  restart(): void {
    const guests = this.#guests.splice(0);
    for (const guest of guests) guest.isOpen = false;
    for (const conn of this.#connections.keys()) {
      this.#segments?.forget(conn);
      this.say({ type: 'terminate', conn, how: 'rst' }, { type: 'clearTimer', timer: 'wire', key: conn });
    }
    this.#connections.clear();
    this.#stop();
    this.#count = 0;
    this.#begin();
  }

  // ---- its timers

  #arm(timer: string, key: number, wait: Duration): void {
    this.say({ type: 'setTimer', timer, key, at: after(this.context.now, wait) });
  }

  /** Nothing that it waits for will come. */
  #stop(): void {
    for (const index of this.#periods.keys()) this.say({ type: 'clearTimer', timer: 'every', key: index + 1 });
    for (const key of this.#later.keys()) this.say({ type: 'clearTimer', timer: 'later', key });
    this.#later.clear();
  }
}

type Asking = Visitor['asked'];
