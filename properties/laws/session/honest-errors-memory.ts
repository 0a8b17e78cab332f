/** What the law of honest errors remembers of a client, and how long that may wait for anything. */
import { Few } from '../../../src/few.ts';
import type { Facts } from '../../../src/session/facts.ts';
import { ms } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';

export type Limits = Facts['clients'][number];

/** A connection that a client dialled and that has not ended yet. */
export interface Conn {
  readonly conn: ConnId;
  readonly client: Client;
  welcomed: boolean;
  /** GOAWAY came on it, so a take-over by the client's own second connection is to be expected. */
  relieved: boolean;
  /** When the client last heard something on it; the dial, before the first. */
  heardAt: number;
}

export interface Client {
  readonly limits: Limits;
  readonly conns: Few<ConnId, Conn>;
  started: boolean;
  online: boolean;
  left: boolean;
  /** The terminal error that it was told, or ''. */
  ended: string;
  /** Since when it has had neither a connection nor a wait, -1 while it has one. */
  idleFrom: number;
  /** End of its last retry timer. */
  waitsUntil: number;
  /** The close code that told it to stop, or 0. */
  stop: number;
  hasSession: boolean;
  /** Sessions replaced by clean ones, and how often it was told so. */
  replaced: number;
  expired: number;
  /** Since when its process stands still, -1 while it runs: nobody can do anything in that time. */
  pausedAt: number;
  /** How late its timers fire, and until when they did. */
  resolution: number;
  slowUntil: number;
}

/** Timers on a real machine are late by this much without anything being wrong. */
export const GRACE = ms(250);

/**
 * The time in which a process stood still does not count: every wait of the client began, and ends, so much later. So did
 * the slowness of its timers, or a wait that began slow would look prompt; what ended meanwhile ended when it went on.
 */
export function goOn(client: Client, now: number): void {
  const still = now - client.pausedAt;
  client.pausedAt = -1;
  for (const conn of client.conns.values()) conn.heardAt += still;
  if (client.idleFrom >= 0) client.idleFrom += still;
  client.waitsUntil += still;
  if (client.slowUntil < Number.POSITIVE_INFINITY) client.slowUntil = Math.min(now, client.slowUntil + still);
}

/** What slow timers may add to a wait that began at `from`: each wait takes two of them at the most. */
const slack = (client: Client, from: number): number => (client.slowUntil >= from ? 2 * client.resolution : 0);

/** Between a wait and a dial a token may be fetched, and fetching has its own time-out. */
export const idleMost = (client: Client): number => client.limits.tokenTimeout + GRACE + slack(client, client.idleFrom);

/** How long a connection may be silent. */
export function patience({ client, welcomed, heardAt }: Conn): number {
  const { deadAfter, connectTimeout, helloTimeout } = client.limits;
  return (welcomed ? 2 * deadAfter : connectTimeout + helloTimeout) + GRACE + slack(client, heardAt);
}

export function newClient(limits: Limits): Client {
  return {
    limits,
    conns: new Few(),
    started: false,
    online: true,
    left: false,
    ended: '',
    idleFrom: -1,
    waitsUntil: -1,
    stop: 0,
    hasSession: false,
    replaced: 0,
    expired: 0,
    pausedAt: -1,
    resolution: 0,
    slowUntil: -1,
  };
}
