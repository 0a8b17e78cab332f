/** A stream whose agent fell silent: the application hears of it once for each place, and the session goes on. */
import { NOTHING } from '../../machine.ts';
import type { Stalled } from '../wire/frames.ts';
import type { Attached, ClientEffect, ClientState } from './state.ts';
import { openStream } from './streams.ts';

/** STALLED: news only while nothing came behind it, and only once; another connection may have said so already. */
export function noteStall(
  state: ClientState,
  { conn }: Attached,
  { stream, epoch, seq }: Stalled,
): readonly ClientEffect[] {
  // Nothing may have come of it yet: an answer can stall before its first chunk.
  const cursor = state.streams[stream] ?? (seq === 0 ? openStream(state, stream, epoch) : undefined);
  if (cursor === undefined || cursor.epoch !== epoch || cursor.done || cursor.resync !== null) return NOTHING;
  if (cursor.lastSeq + cursor.waiting !== seq || cursor.stalledAt === seq) return NOTHING;
  cursor.stalledAt = seq;
  return [{ type: 'stall', conn, stream, epoch, seq }];
}
