/**
 * Wiring: which machine has which name, which link joins whom, and which link each connection runs through.
 *
 * A link joins two hosts. At its near end several processes may live, as the tabs of one device do: they share the path
 * and all that happens to it, and what a connection brings goes to the process that dialled it.
 */
import { Few } from '../../src/few.ts';
import type { LinkConfig } from '../../src/link/config.ts';
import type { End } from '../../src/link/vocabulary.ts';
import { invariant, type NodeId } from '../../src/machine.ts';
import { CONNS_PER_NODE, type ConnId } from '../../src/transport.ts';
import type { Kernel, Node } from './kernel.ts';
import type { AnyMachine } from './record.ts';
import type { NodeSpec } from './world.ts';

/** A link, seen from one of its ends. */
export interface Attachment {
  readonly link: Node;
  readonly end: End;
}

/** Where a connection runs. */
export interface Route {
  readonly link: Node;
  /** Index of the node that dialled it, which is end 0. */
  readonly dialler: number;
  /** Who was told that it is over: 1 for end 0, plus 2 for end 1. What was still on its way to that end reaches nobody. */
  told: number;
  /** Whose machine answers pings itself: 1 for that at end 0, plus 2 for that at end 1. */
  manual: number;
  /** Whose machine ends its stream itself when the other end has: in the same way. */
  halfOpen: number;
}

export class Wiring {
  readonly #kernel: Kernel;
  readonly #byId = new Map<NodeId, Node>();
  /** The link from a dialler to an acceptor. */
  readonly #paths = new Map<NodeId, Few<NodeId, Node>>();
  readonly #linksOf = new Map<NodeId, Attachment[]>();
  /** Who lives on the host of another node, by that node's name. */
  readonly #guests = new Map<NodeId, Node[]>();
  /** Links with several processes at their near end: all of those, the first one first. */
  readonly #shared = new Map<Node, Node[]>();
  /** By the part of a connection's name that is its dialler's, then by the rest: asked at every frame. */
  readonly #routes: Route[][] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  add(spec: NodeSpec): Node {
    const { id, host = id } = spec;
    invariant(!this.#byId.has(id), 'two nodes of one name', { id });
    const node = this.#kernel.add(spec);
    this.#byId.set(id, node);
    if (host !== id) {
      const others = this.#guests.get(host);
      if (others === undefined) this.#guests.set(host, [node]);
      else others.push(node);
    }
    return node;
  }

  /** What lives and dies with a node: all that was put on its host, and not the node itself. */
  guestsOf(node: Node): readonly Node[] {
    return this.#guests.get(node.id) ?? NO_NODES;
  }

  /** Adds a link between two machines that are there already. */
  addLink(machine: AnyMachine, config: LinkConfig): Node {
    const link = this.add({ id: config.node, role: 'link', machine, config });
    const [from, to] = config.ends;
    link.ends = [this.node(from), this.node(to)];
    const paths = this.#paths.get(from);
    if (paths === undefined) this.#paths.set(from, new Few<NodeId, Node>().set(to, link));
    else paths.set(to, link);
    for (const end of [0, 1] as const) {
      const id = config.ends[end];
      const links = this.#linksOf.get(id);
      if (links === undefined) this.#linksOf.set(id, [{ link, end }]);
      else links.push({ link, end });
    }
    return link;
  }

  /** A further process on the device of `first` uses the same link. */
  addProcess(id: NodeId, first: Node, config: unknown): Node {
    const link = this.access(first);
    const added = this.add({ ...first.spec, id, config });
    const [, far] = link.ends as readonly [Node, Node];
    this.#paths.set(id, new Few<NodeId, Node>().set(far.id, link));
    this.#linksOf.set(id, [{ link, end: 0 }]);
    const processes = this.#shared.get(link);
    if (processes === undefined) this.#shared.set(link, [first, added]);
    else processes.push(added);
    return added;
  }

  /** All processes on the device of a client. */
  processesBeside(client: Node): readonly Node[] {
    return this.#shared.get(this.access(client)) ?? [client];
  }

  /** Whether several processes live at the near end of a link. */
  isShared(link: Node): boolean {
    return this.#shared.has(link);
  }

  /** Who hears of an event at that end of a link; its connection is looked at only where several processes are. */
  hearerOf(link: Node, end: End, event: { readonly conn: ConnId }): Node {
    const ends = link.ends as readonly [Node, Node];
    return end === 1 || this.#shared.size === 0 ? ends[end] : this.endOf(link, end, event.conn);
  }

  /** Who hears at that end of a link what a connection brings. */
  endOf(link: Node, end: End, conn: ConnId): Node {
    const ends = link.ends as readonly [Node, Node];
    if (end === 1 || this.#shared.size === 0 || !this.#shared.has(link)) return ends[end];
    const dialler = this.routeOf(conn)?.dialler;
    return dialler === undefined ? ends[0] : (this.#kernel.nodes[dialler] as Node);
  }

  find(id: NodeId): Node | undefined {
    return this.#byId.get(id);
  }

  node(id: NodeId): Node {
    const found = this.#byId.get(id);
    invariant(found !== undefined, 'no such node', { id });
    return found;
  }

  linksOf(node: Node): readonly Attachment[] {
    return this.#linksOf.get(node.id) ?? NO_LINKS;
  }

  /** The link through which a client reaches everything. */
  access(client: Node): Node {
    const first = this.linksOf(client)[0];
    invariant(first !== undefined, 'a client without a link', { client: client.id });
    return first.link;
  }

  /** What a client says to a service outside its session, and what it hears back, crosses the client's own link. */
  relayFor(from: Node, to: Node): Attachment | null {
    if (from.spec.remote === true) return { link: this.access(from), end: 0 };
    if (to.spec.remote === true) return { link: this.access(to), end: 1 };
    return null;
  }

  /** The links of `dialler`, by the name of the node to which each leads. */
  within(dialler: Node): Few<NodeId, Node> {
    return this.#paths.get(dialler.id) ?? NOWHERE;
  }

  /** A new connection from `dialler`; returns the link that it runs through. */
  route(conn: ConnId, dialler: Node, to: NodeId): Node {
    const link = this.#paths.get(dialler.id)?.get(to);
    invariant(link !== undefined, 'no path', { from: dialler.id, to });
    const base = Math.trunc(conn / CONNS_PER_NODE);
    let routes = this.#routes[base];
    if (routes === undefined) {
      routes = [];
      this.#routes[base] = routes;
    }
    routes[conn - base * CONNS_PER_NODE] = {
      link,
      dialler: dialler.index,
      told: 0,
      manual: 0,
      halfOpen: 0,
    };
    return link;
  }

  /** The machine at that end answers the pings of a connection itself. */
  answersPings(conn: ConnId, end: End): void {
    const route = this.routeOf(conn);
    if (route !== undefined) route.manual |= 1 << end;
  }

  /** The machine at that end ends its stream itself. */
  staysHalfOpen(conn: ConnId, end: End): void {
    const route = this.routeOf(conn);
    if (route !== undefined) route.halfOpen |= 1 << end;
  }

  /** What is known of each connection that was dialled: who was told of its end, and who answers for it. */
  routes(): readonly unknown[] {
    return this.#routes.map((of) =>
      of.map(({ link, dialler, told, manual, halfOpen }) => [link.index, dialler, told, manual, halfOpen]),
    );
  }

  routeOf(conn: ConnId): Route | undefined {
    const base = Math.trunc(conn / CONNS_PER_NODE);
    return this.#routes[base]?.[conn - base * CONNS_PER_NODE];
  }
}

const NO_LINKS: readonly Attachment[] = [];
const NO_NODES: readonly Node[] = [];
const NOWHERE = new Few<NodeId, Node>();
