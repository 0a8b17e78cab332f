/**
 * Law 7, second half: what fails has a name. Whenever a connection of a client, or the way to one, comes to an end that
 * the client did not choose, its application is told within the same event: once, and by the name of what an endpoint can
 * know of it. An application that is told of a failure that nobody saw is lied to as well.
 *
 * The names are derived here from the wire alone, not from the client's own table. Of a token service that does not answer
 * nothing can be seen from outside; that name is believed.
 */
import { afterClose } from '../../../src/close-codes.ts';
import { APPLICATION_ERRORS, type ApplicationError } from '../../../src/errors.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';

interface Client {
  readonly node: NodeId;
  /** Connections that have not ended, and whether they were ever open. */
  readonly conns: Few<ConnId, { open: boolean }>;
  /** The connection that was opened last, and the one that was welcomed last; -1 for none. */
  latest: ConnId;
  owner: ConnId;
  /** The event of the last intent of application or device, or of the last terminal error: they end connections too. */
  excused: number;
  /** What the application must be told before this event is over, and what it was told so far. */
  event: number;
  owed: { readonly error: ApplicationError; readonly why: string }[];
  told: ApplicationError[];
}

interface Memory {
  readonly clients: Map<NodeId, Client>;
}

export const namedErrors = law<Memory>({
  name: 'named-errors',
  states: 'every connection or dial that fails is told to its application once, by the name of what happened',
  needs: { entries: ['dialled'] },
  remember: (facts) => ({ clients: new Map(facts.clients.map(({ node }) => [node, newClient(node)])) }),
  on: {
    dialled(memory, entry, breach) {
      const client = clientOf(memory, entry, breach);
      client?.conns.set(entry.conn, { open: false });
    },
    opened(memory, entry, breach) {
      const client = clientOf(memory, entry, breach);
      const conn = client?.conns.get(entry.conn);
      if (client === undefined || conn === undefined) return;
      conn.open = true;
      client.latest = entry.conn;
    },
    restored(memory, entry, breach) {
      const client = clientOf(memory, entry, breach);
      if (client !== undefined) client.owner = client.latest;
    },
    intent(memory, entry, breach) {
      const client = clientOf(memory, entry, breach);
      // Whoever leaves, goes offline or moves ends what is under way; nothing failed.
      if (client !== undefined && (entry.intent === 'leave' || entry.intent === 'offline' || entry.intent === 'moved'))
        client.excused = entry.event;
    },
    crashed(memory, entry) {
      memory.clients.get(entry.node)?.conns.clear();
    },
    closed,
    hungUp,
    told(memory, entry, breach) {
      const client = clientOf(memory, entry, breach);
      if (client === undefined) return;
      const { error } = entry;
      if (APPLICATION_ERRORS[error]?.terminal) client.excused = entry.event;
      else if (APPLICATION_ERRORS[error]?.transient && error !== 'token_timeout') client.told.push(error);
    },
  },
  end(memory, breach) {
    for (const client of memory.clients.values()) settle(client, breach);
  },
});

function closed(memory: Memory, entry: EntryOf<'closed'>, breach: Breach): void {
  const client = clientOf(memory, entry, breach);
  const conn = client?.conns.get(entry.conn);
  if (client === undefined || conn === undefined) return;
  client.conns.delete(entry.conn);
  const { code, status } = entry;
  if (!conn.open) owe(client, refusal(status), `dial ${breach.nameOf(entry.conn)} ended with status ${status}`);
  // A code that means stop is told as a terminal error; a connection that was relieved before is nobody's loss.
  else if (afterClose(code) !== 'stop' && (entry.conn === client.owner || entry.conn === client.latest))
    owe(client, nameOf(code), `connection ${breach.nameOf(entry.conn)} was closed with ${code}`);
}

function hungUp(memory: Memory, entry: EntryOf<'hungUp'>, breach: Breach): void {
  const client = clientOf(memory, entry, breach);
  const conn = client?.conns.get(entry.conn);
  if (client === undefined || conn === undefined) return;
  client.conns.delete(entry.conn);
  const gaveUp = `it hung up on connection ${breach.nameOf(entry.conn)}`;
  if (entry.code === 1002) owe(client, 'malformed', gaveUp);
  else if (entry.code !== 1006) return;
  else if (!conn.open) owe(client, 'connect_timeout', gaveUp);
  else owe(client, entry.conn === client.owner ? 'peer_silent' : 'hello_timeout', gaveUp);
}

const owe = (client: Client, error: ApplicationError, why: string): number => client.owed.push({ error, why });

/** The name of a refused handshake. */
function refusal(status: number): ApplicationError {
  if (status === 403) return 'origin_refused';
  return status === 503 ? 'unavailable' : 'refused';
}

/** The name of the end of an open connection. */
function nameOf(code: number): ApplicationError {
  if (code === 1006) return 'connection_lost';
  if (code === 1001 || code === 1012) return 'server_restart';
  if (code === 1013) return 'unavailable';
  return code === 4004 ? 'token_expired' : 'closed_by_server';
}

/** The client of an entry; what an earlier event owed must have been told by then. */
function clientOf(
  memory: Memory,
  { node, event }: { readonly node: NodeId; readonly event: number },
  breach: Breach,
): Client | undefined {
  const client = memory.clients.get(node);
  if (client !== undefined && client.event !== event) {
    settle(client, breach);
    client.event = event;
  }
  return client;
}

/** An event is over: what failed in it and what was told must be the same. */
function settle(client: Client, breach: Breach): void {
  const { node, owed, told } = client;
  if (owed.length === 0 && told.length === 0) return;
  client.owed = [];
  client.told = [];
  for (const { error, why } of owed) {
    const at = told.indexOf(error);
    if (at >= 0) told.splice(at, 1);
    else if (client.excused !== client.event)
      breach(
        `${node}'s application had to be told ${error}, because ${why}, and was told ${told.join(', ') || 'nothing'}.`,
      );
  }
  if (told.length > 0) breach(`${node}'s application was told ${told.join(', ')}, but no connection failed like that.`);
}

const newClient = (node: NodeId): Client => ({
  node,
  conns: new Few(),
  latest: -1,
  owner: -1,
  excused: -1,
  event: -1,
  owed: [],
  told: [],
});
