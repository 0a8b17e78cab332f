/**
 * Law 4, backoff, of our session protocol: a connection stands when it was welcomed, and not when it opened; GOAWAY frees
 * the dial of a handover; ERROR says when to come back; and a piece of a snapshot is progress.
 */
import type { EntryAbout, EntryOf } from '../../../src/session/history.ts';
import { COMMON, type Memory, backoff as neutral, open, prove, relieve, remember, stand } from '../neutral/backoff.ts';
import { sharesOf } from '../neutral/waits.ts';
import { law } from './law.ts';

export const backoff = law<Memory>({
  name: neutral.name,
  states: neutral.states,
  needs: { clients: ['policy'], entries: ['dialled'] },
  remember,
  counts: ({ waits }) => waits.counts,
  expects: sharesOf,
  on: {
    ...COMMON,
    opened({ clients }, { node, conn, at }) {
      const client = clients.get(node);
      if (client !== undefined) open(client, conn, at);
    },
    'delivered WELCOME'({ clients }, { node, conn, at }) {
      const client = clients.get(node);
      if (client !== undefined) stand(client, conn, at);
    },
    'delivered GOAWAY': dismiss,
    'delivered ERROR': hint,
    // A piece of a snapshot is as good as a chunk, although the application does not see it yet.
    'delivered SNAPSHOT': advance,
    received: advance,
    replaced: advance,
  },
});

function advance(
  memory: Memory,
  entry: EntryOf<'received'> | EntryOf<'replaced'> | EntryAbout<'delivered SNAPSHOT'>,
): void {
  const client = memory.clients.get(entry.node);
  if (client !== undefined && entry.conn === client.conn && !client.progress) prove(client, entry.at);
}

function dismiss(memory: Memory, { node, conn, at }: EntryAbout<'delivered GOAWAY'>): void {
  const client = memory.clients.get(node);
  if (client === undefined || conn !== client.conn) return;
  relieve(client, at);
  if (client.free === '') client.free = 'goaway';
}

function hint(memory: Memory, { node, conn, payload }: EntryAbout<'delivered ERROR'>): void {
  const { retryAfter, clientSeq } = payload;
  if (retryAfter === 0 || clientSeq !== 0) return;
  const client = memory.clients.get(node);
  if (client?.conns.has(conn)) client.hint = { conn, retryAfter, ended: -1 };
}
