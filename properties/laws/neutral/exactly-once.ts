/**
 * Law 3, exactly once: a send takes effect once, or its application learns that it did not, or that nobody can know.
 *
 * Two witnesses are compared: what was done in the outside world (`performed`: the payment is made), and what the
 * application was told about it (`settled`). `unknown` is an answer only for sends whose session is gone, or whose
 * application was told a terminal error or left; a client that says `unknown` because it is easier would pass every
 * other check.
 */
import type { SendOutcome } from '../../../src/boundary.ts';
import { type Facts, meaningOf } from '../../../src/facts.ts';
import { Few } from '../../../src/few.ts';
import type { EntryOf } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Breach, law } from '../law.ts';

interface Send {
  /** Where it took effect, or ''. */
  performedAt: NodeId;
  outcome: SendOutcome | null;
  /** The application had left, or was told a terminal error, before it asked, or has forgotten that it did: nobody owes it an answer. */
  void: boolean;
}

interface Client {
  readonly node: NodeId;
  readonly sends: Few<string, Send>;
  /** Told a terminal error. */
  stopped: boolean;
  left: boolean;
  /** The event during which its session was last lost, or -1. */
  lostDuring: number;
  /** A send that was settled as unknown before any reason was seen; the reason may follow within the same event. */
  doubt: { readonly key: string; readonly event: number } | null;
}

interface Memory {
  readonly facts: Facts;
  readonly clients: Map<NodeId, Client>;
}

export const exactlyOnce = law<Memory>({
  name: 'exactly-once',
  states: 'each client send takes effect once, or is reported failed or unknown; never silently both or neither',
  needs: { facts: ['clients'], entries: ['submitted'] },
  remember: (facts) => ({ facts, clients: new Map(facts.clients.map(({ node }) => [node, newClient(node)])) }),
  on: {
    submitted(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      resolve(client, entry.event, breach);
      if (client.sends.has(entry.key))
        breach(`${entry.node} submitted key ${entry.key} twice: keys must be unique for the law to tell sends apart.`);
      else client.sends.set(entry.key, { performedAt: '', outcome: null, void: client.stopped || client.left });
    },
    performed: perform,
    settled: settle,
    told(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      const meaning = meaningOf(memory.facts, entry.error);
      if (meaning?.terminal) client.stopped = true;
      if (meaning?.losesSession || client.stopped) lose(client, entry.event);
    },
    reloaded(memory, { node, kept }) {
      for (const send of (kept ? undefined : memory.clients.get(node))?.sends.values() ?? []) send.void = true;
    },
    intent(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client === undefined || entry.intent !== 'leave') return;
      client.left = true;
      lose(client, entry.event);
    },
  },
  end(memory, breach, { complete }) {
    for (const client of memory.clients.values()) {
      resolve(client, Number.POSITIVE_INFINITY, breach);
      // What a budget cut off may still have been settled; law 2 says what was unfinished.
      if (!complete || client.left) continue;
      for (const [key, send] of client.sends) {
        if (send.outcome !== null || send.void) continue;
        const effect = send.performedAt === '' ? 'never took effect' : `took effect at ${send.performedAt}`;
        breach(`${client.node}'s send ${key} ${effect} and was never settled: the application was told nothing.`);
        return;
      }
    }
  },
});

function perform(memory: Memory, entry: EntryOf<'performed'>, breach: Breach): void {
  const client = memory.clients.get(entry.client);
  if (client === undefined) return;
  const { key, node } = entry;
  const what = `${client.node}'s send ${key} took effect at ${node}`;
  const send = client.sends.get(key);
  if (send === undefined) {
    breach(`${what}, but no such send was ever submitted.`);
    return;
  }
  if (send.performedAt !== '') breach(`${what} although it had already taken effect at ${send.performedAt}: twice.`);
  if (send.outcome === 'failed') breach(`${what} after its application had been told that it failed.`);
  send.performedAt = node;
}

function settle(memory: Memory, entry: EntryOf<'settled'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  resolve(client, entry.event, breach);
  const { key, outcome } = entry;
  const send = client.sends.get(key);
  if (send === undefined) {
    breach(`${client.node}'s send ${key} was settled as ${outcome}, but no such send was ever submitted.`);
    return;
  }
  if (send.outcome !== null) {
    breach(`${client.node}'s send ${key} was settled twice: first as ${send.outcome}, then as ${outcome}.`);
    return;
  }
  send.outcome = outcome;
  if (outcome === 'done' && send.performedAt === '')
    breach(`${client.node}'s send ${key} was settled as done, but it never took effect.`);
  if (outcome === 'failed' && send.performedAt !== '')
    breach(`${client.node}'s send ${key} was settled as failed, but it took effect at ${send.performedAt}.`);
  if (outcome !== 'unknown' || client.stopped || client.left || client.lostDuring === entry.event) return;
  client.doubt ??= { key, event: entry.event };
}

/** The session is gone, during this event: what is settled as unknown in it has its reason. */
function lose(client: Client, event: number): void {
  client.lostDuring = event;
  if (client.doubt?.event === event) client.doubt = null;
}

/** An unknown outcome without a reason by the end of its event never gets one. */
function resolve(client: Client, now: number, breach: Breach): void {
  if (client.doubt === null || client.doubt.event >= now) return;
  breach(
    `${client.node}'s send ${client.doubt.key} was settled as unknown although its session was not lost and no terminal error was told.`,
  );
  client.doubt = null;
}

function newClient(node: NodeId): Client {
  return { node, sends: new Few(), stopped: false, left: false, lostDuring: -1, doubt: null };
}
