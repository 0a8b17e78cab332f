import { CHUNK_BYTES } from '../../content.ts';

/** The limits of the wire: every field and frame has one, so that no peer can make another allocate without bound. */
export const LIMITS = {
  /** A whole frame with its payload, in bytes. */
  frameBytes: 256 * 1024,
  /** Payload of one DATA chunk, in bytes. */
  chunkBytes: CHUNK_BYTES,
  /** Body of one SEND, in bytes. */
  sendBytes: 64 * 1024,
  /** SENDs of one session that may be unanswered, and their bodies in bytes. */
  sends: 256,
  sendsBytes: 1024 * 1024,
  /** Streams named in one HELLO or WELCOME. */
  streams: 1024,
  /** Chunks in one SNAPSHOT piece. */
  snapshotChunks: 512,
  /** Bytes of any text field in UTF-8 (client id, key, reason, url). */
  textBytes: 256,
  /** Ids, generations, sequence numbers, epochs, offsets and durations: integers up to 2^53 - 1. */
  integer: Number.MAX_SAFE_INTEGER,
  /** Protocol versions: 1 to 255. */
  version: 255,
} as const;
