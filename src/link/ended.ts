/** How an end of a connection is told to an endpoint. */
import type { Instant } from '../time.ts';
import type { ConnId, TransportEvent } from '../transport.ts';
import type { End, LinkEffect } from './vocabulary.ts';

type Closed = Extract<TransportEvent, { readonly type: 'closed' }>;

export const closedEvent = (conn: ConnId, code: number, reason: string, clean: boolean, status: number): Closed => ({
  type: 'closed',
  conn,
  code,
  reason,
  clean,
  status,
});

/** The end of a stream of raw bytes: all that was written before has arrived. */
export const endOf = (conn: ConnId): Closed => closedEvent(conn, 1000, '', true, 0);

/** Without a word: 1006. */
export const gone = (conn: ConnId, end: End, at: Instant, reason: string): LinkEffect => ({
  type: 'arrive',
  end,
  at,
  event: closedEvent(conn, 1006, reason, false, 0),
});
