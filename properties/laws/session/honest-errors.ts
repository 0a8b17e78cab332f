/**
 * Law 7, honest errors: whatever goes wrong reaches the application once and by its name, and nobody waits in silence.
 *
 * Three kinds of dishonesty are looked for. Errors told wrongly: an unknown name, anything after a terminal error, a
 * session replaced without a word (or the word without the deed). Stops ignored: a client that dials on after a close
 * code that means stop. And silence: a client that believes in a dead connection, keeps a hopeless dial, or sits without
 * connection, timer or error. Silence shows when something ends it, or as soon as it has lasted for too long.
 */
import { afterClose, CLOSE } from '../../../src/close-codes.ts';
import { counted } from '../../../src/count.ts';
import { APPLICATION_ERRORS, losesSession } from '../../../src/errors.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import { at, formatDuration, NEVER } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Client, type Conn, GRACE, goOn, idleMost, newClient, patience } from './honest-errors-memory.ts';
import { type Breach, law } from './law.ts';

interface Memory {
  readonly clients: Map<NodeId, Client>;
  readonly conns: Map<ConnId, Conn>;
}

export const honestErrors = law<Memory>({
  name: 'honest-errors',
  states:
    'every failure reaches the application once, with a known code; no silent stall is longer than the dead-peer bound',
  needs: { entries: ['intent'] },
  remember: (facts) => ({
    clients: new Map(facts.clients.map((limits) => [limits.node, newClient(limits)])),
    conns: new Map(),
  }),
  on: {
    intent(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client === undefined || !isOpen(client)) return;
      // Whoever left or is offline has nothing to do from here on; the time until now counts.
      judgeWaits(client, entry.at, breach);
      if (entry.intent === 'start') client.started = true;
      else if (entry.intent === 'leave') client.left = true;
      else if (entry.intent !== 'moved') client.online = entry.intent === 'online';
      // At another address the client seeks a second connection, which takes over from the first.
      else for (const conn of client.conns.values()) conn.relieved = true;
      if (entry.intent === 'leave') judgeExpiries(client, breach);
      client.idleFrom = isExpected(client) && client.conns.size === 0 ? entry.at : -1;
    },
    reloaded(memory, { node, kept }) {
      const client = memory.clients.get(node);
      if (client === undefined || !isOpen(client)) return;
      for (const conn of client.conns.keys()) memory.conns.delete(conn);
      client.conns.clear();
      // Nothing is expected of a page that is being loaded; one that has forgotten its session lost none.
      Object.assign(client, { started: false, idleFrom: -1, waitsUntil: -1, stop: 0, pausedAt: -1 });
      if (!kept) Object.assign(client, { hasSession: false, replaced: 0, expired: 0 });
    },
    paused(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      if (entry.begins) client.pausedAt = entry.at;
      else goOn(client, entry.at);
    },
    throttled(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      client.slowUntil = entry.resolution > 0 ? Number.POSITIVE_INFINITY : entry.at;
      client.resolution = Math.max(client.resolution, entry.resolution);
    },
    dialled: dial,
    delivered: hear,
    closed(memory, entry, breach) {
      const conn = end(memory, entry, breach);
      if (conn === undefined || afterClose(entry.code) !== 'stop') return;
      const { client } = conn;
      if (client.conns.size === 0 && !(entry.code === CLOSE.takenOver && conn.relieved)) client.stop = entry.code;
    },
    hungUp: end,
    timerSet(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client === undefined || entry.timer !== 'retry') return;
      judgeWaits(client, entry.at, breach);
      client.waitsUntil = entry.until;
      if (client.conns.size === 0 && isExpected(client)) client.idleFrom = entry.until;
    },
    told: judgeError,
    restored(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      if (client.ended !== '')
        breach(`${entry.node} was given session ${entry.session} after it was told ${client.ended}.`);
      if (!entry.resumed && client.hasSession) client.replaced++;
      client.hasSession = true;
    },
    received: judgeGift,
    replaced: judgeGift,
    rest(memory, entry, breach) {
      for (const client of memory.clients.values()) {
        judgeExpiries(client, breach);
        judgeWaits(client, entry.at, breach);
        if (isExpected(client) && client.conns.size === 0)
          breach(
            `${client.limits.node} came to rest without a connection, a wait, or an error told to its application.`,
          );
      }
    },
  },
  look({ clients }, breach, now) {
    let next: number = NEVER;
    for (const client of clients.values()) {
      const { deadAfter, connectTimeout, helloTimeout, tokenTimeout } = client.limits;
      // A wait that begins later lasts for so long at least before it is too long.
      next = Math.min(next, now + Math.min(2 * deadAfter, connectTimeout + helloTimeout, tokenTimeout) + GRACE);
      if (client.pausedAt >= 0) continue;
      judgeWaits(client, now, breach, 0);
      for (const conn of client.conns.values()) next = nextOf(next, conn.heardAt + patience(conn), now);
      if (client.idleFrom >= 0) next = nextOf(next, client.idleFrom + idleMost(client), now);
    }
    return at(next);
  },
});

/** The instant up to which something may last, if that is the next one to look at. */
const nextOf = (next: number, until: number, now: number): number => (until > now ? Math.min(next, until) : next);

function dial(memory: Memory, entry: EntryOf<'dialled'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  const dialled = `${entry.node} dialled connection ${breach.nameOf(entry.conn)}`;
  if (client.ended !== '') breach(`${dialled} after it was told ${client.ended}, which is terminal.`);
  else if (client.left) breach(`${dialled} after its application had left.`);
  if (client.stop !== 0)
    breach(`${dialled} after a close with ${client.stop}, which means stop, and told its application nothing.`);
  judgeExpiries(client, breach);
  judgeWaits(client, entry.at, breach);
  const conn = { conn: entry.conn, client, welcomed: false, relieved: false, heardAt: entry.at };
  client.conns.set(entry.conn, conn);
  memory.conns.set(entry.conn, conn);
  client.idleFrom = -1;
}

function hear(memory: Memory, entry: EntryOf<'delivered'>, breach: Breach): void {
  const conn = memory.conns.get(entry.conn);
  if (conn === undefined || conn.client.limits.node !== entry.node) return;
  const { type } = entry.payload;
  if (type === 'WELCOME') judgeSilence(conn, entry.at, breach);
  else if (conn.welcomed) {
    // The common case, kept short: it runs for every frame that a client hears.
    if (entry.at - conn.heardAt > conn.client.limits.deadAfter) judgeSilence(conn, entry.at, breach);
    if (type === 'GOAWAY') conn.relieved = true;
  } else return;
  if (type === 'WELCOME') conn.welcomed = true;
  conn.heardAt = entry.at;
}

function end(memory: Memory, entry: EntryOf<'closed'> | EntryOf<'hungUp'>, breach: Breach): Conn | undefined {
  const conn = memory.conns.get(entry.conn);
  if (conn === undefined || conn.client.limits.node !== entry.node) return undefined;
  judgeSilence(conn, entry.at, breach);
  const { client } = conn;
  memory.conns.delete(entry.conn);
  client.conns.delete(entry.conn);
  if (client.conns.size === 0 && isExpected(client)) client.idleFrom = Math.max(entry.at, client.waitsUntil);
  return conn;
}

function judgeError(memory: Memory, entry: EntryOf<'told'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  const { error } = entry;
  if (!Object.hasOwn(APPLICATION_ERRORS, error)) {
    breach(`${entry.node} was told ${error}, which is no error that an application knows.`);
    return;
  }
  if (client.ended !== '') breach(`${entry.node} was told ${error} after ${client.ended}, which had already ended it.`);
  judgeWaits(client, entry.at, breach);
  if (losesSession(error)) client.expired++;
  if (!APPLICATION_ERRORS[error].terminal) return;
  judgeExpiries(client, breach);
  client.ended = error;
  client.stop = 0;
  client.idleFrom = -1;
}

function judgeGift(memory: Memory, entry: EntryOf<'received'> | EntryOf<'replaced'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined || (client.ended === '' && !client.left)) return;
  const why = client.ended === '' ? 'its application had left' : `it was told ${client.ended}`;
  breach(`${entry.node} was handed stream ${entry.stream} seq ${entry.seq} after ${why}.`);
}

/** Neither left nor told a terminal error. */
const isOpen = (client: Client): boolean => !client.left && client.ended === '';

/** Whether it has to be connected, or on its way. */
const isExpected = (client: Client): boolean => client.started && client.online && isOpen(client);

/** A replaced session is told once, no sooner and no later than the next dial. */
function judgeExpiries(client: Client, breach: Breach): void {
  const { replaced, expired, limits } = client;
  if (replaced > expired)
    breach(
      `${limits.node} lost its session and started a clean one, but its application was not told session_expired.`,
    );
  else if (expired > replaced)
    breach(
      `${limits.node} was told session_expired ${counted(expired, 'time')}, but ${counted(replaced, 'session was', 'sessions were')} replaced.`,
    );
}

/**
 * Everything that a client may be waiting for, at an instant at which it does something else. `grace`: the least by which it
 * is late; 0 where all of `now` has happened.
 */
function judgeWaits(client: Client, now: number, breach: Breach, grace = 1): void {
  for (const conn of client.conns.values()) judgeSilence(conn, now, breach, grace);
  if (client.idleFrom < 0) return;
  const { node } = client.limits;
  const idle = now - client.idleFrom;
  if (idle >= idleMost(client) + grace)
    breach(`${node} had neither a connection nor a wait for ${formatDuration(idle)} and told nobody.`);
}

/** A welcomed connection is dead after a silence, with as much again for a probe; a dial has its own bound. */
function judgeSilence(conn: Conn, now: number, breach: Breach, grace = 1): void {
  const { deadAfter, connectTimeout, helloTimeout, node } = conn.client.limits;
  const silent = now - conn.heardAt;
  if (silent < patience(conn) + grace) return;
  breach(
    conn.welcomed
      ? `${node} heard nothing on connection ${breach.nameOf(conn.conn)} for ${formatDuration(silent)} and did not give it up; it counts as dead after ${formatDuration(deadAfter)}.`
      : `${node} held on to connection ${breach.nameOf(conn.conn)} for ${formatDuration(silent)} without a WELCOME; it must give up after ${formatDuration(connectTimeout + helloTimeout)}.`,
  );
}
