/**
 * The layout of every frame: a byte that says which, then its fields in this order. One table serves both directions, and
 * the types keep it complete: a field that is added to a frame and not to its layout does not compile.
 */
import {
  ask,
  body,
  chunk,
  counted,
  duration,
  type Field,
  flag,
  instant,
  large,
  list,
  optional,
  record,
  type Shape,
  small,
  sometimes,
  text,
  version,
  word,
} from './fields.ts';
import type {
  ContextSummary,
  Cursor,
  ErrorCode,
  Frame,
  FrameType,
  HeldPieces,
  Hello,
  ResetReason,
  StreamStart,
  Token,
  WorkSummary,
} from './frames.ts';
import { LIMITS } from './limits.ts';

type FrameOf<T extends FrameType> = Extract<Frame, { type: T }>;
/** A frame without its type, which the first byte carries. */
type Fields<T extends FrameType> = Omit<FrameOf<T>, 'type'>;

const RESET_REASONS = [
  [1, 'window_exceeded'],
  [2, 'epoch_changed'],
  [3, 'ahead_of_log'],
  [4, 'unknown_session'],
] as const satisfies readonly (readonly [number, ResetReason])[];

const ERROR_CODES = [
  [1, 'unauthorized'],
  [2, 'token_expired'],
  [3, 'version_unsupported'],
  [4, 'protocol_error'],
  [5, 'unavailable'],
  [6, 'taken_over'],
  [7, 'send_rejected'],
  [8, 'internal'],
  [9, 'state_corrupt'],
] as const satisfies readonly (readonly [number, ErrorCode])[];

const token = record<Token>({ subject: text, serial: large, expiresAt: instant, signature: large });
const held = record<HeldPieces>({ epoch: small, seq: counted, limit: large });
const cursor = record<Cursor>({ stream: small, epoch: small, lastSeq: large, limit: large, held: optional(held) });
const resume = record<NonNullable<Hello['resume']>>({
  session: large,
  resumeToken: large,
  streams: list(cursor, LIMITS.streams),
});
const streamStart = record<StreamStart>({
  stream: small,
  epoch: small,
  headSeq: large,
  resumed: flag,
  reason: word<ResetReason | null>([[0, null], ...RESET_REASONS]),
});
const context = record<ContextSummary>({ turns: small, digest: small });
const work = record<WorkSummary>({ notes: small, step: small, calls: small, callsDigest: small, memory: small });

const SHAPES: { readonly [T in FrameType]: Shape<Fields<T>> } = {
  HELLO: record<Fields<'HELLO'>>({
    protoMin: version,
    protoMax: version,
    token,
    client: text,
    dial: large,
    credit: large,
    resume: optional(resume),
  }),
  WELCOME: record<Fields<'WELCOME'>>({
    proto: version,
    session: large,
    resumeToken: large,
    generation: large,
    resumed: flag,
    streams: list(streamStart, LIMITS.streams),
    sendAck: large,
    context,
    sessionTtl: duration,
    heartbeatInterval: duration,
    deadAfter: duration,
    work: sometimes(work),
  }),
  DATA: record<Fields<'DATA'>>({ stream: small, epoch: small, seq: counted, chunk }),
  ACK: record<Fields<'ACK'>>({ stream: small, epoch: small, seq: large, limit: large }),
  REPLAY_END: record<Fields<'REPLAY_END'>>({ stream: small, epoch: small, seq: large }),
  RESET: record<Fields<'RESET'>>({
    stream: small,
    reason: word<ResetReason>(RESET_REASONS),
    epoch: small,
    oldestSeq: large,
    held: large,
  }),
  SNAPSHOT: record<Fields<'SNAPSHOT'>>({
    stream: small,
    epoch: small,
    seq: large,
    chunks: list(chunk, LIMITS.snapshotChunks),
    last: flag,
  }),
  SEND: record<Fields<'SEND'>>({ clientSeq: counted, key: text, ask, bytes: body }),
  SEND_ACK: record<Fields<'SEND_ACK'>>({ clientSeq: counted, key: text, stream: small }),
  GOAWAY: record<Fields<'GOAWAY'>>({ deadline: duration, retryAfter: duration, lastSend: large }),
  AUTH: record<Fields<'AUTH'>>({ token }),
  PING: record<Fields<'PING'>>({ nonce: large }),
  PONG: record<Fields<'PONG'>>({ nonce: large }),
  ERROR: record<Fields<'ERROR'>>({
    code: word<ErrorCode>(ERROR_CODES),
    reason: text,
    clientSeq: large,
    retryAfter: duration,
  }),
  STALLED: record<Fields<'STALLED'>>({ stream: small, epoch: small, seq: large }),
  HELD: record<Fields<'HELD'>>({ stream: small, epoch: small, seq: counted, limit: large }),
};

/** The first byte of each frame: its place in this list, from 1. New frames go at the end. */
export const FRAME_TYPES = [
  'HELLO',
  'WELCOME',
  'DATA',
  'ACK',
  'REPLAY_END',
  'RESET',
  'SNAPSHOT',
  'SEND',
  'SEND_ACK',
  'GOAWAY',
  'AUTH',
  'PING',
  'PONG',
  'ERROR',
  'STALLED',
  'HELD',
] as const satisfies readonly FrameType[];

/** A frame's type, its first byte, and its fields. */
export interface Layout {
  readonly type: FrameType;
  readonly code: number;
  /** A layout reads and writes frames of its own type only; which one that is, the caller has looked up. */
  readonly fields: Field<object>;
}

const LAYOUTS: readonly Layout[] = FRAME_TYPES.map((type, index) => ({
  type,
  code: index + 1,
  fields: (SHAPES[type] as Shape<object>)(type),
}));

/** The layout of frames of this type; undefined for a type that the protocol doesn't have. */
export const layoutOf = (type: FrameType): Layout | undefined => LAYOUTS.find((layout) => layout.type === type);

/** The layout that a first byte announces; undefined for one that no frame has. */
export const layoutOfCode = (code: number): Layout | undefined => LAYOUTS[code - 1];
