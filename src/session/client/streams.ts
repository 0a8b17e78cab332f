/**
 * Streams: cursors that move by one, and acknowledgements.
 *
 * `receive` runs for every chunk of every response, so it touches scalars only and allocates what it must hand out. A
 * duplicate is dropped; DATA of another epoch is dropped; a gap is the server's error, told to the caller as null.
 */
import { chunkBytes } from '../../content.ts';
import { NOTHING } from '../../machine.ts';
import { after, type Instant, START } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { Ack, Data, ReplayEnd } from '../wire/frames.ts';
import { keep } from './inbox.ts';
import { grant, measure } from './pacing.ts';
import {
  type Attached,
  type ClientEffect,
  type ClientState,
  type Connection,
  type Effects,
  type StreamCursor,
  setTimer,
  transmit,
} from './state.ts';

/** A stream that nothing was received of yet. */
export const newCursor = (epoch: number, credit: number, replaying = false): StreamCursor => ({
  epoch,
  lastSeq: 0,
  bytes: 0,
  limit: credit,
  done: false,
  unacked: 0,
  unackedSince: START,
  waiting: 0,
  stalledAt: -1,
  replaying,
  resync: null,
});

/** The server speaks of a stream for the first time: nothing more is promised of it. */
export function openStream(state: ClientState, stream: number, epoch: number): StreamCursor {
  state.streams[stream] = newCursor(epoch, state.config.credit);
  delete state.promised[stream];
  // Read back, because a recorded run must change the draft of it.
  return state.streams[stream] as StreamCursor;
}

/** The rest of a stream will never come. */
export const streamGone = (stream: number): ClientEffect => ({
  type: 'report',
  error: 'stream_gone',
  detail: `stream ${stream} was processed to its end elsewhere`,
  stream,
});

/** The next chunk of a stream; null for a gap. Whether it was progress shows in the first effect: `deliver`. */
export function receive(
  state: ClientState,
  connection: Attached,
  frame: Data,
  now: Instant,
): readonly ClientEffect[] | null {
  const { stream, seq, epoch } = frame;
  let cursor = state.streams[stream];
  if (cursor === undefined) {
    if (seq !== 1) return null;
    cursor = openStream(state, stream, epoch);
  }
  const last = cursor.lastSeq + cursor.waiting;
  if (epoch !== cursor.epoch || seq <= last || cursor.done || cursor.resync !== null) return NOTHING;
  if (seq !== last + 1) return null;
  if (state.busy) {
    keep(state, cursor, frame);
    return NOTHING;
  }
  const effects: Effects = [];
  give(state, connection, cursor, frame, connection.conn, now, effects);
  return effects;
}

/** The application processes the next chunk; `conn` is the connection that brings it, 0 when it waited in the inbox. */
export function give(
  state: ClientState,
  connection: Attached | null,
  cursor: StreamCursor,
  { stream, epoch, seq, chunk }: Pick<Data, 'stream' | 'epoch' | 'seq' | 'chunk'>,
  conn: ConnId,
  now: Instant,
  effects: Effects,
): void {
  cursor.lastSeq = seq;
  cursor.bytes = chunk.end;
  effects.push({ type: 'deliver', conn, stream, epoch, seq, chunk });
  if (chunk.fin) cursor.done = true;
  // Without a connection there is nobody to tell; the next HELLO does.
  if (connection === null) return;
  const { config } = state;
  measure(state, chunkBytes(chunk), now);
  const credit = grant(state);
  if (chunk.fin || cursor.unacked + 1 >= config.ackEvery || creditIsHalfUsed(cursor, credit)) {
    acknowledge(connection, stream, cursor, credit, now, effects);
  } else {
    if (cursor.unacked === 0) cursor.unackedSince = now;
    cursor.unacked++;
    if (!state.ackArmed) {
      state.ackArmed = true;
      effects.push(setTimer('ack', 0, after(now, config.ackDelay)));
    }
  }
}

const creditIsHalfUsed = (cursor: StreamCursor, credit: number): boolean =>
  (cursor.bytes + credit - cursor.limit) * 2 >= credit;

/** Tells the server what was processed, and how far it may send. */
export function acknowledge(
  connection: Connection,
  stream: number,
  cursor: StreamCursor,
  credit: number,
  now: Instant,
  effects: Effects,
): void {
  cursor.unacked = 0;
  // Credit that was granted is not taken back when the path got slower.
  cursor.limit = Math.max(cursor.limit, cursor.bytes + credit);
  const ack: Ack = { type: 'ACK', stream, epoch: cursor.epoch, seq: cursor.lastSeq, limit: cursor.limit };
  transmit(connection, ack, now, effects);
}

/** The timer `ack`: acknowledges what waited for `ackDelay`, and comes back for what is younger. */
export function acknowledgeLate(state: ClientState, connection: Connection, now: Instant, effects: Effects): void {
  state.ackArmed = false;
  const { ackDelay } = state.config;
  let next: Instant | null = null;
  for (const key in state.streams) {
    const cursor = state.streams[key];
    if (cursor === undefined || cursor.unacked === 0) continue;
    const due = after(cursor.unackedSince, ackDelay);
    if (due <= now) acknowledge(connection, Number(key), cursor, grant(state), now, effects);
    else if (next === null || due < next) next = due;
  }
  if (next === null) return;
  state.ackArmed = true;
  effects.push(setTimer('ack', 0, next));
}

/** Replay of a stream is over. False: it ended behind what was received, so something is missing. */
export function endReplay(state: ClientState, connection: Attached, frame: ReplayEnd): boolean {
  const cursor = state.streams[frame.stream];
  if (cursor === undefined || frame.epoch !== cursor.epoch) return true;
  if (frame.seq > cursor.lastSeq + cursor.waiting) return false;
  if (!cursor.replaying) return true;
  cursor.replaying = false;
  if (connection.phase === 'replaying') connection.left--;
  return true;
}
