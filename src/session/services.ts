/**
 * Messages between the services behind the balancer, and between a client and the token service.
 *
 * They travel by `post` (`post.ts`). Requests carry `op`, a number the asker chose; a retry carries the same `op` and is
 * idempotent.
 */
import type { Chunk } from '../content.ts';
import type { Probe, Probed } from '../post.ts';
import type { Duration, Instant } from '../time.ts';
import type { ConnId } from '../transport.ts';
import type { ContextSummary, Token, WorkSummary } from './wire/frames.ts';

/**
 * What an answer leaves in its session besides text: it becomes durable together with the chunk that it comes with.
 * `tool`: a call was made, the `nth` of its stream, with `value` for a result; `memory`: the agent keeps `value` under
 * `key`; `step`: the answer completes a step of the workflow.
 */
export interface Note {
  readonly about: 'tool' | 'memory' | 'step';
  readonly key: string;
  readonly nth: number;
  readonly value: number;
}

/** A stream as the store knows it. */
export interface StreamRecord {
  readonly stream: number;
  readonly epoch: number;
  /** Content number that the agent answers with in this epoch. */
  readonly content: number;
  /** Last durable sequence number, 0 before the first. */
  readonly head: number;
  /** Oldest sequence number still in the replay window (head + 1 when nothing is). */
  readonly oldest: number;
  /** Whether the durable head is the last chunk. */
  readonly done: boolean;
}

export type Message =
  // server -> store: take the session (or make one when `session` is 0); fences every older generation.
  | {
      readonly type: 'claim';
      readonly op: number;
      readonly conn: ConnId;
      readonly client: string;
      /** The client's own count of dials; a claim older than the session's last, or with a resume token older than its last two, is answered with `fenced`. */
      readonly dial: number;
      readonly session: number;
      readonly resumeToken: number;
      /**
       * Up to `op`: the server asks no claim with a lower number again, because each was answered or given up. The store
       * keeps what became of the others, so that a repeated claim is answered as it was and takes nothing a second time.
       */
      readonly settled: number;
    }
  | {
      readonly type: 'claimed';
      readonly op: number;
      readonly conn: ConnId;
      readonly session: number;
      readonly generation: number;
      readonly resumeToken: number;
      /** False: the session asked for is unknown or expired, and this one is new and empty. */
      readonly resumed: boolean;
      /** Why it is new: the record of the session that was asked for can't be read any more. */
      readonly corrupt?: boolean;
      readonly sendAck: number;
      readonly context: ContextSummary;
      readonly work?: WorkSummary;
      readonly streams: readonly StreamRecord[];
    }
  // server -> store: the connection ended before its claim was answered; if the claim was granted, and is the session's
  // last, nobody is attached there. A claim that comes behind its withdrawal is answered with `fenced`.
  | {
      readonly type: 'withdraw';
      readonly op: number;
      /** The claim's own number and connection. */
      readonly claim: number;
      readonly conn: ConnId;
      readonly client: string;
      readonly dial: number;
    }
  /** The session that the claim had taken, at its generation, is detached; 0 when there is none. */
  | { readonly type: 'withdrawn'; readonly op: number; readonly session: number; readonly generation: number }
  /** The session belongs to somebody else. */
  | { readonly type: 'claimDenied'; readonly op: number; readonly conn: ConnId }
  // server -> store: a client's SEND; deduplicated by client_seq, atomically with its effect.
  | {
      readonly type: 'submit';
      readonly op: number;
      readonly session: number;
      readonly generation: number;
      readonly clientSeq: number;
      readonly key: string;
      readonly ask: number;
      /** Size of the body. */
      readonly bytes: number;
    }
  | {
      readonly type: 'submitted';
      readonly op: number;
      readonly session: number;
      readonly clientSeq: number;
      readonly key: string;
      /** The stream that answers, or null when none was asked for. */
      readonly stream: StreamRecord | null;
    }
  // server -> store: log entries for replay, from `from`, at most `bytes`.
  | {
      readonly type: 'read';
      readonly op: number;
      readonly session: number;
      readonly generation: number;
      readonly stream: number;
      readonly epoch: number;
      readonly from: number;
      readonly bytes: number;
    }
  | {
      readonly type: 'entries';
      readonly op: number;
      readonly session: number;
      readonly stream: number;
      readonly epoch: number;
      readonly from: number;
      readonly chunks: readonly Chunk[];
      readonly head: number;
      readonly oldest: number;
    }
  // server -> store: a piece of the snapshot that covers 1..asOf, starting behind `from` chunks; asOf 0 = the head now.
  | {
      readonly type: 'readSnapshot';
      readonly op: number;
      readonly session: number;
      readonly generation: number;
      readonly stream: number;
      readonly epoch: number;
      readonly asOf: number;
      readonly from: number;
      readonly bytes: number;
    }
  | {
      readonly type: 'snapshotPiece';
      readonly op: number;
      readonly session: number;
      readonly stream: number;
      readonly epoch: number;
      readonly asOf: number;
      readonly from: number;
      readonly chunks: readonly Chunk[];
      readonly last: boolean;
    }
  /** Answers a read of a stream that was complete, processed and dropped: nothing is left to serve. */
  | { readonly type: 'dropped'; readonly op: number; readonly session: number; readonly stream: number }
  // server -> store, without reply: the client processed up to `seq`.
  | {
      readonly type: 'acked';
      readonly session: number;
      readonly generation: number;
      readonly stream: number;
      readonly epoch: number;
      readonly seq: number;
    }
  /** The connection is gone; the session's time to live starts. */
  | { readonly type: 'detach'; readonly op: number; readonly session: number; readonly generation: number }
  /** The client said goodbye; the session ends now. */
  | { readonly type: 'release'; readonly op: number; readonly session: number; readonly generation: number }
  /** A server (re)started: whatever it owned is detached. */
  | { readonly type: 'recover'; readonly op: number }
  /** A detach, release or recover is durable. Without this answer they are asked again: a lost one would leak a session. */
  | { readonly type: 'noted'; readonly op: number }
  /** The write did not happen, and nothing of it did: it may be asked again. */
  | { readonly type: 'failed'; readonly op: number }
  // store -> owner server.
  | {
      readonly type: 'durable';
      readonly session: number;
      /** The generation of the append: under whose ownership the chunk was written. */
      readonly generation: number;
      readonly stream: number;
      readonly epoch: number;
      readonly seq: number;
      readonly chunk: Chunk;
    }
  /** Somebody else owns the session at a newer generation (also the answer to any stale request, and to a stale append). */
  | {
      readonly type: 'fenced';
      readonly session: number;
      readonly generation: number;
      /** The claim that came too late, when this answers one; else 0. */
      readonly op: number;
    }
  | { readonly type: 'expired'; readonly session: number }
  /** The session went with a disk that a backup took the place of; or it is what the backup says, and was not claimed since. */
  | { readonly type: 'lost'; readonly session: number }
  // agent -> store.
  | {
      readonly type: 'append';
      readonly session: number;
      readonly generation: number;
      readonly stream: number;
      readonly epoch: number;
      readonly seq: number;
      readonly chunk: Chunk;
      readonly note: Note | null;
    }
  /** Everything up to `head` is durable. Also the answer to an append that does not follow the head: the agent goes on from there. */
  | {
      readonly type: 'appended';
      readonly session: number;
      readonly generation: number;
      readonly stream: number;
      readonly epoch: number;
      readonly head: number;
    }
  // server -> its agent.
  | {
      readonly type: 'generate';
      readonly session: number;
      readonly generation: number;
      readonly stream: number;
      readonly epoch: number;
      readonly content: number;
      /** Last durable sequence number: the agent goes on behind it. */
      readonly head: number;
    }
  | { readonly type: 'stop'; readonly session: number }
  // server <-> auth, client <-> auth.
  | { readonly type: 'verify'; readonly op: number; readonly token: Token; readonly subject: string }
  | {
      readonly type: 'verified';
      readonly op: number;
      readonly verdict: 'ok' | 'expired' | 'revoked' | 'forged';
      /** Until when the token is accepted: its expiry and the leeway that the service grants. */
      readonly expiresAt: Instant;
      /** How much longer that is by the service's clock, for a server whose own clock may be wrong; 0 when not `ok`. */
      readonly lives: Duration;
    }
  /** auth -> server that verified one: tokens of this subject up to this serial are worth nothing from now on. */
  | { readonly type: 'revoked'; readonly subject: string; readonly serial: number }
  | { readonly type: 'issue'; readonly op: number; readonly subject: string }
  | { readonly type: 'issued'; readonly op: number; readonly token: Token }
  // balancer <-> server.
  | Probe
  | Probed;
