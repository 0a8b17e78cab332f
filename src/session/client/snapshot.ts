/**
 * The other side of a RESET: the pieces of a SNAPSHOT are held until it is whole, and handed over at once. One that begins at
 * the first chunk replaces what the application has; one that goes on behind what it has extends that.
 *
 * Nothing of it is processed before, so HELD grants credit for it in the place of ACK. What is held outlives the connection:
 * on a path that loses many packets no single one lives long enough for a long answer.
 */
import { chunkBytes, chunkValue } from '../../content.ts';
import { NOTHING } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { HeldPieces, Reset, Snapshot } from '../wire/frames.ts';
import { discard, NO_CONNECTION, withdraw } from './inbox.ts';
import { grant, measure } from './pacing.ts';
import {
  type ClientEffect,
  type ClientState,
  type Connection,
  type Effects,
  type Resync,
  type StreamCursor,
  transmit,
  type WaitingChunk,
} from './state.ts';
import { acknowledge, openStream } from './streams.ts';

/**
 * The stream's cursor can't be served: a SNAPSHOT follows, behind what RESET calls held. That is what was received, or what
 * is held of a snapshot that was under way; 0 begins at the first chunk. False: not so much of it is here.
 */
export function reset(state: ClientState, frame: Reset): boolean {
  // The session as a whole was already given up when its WELCOME said so.
  if (frame.stream === 0) return true;
  const { stream, epoch, held } = frame;
  const cursor = state.streams[stream] ?? openStream(state, stream, epoch);
  const { resync } = cursor;
  if (held === 0) cursor.resync = { epoch, from: 0, chunks: [], limit: state.config.credit };
  else if (resync?.epoch === epoch && resync.from < held && resync.from + resync.chunks.length >= held)
    resync.chunks.length = held - resync.from;
  else if (cursor.epoch === epoch && held <= cursor.lastSeq + cursor.waiting)
    cursor.resync = { epoch, from: held, chunks: [], limit: cursor.limit };
  else {
    // What is not enough to go on with is no use to the next connection either.
    cursor.resync = null;
    return false;
  }
  // What begins at the first chunk holds it too.
  if (cursor.resync?.from === 0) discard(state, stream);
  return true;
}

/** What HELLO says of a snapshot that no connection finished yet, and the credit for the rest of it. */
export function holding({ resync }: StreamCursor, credit: number): HeldPieces | null {
  const last = resync?.chunks.at(-1);
  if (resync === null || last === undefined) return null;
  resync.limit = last.end + credit;
  return { epoch: resync.epoch, seq: heldUpTo(resync), limit: resync.limit };
}

const heldUpTo = ({ from, chunks }: Resync): number => from + chunks.length;

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
  if (frame.last) return handOver(state, connection, cursor, resync, frame, now);
  const end = resync.chunks.at(-1);
  if (end === undefined) return NOTHING;
  // Credit that was granted is not taken back when the path got slower.
  resync.limit = Math.max(resync.limit, end.end + grant(state));
  const { limit } = resync;
  const effects: Effects = [];
  transmit(connection, { type: 'HELD', stream, epoch, seq: heldUpTo(resync), limit }, now, effects);
  return effects;
}

/** The snapshot is whole: the application has its content at once, and the cursor moves behind it. */
function handOver(
  state: ClientState,
  connection: Connection,
  cursor: StreamCursor,
  resync: Resync,
  { stream, epoch, seq }: Snapshot,
  now: Instant,
): readonly ClientEffect[] {
  const chunks = resync.chunks.map(chunkValue);
  const { conn } = connection;
  const effects: Effects = [];
  cursor.stalledAt = -1;
  cursor.resync = null;
  if (resync.from === 0) {
    // What was granted before the snapshot says nothing about what follows it.
    cursor.limit = resync.limit;
    cursor.epoch = epoch;
    cursor.lastSeq = seq;
    cursor.bytes = chunks.at(-1)?.end ?? 0;
    cursor.done = chunks.at(-1)?.fin ?? false;
    effects.push({ type: 'replace', conn, stream, epoch, seq, chunks });
  } else {
    cursor.limit = Math.max(cursor.limit, resync.limit);
    for (const waited of withdraw(state, stream)) extend(cursor, { ...waited, conn: NO_CONNECTION }, effects);
    for (const [i, chunk] of chunks.entries())
      extend(cursor, { conn, stream, epoch, seq: resync.from + i + 1, chunk }, effects);
  }
  acknowledge(connection, stream, cursor, grant(state), now, effects);
  return effects;
}

/** The next chunk for the application; one that came another way while the snapshot was under way is no news. */
function extend(cursor: StreamCursor, { conn, stream, epoch, seq, chunk }: Brought, effects: Effects): void {
  if (seq !== cursor.lastSeq + 1) return;
  cursor.lastSeq = seq;
  cursor.bytes = chunk.end;
  cursor.done = chunk.fin;
  effects.push({ type: 'deliver', conn, stream, epoch, seq, chunk });
}

type Brought = WaitingChunk & { readonly conn: ConnId };
