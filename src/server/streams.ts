/**
 * Streams on a connection: replay from the log, then live, never one ahead of the other, within the client's credit.
 *
 * A chunk that becomes durable is sent at once when it is the next one and there is credit. Otherwise only the head is
 * noted, and what is missing is read from the log when it can be sent; the server buffers nothing.
 */
import type { Message } from '../services.ts';
import type { Instant } from '../time.ts';
import type { ConnId } from '../transport.ts';
import type { Ack } from '../wire/frames.ts';
import { answered, ask } from './calls.ts';
import { type Effects, post, type ServerConn, type ServerState, type ServerStream, transmit } from './state.ts';

/**
 * A piece of a snapshot. Small, because a lossy path delivers a large frame later than a silent peer is given up, and the
 * client would start over for ever.
 */
const SNAPSHOT_BYTES = 16 * 1024;

export const newStream = (
  epoch: number,
  { sent, head, limit, replayTo }: { sent: number; head: number; limit: number; replayTo: number },
): ServerStream => ({
  epoch,
  sent,
  head,
  limit,
  reading: false,
  starved: false,
  finished: false,
  replayTo,
  snapshot: null,
});

/** Goes on as far as log, credit and the reads under way allow, and says when replay is over. */
export function pump(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  stream: number,
  now: Instant,
  effects: Effects,
): void {
  const each = conn.streams[stream];
  if (each === undefined || each.snapshot !== null) return;
  if (each.replayTo >= 0 && each.sent >= each.replayTo) {
    transmit(conn, id, { type: 'REPLAY_END', stream, epoch: each.epoch, seq: each.replayTo }, now, effects);
    each.replayTo = -1;
  }
  if (each.sent >= each.head || each.reading || each.starved) return;
  each.reading = true;
  const { store, readBytes } = state.config;
  const { session } = conn;
  ask(
    state,
    store,
    { type: 'read', session, stream, epoch: each.epoch, from: each.sent + 1, bytes: readBytes },
    id,
    now,
    effects,
  );
}

/** A chunk is durable: the hot path. */
export function durable(
  state: ServerState,
  message: Message & { type: 'durable' },
  now: Instant,
  effects: Effects,
): void {
  const { session, stream, epoch, seq, chunk } = message;
  const id = state.sessions[session];
  const conn = id === undefined ? undefined : state.conns[id];
  const each = conn?.streams[stream];
  if (id === undefined || conn === undefined || each === undefined || epoch !== each.epoch) return;
  if (seq > each.head) each.head = seq;
  if (
    seq === each.sent + 1 &&
    chunk.end <= each.limit &&
    !each.reading &&
    each.snapshot === null &&
    each.replayTo < 0
  ) {
    each.sent = seq;
    if (chunk.fin) each.finished = true;
    transmit(conn, id, { type: 'DATA', stream, epoch, seq, chunk }, now, effects);
    return;
  }
  if (seq === each.sent + 1 && chunk.end > each.limit) each.starved = true;
  pump(state, id, conn, stream, now, effects);
}

/**
 * Asks the log whether an idle stream has grown: a store that died between making a chunk durable and saying so never says
 * it again. Called with every heartbeat.
 */
export function catchUp(state: ServerState, id: ConnId, conn: ServerConn, now: Instant, effects: Effects): void {
  const { store, readBytes } = state.config;
  const { session } = conn;
  for (const key in conn.streams) {
    const each = conn.streams[key];
    if (each === undefined || each.finished || each.reading || each.starved || each.snapshot !== null) continue;
    const stream = Number(key);
    each.reading = true;
    ask(
      state,
      store,
      { type: 'read', session, stream, epoch: each.epoch, from: each.sent + 1, bytes: readBytes },
      id,
      now,
      effects,
    );
  }
}

/** Log entries: what fits the credit is sent, the rest is read again when credit comes. */
export function entries(
  state: ServerState,
  message: Message & { type: 'entries' },
  now: Instant,
  effects: Effects,
): void {
  const call = answered(state, message.op);
  const conn = call === undefined ? undefined : state.conns[call.conn];
  const each = conn?.streams[message.stream];
  if (call === undefined || conn === undefined || each === undefined) return;
  const { stream, epoch, chunks, from, head, oldest } = message;
  const id = call.conn;
  each.reading = false;
  if (epoch !== each.epoch || oldest > each.sent + 1) {
    const reason = epoch !== each.epoch ? 'epoch_changed' : 'window_exceeded';
    each.epoch = epoch;
    transmit(conn, id, { type: 'RESET', stream, reason, epoch, oldestSeq: oldest }, now, effects);
    beginSnapshot(state, id, conn, stream, now, effects);
    return;
  }
  if (head > each.head) each.head = head;
  for (let i = 0; i < chunks.length; i++) {
    const chunk = chunks[i] as (typeof chunks)[number];
    const seq = from + i;
    if (seq !== each.sent + 1) continue;
    if (chunk.end > each.limit) {
      each.starved = true;
      break;
    }
    each.sent = seq;
    if (chunk.fin) each.finished = true;
    transmit(conn, id, { type: 'DATA', stream, epoch, seq, chunk }, now, effects);
  }
  pump(state, id, conn, stream, now, effects);
}

/** ACK: credit grows, the store may drop what was processed, and what waited for credit goes on. */
export function acked(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  frame: Ack,
  now: Instant,
  effects: Effects,
): void {
  const { stream, epoch, seq, limit } = frame;
  const each = conn.streams[stream];
  if (each === undefined || each.epoch !== epoch || each.snapshot !== null) return;
  if (limit > each.limit) each.limit = limit;
  each.starved = false;
  const { session, generation } = conn;
  effects.push(post(state.config.store, { type: 'acked', session, generation, stream, epoch, seq }));
  pump(state, id, conn, stream, now, effects);
}

/** The cursor cannot be served: the content so far goes out as a snapshot, as of the head when the first piece is read. */
export function beginSnapshot(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  stream: number,
  now: Instant,
  effects: Effects,
): void {
  const each = conn.streams[stream];
  if (each === undefined) return;
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
  const { store } = state.config;
  const { session } = conn;
  ask(
    state,
    store,
    { type: 'readSnapshot', session, stream, epoch: each.epoch, asOf, from, bytes: SNAPSHOT_BYTES },
    id,
    now,
    effects,
  );
}

export function snapshotPiece(
  state: ServerState,
  message: Message & { type: 'snapshotPiece' },
  now: Instant,
  effects: Effects,
): void {
  const call = answered(state, message.op);
  const conn = call === undefined ? undefined : state.conns[call.conn];
  const each = conn?.streams[message.stream];
  if (call === undefined || conn === undefined || each === undefined || each.snapshot === null) return;
  const { stream, epoch, asOf, from, chunks, last } = message;
  const id = call.conn;
  if (epoch !== each.epoch) {
    // The answer began anew while its snapshot was on the way.
    each.epoch = epoch;
    transmit(conn, id, { type: 'RESET', stream, reason: 'epoch_changed', epoch, oldestSeq: 1 }, now, effects);
    beginSnapshot(state, id, conn, stream, now, effects);
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
  if (chunks.at(-1)?.fin) each.finished = true;
  if (asOf > each.head) each.head = asOf;
  each.limit = (chunks.at(-1)?.end ?? 0) + (conn.hello?.credit ?? 0);
  each.starved = false;
  each.replayTo = asOf;
  pump(state, id, conn, stream, now, effects);
}
