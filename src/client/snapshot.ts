/**
 * The other side of a RESET: the pieces of a SNAPSHOT are held until it is whole, and swapped in at once.
 *
 * Nothing of it is processed before, so HELD grants credit for it in the place of ACK. What is held outlives the connection:
 * on a path that loses many packets no single one lives long enough for a long answer.
 */
import { chunkBytes, chunkValue } from '../content.ts';
import { NOTHING } from '../machine.ts';
import type { Instant } from '../time.ts';
import type { HeldPieces, Reset, Snapshot } from '../wire/frames.ts';
import { discard } from './inbox.ts';
import { grant, measure } from './pacing.ts';
import {
  type ClientEffect,
  type ClientState,
  type Connection,
  type Effects,
  type Resync,
  type StreamCursor,
  transmit,
} from './state.ts';
import { acknowledge, openStream } from './streams.ts';

/**
 * The stream's cursor can't be served: a SNAPSHOT follows. One that was under way goes on behind what RESET calls held, or
 * starts again. False: not so much of it is held.
 */
export function reset(state: ClientState, frame: Reset): boolean {
  // The session as a whole was already given up when its WELCOME said so.
  if (frame.stream === 0) return true;
  const { stream, epoch, held } = frame;
  const cursor = state.streams[stream] ?? openStream(state, stream, epoch);
  const { resync } = cursor;
  // The snapshot holds it too.
  discard(state, stream);
  if (held === 0) cursor.resync = { epoch, chunks: [], limit: state.config.credit };
  else if (resync?.epoch === epoch && resync.chunks.length >= held) resync.chunks.length = held;
  else {
    // What is not enough to go on with is no use to the next connection either.
    cursor.resync = null;
    return false;
  }
  return true;
}

/** What HELLO says of a snapshot that no connection finished yet, and the credit for the rest of it. */
export function holding({ resync }: StreamCursor, credit: number): HeldPieces | null {
  const last = resync?.chunks.at(-1);
  if (resync === null || last === undefined) return null;
  resync.limit = last.end + credit;
  return { epoch: resync.epoch, seq: resync.chunks.length, limit: resync.limit };
}

/** A piece of a snapshot: it is held until the last one comes. */
export function collect(
  state: ClientState,
  connection: Connection,
  frame: Snapshot,
  now: Instant,
): readonly ClientEffect[] {
  const { stream, epoch } = frame;
  const cursor = state.streams[stream];
  if (cursor === undefined || cursor.resync === null || cursor.resync.epoch !== epoch) return NOTHING;
  const { resync } = cursor;
  for (const chunk of frame.chunks) {
    resync.chunks.push(chunk);
    measure(state, chunkBytes(chunk), now);
  }
  if (frame.last) return swap(state, connection, cursor, resync, frame, now);
  const end = resync.chunks.at(-1);
  if (end === undefined) return NOTHING;
  // Credit that was granted is not taken back when the path got slower.
  resync.limit = Math.max(resync.limit, end.end + grant(state));
  const { chunks, limit } = resync;
  const effects: Effects = [];
  transmit(connection, { type: 'HELD', stream, epoch, seq: chunks.length, limit }, now, effects);
  return effects;
}

/** The snapshot is whole: the application has its content at once, and the cursor moves behind it. */
function swap(
  state: ClientState,
  connection: Connection,
  cursor: StreamCursor,
  resync: Resync,
  { stream, epoch, seq }: Snapshot,
  now: Instant,
): readonly ClientEffect[] {
  const chunks = resync.chunks.map(chunkValue);
  const end = chunks.at(-1);
  cursor.resync = null;
  cursor.epoch = epoch;
  cursor.stalledAt = -1;
  cursor.lastSeq = seq;
  cursor.bytes = end === undefined ? 0 : end.end;
  cursor.done = end?.fin ?? false;
  // What was granted before the snapshot says nothing about what follows it.
  cursor.limit = resync.limit;
  const effects: Effects = [{ type: 'replace', conn: connection.conn, stream, epoch, seq, chunks }];
  acknowledge(connection, stream, cursor, grant(state), now, effects);
  return effects;
}
