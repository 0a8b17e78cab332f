/**
 * Who is who in a recorded run, for whoever tells its story: parts, and connections by the name that their client gave them
 * from end to end. What a balancer passes on is one connection to a reader, so its second half has the name of the first.
 */
import { clientOf, type Entry } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import type { ConnId } from '../../src/transport.ts';
import { Connections } from '../core/connections.ts';
import type { RecordedEntry } from '../core/trail.ts';
import type { World } from '../core/world.ts';

export class Cast {
  readonly #roles: ReadonlyMap<NodeId, string>;
  readonly #links: ReadonlySet<NodeId>;
  readonly #names = new Connections();
  /** The client's connection for that of a balancer. */
  readonly #ends = new Map<ConnId, ConnId>();
  readonly #byName = new Map<string, ConnId>();
  readonly #diallers = new Map<ConnId, NodeId>();
  readonly nodes: readonly NodeId[];

  constructor(world: Pick<World, 'nodes' | 'links'>, history: readonly RecordedEntry[]) {
    this.#roles = new Map(world.nodes.map(({ id, role }) => [id, role]));
    this.#links = new Set(world.links.map(({ node }) => node));
    this.nodes = world.nodes.map(({ id }) => id);
    for (const entry of history) {
      if (entry.kind !== 'dialled') continue;
      this.#names.note(entry);
      this.#diallers.set(entry.conn, entry.node);
      this.#byName.set(this.#names.nameOf(entry.conn), entry.conn);
      if (!this.isBetween(entry.node)) continue;
      const from = connOf(history[entry.cause - 1]);
      if (from !== null) this.#ends.set(entry.conn, this.#ends.get(from) ?? from);
    }
  }

  role(node: NodeId): string | undefined {
    return this.#roles.get(clientOf(node));
  }

  isClient(node: NodeId): boolean {
    return this.role(node) === 'client';
  }

  /** Whether it only passes on what others say: a balancer, or a link. */
  isBetween(node: NodeId): boolean {
    return this.#links.has(node) || this.role(node) === 'balancer';
  }

  isLink(node: NodeId): boolean {
    return this.#links.has(node);
  }

  /** The connection of the client that it belongs to; itself where nobody stands between. */
  endOf(conn: ConnId): ConnId {
    return this.#ends.get(conn) ?? conn;
  }

  /** Who dialled it, from end to end: a client, for the half behind a balancer as well. */
  diallerOf(conn: ConnId): NodeId | undefined {
    return this.#diallers.get(this.endOf(conn));
  }

  /** Its name from end to end: `c1#3`. */
  readonly nameOf = (conn: ConnId): string => this.#names.nameOf(this.endOf(conn));

  /** Its own name: `lb#4` for the second half of one. */
  readonly ownNameOf = (conn: ConnId): string => this.#names.nameOf(conn);

  /** The connection of that name; undefined for a name that nobody has. */
  named(name: string): ConnId | undefined {
    return this.#byName.get(name);
  }

  get connections(): readonly string[] {
    return [...this.#byName.keys()];
  }
}

/** The connection that an entry is about; null for none. */
export function connOf(entry: Entry | undefined): ConnId | null {
  if (entry === undefined) return null;
  if (entry.kind === 'timerFired') return entry.key > 0 ? entry.key : null;
  return 'conn' in entry && typeof entry.conn === 'number' ? entry.conn : null;
}
