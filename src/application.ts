/**
 * The boundary between a client session and the application that uses it: what the application asks for, and what it is
 * given. Laws judge what crosses here, whoever stands in the client's place.
 */
import type { Chunk } from './content.ts';
import type { ConnId } from './transport.ts';
import type { ContextSummary } from './wire/frames.ts';

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

/** Errors that an application can be told. Terminal ones end the session: the client stops by itself. */
export const APPLICATION_ERRORS = {
  /** The backoff policy's attempts are used up. */
  attempts_exhausted: { terminal: true },
  /** The backoff policy's elapsed time is used up. */
  elapsed_exhausted: { terminal: true },
  /** The session was gone at the server; a clean one was started. Streams that were open are lost. */
  session_expired: { terminal: false },
  unauthorized: { terminal: true },
  version_unsupported: { terminal: true },
  protocol_error: { terminal: true },
  taken_over: { terminal: true },
  /** Too many or too large unacknowledged sends; this one was refused. */
  outbox_full: { terminal: false },
} as const;

export type ApplicationError = keyof typeof APPLICATION_ERRORS;

/** How a send ended: it took effect, it surely did not, or nobody can know (its session is gone). */
export type SendOutcome = 'done' | 'failed' | 'unknown';

export type ApplicationEffect =
  /** The next chunk of a stream, processed by the application at once. */
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
  /** A send ended. Exactly once for each submitted key. `stream` is the response stream (0 for none). */
  | { readonly type: 'settle'; readonly key: string; readonly outcome: SendOutcome; readonly stream: number }
  /** After every WELCOME: the conversation as the server holds it. `resumed` false: a clean session. */
  | {
      readonly type: 'restore';
      readonly session: number;
      readonly generation: number;
      readonly resumed: boolean;
      readonly context: ContextSummary;
    }
  | { readonly type: 'report'; readonly error: ApplicationError; readonly detail: string };

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
  /** A session changed hands, durably. `server` is empty when it was released or expired. */
  | {
      readonly type: 'own';
      readonly session: number;
      readonly generation: number;
      readonly client: string;
      readonly server: string;
    }
  /** A server process ends by itself (its drain is over). */
  | { readonly type: 'exit' };
