/** The opening handshake of a WebSocket (RFC 6455 section 4): what its request says, and what a refusal of it answers. */
import { type Duration, ZERO } from '../../time.ts';
import type { ConnId, TransportEvent } from '../../transport.ts';
import { closedEvent } from '../ended.ts';
import type { Conn, LinkState } from '../tcp/state.ts';
import type { LinkEvent } from '../vocabulary.ts';

/** Bytes of a request with the usual headers, and of an answer. */
export const REQUEST_BYTES = 300;
export const RESPONSE_BYTES = 200;

/** What a request says beside that it wants a WebSocket. */
interface Request {
  /** Where the page comes from; empty for nothing. */
  readonly origin: string;
}

export const requestOf = ({ origin = '' }: LinkEvent & { readonly type: 'dial' }): Request => ({ origin });

export function incomingEvent({ config }: LinkState, { id: conn, own }: Conn): TransportEvent {
  const { origin } = own as Request;
  const [from] = config.ends;
  return origin === '' ? { type: 'incoming', conn, from } : { type: 'incoming', conn, from, origin };
}

/** An answer that is not 101. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter: Duration;
}

export const refusedEvent = (conn: ConnId, { status, retryAfter }: Refusal): TransportEvent => {
  const event = closedEvent(conn, 1006, '', false, status);
  return retryAfter === ZERO ? event : { ...event, retryAfter };
};
