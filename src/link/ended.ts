/** How an end of a connection is told to an endpoint. */
import type { Instant } from '../time.ts';
import type { ConnId, TransportEvent } from '../transport.ts';
import type { End, LinkEffect } from './vocabulary.ts';

export const closedEvent = (
  conn: ConnId,
  code: number,
  reason: string,
  clean: boolean,
  status: number,
): TransportEvent & { readonly type: 'closed' } => ({ type: 'closed', conn, code, reason, clean, status });

/** Without a word: 1006. */
export const gone = (conn: ConnId, end: End, at: Instant, reason: string): LinkEffect => ({
  type: 'arrive',
  end,
  at,
  event: closedEvent(conn, 1006, reason, false, 0),
});
