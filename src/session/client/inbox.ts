/**
 * The inbox: chunks that came while the application was busy.
 *
 * An application that takes its time says so (`busy`), takes what waits at its own pace (`take`), or all of it (`ready`).
 * What waits counts as received and not as processed: it is neither acknowledged nor named in HELLO, so credit holds the
 * server back, and the inbox never holds more than the credit of each stream. A connection that ends takes nothing from
 * it: what a resume brings again is known by its number.
 */
import { type Chunk, chunkValue } from '../../content.ts';
import { NOTHING } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import {
  attached,
  type ClientEffect,
  type ClientState,
  type Effects,
  type StreamCursor,
  type WaitingChunk,
} from './state.ts';
import { give } from './streams.ts';

/** What waited comes from no connection: the one that brought it may be gone, and it proves nothing about the present one. */
export const NO_CONNECTION: ConnId = 0;

/** The application takes at most so many of the chunks that wait, the oldest first. It stays as busy as it was. */
export function take(state: ClientState, most: number, now: Instant): readonly ClientEffect[] {
  const { inbox } = state;
  const count = Math.min(most, inbox.length);
  if (count <= 0) return NOTHING;
  const effects: Effects = [];
  for (let i = 0; i < count; i++) {
    const { stream, epoch, seq, chunk } = inbox[i] as (typeof inbox)[number];
    const cursor = state.streams[stream];
    // What left with a reset was taken out of the inbox then.
    if (cursor === undefined) continue;
    cursor.waiting--;
    const brought = { stream, epoch, seq, chunk: chunkValue(chunk) };
    give(state, attached(state), cursor, brought, NO_CONNECTION, now, effects);
  }
  inbox.splice(0, count);
  return effects;
}

/** The application is ready for everything: what waits first, and from now on what comes. */
export function ready(state: ClientState, now: Instant): readonly ClientEffect[] {
  state.busy = false;
  return take(state, state.inbox.length, now);
}

/** Keeps a chunk until the application takes it; behind the end of a stream there is nothing to keep. */
export function keep(
  state: ClientState,
  cursor: StreamCursor,
  { stream, epoch, seq, chunk }: { stream: number; epoch: number; seq: number; chunk: Chunk },
): void {
  if (cursor.waiting > 0 && state.inbox.findLast((item) => item.stream === stream)?.chunk.fin === true) return;
  cursor.waiting++;
  state.inbox.push({ stream, epoch, seq, chunk });
}

/** What waits of a stream is no longer part of it. */
export function discard(state: ClientState, stream: number): void {
  const cursor = state.streams[stream];
  if (cursor === undefined || cursor.waiting === 0) return;
  cursor.waiting = 0;
  state.inbox = state.inbox.filter((item) => item.stream !== stream);
}

/** Takes out what waits of a stream, because a snapshot that goes on behind it is handed over at once. */
export function withdraw(state: ClientState, stream: number): readonly WaitingChunk[] {
  const waited = state.inbox.filter((item) => item.stream === stream);
  discard(state, stream);
  return waited.map((item) => ({ ...item, chunk: chunkValue(item.chunk) }));
}
