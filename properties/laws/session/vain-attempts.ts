/**
 * Law 20, vain attempts: a client does not try what it knows cannot succeed.
 *
 * A device that is offline dials nobody. A client dials nobody while a dial of its own is under way, and seeks a second
 * connection only beside one that works. A token that is over, or that a server has called expired, is not shown: each of
 * these costs a round trip, a place in somebody's queue, and an error that needs not have been. Judged by what the client
 * itself was told: a page that is loaded again has only its stored state, and a dial goes on with the token that it was
 * made for, although its device slept meanwhile.
 */
import { CLOSE } from '../../../src/close-codes.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import { clientOf, type EntryAbout, type EntryOf } from '../../../src/session/history.ts';
import { type Duration, formatDuration } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';

interface Client {
  readonly node: NodeId;
  online: boolean;
  /** Connections that have not ended: dialled, or welcomed. */
  readonly conns: Few<ConnId, 'dialled' | 'welcomed'>;
  /** When each of them was dialled. */
  readonly since: Few<ConnId, number>;
  /** The token that was shown last on each of them. */
  readonly shown: Few<ConnId, number>;
  /** The newest token that a server has called expired, and when. */
  refused: number;
  refusedAt: number;
  /** Since when its process runs: what it does first then was decided before. */
  runsSince: number;
}

interface Memory {
  /** How long a dial may take, of each client. */
  readonly known: ReadonlyMap<NodeId, Duration>;
  /** When each token was given out. */
  readonly issued: Map<number, number>;
  readonly clients: Map<NodeId, Client>;
}

export const vainAttempts = law<Memory>({
  name: 'vain-attempts',
  states:
    'no dial from a device that is offline or beside another dial, and no token that is over or was called expired: what cannot succeed is not tried',
  needs: { entries: ['dialled'] },
  remember: ({ clients }) => ({
    known: new Map(clients.map(({ node, connectTimeout }) => [node, connectTimeout])),
    issued: new Map(),
    clients: new Map(),
  }),
  on: {
    issued: ({ issued }, { token, at }) => void issued.set(token.serial, at),
    intent(memory, { node, intent }) {
      const client = clientAt(memory, node);
      if (client === undefined) return;
      if (intent === 'offline') client.online = false;
      else if (intent === 'online') client.online = true;
    },
    paused(memory, { node, at, begins }) {
      const client = clientAt(memory, node);
      if (client !== undefined && !begins) client.runsSince = at;
    },
    // A new page has not heard of what the old one was told; its browser tells it what it needs.
    reloaded: ({ clients }, { node }) => void clients.delete(node),
    crashed: ({ clients }, { node }) => void clients.delete(node),
    dialled(memory, { node, conn, at }, breach) {
      const client = clientAt(memory, node);
      if (client === undefined) return;
      const what = `${node} dialled connection ${breach.nameOf(conn)}`;
      if (!client.online) breach(`${what} although its device had said that it is offline.`);
      for (const [other, stage] of client.conns)
        if (stage === 'dialled') breach(`${what} while connection ${breach.nameOf(other)} was on its way.`);
      client.conns.set(conn, 'dialled');
      client.since.set(conn, at);
    },
    'delivered WELCOME'(memory, { node, conn }) {
      const client = clientAt(memory, node);
      if (client?.conns.has(conn)) client.conns.set(conn, 'welcomed');
    },
    closed(memory, entry) {
      const client = clientAt(memory, entry.node);
      if (client !== undefined && entry.code === CLOSE.tokenExpired) refuse(client, entry);
      end(memory, entry);
    },
    hungUp: end,
    'sent HELLO': show,
    'sent AUTH': show,
  },
});

function end(memory: Memory, { node, conn }: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  const client = clientAt(memory, node);
  client?.conns.delete(conn);
  client?.since.delete(conn);
  client?.shown.delete(conn);
}

function refuse(client: Client, { conn, at }: EntryOf<'closed'>): void {
  const serial = client.shown.get(conn);
  if (serial === undefined || serial <= client.refused) return;
  client.refused = serial;
  client.refusedAt = at;
}

/** A token is shown: it has to be good, as far as its owner can know. */
function show(
  memory: Memory,
  { node, conn, at, payload: { type, token } }: EntryAbout<'sent HELLO'> | EntryAbout<'sent AUTH'>,
  breach: Breach,
): void {
  const client = clientAt(memory, node);
  if (client === undefined) return;
  const what = `${node} showed token ${token.serial} with ${type} on connection ${breach.nameOf(conn)}`;
  // A dial that was under way goes on with the token that it was made for: the clock of one server is not that of the next.
  if (token.serial === client.refused && (client.since.get(conn) ?? at) >= client.refusedAt)
    breach(`${what}, which a server had called expired ${formatDuration(at - client.refusedAt)} earlier.`);
  const life = token.expiresAt - (memory.issued.get(token.serial) ?? 0);
  // One that lives no longer than a dial takes may be over whenever a dial is open.
  // Nor can one that was good when it dialled, before its device slept, be known to be over when the dial is open at last.
  const isOld = (client.since.get(conn) ?? at) < client.runsSince;
  if (token.expiresAt <= at && !isOld && life > (memory.known.get(clientOf(node)) ?? 0))
    breach(`${what}, which was over since ${formatDuration(at - token.expiresAt)}.`);
  client.shown.set(conn, token.serial);
}

function clientAt({ known, clients }: Memory, node: NodeId): Client | undefined {
  const client = clients.get(node);
  if (client !== undefined || !known.has(clientOf(node))) return client;
  const added = {
    node,
    online: true,
    conns: new Few<ConnId, 'dialled' | 'welcomed'>(),
    since: new Few<ConnId, number>(),
    shown: new Few<ConnId, number>(),
    refused: -1,
    refusedAt: 0,
    runsSince: -1,
  };
  clients.set(node, added);
  return added;
}
