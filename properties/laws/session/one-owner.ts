/**
 * Law 5, one owner: of all connections of a session the one with the newest generation counts, at both ends.
 *
 * At the store: generations rise strictly, an ended session stays ended, and a chunk or a send of a fenced owner changes
 * nothing. Each chunk shows the generation under which its agent wrote it; a server whose process died is another owner
 * when it comes back under its name. At the client: after a WELCOME nothing that an older connection still brings reaches
 * the application. Changes within one event of the store may be written in any order, because one commit makes them
 * durable together.
 */
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';

interface Session {
  generation: number;
  client: NodeId;
  server: NodeId;
  /** The generation at which the session last moved to another server: what is older comes from a fenced process. */
  fence: number;
  /** The event of the last change of hands. */
  changedDuring: number;
  ended: boolean;
  /** The process of its server died since: the next owner is another one, whatever its name. */
  orphaned: boolean;
}

interface Client {
  readonly node: NodeId;
  /** The newest welcomed connection, its session and generation; -1 before the first. */
  conn: ConnId;
  session: number;
  generation: number;
  /** Connections that are over for the client, and why: what still arrives on them reaches nobody. */
  readonly over: Few<ConnId, 'hung up on it' | 'been told of its end'>;
}

interface Memory {
  readonly sessions: Map<number, Session>;
  readonly clients: Map<NodeId, Client>;
}

export const oneOwner = law<Memory>({
  name: 'one-owner',
  states: 'one live connection owns a session; a stale generation changes nothing',
  needs: { entries: ['owned'] },
  remember: (facts) => ({
    sessions: new Map(),
    clients: new Map(
      facts.clients.map(({ node }) => [node, { node, conn: -1, session: -1, generation: -1, over: new Few() }]),
    ),
  }),
  on: {
    owned: own,
    // What a backup brings back may have ended since, or had other owners; its generation is beyond them all.
    rewound(memory, { session: number, generation, client, event }, breach) {
      const session = memory.sessions.get(number);
      if (session === undefined || session.client !== client || generation <= session.generation) {
        breach(
          `A backup brought session ${number} of ${client} back at generation ${generation}, ${session === undefined ? 'which nobody had ever owned' : `although ${session.client} had it at generation ${session.generation}`}.`,
        );
        return;
      }
      Object.assign(session, { generation, server: '', fence: generation, changedDuring: event, ended: false });
    },
    crashed(memory, { node }) {
      for (const session of memory.sessions.values()) if (session.server === node) session.orphaned = true;
    },
    durable(memory, entry, breach) {
      const session = memory.sessions.get(entry.session);
      if (session === undefined) {
        breach(
          `Seq ${entry.seq} of stream ${entry.stream} became durable in session ${entry.session}, which nobody owns.`,
        );
        return;
      }
      if ((entry.generation >= session.fence && !session.ended) || entry.event === session.changedDuring) return;
      breach(
        `Seq ${entry.seq} of stream ${entry.stream} became durable in session ${entry.session} at generation ${entry.generation}, although ${session.ended ? 'the session had ended' : `${session.server} had owned it since generation ${session.fence}`}.`,
      );
    },
    performed(memory, entry, breach) {
      const session = memory.sessions.get(entry.session);
      const what = `${entry.client}'s send ${entry.key} took effect in session ${entry.session}`;
      if (session === undefined) breach(`${what}, which nobody owns.`);
      else if (session.client !== entry.client) breach(`${what}, which belongs to ${session.client}.`);
      else if (session.ended && session.changedDuring !== entry.event) breach(`${what} after that session had ended.`);
    },
    'delivered WELCOME'(memory, entry) {
      const frame = entry.payload;
      const client = memory.clients.get(entry.node);
      if (client === undefined || client.over.has(entry.conn)) return;
      if (client.session === frame.session && frame.generation <= client.generation) return;
      client.conn = entry.conn;
      client.session = frame.session;
      client.generation = frame.generation;
    },
    closed(memory, entry) {
      memory.clients.get(entry.node)?.over.set(entry.conn, 'been told of its end');
    },
    hungUp(memory, entry) {
      memory.clients.get(entry.node)?.over.set(entry.conn, 'hung up on it');
    },
    received: judgeConn,
    replaced: judgeConn,
  },
});

function own(memory: Memory, entry: EntryOf<'owned'>, breach: Breach): void {
  const { session: number, generation, client, server, event } = entry;
  const session = memory.sessions.get(number);
  const ended = server === '';
  if (session === undefined) {
    const fence = generation;
    memory.sessions.set(number, { generation, client, server, fence, changedDuring: event, ended, orphaned: false });
    return;
  }
  const what = ended ? `Session ${number} ended` : `${server} took session ${number}`;
  if (session.ended)
    breach(`${what} at generation ${generation} after it had ended at generation ${session.generation}.`);
  else if (ended ? generation < session.generation : generation <= session.generation)
    breach(
      `${what} at generation ${generation}, but ${session.server === '' ? 'a backup had brought it back' : `${session.server} already owned it`} at generation ${session.generation}.`,
    );
  else if (!ended && client !== session.client)
    breach(`${what} for ${client} at generation ${generation}, but the session belongs to ${session.client}.`);
  if (server !== session.server || session.orphaned) session.fence = generation;
  session.orphaned = false;
  session.generation = generation;
  session.server = server;
  session.changedDuring = event;
  session.ended = ended;
}

function judgeConn(memory: Memory, entry: EntryOf<'received'> | EntryOf<'replaced'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  // What waited for a busy application came before, on a connection that counted then.
  if (entry.conn === 0 && client.conn >= 0) return;
  if (entry.conn === client.conn) {
    const why = client.over.size > 0 ? client.over.get(entry.conn) : undefined;
    if (why !== undefined) breach(`${handed(entry)} on connection ${breach.nameOf(entry.conn)} after it had ${why}.`);
    return;
  }
  breach(
    client.conn < 0
      ? `${handed(entry)} on connection ${breach.nameOf(entry.conn)} before any connection was welcomed.`
      : `${handed(entry)} on connection ${breach.nameOf(entry.conn)}, although connection ${breach.nameOf(client.conn)} owns session ${client.session} at generation ${client.generation}.`,
  );
}

const handed = (entry: EntryOf<'received'> | EntryOf<'replaced'>): string =>
  `${entry.node} was handed stream ${entry.stream} seq ${entry.seq} of epoch ${entry.epoch}`;
