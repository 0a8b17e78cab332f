/**
 * The boundary between a client session and the application that uses it: what the application asks for, and what it is
 * given. Laws judge what crosses here, whoever stands in the client's place.
 */
import type { Chunk } from './content.ts';
import type { ContextSummary, WorkSummary } from './session/wire/frames.ts';
import type { ConnId } from './transport.ts';

/** What the application, the browser or the operating system tells a client. */
export type Intent =
  /** Connect and stay connected. */
  | { readonly type: 'start' }
  /** A request with an idempotency key; `ask` is the content to answer with, -1 for none; `bytes` the size of the body. */
  | { readonly type: 'submit'; readonly key: string; readonly ask: number; readonly bytes: number }
  /** Say goodbye (1000) and end the session. */
  | { readonly type: 'leave' }
  | { readonly type: 'online' }
  | { readonly type: 'offline' }
  /** The device has another address: connections from before it are probably dead, and nobody will say so. */
  | { readonly type: 'moved' }
  /** The application can take nothing more for now; chunks wait, and are not acknowledged. */
  | { readonly type: 'busy' }
  /** It takes at most so many of those that wait, and stays busy. */
  | { readonly type: 'take'; readonly chunks: number }
  /** It takes all that wait, and is busy no longer. */
  | { readonly type: 'ready' };

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

/** How a send ended: it took effect, it surely did not, or nobody can know (its session is gone). */
export type SendOutcome = 'done' | 'failed' | 'unknown';

export type ApplicationEffect =
  /** The next chunk of a stream, processed by the application at once. `conn` 0: it had waited while the application was busy. */
  | {
      readonly type: 'deliver';
      readonly conn: ConnId;
      readonly stream: number;
      readonly epoch: number;
      readonly seq: number;
      readonly chunk: Chunk;
    }
  /** Atomic swap: the stream's content so far is now exactly `chunks` (1..seq of `epoch`). Empty after an epoch change at 0. */
  | {
      readonly type: 'replace';
      readonly conn: ConnId;
      readonly stream: number;
      readonly epoch: number;
      readonly seq: number;
      readonly chunks: readonly Chunk[];
    }
  /** The stream stalls behind `seq`: its agent says nothing, while the connection is well. Once for each such place. */
  | {
      readonly type: 'stall';
      readonly conn: ConnId;
      readonly stream: number;
      readonly epoch: number;
      readonly seq: number;
    }
  /** A send ended. Exactly once for each submitted key. `stream` is the response stream (0 for none). */
  | { readonly type: 'settle'; readonly key: string; readonly outcome: SendOutcome; readonly stream: number }
  /** After every WELCOME: the conversation as the server holds it. `resumed` false: a clean session. */
  | {
      readonly type: 'restore';
      readonly session: number;
      readonly generation: number;
      readonly resumed: boolean;
      readonly context: ContextSummary;
      readonly work?: WorkSummary;
    }
  /** `stream`: the one that the error is about, if it is about one. */
  | {
      readonly type: 'report';
      readonly error: ApplicationError;
      readonly detail: string;
      readonly stream?: number;
    };

/** What only the world outside can see of agent and store: something was said, something was done, something changed hands. */
export type WorldEffect =
  /** An agent thought of a chunk (before it is durable). */
  | {
      readonly type: 'produce';
      readonly session: number;
      readonly stream: number;
      readonly epoch: number;
      readonly seq: number;
      readonly chunk: Chunk;
    }
  /** A send takes its effect in the outside world (the payment is made). */
  | {
      readonly type: 'perform';
      readonly session: number;
      readonly client: string;
      readonly clientSeq: number;
      readonly key: string;
    }
  /** An agent's note took effect in its session: a tool was called, something remembered, a step of the workflow done. */
  | {
      readonly type: 'note';
      readonly session: number;
      readonly client: string;
      readonly about: 'tool' | 'memory' | 'step';
      readonly key: string;
      readonly value: number;
    }
  /** A session changed hands, durably. `server` is empty when it was released or expired. */
  | {
      readonly type: 'own';
      readonly session: number;
      readonly generation: number;
      readonly client: string;
      readonly server: string;
    }
  /** The token service takes back every token of `subject` up to `serial`. */
  | { readonly type: 'revoke'; readonly subject: string; readonly serial: number }
  /** A server process ends by itself (its drain is over). */
  | { readonly type: 'exit' };
