/**
 * Who is there: since when nothing stands between a client and what it was promised. The last fault is over, its
 * application has started and neither left nor given up, its process runs, its device is online, and some server is up.
 */
import { type Facts, meaningOf, roleOf } from '../../../src/facts.ts';
import type { Handlers } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Breach } from '../law.ts';

interface Client {
  started: boolean;
  /** Left, or was told an error that ends everything. */
  over: boolean;
  up: boolean;
  running: boolean;
  online: boolean;
  /** When the last of these came true. */
  since: number;
}

export class Presence {
  readonly #facts: Facts;
  readonly #clients: ReadonlyMap<NodeId, Client>;
  readonly #down = new Set<NodeId>();
  readonly #servers: number;
  /** When the last fault was over, and some server up; -1 while that is not so. */
  #healed = -1;
  #served = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
    this.#clients = new Map(facts.clients.map(({ node }) => [node, newClient()]));
    this.#servers = Object.values(facts.roles ?? {}).filter((role) => role === 'server').length;
  }

  /** Since when a client can be held to its promises; -1: it cannot. A second tab is none of the clients. */
  since(node: NodeId): number {
    const client = this.#clients.get(node);
    if (client === undefined || this.#healed < 0 || this.#served < 0 || !this.isHere(node)) return -1;
    return Math.max(client.since, this.#healed, this.#served);
  }

  /** Whether a client's application is there, and its process runs on a device that is online. */
  isHere(node: NodeId): boolean {
    const client = this.#clients.get(node);
    if (client === undefined) return false;
    return client.started && !client.over && client.up && client.running && client.online;
  }

  change(node: NodeId, at: number, now: Partial<Client>): void {
    const client = this.#clients.get(node);
    if (client !== undefined) Object.assign(client, now, { since: at });
  }

  told(node: NodeId, error: string, at: number): void {
    if (meaningOf(this.#facts, error)?.terminal === true) this.change(node, at, { over: true });
  }

  heal(at: number): void {
    this.#healed = at;
  }

  down(node: NodeId, at: number): void {
    this.change(node, at, { up: false });
    if (roleOf(this.#facts, node) !== 'server') return;
    this.#down.add(node);
    if (this.#down.size >= this.#servers) this.#served = -1;
  }

  up(node: NodeId, at: number): void {
    this.change(node, at, { up: true, running: true });
    if (roleOf(this.#facts, node) !== 'server') return;
    this.#down.delete(node);
    if (this.#served < 0) this.#served = at;
  }
}

const newClient = (): Client => ({ started: false, over: false, up: true, running: true, online: true, since: 0 });

/** What it follows from. A law that judges first what was so until then does so in handlers of its own. */
export const PRESENCE = {
  intent({ presence }, { node, intent, at }) {
    if (intent === 'start') presence.change(node, at, { started: true });
    else if (intent === 'leave') presence.change(node, at, { over: true });
    else if (intent === 'online' || intent === 'offline') presence.change(node, at, { online: intent === 'online' });
  },
  told: ({ presence }, { node, error, at }) => presence.told(node, error, at),
  crashed: ({ presence }, { node, at }) => presence.down(node, at),
  restarted: ({ presence }, { node, at }) => presence.up(node, at),
  paused: ({ presence }, { node, begins, at }) => presence.change(node, at, { running: !begins }),
  healed: ({ presence }, { at }) => presence.heal(at),
} as const satisfies Handlers<{ readonly presence: Presence }, Breach>;
