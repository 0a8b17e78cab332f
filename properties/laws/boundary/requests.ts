/** What clients asked for under keys of their own, and what came of it. */
import type { SendOutcome } from '../../../src/boundary.ts';
import type { Facts } from '../../../src/facts.ts';
import { Few } from '../../../src/few.ts';
import { clientOf, type EntryOf } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { formatInstant, type Instant } from '../../../src/time.ts';
import { keyNamed } from './say.ts';

/** One client that asked under a key. */
export interface Asker {
  readonly at: Instant;
  /** How often it asked as if it never had: its page had forgotten everything in between. */
  times: number;
  /** Its page has forgotten that it asked, or its application left: nobody owes it an answer. */
  over: boolean;
  outcome: SendOutcome | null;
}

/** Something took effect: `client` as its server says, '' where it does not know. */
interface Deed {
  readonly client: NodeId;
  readonly node: NodeId;
  readonly at: Instant;
}

export interface Request {
  readonly askers: Few<NodeId, Asker>;
  readonly deeds: Deed[];
}

export class Requests {
  readonly #clients: ReadonlySet<NodeId>;
  readonly byKey = new Map<string, Request>();
  /** Somebody asked for something: who says what is done says also what is asked for. */
  asked = false;

  constructor({ clients }: Facts) {
    this.#clients = new Set(clients.map(({ node }) => node));
  }

  submitted({ node, key, at }: EntryOf<'submitted'>): void {
    const client = clientOf(node);
    if (!this.#clients.has(client)) return;
    this.asked = true;
    const { askers } = this.#of(key);
    const asker = askers.get(client);
    if (asker === undefined) askers.set(client, { at, times: 1, over: false, outcome: null });
    else if (asker.over) {
      asker.times++;
      asker.over = false;
      asker.outcome = null;
    }
  }

  /** Notes it; returns why it should not have been: it is the second time, or nobody asked. Null for nothing. */
  performed({ node, client, key, at }: EntryOf<'performed'>): string | null {
    const { askers, deeds } = this.#of(key);
    const deed = { client: client === '' ? '' : clientOf(client), node, at };
    const which = `${keyNamed(key)}${deed.client === '' ? '' : ` of ${deed.client}`}`;
    if (this.asked && askers.size === 0) return `${node} performed ${which}, which nobody had asked for.`;
    let allowed = 0;
    for (const { times } of askers.values()) allowed += times;
    const own = deeds.filter((each) => each.client === deed.client);
    const isOften = deed.client !== '' && own.length >= (askers.get(deed.client)?.times ?? 1);
    const first = isOften ? own.at(-1) : deeds.length >= Math.max(1, allowed) ? deeds.at(-1) : undefined;
    deeds.push(deed);
    if (first === undefined) return null;
    const asked = [...askers.keys()].join(' and ');
    return `${node} performed ${which} again: ${first.node === node ? 'it' : first.node} had done so at ${formatInstant(first.at)}${asked === '' ? '' : `, and ${asked} asked for it once`}.`;
  }

  settled({ node, key, outcome }: EntryOf<'settled'>): void {
    const asker = this.byKey.get(key)?.askers.get(clientOf(node));
    if (asker !== undefined) asker.outcome = outcome;
  }

  /** A client's application is gone, or its page with all that it had asked for. */
  leave(node: NodeId): void {
    if (clientOf(node) !== node || !this.#clients.has(node)) return;
    for (const { askers } of this.byKey.values()) {
      const asker = askers.get(node);
      if (asker !== undefined) asker.over = true;
    }
  }

  /** Requests of clients that are still there, which nothing came of: no effect, and no word of one. */
  open(): Iterable<readonly [client: NodeId, key: string, asker: Asker]> {
    return this.unsettled(false);
  }

  /** Those of clients that were told nothing; without effect, too, unless clients are told outcomes. */
  *unsettled(settles: boolean): IterableIterator<readonly [client: NodeId, key: string, asker: Asker]> {
    for (const [key, { askers }] of this.byKey)
      for (const [client, asker] of askers)
        if (this.unsettledOf(client, key, settles) !== null) yield [client, key, asker];
  }

  /** The same of one client and key; null if that is settled. */
  unsettledOf(client: NodeId, key: string, settles: boolean): Asker | null {
    const request = this.byKey.get(key);
    const asker = request?.askers.get(client);
    if (request === undefined || asker === undefined || asker.over || asker.outcome !== null) return null;
    if (!settles && request.deeds.some((deed) => deed.client === '' || deed.client === client)) return null;
    return asker;
  }

  #of(key: string): Request {
    let request = this.byKey.get(key);
    if (request === undefined) {
      request = { askers: new Few(), deeds: [] };
      this.byKey.set(key, request);
    }
    return request;
  }
}
