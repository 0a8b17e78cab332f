/**
 * Outages as an application feels them: from the loss of a connection to the first new byte, in all its legs, and what
 * restarts of servers cost.
 */
import { APPLICATION_ERRORS, type ApplicationError, losesSession } from '../../../src/errors.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Frame } from '../../../src/session/wire/frames.ts';
import { minutes, seconds } from '../../../src/time.ts';
import type { SessionWitness } from '../observe.ts';
import { type ClientView, type ConnView, NONE } from './views.ts';

/** An outage is brief below the one, and extended above the other. */
const BRIEF = seconds(30);
const MEDIUM = minutes(5);

/** Faults after which a client comes from another address; of the second kind it is on another network as well. */
const REBINDS = 'rebind';
const TRAVELS = 'addressChange';

export interface Recovery {
  readonly samples: {
    readonly connect: number[];
    readonly contextRestored: number[];
    readonly contextBrief: number[];
    readonly contextMedium: number[];
    readonly stateRestored: number[];
    readonly reconnect: number[];
    readonly resume: number[];
    readonly streamResumed: number[];
    readonly recovery: number[];
    readonly graceful: number[];
    readonly emergency: number[];
  };
  readonly totals: {
    disconnects: number;
    /** Outages that could be recovered from, and those that were. */
    recoverable: number;
    recovered: number;
    /** Context restored from another address, and from the same one: how often, and how long in all. */
    moved: number;
    movedTime: number;
    still: number;
    stillTime: number;
    /** Longest backoff wait. */
    backoff: number;
  };
  /** Errors that applications were told; how connections of clients ended (close code, or `http` status). */
  readonly errors: Record<string, number>;
  readonly closes: Record<string, number>;
  /** Servers that were restarted after an orderly exit. */
  readonly restarted: ReadonlySet<NodeId>;
  /** WELCOME, REPLAY_END or GOAWAY reached a client. */
  hear(conn: ConnView, client: ClientView, payload: Frame, at: number): void;
  /** The application has something new. */
  progress(client: ClientView, at: number): void;
}

export function watchRecovery(
  witness: SessionWitness,
  clients: ReadonlyMap<NodeId, ClientView>,
  connOf: (id: number) => ConnView,
  links: ReadonlyMap<NodeId, ClientView>,
  allowed: readonly ApplicationError[],
): Recovery {
  const samples: Recovery['samples'] = {
    connect: [],
    contextRestored: [],
    contextBrief: [],
    contextMedium: [],
    stateRestored: [],
    reconnect: [],
    resume: [],
    streamResumed: [],
    recovery: [],
    graceful: [],
    emergency: [],
  };
  const totals = {
    disconnects: 0,
    recoverable: 0,
    recovered: 0,
    moved: 0,
    movedTime: 0,
    still: 0,
    stillTime: 0,
    backoff: 0,
  };
  const errors: Record<string, number> = {};
  const closes: Record<string, number> = {};
  const exited = new Set<NodeId>();
  const restarted = new Set<NodeId>();

  const lose = (client: ClientView, at: number): void => {
    client.conn = null;
    if (client.leaving || client.ended) return;
    totals.disconnects++;
    client.peaks.push(client.peak);
    client.peak = 0;
    // A connection lost before the last loss was recovered prolongs that outage; it does not start a new one.
    if (client.lostAt > NONE) return;
    client.lostAt = at;
    totals.recoverable++;
  };
  const recovered = (client: ClientView, at: number): void => {
    if (client.lostAt === NONE || client.conn === null) return;
    totals.recovered++;
    samples.recovery.push(at - client.lostAt);
    if (client.crashedAt > NONE) samples.emergency.push(at - client.crashedAt);
    if (client.replays > 0 || client.welcomedAt < at) samples.streamResumed.push(at - client.welcomedAt);
    client.interrupted += at - client.lostAt;
    client.lostAt = NONE;
    client.crashedAt = NONE;
  };
  /** Nobody waits for a recovery any more, or none was possible. */
  const excuse = (client: ClientView): void => {
    if (client.lostAt > NONE) totals.recoverable--;
    client.lostAt = NONE;
    client.crashedAt = NONE;
  };
  const ended = (client: ClientView, conn: ConnView, at: number): void => {
    if (client.conn === conn) lose(client, at);
  };
  /** Every stream goes on: the end of a cycle, and of a planned move. */
  const live = (client: ClientView, conn: ConnView, at: number): void => {
    if (client.resuming) {
      samples.resume.push(at - client.welcomedAt);
      client.cycles.push(at - conn.openedAt);
      client.resuming = false;
    }
    if (client.noticedAt > NONE) samples.graceful.push(at - client.noticedAt);
    client.noticedAt = NONE;
    recovered(client, at);
    // Who had moved before it missed the dead server has nothing to recover from, and a later outage has another cause.
    client.crashedAt = NONE;
  };

  witness.listen('intent', (entry) => {
    if (entry.kind !== 'intent') return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    if (entry.intent === 'start') client.startedAt = entry.at;
    if (entry.intent !== 'leave') return;
    client.leaving = true;
    excuse(client);
  });
  witness.listen('closed', (entry) => {
    if (entry.kind !== 'closed') return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    const name = entry.status > 0 ? `http ${entry.status}` : String(entry.code);
    closes[name] = (closes[name] ?? 0) + 1;
    ended(client, connOf(entry.conn), entry.at);
  });
  witness.listen('hungUp', (entry) => {
    if (entry.kind !== 'hungUp') return;
    const client = clients.get(entry.node);
    if (client !== undefined) ended(client, connOf(entry.conn), entry.at);
  });
  witness.listen('told', (entry) => {
    if (entry.kind !== 'told') return;
    errors[entry.error] = (errors[entry.error] ?? 0) + 1;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    // An error that the scenario allows says that this outage could not be recovered from; any other is a failure to.
    if (APPLICATION_ERRORS[entry.error].terminal) {
      if (allowed.includes(entry.error)) excuse(client);
      client.ended = true;
    }
  });
  witness.listen('reloaded', (entry) => {
    if (entry.kind !== 'reloaded') return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    // The page hung up on everything; without its stored state it has nothing to come back to.
    if (client.conn !== null) lose(client, entry.at);
    if (!entry.kept) excuse(client);
  });
  witness.listen('owned', (entry) => {
    const client = entry.kind === 'owned' ? clients.get(entry.client) : undefined;
    if (client !== undefined && entry.kind === 'owned') client.owner = entry.server;
  });
  witness.listen('crashed', (entry) => {
    if (entry.kind !== 'crashed') return;
    if (entry.how === 'exit') exited.add(entry.node);
    for (const client of clients.values()) {
      if (client.owner !== entry.node) continue;
      // Whoever takes over is another process, be it one of the same name.
      client.servedBy = '';
      if (entry.how !== 'exit' && !client.leaving && !client.ended && client.crashedAt === NONE)
        client.crashedAt = entry.at;
    }
  });
  witness.listen('restarted', (entry) => {
    if (entry.kind === 'restarted' && exited.has(entry.node)) restarted.add(entry.node);
  });
  witness.listen('fault', (entry) => {
    if (entry.kind !== 'fault' || (entry.name !== REBINDS && entry.name !== TRAVELS)) return;
    const client = clients.get(entry.node) ?? links.get(entry.node);
    if (client === undefined) return;
    client.moved = true;
    if (entry.name === TRAVELS) client.away += entry.begins ? 1 : -1;
  });
  witness.listen('timerSet', (entry) => {
    if (entry.kind !== 'timerSet' || entry.timer !== 'retry') return;
    totals.backoff = Math.max(totals.backoff, entry.until - entry.at);
  });
  witness.listen('restored', (entry) => {
    if (entry.kind !== 'restored') return;
    const client = clients.get(entry.node);
    const conn = client?.conn ?? null;
    if (client === undefined || conn === null) return;
    const took = entry.at - conn.openedAt;
    if (entry.resumed) {
      // Resumes on one network are compared: to begin a session takes other work, and another network another time.
      if (client.away === 0 && client.moved) {
        totals.moved++;
        totals.movedTime += took;
      } else if (client.away === 0) {
        totals.still++;
        totals.stillTime += took;
      }
      samples.contextRestored.push(took);
      if (client.outage > NONE) {
        if (client.outage < BRIEF) samples.contextBrief.push(took);
        else if (client.outage <= MEDIUM) samples.contextMedium.push(took);
      }
      if (client.servedBy !== client.owner) samples.stateRestored.push(took);
    } else {
      // A clean session is no recovery: it is excused where the scenario allows it, and a failure elsewhere.
      if (allowed.some(losesSession)) excuse(client);
      client.lostAt = NONE;
      client.crashedAt = NONE;
      client.noticedAt = NONE;
    }
    // On another network it is not asked for, and the way back sets it again.
    client.moved = false;
    client.servedBy = client.owner;
  });

  return {
    samples,
    totals,
    errors,
    closes,
    restarted,
    hear(conn, client, payload, at) {
      // What was on its way when the client hung up still reaches its socket, and begins nothing any more.
      if (conn.over) return;
      if (payload.type === 'WELCOME') {
        if (!client.welcomed && client.startedAt > NONE) samples.connect.push(at - client.startedAt);
        client.welcomed = true;
        client.conn = conn;
        conn.deadAfter = payload.deadAfter;
        client.welcomedAt = at;
        client.replays = payload.streams.length;
        client.resuming = client.lostAt > NONE && payload.resumed;
        client.outage = client.lostAt > NONE ? conn.openedAt - client.lostAt : NONE;
        if (client.lostAt > NONE) samples.reconnect.push(at - client.lostAt);
        if (client.replays === 0 && payload.resumed) live(client, conn, at);
      } else if (payload.type === 'REPLAY_END') {
        if (conn === client.conn && client.replays > 0 && --client.replays === 0) live(client, conn, at);
      } else if (payload.type === 'GOAWAY' && conn === client.conn && client.noticedAt === NONE) client.noticedAt = at;
    },
    progress: recovered,
  };
}
