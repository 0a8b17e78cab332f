/** What a client is in the middle of, as a witness of its wire and its timers sees it. */
import type { NodeId } from '../../src/machine.ts';
import type { ConnId } from '../../src/transport.ts';
import type { Enter } from '../core/phases.ts';

export const CLIENT = [
  'idle',
  'offline',
  'waiting',
  'dialling',
  'handshaking',
  'refreshing-token',
  'replaying',
  'snapshotting',
  'live',
  'handing-over',
  'ended',
] as const;
type ClientPhase = (typeof CLIENT)[number];

export interface Client {
  phase: ClientPhase;
  online: boolean;
  /** The connection that owns the session, and the one that is being sought; 0 for none. */
  conn: ConnId;
  sought: ConnId;
  /** Whether that one is open and waits for WELCOME. */
  greeted: boolean;
  /** Whether it was asked to go elsewhere. */
  isSentAway: boolean;
  /** Whether it asks for a token beside its connection. */
  isAsking: boolean;
  /** Whether this connection has been live. */
  wasLive: boolean;
  /** Streams whose replay, and whose snapshot, is not over. */
  replays: Set<number>;
  snapshots: Set<number>;
}

export const fresh = (): Client => ({
  phase: 'idle',
  online: true,
  conn: 0,
  sought: 0,
  greeted: false,
  isSentAway: false,
  isAsking: false,
  wasLive: false,
  replays: new Set(),
  snapshots: new Set(),
});

/** The wait before a dial is over, and it was not dialled yet: `sought`. */
export const DUE = -1;

export function go(client: Client, node: NodeId, phase: ClientPhase, enter: Enter): void {
  if (client.phase === 'ended' && phase !== 'ended') return;
  client.phase = phase;
  enter(node, phase);
}

/** Whether it does nothing but what its connection is for. */
export const isSettled = (client: Client): boolean =>
  client.conn > 0 && client.sought === 0 && !client.isSentAway && !client.isAsking;

/** What a client does with the connection that it has: it is live for the first time, or goes back to what it did. */
export function settle(client: Client, node: NodeId, enter: Enter): void {
  if (!isSettled(client)) return;
  const phase = client.snapshots.size > 0 ? 'snapshotting' : client.replays.size > 0 ? 'replaying' : 'live';
  const isNew = phase === 'live' ? !client.wasLive : phase === 'replaying' && NOT_ATTACHED.has(client.phase);
  if (phase === 'live') client.wasLive = true;
  if (isNew) go(client, node, phase, enter);
  else if (client.phase !== phase && client.phase !== 'ended') {
    client.phase = phase;
    enter.back(node, phase);
  }
}

const NOT_ATTACHED: ReadonlySet<ClientPhase> = new Set(['dialling', 'handshaking', 'handing-over']);
