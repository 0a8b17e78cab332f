/** What the law of backoff remembers of one client: how many retries it may have counted, and why its next dial is free. */
import type { Policy } from '../../../src/backoff/policy.ts';
import type { Refusal } from '../../../src/close-codes.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, ZERO } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';

/** Where a client may stand on a curve: retries since the last reset, and the last wait, or what it was at the least and the most. */
export interface Step {
  readonly attempt: number;
  readonly previous: Duration;
  readonly previousMost?: Duration;
}

/** What the client may remember: over all curves, and on that of the policy and of each of its modes. */
export interface Candidate extends Step {
  readonly places?: readonly Step[];
}

export interface Client {
  readonly node: NodeId;
  readonly policy: Policy;
  candidates: readonly Candidate[];
  /** How many retries it made, over all outages; and when it scheduled the last one, or -1. */
  retries: number;
  retriedAt: number;
  /** When its last dial began, or -1. */
  dialledAt: number;
  /** The connection that opened last, and since when. */
  openConn: ConnId;
  openSince: number;
  /** What the end of its last connection said, and in which event. */
  refusal: { readonly of: Refusal; readonly event: number };
  /** Its waits of full jitter, and what shares of their ranges these add up to. */
  readonly luck: { waits: number; shares: number };
  /** Connections dialled and not ended. */
  readonly conns: Few<ConnId, true>;
  /** The newest connection that stood (it is open, or as its protocol says), or -1 when it has ended. */
  conn: ConnId;
  standsSince: number;
  /** Something was received or done on it. */
  progress: boolean;
  /** GOAWAY came on it: a second connection is sought, and may fail where no witness stands (its token never comes). */
  draining: boolean;
  /** Whether this connection has reset the counter; each does so once. */
  credited: boolean;
  /** The earliest and the latest instant at which the present outage may have begun; -1 for none. */
  outageFirst: number;
  outageLast: number;
  /** The end of the retry timer that the next dial must wait for, or -1. */
  until: number;
  failedAt: number;
  /** Whether its device is online, as far as that was said. */
  online: boolean;
  /** Why the next dial needs no wait. */
  free: '' | 'first' | 'online' | 'goaway';
  /** The last ERROR's retry_after, on which connection, and the event in which that connection ended (-1: not yet). */
  hint: { readonly conn: ConnId; readonly retryAfter: Duration; ended: number } | null;
}

export const FRESH: Candidate = { attempt: 0, previous: ZERO };
export const FRESH_ONLY: readonly Candidate[] = [FRESH];

export function newClient(node: NodeId, policy: Policy): Client {
  return {
    node,
    policy,
    candidates: FRESH_ONLY,
    conns: new Few(),
    luck: { waits: 0, shares: 0 },
    retries: 0,
    retriedAt: -1,
    dialledAt: -1,
    openConn: -1,
    openSince: -1,
    refusal: { of: 'down', event: -1 },
    conn: -1,
    standsSince: -1,
    progress: false,
    draining: false,
    credited: false,
    outageFirst: -1,
    outageLast: -1,
    until: -1,
    failedAt: -1,
    online: true,
    free: 'first',
    hint: null,
  };
}
