/**
 * Phases of our session protocol, as a witness sees them on the wire, at the application, at the kernel's timers and between
 * services: what a client, a server and the store are in the middle of.
 *
 * A client that asks for a token, or is given a snapshot, while it is connected goes back to what it did; one that was asked to
 * go elsewhere (GOAWAY), or dials beside a living connection, is `handing-over` until the new one is welcomed.
 */
import { meaningOf } from '../../src/facts.ts';
import type { NodeId } from '../../src/machine.ts';
import { clientOf, type Entries, type EntryAbout, type EntryOf } from '../../src/session/history.ts';
import type { ConnId } from '../../src/transport.ts';
import { type Enter, type Phases, phases } from '../core/phases.ts';
import { CLIENT, type Client, DUE, fresh, go, isSettled, settle } from './client-phases.ts';

const SERVER = ['up', 'claiming', 'draining', 'down'] as const;
/** `fsync`: what was written is being synced; `writing`: and more waits behind it. */
const STORE = ['idle', 'fsync', 'writing', 'down'] as const;

interface Server {
  readonly isUp: boolean;
  readonly claims: Set<ConnId>;
  isDraining: boolean;
}

interface Memory {
  readonly isTerminal: (error: string) => boolean;
  readonly roles: ReadonlyMap<NodeId, string>;
  readonly clients: Map<NodeId, Client>;
  readonly servers: Map<NodeId, Server>;
  /** Writes under the fsync that is under way, and whether more wait behind it. */
  isSyncing: boolean;
  waiting: number;
}

export const PHASES: Phases = phases<Memory, Entries>({
  of: { client: CLIENT, server: SERVER, store: STORE },
  nouns: {
    waiting: 'wait',
    dialling: 'dial',
    handshaking: 'handshake',
    'refreshing-token': 'token refresh',
    replaying: 'replay',
    snapshotting: 'snapshot',
    'handing-over': 'handover',
    claiming: 'claim',
    draining: 'drain',
    fsync: 'fsync',
    writing: 'queue of writes',
  },
  often: ['fsync', 'writing'],
  steady: { client: 'live' },
  leads: {
    offline: ['offline'],
    waiting: ['reset', 'cut', 'restart', 'crash'],
    replaying: ['reset', 'cut', 'offline', 'restart', 'reload'],
    snapshotting: ['reset', 'cut', 'offline', 'crash', 'restart'],
    'handing-over': ['drain', 'drain', 'addressChange'],
    draining: ['drain'],
    'refreshing-token': ['tokenExpiry'],
    down: ['crash', 'restart', 'storeCrash', 'balancerCrash'],
    up: ['crash', 'restart', 'drain', 'balancerCrash'],
  },
  remember: (facts, { nodes }) => ({
    isTerminal: (error) => meaningOf(facts, error)?.terminal === true,
    roles: new Map(nodes.map(({ id, role }) => [id, role])),
    clients: new Map(),
    servers: new Map(nodes.flatMap(({ id, role }) => (role === 'server' ? [[id, newServer()] as const] : []))),
    isSyncing: false,
    waiting: 0,
  }),
  on: {
    intent(memory, { node, intent }, enter) {
      const client = clientIn(memory, node);
      if (client === undefined) return;
      if (intent === 'leave') go(client, node, 'ended', enter);
      else if (intent === 'online') client.online = true;
      else if (intent === 'offline') {
        client.online = false;
        client.sought = 0;
        if (client.conn > 0) settle(client, node, enter);
        else if (client.phase !== 'idle' && client.phase !== 'ended') go(client, node, 'offline', enter);
      } else if (intent === 'start' && !client.online) go(client, node, 'offline', enter);
    },
    requested(memory, { node, what, conn }, enter) {
      const server = memory.servers.get(node);
      if (server !== undefined) {
        // A claim that was not answered is asked again, and is still the same.
        if (what !== 'claim' || server.claims.has(conn)) return;
        server.claims.add(conn);
        enter(node, 'claiming');
        return;
      }
      const client = what === 'token' ? clientIn(memory, node) : undefined;
      if (client === undefined || client.phase === 'ended') return;
      if (client.conn > 0) {
        if (client.isAsking || client.phase === 'handing-over') return;
        client.isAsking = true;
        go(client, node, 'refreshing-token', enter);
        // One that waits asks ahead, and goes on waiting.
      } else if (client.phase !== 'waiting' || client.sought < 0) go(client, node, 'refreshing-token', enter);
    },
    'sent AUTH'(memory, { node }, enter) {
      const client = memory.clients.get(node);
      if (client === undefined || !client.isAsking) return;
      client.isAsking = false;
      settle(client, node, enter);
    },
    timerFired(memory, { node, timer }, enter) {
      if (timer === 'retry') {
        const client = memory.clients.get(node);
        // What it asks for now it needs.
        if (client !== undefined && client.conn === 0) client.sought = DUE;
      } else if (timer === 'fsync' && memory.roles.get(node) === 'store') synced(memory, node, enter);
    },
    timerSet(memory, { node, timer }, enter) {
      const client = timer === 'retry' ? clientIn(memory, node) : undefined;
      if (client === undefined || client.conn > 0) return;
      client.sought = 0;
      go(client, node, 'waiting', enter);
    },
    dialled(memory, { node, conn }, enter) {
      const client = clientIn(memory, node);
      if (client === undefined) return;
      client.sought = conn;
      client.greeted = false;
      if (client.conn === 0) go(client, node, 'dialling', enter);
      else if (client.phase !== 'handing-over') go(client, node, 'handing-over', enter);
    },
    opened(memory, { node, conn }, enter) {
      const client = memory.clients.get(node);
      if (client === undefined || client.sought !== conn) return;
      client.greeted = true;
      if (client.conn === 0) go(client, node, 'handshaking', enter);
    },
    'delivered WELCOME'(memory, { node, conn, payload }, enter) {
      const client = memory.clients.get(node);
      if (client === undefined || client.sought !== conn) return;
      client.conn = conn;
      client.sought = 0;
      client.isSentAway = false;
      client.isAsking = false;
      client.wasLive = false;
      client.replays = new Set(payload.streams.map(({ stream }) => stream));
      client.snapshots.clear();
      settle(client, node, enter);
    },
    'delivered RESET'(memory, { node, conn, payload }, enter) {
      const client = memory.clients.get(node);
      if (client === undefined || client.conn !== conn || payload.stream === 0) return;
      client.snapshots.add(payload.stream);
      // Each of them is one of its own.
      if (isSettled(client)) go(client, node, 'snapshotting', enter);
    },
    'delivered SNAPSHOT'(memory, { node, conn, payload }, enter) {
      const client = memory.clients.get(node);
      if (client === undefined || client.conn !== conn || !payload.last) return;
      client.snapshots.delete(payload.stream);
      settle(client, node, enter);
    },
    'delivered REPLAY_END'(memory, { node, conn, payload }, enter) {
      const client = memory.clients.get(node);
      if (client === undefined || client.conn !== conn) return;
      client.replays.delete(payload.stream);
      settle(client, node, enter);
    },
    'delivered GOAWAY'(memory, { node, conn }, enter) {
      const client = memory.clients.get(node);
      if (client === undefined || client.conn !== conn || client.isSentAway) return;
      client.isSentAway = true;
      if (client.phase !== 'handing-over') go(client, node, 'handing-over', enter);
    },
    'sent WELCOME': answerClaim,
    'sent GOAWAY'(memory, { node }, enter) {
      const server = memory.servers.get(node);
      if (server !== undefined) drain(server, node, enter);
    },
    fault(memory, { node, name, begins }, enter) {
      const server = name === 'drain' && begins ? memory.servers.get(node) : undefined;
      if (server !== undefined) drain(server, node, enter);
    },
    closed: end,
    hungUp: end,
    told(memory, { node, error }, enter) {
      const client = memory.clients.get(node);
      if (client !== undefined && memory.isTerminal(error)) go(client, node, 'ended', enter);
    },
    /** A write is at the store: the fsync that covers it begins, or it waits for the next. */
    writes(memory, { node }, enter) {
      if (!memory.isSyncing) {
        memory.isSyncing = true;
        enter(node, 'fsync');
      } else if (memory.waiting++ === 0) enter(node, 'writing');
    },
    crashed(memory, { node }, enter) {
      if (clientIn(memory, node) !== undefined) {
        memory.clients.set(node, fresh());
        enter(node, 'idle');
        return;
      }
      if (memory.servers.has(node)) memory.servers.set(node, newServer(false));
      if (memory.roles.get(node) === 'store') {
        memory.isSyncing = false;
        memory.waiting = 0;
      }
      enter(node, 'down');
    },
    restarted(memory, { node }, enter) {
      if (memory.servers.has(node)) memory.servers.set(node, newServer());
      if (clientIn(memory, node) === undefined) enter(node, memory.roles.get(node) === 'store' ? 'idle' : 'up');
    },
  },
});

const newServer = (isUp = true): Server => ({ isUp, claims: new Set(), isDraining: false });

/** What is known of a client, a second tab being one of its own; undefined for whoever plays another part. */
function clientIn({ clients, roles }: Memory, node: NodeId): Client | undefined {
  const found = clients.get(node);
  if (found !== undefined || roles.get(clientOf(node)) !== 'client') return found;
  const made = fresh();
  clients.set(node, made);
  return made;
}

function answerClaim(memory: Memory, { node, conn }: EntryAbout<'sent WELCOME'>, enter: Enter): void {
  const server = memory.servers.get(node);
  if (server?.claims.delete(conn) === true && server.claims.size === 0)
    enter.back(node, server.isDraining ? 'draining' : 'up');
}

function drain(server: Server, node: NodeId, enter: Enter): void {
  if (server.isDraining || !server.isUp) return;
  server.isDraining = true;
  enter(node, 'draining');
}

/** A connection is over: a server's claim with it, a client's session connection, or the one that it sought. */
function end(memory: Memory, entry: EntryOf<'closed'> | EntryOf<'hungUp'>, enter: Enter): void {
  const { node, conn } = entry;
  const server = memory.servers.get(node);
  if (server !== undefined) {
    if (server.claims.delete(conn) && server.claims.size === 0) enter.back(node, server.isDraining ? 'draining' : 'up');
    return;
  }
  const client = memory.clients.get(node);
  if (client === undefined || conn === 0) return;
  if (client.conn === conn) {
    client.conn = 0;
    client.isSentAway = false;
    client.isAsking = false;
    client.snapshots.clear();
    if (client.sought > 0) go(client, node, client.greeted ? 'handshaking' : 'dialling', enter);
    else if (!client.online) go(client, node, 'offline', enter);
  } else if (client.sought === conn) {
    client.sought = 0;
    if (client.conn > 0) settle(client, node, enter);
    else if (!client.online && client.phase !== 'offline') go(client, node, 'offline', enter);
  }
}

/** The fsync is over: what waited goes under the next one. */
function synced(memory: Memory, node: NodeId, enter: Enter): void {
  memory.isSyncing = memory.waiting > 0;
  memory.waiting = 0;
  if (memory.isSyncing) enter(node, 'fsync');
  else enter.back(node, 'idle');
}
