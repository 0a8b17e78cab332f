/**
 * The boundary between a client of our session protocol and the application that uses it, beyond what every client says
 * there (`boundary.ts`); and what only the world outside can see of agent and store.
 */
import type { DeviceIntent, ExitEffect, SendOutcome } from '../boundary.ts';
import type { Chunk } from '../content.ts';
import type { ApplicationError } from '../errors.ts';
import type { ConnId } from '../transport.ts';
import type { ContextSummary, WorkSummary } from './wire/frames.ts';

/** What the application, the browser or the operating system tells a client. */
export type Intent =
  | DeviceIntent
  /** A request with an idempotency key; `ask` is the content to answer with, -1 for none; `bytes` the size of the body. */
  | { readonly type: 'submit'; readonly key: string; readonly ask: number; readonly bytes: number };

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
      readonly type: 'record';
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
  /** A backup took the place of the store's disk: the session is what that says, without an owner, from this generation on. */
  | { readonly type: 'rewind'; readonly session: number; readonly generation: number; readonly client: string }
  /** The token service takes back every token of `subject` up to `serial`. */
  | { readonly type: 'revoke'; readonly subject: string; readonly serial: number }
  | ExitEffect;
