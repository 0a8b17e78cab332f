/**
 * Snapshots: what a cursor that cannot be served gets instead of replay. Pieces are read one by one and sent within the
 * client's credit, which its HELD extends: nothing of a snapshot is processed before it is whole. What the client holds when
 * the connection ends is not sent again.
 */
import type { Chunk } from '../../content.ts';
import type { NodeId } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { Message } from '../services.ts';
import type { Held, HeldPieces, ResetReason } from '../wire/frames.ts';
import { answered, ask, callOf, newOp } from './calls.ts';
import { type Effects, type ServerConn, type ServerState, type ServerStream, transmit } from './state.ts';
import { enter, isStale, pump } from './streams.ts';

/**
 * A piece of a snapshot. Small, because a lossy path delivers a large frame later than a silent peer is given up, and the
 * client would start over for ever.
 */
const SNAPSHOT_BYTES = 16 * 1024;

/** What a client has of a stream in the present epoch: sequence numbers 1 to `seq`, and credit up to the byte `limit`. */
export type Has = Pick<HeldPieces, 'seq' | 'limit'>;

/**
 * RESET: the cursor cannot be served. The content so far goes out as a snapshot, behind what the client `has` of it (null:
 * nothing) and as of the head when the first piece is read; `oldestSeq` is what replay could have begun with.
 */
export function beginSnapshot(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  stream: number,
  { reason, oldestSeq, has }: { reason: ResetReason; oldestSeq: number; has: Has | null },
  now: Instant,
  effects: Effects,
): void {
  const each = conn.streams[stream];
  if (each === undefined) return;
  const from = has?.seq ?? 0;
  transmit(conn, id, { type: 'RESET', stream, reason, epoch: each.epoch, oldestSeq, held: from }, now, effects);
  each.snapshot = { from, asOf: 0 };
  // Without anything to go on behind, the snapshot begins before what credit was granted for.
  each.limit = has?.limit ?? conn.hello?.credit ?? 0;
  // Whatever the client knew of the stream, it knows of this epoch now.
  each.unnamed = false;
  each.starved = false;
  each.reading = false;
  askPiece(state, id, conn, stream, each, now, effects);
}

function askPiece(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  stream: number,
  each: ServerStream,
  now: Instant,
  effects: Effects,
): void {
  const { from, asOf } = each.snapshot ?? { from: 0, asOf: 0 };
  const { session, generation } = conn;
  const { epoch } = each;
  const bytes = SNAPSHOT_BYTES;
  ask(
    state,
    state.config.store,
    { type: 'readSnapshot', session, generation, stream, epoch, asOf, from, bytes, op: newOp(state) },
    id,
    now,
    effects,
  );
}

export function snapshotPiece(
  state: ServerState,
  sender: NodeId,
  message: Message & { type: 'snapshotPiece' },
  now: Instant,
  effects: Effects,
): void {
  const { stream, epoch, asOf, from, chunks, last } = message;
  const id = callOf(state, sender, message)?.conn;
  const conn = id === undefined ? undefined : state.conns[id];
  const each = conn?.streams[stream];
  // The first piece decides as of which head the whole is: it must not be one that the client has seen more than.
  if (each !== undefined && isStale(each, epoch, each.snapshot?.asOf !== asOf ? asOf : each.head)) return;
  answered(state, sender, message);
  if (id === undefined || conn === undefined || each === undefined || each.snapshot === null) return;
  if (epoch !== each.epoch) {
    // The answer began anew while its snapshot was on the way.
    enter(each, epoch);
    beginSnapshot(state, id, conn, stream, { reason: 'epoch_changed', oldestSeq: 1, has: null }, now, effects);
    return;
  }
  each.snapshot.asOf = asOf;
  const piece = within(chunks, each.limit);
  const isWhole = piece.length === chunks.length;
  const isLast = last && isWhole;
  if (piece.length > 0 || isLast)
    transmit(conn, id, { type: 'SNAPSHOT', stream, epoch, seq: asOf, chunks: piece, last: isLast }, now, effects);
  if (!isLast) {
    each.snapshot.from = from + piece.length;
    each.starved = !isWhole;
    if (isWhole) askPiece(state, id, conn, stream, each, now, effects);
    return;
  }
  each.snapshot = null;
  each.sent = asOf;
  if (chunks.at(-1)?.fin) each.finished = true;
  if (asOf > each.head) each.head = asOf;
  each.replayTo = asOf;
  pump(state, id, conn, stream, now, effects);
}

/** The chunks that credit allows. */
function within(chunks: readonly Chunk[], limit: number): readonly Chunk[] {
  const beyond = chunks.findIndex(({ end }) => end > limit);
  return beyond < 0 ? chunks : chunks.slice(0, beyond);
}

/** HELD: credit grows, and what waited for it goes on. */
export function held(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  { stream, epoch, limit }: Held,
  now: Instant,
  effects: Effects,
): void {
  const each = conn.streams[stream];
  // Of an epoch that was left meanwhile, or late: all of the snapshot was sent, and its ACK grants what follows.
  if (each === undefined || each.epoch !== epoch || each.snapshot === null) return;
  granted(state, id, conn, stream, each, limit, now, effects);
}

/** Credit for a snapshot under way, by HELD, or by the ACK of what was on its way before it. */
export function granted(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  stream: number,
  each: ServerStream,
  limit: number,
  now: Instant,
  effects: Effects,
): void {
  if (limit > each.limit) each.limit = limit;
  if (!each.starved) return;
  each.starved = false;
  askPiece(state, id, conn, stream, each, now, effects);
}
