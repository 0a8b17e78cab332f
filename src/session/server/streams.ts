/**
 * Streams on a connection: replay from the log, then live, never one ahead of the other, within the client's credit.
 *
 * A chunk that becomes durable is sent at once when it is the next one and there is credit. Otherwise only the head is
 * noted, and what is missing is read from the log when it can be sent; the server buffers nothing.
 */
import type { NodeId } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { Message } from '../services.ts';
import type { Ack } from '../wire/frames.ts';
import { answered, ask, callOf, newOp } from './calls.ts';
import { beginSnapshot, granted } from './snapshot.ts';
import { type Effects, post, type ServerConn, type ServerState, type ServerStream, transmit } from './state.ts';

export const newStream = (
  epoch: number,
  {
    sent,
    head,
    limit,
    replayTo,
    unnamed,
    listed,
  }: Pick<ServerStream, 'sent' | 'head' | 'limit' | 'replayTo' | 'unnamed' | 'listed'>,
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
  unnamed,
  listed,
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
  readOn(state, id, conn, stream, each, now, effects);
}

/** Asks the log for what follows. */
function readOn(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  stream: number,
  each: ServerStream,
  now: Instant,
  effects: Effects,
): void {
  each.reading = true;
  const { store, readBytes: bytes } = state.config;
  const { session, generation } = conn;
  const { epoch, sent } = each;
  const op = newOp(state);
  ask(state, store, { type: 'read', session, generation, stream, epoch, from: sent + 1, bytes, op }, id, now, effects);
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
  // Credit is for the snapshot now, and its last piece looks at what follows it.
  if (each.snapshot !== null) return;
  if (seq === each.sent + 1 && chunk.end <= each.limit && !each.reading && each.replayTo < 0) {
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
  for (const key in conn.streams) {
    const each = conn.streams[key];
    if (each === undefined || each.finished || each.reading || each.starved || each.snapshot !== null) continue;
    readOn(state, id, conn, Number(key), each, now, effects);
  }
}

/**
 * Whether an answer is older than what this server knows: it comes from a replica that lags behind. It is no answer then,
 * and the call is asked again when it is due.
 */
export const isStale = (each: ServerStream, epoch: number, head: number): boolean =>
  epoch < each.epoch || (epoch === each.epoch && head < each.head);

/** Log entries: what fits the credit is sent, the rest is read again when credit comes. */
export function entries(
  state: ServerState,
  sender: NodeId,
  message: Message & { type: 'entries' },
  now: Instant,
  effects: Effects,
): void {
  const { stream, epoch, chunks, from, head, oldest } = message;
  const id = callOf(state, sender, message)?.conn;
  const conn = id === undefined ? undefined : state.conns[id];
  const each = conn?.streams[stream];
  if (each !== undefined && isStale(each, epoch, head)) return;
  answered(state, sender, message);
  if (id === undefined || conn === undefined || each === undefined) return;
  each.reading = false;
  // A snapshot that began after the question holds all of it. Two at once would mix their pieces at the client.
  if (each.snapshot !== null) return;
  if (epoch !== each.epoch) {
    enter(each, epoch);
    beginSnapshot(state, id, conn, stream, { reason: 'epoch_changed', oldestSeq: oldest, has: null }, now, effects);
    return;
  }
  if (oldest > each.sent + 1) {
    // The window left a living connection behind, because its path is slower than the agent. What was sent on it arrives
    // before RESET does; unless the client drops it, which knows the stream by an epoch that its HELLO did not name.
    const has = each.unnamed ? null : { seq: each.sent, limit: each.limit };
    beginSnapshot(state, id, conn, stream, { reason: 'window_exceeded', oldestSeq: oldest, has }, now, effects);
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

/** The answer began anew: sequence numbers and bytes count from 0 again. A snapshot follows, and brings its own credit. */
export function enter(each: ServerStream, epoch: number): void {
  each.epoch = epoch;
  each.head = 0;
  each.finished = false;
  each.unnamed = false;
}

/** Complete, processed and dropped at the store: the client has all of it, and replay is over. */
export function dropped(
  state: ServerState,
  from: NodeId,
  message: Message & { type: 'dropped' },
  now: Instant,
  effects: Effects,
): void {
  const call = answered(state, from, message);
  const conn = call === undefined ? undefined : state.conns[call.conn];
  const each = conn?.streams[message.stream];
  if (call === undefined || conn === undefined || each === undefined) return;
  if (each.replayTo >= 0) {
    const { stream } = message;
    transmit(conn, call.conn, { type: 'REPLAY_END', stream, epoch: each.epoch, seq: each.replayTo }, now, effects);
  }
  forgetStream(conn, message.stream);
}

/**
 * The client has it whole. The answer to a SEND that it repeats on this connection must not open it again, whether or not
 * that SEND is here yet: the store may have lost the word of the end, and still have the stream.
 */
function forgetStream(conn: ServerConn, stream: number): void {
  if (conn.streams[stream]?.listed) conn.forgotten.push(stream);
  delete conn.streams[stream];
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
  if (each === undefined) return;
  if (each.snapshot !== null) {
    // Of what was on its way before the snapshot: without its credit a snapshot that goes on behind it may never begin.
    if (each.epoch === epoch) granted(state, id, conn, stream, each, limit, now, effects);
    return;
  }
  if (each.epoch !== epoch) {
    // It has an older epoch that its HELLO did not name, because another connection brought it meanwhile: it drops what was
    // sent here, until it hears that the answer began anew.
    if (!each.unnamed || epoch > each.epoch) return;
    each.unnamed = false;
    beginSnapshot(state, id, conn, stream, { reason: 'epoch_changed', oldestSeq: 1, has: null }, now, effects);
    return;
  }
  each.unnamed = false;
  if (limit > each.limit) each.limit = limit;
  each.starved = false;
  const { session, generation } = conn;
  effects.push(post(state.config.store, { type: 'acked', session, generation, stream, epoch, seq }));
  if (each.finished && seq >= each.head && each.replayTo < 0) {
    forgetStream(conn, stream);
    return;
  }
  pump(state, id, conn, stream, now, effects);
}
