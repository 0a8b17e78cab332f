/** Reads: pieces of a log for replay, and pieces of a snapshot for those whose cursor has left the window. */
import { type Chunk, chunkBytes } from '../content.ts';
import { NOTHING, type NodeId } from '../machine.ts';
import type { Message } from '../services.ts';
import type { Instant } from '../time.ts';
import { LIMITS } from '../wire/limits.ts';
import { chunkValue, type StoreState } from './state.ts';
import type { StoreEffect } from './store.ts';
import { slide } from './window.ts';

/** Log entries behind `from - 1`; none when `from` has left the window (`oldest` says so) or lies behind the head. */
export function readEntries(
  state: StoreState,
  to: NodeId,
  { op, session, stream, epoch, from, bytes }: Message & { type: 'read' },
  now: Instant,
): readonly StoreEffect[] {
  const record = state.sessions[session];
  if (record === undefined) return [{ type: 'post', to, message: { type: 'expired', session } }];
  const log = record.streams[stream];
  if (log === undefined) {
    // Complete, processed and dropped: there is nothing behind any cursor.
    const message: Message = {
      type: 'entries',
      op,
      session,
      stream,
      epoch,
      from,
      chunks: [],
      head: from - 1,
      oldest: from,
    };
    return [{ type: 'post', to, message }];
  }
  slide(state.config, log, now);
  const { oldest } = log;
  const chunks = log.epoch === epoch && from >= oldest ? pieces(log.chunks, from - 1, log.chunks.length, bytes) : [];
  return [
    {
      type: 'post',
      to,
      message: {
        type: 'entries',
        op,
        session,
        stream,
        epoch: log.epoch,
        from,
        chunks,
        head: log.chunks.length,
        oldest,
      },
    },
  ];
}

/** A piece of the snapshot as of `asOf` (0: the head now), starting behind `from` chunks. */
export function readSnapshot(
  state: StoreState,
  to: NodeId,
  { op, session, stream, epoch, asOf, from, bytes }: Message & { type: 'readSnapshot' },
): readonly StoreEffect[] {
  const record = state.sessions[session];
  if (record === undefined) return [{ type: 'post', to, message: { type: 'expired', session } }];
  const log = record.streams[stream];
  if (log === undefined) return NOTHING;
  // The epoch changed between two pieces: the snapshot starts over in the new one.
  const sameEpoch = log.epoch === epoch;
  const upTo = asOf === 0 || !sameEpoch ? log.chunks.length : Math.min(asOf, log.chunks.length);
  const start = sameEpoch ? from : 0;
  const chunks = pieces(log.chunks, start, upTo, bytes);
  return [
    {
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
    },
  ];
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
