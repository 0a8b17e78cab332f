/**
 * Reads: pieces of a log for replay, and pieces of a snapshot for those whose cursor has left the window.
 *
 * A replica that stopped following answers with what was durable then. It says nothing about sessions and streams that it
 * does not know, because it cannot tell what has ended from what it has not heard of.
 */
import { type Chunk, chunkBytes, chunkValue } from '../../content.ts';
import type { NodeId } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { Message } from '../services.ts';
import { LIMITS } from '../wire/limits.ts';
import { isLost, lost } from './backup.ts';
import type { StoreState, StreamLog } from './state.ts';
import type { StoreEffect } from './store.ts';
import { slide } from './window.ts';

/** Log entries behind `from - 1`; none when `from` has left the window (`oldest` says so) or lies behind the head. */
export function readEntries(
  state: StoreState,
  to: NodeId,
  request: Message & { type: 'read' },
  now: Instant,
  effects: StoreEffect[],
): void {
  const log = logFor(state, to, request, effects);
  if (log === null) return;
  const { op, session, stream, epoch, from, bytes } = request;
  slide(state.config, log, now);
  const { oldest } = log;
  const head = headOf(state, log);
  const chunks = log.epoch === epoch && from >= oldest ? pieces(log.chunks, from - 1, head, bytes) : [];
  effects.push({
    type: 'post',
    to,
    message: { type: 'entries', op, session, stream, epoch: log.epoch, from, chunks, head, oldest },
  });
}

/** A piece of the snapshot as of `asOf` (0: the head now), starting behind `from` chunks. */
export function readSnapshot(
  state: StoreState,
  to: NodeId,
  request: Message & { type: 'readSnapshot' },
  effects: StoreEffect[],
): void {
  const log = logFor(state, to, request, effects);
  if (log === null) return;
  const { op, session, stream, epoch, asOf, from, bytes } = request;
  const head = headOf(state, log);
  // The epoch changed between two pieces: the snapshot starts over in the new one.
  const sameEpoch = log.epoch === epoch;
  const upTo = asOf === 0 || !sameEpoch ? head : Math.min(asOf, head);
  const start = sameEpoch ? from : 0;
  const chunks = pieces(log.chunks, start, upTo, bytes);
  effects.push({
    type: 'post',
    to,
    message: {
      type: 'snapshotPiece',
      op,
      session,
      stream,
      epoch: log.epoch,
      asOf: upTo,
      from: start,
      chunks,
      last: start + chunks.length >= upTo,
    },
  });
}

/** The log that a read is about, or null after the asker was told why there is none for it. */
function logFor(
  state: StoreState,
  to: NodeId,
  { op, session, generation, stream }: Message & { type: 'read' | 'readSnapshot' },
  effects: StoreEffect[],
): StreamLog | null {
  const record = state.sessions[session];
  const log = record?.streams[stream];
  if (state.staleAt >= 0) {
    if (log === undefined) return null;
    if (log.begun <= state.staleAt) return log;
    return log.former !== null && log.former.begun <= state.staleAt ? log.former : null;
  }
  if (isLost(state, session)) effects.push(lost(to, session));
  else if (record === undefined) effects.push({ type: 'post', to, message: { type: 'expired', session } });
  // An owner that was never told of its fence learns of it here.
  else if (record.generation > generation)
    effects.push({
      type: 'post',
      to,
      message: { type: 'fenced', session, generation: record.generation, op: 0 },
    });
  else if (log === undefined) effects.push({ type: 'post', to, message: { type: 'dropped', op, session, stream } });
  else return log;
  return null;
}

/** The last durable sequence number, as far as whoever answers has followed. */
function headOf({ staleAt }: StoreState, { chunks, times }: StreamLog): number {
  let head = chunks.length;
  if (staleAt >= 0) while (head > 0 && (times[head - 1] as number) > staleAt) head--;
  return head;
}

/** Chunks behind the first `start`, up to `end`, at most `bytes` bytes but at least one. */
function pieces(log: readonly Chunk[], start: number, end: number, bytes: number): Chunk[] {
  const chunks: Chunk[] = [];
  let total = 0;
  for (let i = start; i < end && chunks.length < LIMITS.snapshotChunks; i++) {
    const chunk = log[i] as Chunk;
    total += chunkBytes(chunk);
    if (chunks.length > 0 && total > bytes) break;
    chunks.push(chunkValue(chunk));
  }
  return chunks;
}
