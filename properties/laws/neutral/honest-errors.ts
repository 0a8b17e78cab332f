/**
 * Law 7, honest errors, of any protocol: what ends a client is told to its application, and is the end; and nobody waits in
 * silence. A client whose application neither left nor was told a terminal error has a connection, or comes back to one.
 */
import { type Facts, meaningOf } from '../../../src/facts.ts';
import { Few } from '../../../src/few.ts';
import type { EntryOf } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { ConnId } from '../../../src/transport.ts';
import { law } from '../law.ts';

interface Client {
  readonly node: NodeId;
  readonly conns: Few<ConnId, true>;
  started: boolean;
  online: boolean;
  left: boolean;
  /** The terminal error that it was told, or ''. */
  ended: string;
}

interface Memory {
  readonly facts: Facts;
  readonly clients: Map<NodeId, Client>;
}

export const honestErrors = law<Memory>({
  name: 'honest-errors',
  states:
    'every failure reaches the application once, with a known code: whoever goes on neither dials nor gives it anything after the end, and nobody stops without a word',
  needs: { facts: ['clients'], entries: ['intent'] },
  remember: (facts) => ({ facts, clients: new Map(facts.clients.map(({ node }) => [node, newClient(node)])) }),
  on: {
    intent({ clients }, { node, intent }) {
      const client = clients.get(node);
      if (client === undefined) return;
      if (intent === 'start') client.started = true;
      else if (intent === 'leave') client.left = true;
      else if (intent === 'online' || intent === 'offline') client.online = intent === 'online';
    },
    // Nothing is expected of a page until it is loaded again.
    reloaded({ clients }, { node }) {
      const client = clients.get(node);
      if (client === undefined) return;
      client.started = false;
      client.conns.clear();
    },
    crashed({ clients }, { node }) {
      clients.get(node)?.conns.clear();
    },
    dialled({ clients }, { node, conn }, breach) {
      const client = clients.get(node);
      if (client === undefined) return;
      client.conns.set(conn, true);
      if (client.ended !== '' || client.left)
        breach(`${node} dialled connection ${breach.nameOf(conn)} after ${endOf(client)}.`);
    },
    closed: end,
    hungUp: end,
    told({ facts, clients }, { node, error }, breach) {
      const client = clients.get(node);
      if (client === undefined) return;
      const meaning = meaningOf(facts, error);
      if (meaning === undefined)
        breach(`${node} was told ${error}, which is no error that an application knows (\`errors\` of the facts).`);
      if (client.ended !== '') breach(`${node} was told ${error} after ${client.ended}, which had already ended it.`);
      if (meaning?.terminal) client.ended = error;
    },
    received({ clients }, { node, stream, seq }, breach) {
      const client = clients.get(node);
      if (client !== undefined && (client.ended !== '' || client.left))
        breach(`${node} was given stream ${stream} seq ${seq} after ${endOf(client)}.`);
    },
    rest({ clients }, _entry, breach) {
      for (const { node, conns, started, online, left, ended } of clients.values())
        if (started && online && !left && ended === '' && conns.size === 0)
          breach(`${node} came to rest without a connection, a wait, or an error told to its application.`);
    },
  },
});

function end({ clients }: Memory, { node, conn }: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  clients.get(node)?.conns.delete(conn);
}

const endOf = ({ ended }: Client): string =>
  ended === '' ? 'its application had left' : `it was told ${ended}, which is terminal`;

const newClient = (node: NodeId): Client => ({
  node,
  conns: new Few(),
  started: false,
  online: true,
  left: false,
  ended: '',
});
