/**
 * WebSocket close codes as the protocol uses them (RFC 6455 section 7.4, IANA registry, and 4000-4999 of our own).
 * 1006 is never on the wire: it is what an endpoint reports when a connection ended without a close frame.
 */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  abnormal: 1006,
  policyViolation: 1008,
  messageTooBig: 1009,
  internalError: 1011,
  serviceRestart: 1012,
  tryAgainLater: 1013,
  /** Another connection of the same session took over; the client must not reconnect by itself. */
  takenOver: 4001,
  /** The token was refused (forged, revoked, wrong subject). Terminal. */
  unauthorized: 4003,
  /** The token expired and was not refreshed in time; reconnect with a new one. */
  tokenExpired: 4004,
  /** No common protocol version. Terminal. */
  versionUnsupported: 4005,
  /** The peer stopped reading for longer than allowed; reconnect and resume. */
  slowConsumer: 4008,
} as const;

/** How an attempt ended, for policies that wait otherwise for a server that is busy than for one that is not there. */
export type Refusal = 'down' | 'overloaded';

/**
 * `overloaded` if somebody who lives said so: 429 or 503 instead of a handshake, close code 1013, or a time to come back.
 * Everything else looks the same as a machine that is gone.
 */
export const refusalOf = (code: number, status: number, asked = false): Refusal =>
  asked || code === CLOSE.tryAgainLater || status === 429 || status === 503 ? 'overloaded' : 'down';

/** What a client does after a close: reconnect by policy, reconnect with a new token, or give up. */
export type AfterClose = 'reconnect' | 'refresh' | 'stop';

/** The reaction to a close code. Unknown codes reconnect: an outage must never turn into data loss. */
export function afterClose(code: number): AfterClose {
  switch (code) {
    case CLOSE.takenOver:
    case CLOSE.unauthorized:
    case CLOSE.versionUnsupported:
    case CLOSE.protocolError:
    case CLOSE.policyViolation:
    case CLOSE.messageTooBig:
      return 'stop';
    case CLOSE.tokenExpired:
      return 'refresh';
    default:
      return 'reconnect';
  }
}
