/**
 * How many bytes a frame takes on the wire, known without encoding it: links and buffers count bytes, and a simulated
 * run never encodes.
 *
 * The layout: one byte of type, then the fields in the order of `frames.ts`, big-endian and of fixed width. Versions,
 * flags and enumerations take 1 byte; streams, epochs, counts, sizes, hashes and content numbers 4; sequence numbers,
 * ids, tokens, nonces, generations, dials, offsets, durations and instants 8. A text is its length in 2 bytes, then its
 * UTF-8; a list is its length in 4 bytes, then its items. A chunk or a send is followed by its bytes.
 */
import type { Chunk } from '../../content.ts';
import type { Frame, Hello, Snapshot, Token } from './frames.ts';

/** content 4, start 8, end 8, sum 4, part 4, flags 1. */
const CHUNK_HEAD = 29;
/** stream 4, epoch 4, last_seq 8, limit 8, whether it holds something 1. */
const CURSOR = 25;
/** epoch 4, seq 8, limit 8. */
const HELD = 20;
/** stream 4, epoch 4, head_seq 8, resumed 1, reason 1. */
const STREAM_START = 18;
/** notes 4, step 4, calls 4, calls_digest 4, memory 4. */
const WORK = 20;

/** The exact size of the encoded frame in bytes, payload included. */
export function frameBytes(frame: Frame): number {
  switch (frame.type) {
    case 'DATA':
      return 17 + encodedChunkBytes(frame.chunk);
    case 'ACK':
    case 'HELD':
      return 25;
    case 'REPLAY_END':
    case 'STALLED':
      return 17;
    case 'PING':
    case 'PONG':
      return 9;
    case 'SEND':
      return 17 + text(frame.key) + frame.bytes;
    case 'SEND_ACK':
      return 13 + text(frame.key);
    case 'SNAPSHOT':
      return snapshotBytes(frame);
    case 'RESET':
      return 26;
    case 'GOAWAY':
      return 25;
    case 'AUTH':
      return 1 + tokenBytes(frame.token);
    case 'ERROR':
      return 18 + text(frame.reason);
    case 'HELLO':
      return helloBytes(frame);
    case 'WELCOME':
      return 72 + frame.streams.length * STREAM_START + (frame.work === undefined ? 0 : WORK);
  }
}

/**
 * The size of one chunk with its bytes, as DATA and SNAPSHOT carry it. The difference comes first: next to 2^53 a sum with
 * an offset would be rounded.
 */
export const encodedChunkBytes = (chunk: Chunk): number => CHUNK_HEAD + (chunk.end - chunk.start);

function snapshotBytes(frame: Snapshot): number {
  let bytes = 22;
  for (const chunk of frame.chunks) bytes += encodedChunkBytes(chunk);
  return bytes;
}

function helloBytes(frame: Hello): number {
  const bytes = 20 + tokenBytes(frame.token) + text(frame.client);
  if (frame.resume === null) return bytes;
  const { streams } = frame.resume;
  let cursors = streams.length * CURSOR;
  for (const { held } of streams) if (held !== null) cursors += HELD;
  return bytes + 20 + cursors;
}

const tokenBytes = (token: Token): number => text(token.subject) + 24;

const text = (value: string): number => 2 + textBytes(value);

/** Bytes of a text in UTF-8, counted without encoding it. */
export function textBytes(value: string): number {
  let bytes = value.length;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x80) continue;
    // Two units of a surrogate pair are four bytes, every other unit above 0x7ff is three.
    bytes += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
