/**
 * The frames of the session protocol. PROTOCOL.md specifies when each is sent and what it means; the words are the same.
 * Frames are values: made once, shared by sender, link and receiver, never changed.
 */
import type { Chunk } from '../../content.ts';
import type { Duration, Instant } from '../../time.ts';

/** A bearer token as the token service issues it. `signature` covers all other fields under the service's key. */
export interface Token {
  /** Whom it speaks for: the client id. */
  readonly subject: string;
  readonly serial: number;
  readonly expiresAt: Instant;
  readonly signature: number;
}

/** A client's cursor on one stream. */
export interface Cursor {
  readonly stream: number;
  readonly epoch: number;
  /** Last sequence number that the application processed; 0 before the first. */
  readonly lastSeq: number;
  /** Credit: the byte offset in the stream up to which the server may send. */
  readonly limit: number;
  /** What it holds of a SNAPSHOT that its connection did not finish. */
  readonly held: null | HeldPieces;
}

/** The beginning of a SNAPSHOT. */
export interface HeldPieces {
  readonly epoch: number;
  /** Sequence numbers 1 to this one are held. */
  readonly seq: number;
  /** Credit for the rest: the byte offset in the stream up to which the server may send. */
  readonly limit: number;
}

export interface Hello {
  readonly type: 'HELLO';
  readonly protoMin: number;
  readonly protoMax: number;
  readonly token: Token;
  readonly client: string;
  /** The client's own count of dials: a HELLO that was held up on its way never takes over from a later one. */
  readonly dial: number;
  /** Initial credit of streams that the server opens later: byte offset. */
  readonly credit: number;
  readonly resume: null | {
    readonly session: number;
    readonly resumeToken: number;
    readonly streams: readonly Cursor[];
  };
}

/** What the server will do for one stream of the session after WELCOME. */
export interface StreamStart {
  readonly stream: number;
  readonly epoch: number;
  /** Last durable sequence number at the server. */
  readonly headSeq: number;
  /** True: replay continues behind the client's cursor. False: a RESET follows, with this reason. */
  readonly resumed: boolean;
  readonly reason: null | ResetReason;
}

/** The conversation as the server holds it, so that a client can see that its context survived. */
export interface ContextSummary {
  /** Sends that took effect, in order. */
  readonly turns: number;
  /** 32-bit running hash over the turns' client_seq and keys (see `extendContext`). */
  readonly digest: number;
}

/** What the agents of a session have left in it besides text, so that a client can see that it survived. */
export interface WorkSummary {
  /** Notes that became durable, of every sort below. */
  readonly notes: number;
  /** Workflow steps completed. */
  readonly step: number;
  /** Tool calls made, and the running hash over their keys and results, in order (see `extendContext`). */
  readonly calls: number;
  readonly callsDigest: number;
  /** Hash over the agent memory, every key with its value (see `memoryDigest`). */
  readonly memory: number;
}

export interface Welcome {
  readonly type: 'WELCOME';
  readonly proto: number;
  readonly session: number;
  /** Rotated: valid for the next resume only (and once more for a retry of the same resume). */
  readonly resumeToken: number;
  /** Connection generation: fences every older connection of the session. */
  readonly generation: number;
  readonly resumed: boolean;
  readonly streams: readonly StreamStart[];
  /** Highest client_seq that took effect (cumulative). */
  readonly sendAck: number;
  readonly context: ContextSummary;
  readonly sessionTtl: Duration;
  readonly heartbeatInterval: Duration;
  readonly deadAfter: Duration;
  /** Absent until an agent has noted something. */
  readonly work?: WorkSummary;
}

export interface Data {
  readonly type: 'DATA';
  readonly stream: number;
  readonly epoch: number;
  /** Dense, from 1. */
  readonly seq: number;
  readonly chunk: Chunk;
}

export interface Ack {
  readonly type: 'ACK';
  readonly stream: number;
  readonly epoch: number;
  /** Cumulative: everything up to here was processed by the application. */
  readonly seq: number;
  /** Credit: byte offset in the stream up to which the server may send. */
  readonly limit: number;
}

export interface ReplayEnd {
  readonly type: 'REPLAY_END';
  readonly stream: number;
  readonly epoch: number;
  /** Last sequence number of the replay; DATA from here on is live. */
  readonly seq: number;
}

export type ResetReason = 'window_exceeded' | 'epoch_changed' | 'ahead_of_log' | 'unknown_session';

export interface Reset {
  readonly type: 'RESET';
  /** 0: the whole session. */
  readonly stream: number;
  readonly reason: ResetReason;
  readonly epoch: number;
  readonly oldestSeq: number;
  /** The SNAPSHOT goes on behind these sequence numbers, which the client has; 0: it begins at the first. */
  readonly held: number;
}

export interface Snapshot {
  readonly type: 'SNAPSHOT';
  readonly stream: number;
  readonly epoch: number;
  /** The snapshot holds exactly what sequence numbers 1 to `seq` would have delivered. */
  readonly seq: number;
  /** A run of it, behind what RESET called held; pieces come in order and the last one carries `last`. */
  readonly chunks: readonly Chunk[];
  readonly last: boolean;
}

/** The client holds a piece of a SNAPSHOT that is not whole yet. */
export interface Held extends HeldPieces {
  readonly type: 'HELD';
  readonly stream: number;
}

export interface Send {
  readonly type: 'SEND';
  /** Dense, from 1, for the life of the session. */
  readonly clientSeq: number;
  /** The application's idempotency key. */
  readonly key: string;
  /** Which content the agent shall answer with; -1 asks for no response stream. */
  readonly ask: number;
  /** Size of the request body in bytes. */
  readonly bytes: number;
}

export interface SendAck {
  readonly type: 'SEND_ACK';
  readonly clientSeq: number;
  readonly key: string;
  /** Stored result: the response stream that the send opened; 0 for none. */
  readonly stream: number;
}

export interface GoAway {
  readonly type: 'GOAWAY';
  /** Time until the server closes with 1012. */
  readonly deadline: Duration;
  /** The client opens its second socket after a random time in [0, retryAfter]. */
  readonly retryAfter: Duration;
  /** Highest client_seq that this server has handled. */
  readonly lastSend: number;
}

/** In-band renewal. Client: the new token. Server: the same token back, accepted. */
export interface Auth {
  readonly type: 'AUTH';
  readonly token: Token;
}

export interface Ping {
  readonly type: 'PING';
  readonly nonce: number;
}
export interface Pong {
  readonly type: 'PONG';
  readonly nonce: number;
}

/** The stream's agent has said nothing behind `seq` for longer than a healthy one is silent; the connection is well. */
export interface Stalled {
  readonly type: 'STALLED';
  readonly stream: number;
  readonly epoch: number;
  readonly seq: number;
}

export type ErrorCode =
  | 'unauthorized'
  | 'token_expired'
  | 'version_unsupported'
  | 'protocol_error'
  | 'unavailable'
  | 'taken_over'
  | 'send_rejected'
  | 'internal'
  /** The session's record is damaged; a WELCOME to a clean session follows instead of a close. */
  | 'state_corrupt';

export interface ErrorFrame {
  readonly type: 'ERROR';
  readonly code: ErrorCode;
  readonly reason: string;
  /** The send it is about, or 0. */
  readonly clientSeq: number;
  /** Wait at least this long before trying again. */
  readonly retryAfter: Duration;
}

export type Frame =
  | Hello
  | Welcome
  | Data
  | Ack
  | ReplayEnd
  | Reset
  | Snapshot
  | Send
  | SendAck
  | GoAway
  | Auth
  | Ping
  | Pong
  | ErrorFrame
  | Stalled
  | Held;

export type FrameType = Frame['type'];

/** The context hash after one more turn; both sides and the laws fold the same function. */
export function extendContext(digest: number, clientSeq: number, key: string): number {
  let hash = Math.imul(digest ^ clientSeq, 0x01000193);
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The hash of an agent memory: the sum over its entries, so that the order in which they were written is no matter. */
export function memoryDigest(memory: Readonly<Record<string, number>>): number {
  let sum = 0;
  for (const key in memory) sum = (sum + extendContext(0, memory[key] as number, key)) >>> 0;
  return sum;
}
