/**
 * Dials of clients, each with the failure that it answers.
 *
 * What is seen of a page is its WebSockets (`socket`); of another client its connections, where those that carry requests of
 * HTTP are none. A dial answers the newest failure of its own address that no dial has answered. What began with one dial
 * and goes on from failure to dial is a *lane*: a client with two sockets has two. A dial that answers none (the first one,
 * or a second one for the same failure) begins a lane of its own.
 */
import type { Facts } from '../../../src/facts.ts';
import { Few } from '../../../src/few.ts';
import { clientOf, type EntryOf, type Handlers } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Breach } from '../law.ts';

/** A connection that stood so long had nothing to do with the failure before it: microseconds. */
export const STOOD = 1_000_000;

export interface Lane {
  /** Failures in a row, none of a connection that stood. */
  row: number;
  /** Of its last dials: how many in a row came in the same event as the failure that they answer. */
  atOnce: number;
  /** When its last dials were, the newest last. */
  readonly dials: number[];
  /** What its policy may count: retries since the last reset, and the wait before. */
  candidates: readonly { readonly attempt: number; readonly previous: number }[];
}

interface Attempt {
  readonly lane: Lane;
  readonly address: string;
  opened: number;
  /** Something was given to its application meanwhile. */
  progress: boolean;
  closing: boolean;
  /** Its application, or the library that it uses, ended it by itself. */
  own: boolean;
  /** What it counts as since then: its end may be told long after the next dial. */
  failure: Failure | null;
}

export interface Failure {
  readonly lane: Lane;
  readonly address: string;
  readonly at: number;
  readonly event: number;
  /** How long it had been open; -1: it never was. */
  readonly uptime: number;
  readonly progress: boolean;
  readonly own: boolean;
}

export interface Dialler {
  readonly node: NodeId;
  /** It says what its WebSockets are. */
  speaks: boolean;
  readonly attempts: Few<number, Attempt>;
  readonly failures: Failure[];
  /** Something else than a failure asked for the next dial: the device, the user, or the start. */
  free: boolean;
  /** Since the newest failure its process stood still, was slowed down, or was offline. */
  disturbed: boolean;
  /** Its timers are slowed down, or so many faults hit its process. */
  throttled: boolean;
  faults: number;
  /** The most that it had at once of each address before its first failure. */
  readonly most: Few<string, number>;
  failed: boolean;
  /** Its waits of full jitter, and what shares of their ranges these add up to. */
  readonly luck: { waits: number; shares: number };
}

export class Dials {
  readonly #known: ReadonlySet<NodeId>;
  readonly #diallers = new Map<NodeId, Dialler>();

  constructor({ clients }: Facts) {
    this.#known = new Set(clients.map(({ node }) => node));
  }

  of(node: NodeId): Dialler | undefined {
    let dialler = this.#diallers.get(node);
    if (dialler === undefined && this.#known.has(clientOf(node))) {
      dialler = newDialler(node);
      this.#diallers.set(node, dialler);
    }
    return dialler;
  }

  /** A page, or a process, begins anew, and remembers no failure. */
  forget(node: NodeId): void {
    const { speaks = false, faults = 0 } = this.#diallers.get(node) ?? {};
    if (this.#diallers.delete(node)) Object.assign(this.of(node) as Dialler, { speaks, faults });
  }

  /** What of a client's failures a dial may answer: those of the same address, or else all; the newest first. */
  candidatesFor({ failures }: Dialler, address: string): readonly Failure[] {
    const same = failures.filter((failure) => failure.address === address);
    return (same.length > 0 ? same : [...failures]).reverse();
  }

  /** A dial begins: it answers that failure, or none. */
  begin(client: Dialler, id: number, address: string, at: number, failure: Failure | undefined): void {
    const lane = failure?.lane ?? { row: 0, atOnce: 0, dials: [], candidates: FRESH };
    if (failure !== undefined) client.failures.splice(client.failures.indexOf(failure), 1);
    lane.dials.push(at);
    if (lane.dials.length > KEPT) lane.dials.shift();
    client.attempts.set(id, { lane, address, opened: -1, progress: false, closing: false, own: false, failure: null });
    client.free = false;
    if (!client.failed) {
      const most = Math.max(client.most.get(address) ?? 0, this.liveOf(client, address));
      client.most.set(address, most);
    }
  }

  /** How many connections to an address a client has, those that it is closing left out. */
  liveOf({ attempts }: Dialler, address: string): number {
    let live = 0;
    for (const attempt of attempts.values()) if (attempt.address === address && !attempt.closing) live++;
    return live;
  }

  open(client: Dialler | undefined, id: number, at: number): void {
    const attempt = client?.attempts.get(id);
    if (attempt) attempt.opened = at;
  }

  closing(client: Dialler | undefined, id: number, own: boolean, { at, event }: Moment): void {
    const attempt = client?.attempts.get(id);
    if (client === undefined || attempt === undefined) return;
    attempt.closing = true;
    if (!own || attempt.own) return;
    attempt.own = true;
    attempt.failure = this.#fail(client, attempt, at, event);
  }

  end(client: Dialler | undefined, id: number, at: number, event: number): void {
    const attempt = client?.attempts.get(id);
    if (client === undefined || attempt === undefined) return;
    client.attempts.delete(id);
    const told = attempt.failure === null ? -1 : client.failures.indexOf(attempt.failure);
    if (attempt.failure === null) this.#fail(client, attempt, at, event);
    // Who listens for the end of a connection begins to wait only now.
    else if (told >= 0) client.failures[told] = { ...attempt.failure, at, event };
  }

  #fail(client: Dialler, attempt: Attempt, at: number, event: number): Failure {
    const { lane, address, opened, progress, own } = attempt;
    const uptime = opened < 0 ? -1 : at - opened;
    if (uptime >= STOOD) Object.assign(lane, { row: 0, atOnce: 0 });
    lane.row++;
    const failure: Failure = { lane, address, at, event, uptime, progress, own };
    client.failures.push(failure);
    client.failed = true;
    client.disturbed = client.throttled || client.faults > 0;
    return failure;
  }

  /** Its application was given something. */
  progress(node: NodeId): void {
    for (const attempt of this.#diallers.get(node)?.attempts.values() ?? [])
      if (attempt.opened >= 0) attempt.progress = true;
  }

  disturb(node: NodeId): void {
    const client = this.#diallers.get(node);
    if (client !== undefined) client.disturbed = true;
  }

  slow(node: NodeId, slow: boolean): void {
    const client = this.of(node);
    if (client === undefined) return;
    client.throttled = slow;
    client.disturbed = true;
  }

  /** A fault of its process begins or ends. */
  hit(node: NodeId, begins: boolean): void {
    const client = this.of(node);
    if (client === undefined) return;
    client.faults += begins ? 1 : -1;
    client.disturbed = true;
  }

  /** Something asks for a dial that is no failure. */
  release(node: NodeId): void {
    const client = this.of(node);
    if (client === undefined) return;
    client.free = true;
    client.disturbed = true;
  }
}

/** So many dials of a lane are remembered. */
export const KEPT = 11;
const FRESH: Lane['candidates'] = [{ attempt: 0, previous: 0 }];

const newDialler = (node: NodeId): Dialler => ({
  node,
  speaks: false,
  attempts: new Few(),
  failures: [],
  free: false,
  disturbed: false,
  throttled: false,
  faults: 0,
  most: new Few(),
  failed: false,
  luck: { waits: 0, shares: 0 },
});

/** Without what differs from dial to dial (a token). */
const addressOf = (url: string): string => url.replace(/[?#].*$/, '');

/** Handlers for a law that judges each dial: `judge` chooses which failure it answers, and is called before it begins. */
export function dialling<Memory extends { readonly dials: Dials }>(
  judge: (memory: Memory, client: Dialler, dial: Dial, breach: Breach) => Failure | undefined,
): Handlers<Memory, Breach> {
  const dial = (memory: Memory, client: Dialler, id: number, url: string, entry: Moment, breach: Breach): void => {
    const address = addressOf(url);
    const failures = memory.dials.candidatesFor(client, address);
    const failure = judge(memory, client, { address, failures, at: entry.at, event: entry.event }, breach);
    memory.dials.begin(client, id, address, entry.at, failure);
  };
  return {
    dialled(memory, entry, breach) {
      const { node, conn, url = '' } = entry;
      const client = memory.dials.of(node);
      if (client !== undefined && !client.speaks && !/^https?:/.test(url))
        dial(memory, client, conn, url, entry, breach);
    },
    opened: ({ dials }, { node, conn, at }) => dials.open(silent(dials, node), conn, at),
    hungUp({ dials }, entry) {
      // Whether it answers the other side with that is the business of whatever is spoken there.
      dials.closing(silent(dials, entry.node), entry.conn, true, entry);
      endConn(dials, entry);
    },
    closed: ({ dials }, entry) => endConn(dials, entry),
    socket(memory, entry, breach) {
      const { dials } = memory;
      const { node, socket, state, url, at, event, own = false } = entry;
      const client = dials.of(node);
      if (client === undefined) return;
      if (!client.speaks) {
        // What was noted of the connections below is seen from here on as what it was for.
        dials.forget(node);
        (dials.of(node) as Dialler).speaks = true;
      }
      const speaker = dials.of(node) as Dialler;
      if (state === 'connecting') dial(memory, speaker, socket, url, entry, breach);
      else if (state === 'open') dials.open(speaker, socket, at);
      else if (state === 'closing') dials.closing(speaker, socket, own, entry);
      else dials.end(speaker, socket, at, event);
    },
    read: ({ dials }, { node }) => dials.progress(node),
    replaced: ({ dials }, { node }) => dials.progress(node),
    settled: ({ dials }, { node }) => dials.progress(node),
    submitted: ({ dials }, { node }) => dials.release(node),
    intent({ dials }, { node, intent }) {
      if (intent === 'offline') dials.disturb(node);
      else dials.release(node);
    },
    paused: ({ dials }, { node, begins }) => (begins ? dials.disturb(node) : dials.release(node)),
    throttled: ({ dials }, { node, resolution }) => dials.slow(node, resolution > 0),
    fault: ({ dials }, { node, begins }) => dials.hit(node, begins),
    reloaded: ({ dials }, { node }) => dials.forget(node),
    crashed: ({ dials }, { node }) => dials.forget(node),
  };
}

/** A dial, and what it may answer. */
export interface Dial extends Moment {
  readonly address: string;
  readonly failures: readonly Failure[];
}

interface Moment {
  readonly at: number;
  readonly event: number;
}

/** A client that is seen by its connections. */
function silent(dials: Dials, node: NodeId): Dialler | undefined {
  const client = dials.of(node);
  return client?.speaks === true ? undefined : client;
}

function endConn(dials: Dials, { node, conn, at, event }: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  dials.end(silent(dials, node), conn, at, event);
}
