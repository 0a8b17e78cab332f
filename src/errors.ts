/** Errors that an application can be told by name, whatever client stands behind it. */

/**
 * Errors that an application can be told. `terminal` ones end the session for good: the client stops by itself. After
 * `transient` ones it goes on by itself, as its policy says: they only name what happened to a connection or a dial.
 */
export const APPLICATION_ERRORS = {
  /** The backoff policy's attempts are used up. */
  attempts_exhausted: { terminal: true, transient: false },
  /** The backoff policy's elapsed time is used up. */
  elapsed_exhausted: { terminal: true, transient: false },
  /** The session was gone at the server; a clean one was started. Streams that were open are lost. */
  session_expired: { terminal: false, transient: false },
  /** The session's record at the server was damaged; a clean one was started. Streams that were open are lost. */
  state_corrupt: { terminal: false, transient: false },
  /** The server no longer holds the rest of a stream: another process of this client has processed it to its end. */
  stream_gone: { terminal: false, transient: false },
  unauthorized: { terminal: true, transient: false },
  version_unsupported: { terminal: true, transient: false },
  protocol_error: { terminal: true, transient: false },
  taken_over: { terminal: true, transient: false },
  /** Too many or too large unacknowledged sends; this one was refused. */
  outbox_full: { terminal: false, transient: false },
  /** Nobody took the dial: the connection was refused, or the handshake answered with an error. */
  refused: { terminal: false, transient: true },
  /** The server does not admit the origin that the application comes from: 403. The policy may change back. */
  origin_refused: { terminal: false, transient: true },
  /** There is a server, but it can take nobody now: 503, or 1013. */
  unavailable: { terminal: false, transient: true },
  /** The dial was not answered in time. */
  connect_timeout: { terminal: false, transient: true },
  /** The connection opened, and WELCOME did not come in time. */
  hello_timeout: { terminal: false, transient: true },
  /** The token service did not answer in time. */
  token_timeout: { terminal: false, transient: true },
  /** The connection ended without a closing handshake. */
  connection_lost: { terminal: false, transient: true },
  /** Nothing was heard for the dead-peer bound. */
  peer_silent: { terminal: false, transient: true },
  /** The server went away on purpose: 1001, or 1012. */
  server_restart: { terminal: false, transient: true },
  /** The server does not take the token any more: 4004. */
  token_expired: { terminal: false, transient: true },
  /** The server closed the connection for another reason. */
  closed_by_server: { terminal: false, transient: true },
  /** The server sent what it must not (a gap, a version that was not offered), and was hung up on. */
  malformed: { terminal: false, transient: true },
} as const;

/** Whether the session of before is gone with it, and the present one started clean. */
export const losesSession = (error: ApplicationError): boolean =>
  error === 'session_expired' || error === 'state_corrupt';

export type ApplicationError = keyof typeof APPLICATION_ERRORS;
