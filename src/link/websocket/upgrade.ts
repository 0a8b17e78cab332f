/** The opening handshake of a WebSocket (RFC 6455 section 4): what its request says, and what a refusal of it answers. */
import { type Duration, ZERO } from '../../time.ts';
import type { ConnId, Handshake, TransportEvent } from '../../transport.ts';
import { closedEvent } from '../ended.ts';
import type { Conn, LinkState } from '../tcp/state.ts';
import type { LinkEvent } from '../vocabulary.ts';

/** Bytes of a request with the usual headers, and of an answer. */
export const REQUEST_BYTES = 300;
export const RESPONSE_BYTES = 200;

const BARE: Handshake = {};

/** What a request says beside that it wants a WebSocket. */
export function requestOf({ origin = '', url, protocols }: LinkEvent & { readonly type: 'dial' }): Handshake {
  const from = origin === '' ? BARE : { origin };
  if (url === undefined && protocols === undefined) return from;
  return { ...from, ...(url === undefined ? BARE : { url }), ...(protocols === undefined ? BARE : { protocols }) };
}

export function incomingEvent({ config }: LinkState, { id: conn, own }: Conn): TransportEvent {
  const { origin, url, protocols } = own as Handshake;
  const [from] = config.ends;
  if (url !== undefined || protocols !== undefined) return { type: 'incoming', conn, from, ...(own as Handshake) };
  return origin === undefined ? { type: 'incoming', conn, from } : { type: 'incoming', conn, from, origin };
}

/** Why the dialler fails a connection for which its acceptor chose that subprotocol, or none; null for a good choice. */
export function flawOfProtocol({ own }: Conn, chosen: string | null): string | null {
  const { protocols = [] } = own as Handshake;
  if (chosen === null) return protocols.length === 0 ? null : 'no subprotocol was chosen';
  return protocols.includes(chosen) ? null : 'a subprotocol was chosen that was not offered';
}

/** An answer that is not 101. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter: Duration;
  readonly slot?: number | undefined;
}

export const refusedEvent = (conn: ConnId, { status, retryAfter, slot }: Refusal): TransportEvent => {
  const event = closedEvent(conn, 1006, '', false, status);
  if (slot !== undefined) return { ...event, retryAfter, slot };
  return retryAfter === ZERO ? event : { ...event, retryAfter };
};
