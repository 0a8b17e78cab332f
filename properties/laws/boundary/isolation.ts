/**
 * Law: isolation. What belongs to one client reaches nobody else.
 *
 * Two ways of saying what belongs to whom: a stream that is called like a key belongs to whoever asked under it (`by-key`),
 * or a function says it of every stream. The outcome of a key is told only to who asked under it, and what a server performs
 * for a client was asked by that client.
 */
import type { Facts, Isolation } from '../../../src/facts.ts';
import { clientOf, type StreamId } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Breach, law } from '../law.ts';
import { keyNamed, streamNamed } from './say.ts';

interface Memory {
  readonly isolated: Isolation;
  readonly clients: ReadonlySet<NodeId>;
  /** Who asked under each key, and who was given something of each stream. */
  readonly askers: Map<string, Set<NodeId>>;
  readonly readers: Map<string, Set<NodeId>>;
}

export const isolation = law<Memory>({
  name: 'isolation',
  states: 'streams and outcomes of one client reach no other',
  needs: { promises: { isolated: true }, anyOf: ['read', 'replaced', 'settled', 'performed'] },
  remember: (facts: Facts) => ({
    isolated: facts.promises?.isolated as Isolation,
    clients: new Set(facts.clients.map(({ node }) => node)),
    askers: new Map(),
    readers: new Map(),
  }),
  on: {
    submitted(memory, { node, key }, breach) {
      const client = clientOf(node);
      if (!memory.clients.has(client)) return;
      setOf(memory.askers, key).add(client);
      if (memory.isolated !== 'by-key') return;
      const strangers = [...(memory.readers.get(key) ?? [])].filter(
        (each) => memory.askers.get(key)?.has(each) !== true,
      );
      if (strangers.length > 0)
        breach(`${strangers[0]} was given something of ${streamNamed(key)} before ${client} asked under that key.`);
    },
    read: (memory, { node, stream }, breach) => judgeReader(memory, node, stream, breach),
    replaced: (memory, { node, stream }, breach) => judgeReader(memory, node, stream, breach),
    told(memory, { node, stream }, breach) {
      if (stream !== undefined) judgeReader(memory, node, stream, breach);
    },
    settled({ clients, askers }, { node, key }, breach) {
      const asked = askers.get(key);
      const client = clientOf(node);
      if (asked !== undefined && clients.has(client) && !asked.has(client))
        breach(`${node} was told how ${keyNamed(key)} ended, which ${[...asked].join(' and ')} asked for.`);
    },
    performed({ clients, askers }, { node, client, key }, breach) {
      const asked = askers.get(key);
      const named = clientOf(client);
      if (asked !== undefined && clients.has(named) && !asked.has(named))
        breach(`${node} performed ${keyNamed(key)} for ${client}, and ${[...asked].join(' and ')} asked for it.`);
    },
  },
});

function judgeReader(
  { isolated, clients, askers, readers }: Memory,
  node: NodeId,
  stream: StreamId,
  breach: Breach,
): void {
  const client = clientOf(node);
  if (!clients.has(client)) return;
  if (isolated !== 'by-key') {
    if (!isolated(client, stream))
      breach(`${node} was given something of ${streamNamed(stream)}, which is not for it.`);
    return;
  }
  const key = String(stream);
  setOf(readers, key).add(client);
  const asked = askers.get(key);
  if (asked !== undefined && !asked.has(client))
    breach(`${node} was given something of ${streamNamed(stream)}, which ${[...asked].join(' and ')} asked for.`);
}

function setOf(map: Map<string, Set<NodeId>>, key: string): Set<NodeId> {
  let set = map.get(key);
  if (set === undefined) {
    set = new Set();
    map.set(key, set);
  }
  return set;
}
