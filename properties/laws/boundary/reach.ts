/**
 * Which connections of its clients work, as a witness sees it who stands at both ends.
 *
 * A connection works from its `opened` at the client until either end has seen it end, or a process at either end is gone.
 * So one that a client still believes in, while its server has long given it up, does not work. Where a page says what its
 * WebSockets are (`socket`), those count, and a connection that has not got through its upgrade yet is none of them.
 */
import type { Facts } from '../../../src/facts.ts';
import { Few } from '../../../src/few.ts';
import type { EntryOf, Handlers } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { formatInstant, type Instant } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import type { Breach } from '../law.ts';

interface Conn {
  readonly client: Client;
  /** Who took it, or ''. */
  far: NodeId;
  opened: boolean;
  /** The far end has seen its end, or is gone. */
  gone: boolean;
  /** When it last opened or brought something. */
  heard: number;
}

interface Client {
  readonly node: NodeId;
  readonly conns: Few<ConnId, Conn>;
  /** Its WebSockets that are not closed, by number. */
  readonly sockets: Few<number, { readonly open: boolean; readonly conn: ConnId | undefined }>;
  /** It says what its WebSockets are. */
  speaks: boolean;
  lastDial: { readonly at: Instant; readonly url: string } | null;
  lastEnd: { readonly at: Instant; readonly code: number } | null;
}

export class Reach {
  readonly #clients: ReadonlyMap<NodeId, Client>;
  readonly #conns = new Map<ConnId, Conn>();

  constructor({ clients }: Facts) {
    this.#clients = new Map(clients.map(({ node }) => [node, newClient(node)]));
  }

  /** Whether a client has a connection that works. */
  works(node: NodeId): boolean {
    return this.heard(node) >= 0;
  }

  /** When a connection of a client that works last opened or brought something; -1 where none works. */
  heard(node: NodeId): number {
    const client = this.#clients.get(node);
    if (client === undefined) return -1;
    let last = -1;
    if (client.speaks)
      for (const { open, conn } of client.sockets.values()) {
        if (!open) continue;
        const below = conn === undefined ? undefined : this.#conns.get(conn);
        if (below?.gone !== true) last = Math.max(last, below?.heard ?? 0);
      }
    else for (const { opened, gone, heard } of client.conns.values()) if (opened && !gone) last = Math.max(last, heard);
    return last;
  }

  dialled({ node, conn, at, url = '' }: EntryOf<'dialled'>): void {
    const client = this.#clients.get(node);
    if (client === undefined) return;
    const made: Conn = { client, far: '', opened: false, gone: false, heard: at };
    this.#conns.set(conn, made);
    client.conns.set(conn, made);
    if (!client.speaks) client.lastDial = { at, url };
  }

  asked({ node, conn }: EntryOf<'asked'>): void {
    const known = this.#conns.get(conn);
    if (known !== undefined) known.far = node;
  }

  opened({ node, conn, at }: EntryOf<'opened'>): void {
    const known = this.#conns.get(conn);
    if (known?.client.node !== node) return;
    known.opened = true;
    known.heard = at;
  }

  ended({ node, conn, code, at }: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
    const known = this.#conns.get(conn);
    if (known === undefined) return;
    const { client } = known;
    if (client.node !== node) known.gone = true;
    else {
      client.conns.delete(conn);
      this.#conns.delete(conn);
      if (!client.speaks) client.lastEnd = { at, code };
    }
  }

  delivered(node: NodeId, conn: ConnId, at: number): void {
    const known = this.#conns.get(conn);
    if (known?.client.node === node) known.heard = at;
  }

  socket({ node, socket, state, conn, url, code = 1006, at }: EntryOf<'socket'>): void {
    const client = this.#clients.get(node);
    if (client === undefined) return;
    client.speaks = true;
    if (state === 'connecting') client.lastDial = { at, url };
    if (state === 'closed') {
      client.sockets.delete(socket);
      client.lastEnd = { at, code };
    } else {
      const before = client.sockets.get(socket);
      client.sockets.set(socket, { open: state === 'open', conn: conn ?? before?.conn });
    }
  }

  /** A process is gone, and all that it had. */
  gone(node: NodeId): void {
    const client = this.#clients.get(node);
    if (client !== undefined) {
      for (const conn of client.conns.keys()) this.#conns.delete(conn);
      client.conns.clear();
      client.sockets.clear();
    }
    for (const conn of this.#conns.values()) if (conn.far === node) conn.gone = true;
  }

  /** What a client without a working connection has done about it. */
  whereabouts(node: NodeId): string {
    const client = this.#clients.get(node);
    if (client?.lastDial == null) return 'it has never dialled';
    const { lastDial, lastEnd } = client;
    const dialled = `it dialled last at ${formatInstant(lastDial.at)}${lastDial.url === '' ? '' : ` (${lastDial.url})`}`;
    const believes = client.speaks
      ? [...client.sockets.values()].some(({ open }) => open)
      : [...client.conns.values()].some(({ opened }) => opened);
    if (believes) return `${dialled}, and believes in a connection that the other end has given up`;
    if (lastEnd === null || lastEnd.at < lastDial.at) return `${dialled}, and that is not open yet`;
    return `${dialled}, and that ended at ${formatInstant(lastEnd.at)} with ${lastEnd.code}`;
  }
}

const newClient = (node: NodeId): Client => ({
  node,
  conns: new Few(),
  sockets: new Few(),
  speaks: false,
  lastDial: null,
  lastEnd: null,
});

/** What it follows from. */
export const REACH = {
  dialled: ({ reach }, entry) => reach.dialled(entry),
  asked: ({ reach }, entry) => reach.asked(entry),
  opened: ({ reach }, entry) => reach.opened(entry),
  closed: ({ reach }, entry) => reach.ended(entry),
  hungUp: ({ reach }, entry) => reach.ended(entry),
  socket: ({ reach }, entry) => reach.socket(entry),
  crashed: ({ reach }, { node }) => reach.gone(node),
} as const satisfies Handlers<{ readonly reach: Reach }, Breach>;
