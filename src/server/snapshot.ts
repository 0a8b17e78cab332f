/**
 * Snapshots: what a cursor that cannot be served gets instead of replay. Pieces are paced by the store's answers; credit
 * for what follows comes with the client's ACK of the whole, because until then it has processed nothing of it.
 */
import type { NodeId } from '../machine.ts';
import type { Message } from '../services.ts';
import type { Instant } from '../time.ts';
import type { ConnId } from '../transport.ts';
import type { Reset } from '../wire/frames.ts';
import { answered, ask, callOf, newOp } from './calls.ts';
import { type Effects, type ServerConn, type ServerState, type ServerStream, transmit } from './state.ts';
import { enter, isStale, pump } from './streams.ts';

/**
 * A piece of a snapshot. Small, because a lossy path delivers a large frame later than a silent peer is given up, and the
 * client would start over for ever.
 */
const SNAPSHOT_BYTES = 16 * 1024;

/**
 * RESET: the cursor cannot be served. The content so far goes out as a snapshot, as of the head when the first piece is
 * read; `oldestSeq` is what replay could have begun with.
 */
export function beginSnapshot(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  stream: number,
  { reason, oldestSeq }: Pick<Reset, 'reason' | 'oldestSeq'>,
  now: Instant,
  effects: Effects,
): void {
  const each = conn.streams[stream];
  if (each === undefined) return;
  transmit(conn, id, { type: 'RESET', stream, reason, epoch: each.epoch, oldestSeq }, now, effects);
  each.snapshot = { from: 0, asOf: 0 };
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
  if (each !== undefined && isStale(each, epoch, from === 0 || each.snapshot?.asOf !== asOf ? asOf : each.head)) return;
  answered(state, sender, message);
  if (id === undefined || conn === undefined || each === undefined || each.snapshot === null) return;
  if (epoch !== each.epoch) {
    // The answer began anew while its snapshot was on the way.
    enter(each, epoch, conn);
    beginSnapshot(state, id, conn, stream, { reason: 'epoch_changed', oldestSeq: 1 }, now, effects);
    return;
  }
  transmit(conn, id, { type: 'SNAPSHOT', stream, epoch, seq: asOf, chunks, last }, now, effects);
  if (!last) {
    each.snapshot.from = from + chunks.length;
    each.snapshot.asOf = asOf;
    askPiece(state, id, conn, stream, each, now, effects);
    return;
  }
  each.snapshot = null;
  each.sent = asOf;
  each.swapTo = asOf;
  if (chunks.at(-1)?.fin) each.finished = true;
  if (asOf > each.head) each.head = asOf;
  each.starved = false;
  each.replayTo = asOf;
  pump(state, id, conn, stream, now, effects);
}
