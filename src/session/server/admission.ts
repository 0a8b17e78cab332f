/** Admission: HELLO, the token, the claim, WELCOME. Until then a connection owns nothing and is told nothing. */
import { CLOSE } from '../../close-codes.ts';
import type { Context, NodeId } from '../../machine.ts';
import { after, type Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { Message, StreamRecord } from '../services.ts';
import type { Cursor, Hello, ResetReason, StreamStart, Welcome } from '../wire/frames.ts';
import { AT_ONCE, answered, ask, newOp, settledBelow, unavailable } from './calls.ts';
import { refuse } from './ending.ts';
import { hintFor } from './intake.ts';
import { watch } from './liveness.ts';
import { beginSnapshot, type Has } from './snapshot.ts';
import {
  clearTimer,
  type Effects,
  post,
  type ServerConn,
  type ServerState,
  type ServerStream,
  setTimer,
  transmit,
} from './state.ts';
import { newStream, pump } from './streams.ts';
import { tellExpired, tokenIsOver, watchToken } from './token.ts';

export function hello(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  frame: Hello,
  context: Context,
  effects: Effects,
): void {
  const { config } = state;
  const { now } = context;
  if (conn.stage !== 'greeting') {
    refuse(state, id, { error: 'protocol_error', code: CLOSE.protocolError, reason: 'a second HELLO' }, now, effects);
    return;
  }
  effects.push(clearTimer('hello', id));
  if (state.refuses !== 'none' || conn.turnedAway) {
    const hint = conn.turnedAway ? hintFor(state, conn.slot, context) : null;
    unavailable(state, id, 'overloaded', now, effects, hint);
    return;
  }
  const { protoMin, protoMax } = state;
  if (frame.protoMin > protoMax || frame.protoMax < protoMin) {
    const reason = `versions ${protoMin} to ${protoMax}`;
    refuse(state, id, { error: 'version_unsupported', code: CLOSE.versionUnsupported, reason }, now, effects);
    return;
  }
  const { client, dial, credit, resume, token } = frame;
  conn.stage = 'admitting';
  conn.hello = {
    proto: Math.min(frame.protoMax, protoMax),
    client,
    dial,
    credit,
    session: resume?.session ?? 0,
    resumeToken: resume?.resumeToken ?? 0,
    cursors: (resume?.streams ?? []).map((cursor) => ({ ...cursor })),
  };
  ask(state, config.auth, { type: 'verify', token, subject: client, op: newOp(state) }, id, now, effects);
}

/** The token service's verdict: on a HELLO it opens the way to the claim, on AUTH it renews the connection's time. */
export function verified(
  state: ServerState,
  from: NodeId,
  message: Message & { type: 'verified' },
  now: Instant,
  effects: Effects,
): void {
  const call = answered(state, from, message);
  const conn = call === undefined ? undefined : state.conns[call.conn];
  if (call?.message.type !== 'verify' || conn === undefined || conn.hello === null) return;
  const id = call.conn;
  if (message.verdict === 'expired') {
    tellExpired(state, id, now, effects);
    return;
  }
  if (message.verdict !== 'ok') {
    refuse(
      state,
      id,
      { error: 'unauthorized', code: CLOSE.unauthorized, reason: `token ${message.verdict}` },
      now,
      effects,
    );
    return;
  }
  const { token } = call.message;
  conn.tokenExpires = message.expiresAt;
  conn.tokenLasts = after(call.asked, message.lives);
  conn.tokenSerial = token.serial;
  // The service may have another time.
  if (tokenIsOver(state, conn, now)) {
    tellExpired(state, id, now, effects);
    return;
  }
  if (conn.stage === 'attached') {
    transmit(conn, id, { type: 'AUTH', token }, now, effects);
    watchToken(state, id, conn, now, effects);
    return;
  }
  const { client, dial, session, resumeToken } = conn.hello;
  const op = newOp(state);
  conn.claim = op;
  const settled = settledBelow(state, op);
  ask(
    state,
    state.config.store,
    { type: 'claim', conn: id, client, dial, session, resumeToken, settled, op },
    id,
    now,
    effects,
  );
}

/** The session is this connection's: WELCOME, and every stream from where the client has it. */
export function claimed(
  state: ServerState,
  from: NodeId,
  message: Message & { type: 'claimed' },
  now: Instant,
  effects: Effects,
): void {
  const call = answered(state, from, message);
  if (call === undefined) return;
  const id = call.conn;
  const conn = state.conns[id];
  if (conn === undefined || conn.hello === null || conn.stage !== 'admitting') return;
  const { session, generation, resumed } = message;
  conn.claim = 0;
  const other = state.sessions[session];
  if (other !== undefined && other !== id) {
    // Answers need not come in the order of their claims.
    const older = (state.conns[other]?.generation ?? 0) > generation ? id : other;
    refuse(state, older, { error: 'taken_over', code: CLOSE.takenOver, reason: 'a newer connection' }, now, effects);
    if (older === id) return;
  }
  conn.stage = 'attached';
  conn.session = session;
  conn.generation = generation;
  conn.lastSend = message.sendAck;
  state.sessions[session] = id;
  // The store took its time: a token that ran out meanwhile opens nothing any more.
  if (tokenIsOver(state, conn, now)) {
    tellExpired(state, id, now, effects);
    return;
  }
  const { config } = state;
  const starts = message.streams.map((record) => startOf(record, cursorOf(conn, record, resumed)));
  const frame: Welcome = {
    type: 'WELCOME',
    proto: conn.hello.proto,
    session,
    resumeToken: message.resumeToken,
    generation,
    resumed,
    streams: starts,
    sendAck: message.sendAck,
    context: { turns: message.context.turns, digest: message.context.digest },
    sessionTtl: config.sessionTtl,
    heartbeatInterval: config.heartbeatInterval,
    deadAfter: config.deadAfter,
    ...(message.work === undefined ? {} : { work: message.work }),
  };
  if (message.corrupt) {
    const reason = 'the record of the session is damaged';
    transmit(
      conn,
      id,
      { type: 'ERROR', code: 'state_corrupt', reason, clientSeq: 0, retryAfter: AT_ONCE },
      now,
      effects,
    );
  }
  transmit(conn, id, frame, now, effects);
  if (!resumed && conn.hello.session !== 0)
    transmit(
      conn,
      id,
      { type: 'RESET', stream: 0, reason: 'unknown_session', epoch: 0, oldestSeq: 0, held: 0 },
      now,
      effects,
    );
  watch(conn, id, config, now, effects);
  watchToken(state, id, conn, now, effects);
  if (state.phase === 'draining') effects.push(setTimer('goaway', id, now));
  for (const [index, record] of message.streams.entries())
    beginStream(state, id, conn, record, starts[index] as StreamStart, resumed, now, effects);
}

function cursorOf(conn: ServerConn, { stream }: StreamRecord, resumed: boolean): Cursor | undefined {
  return resumed ? conn.hello?.cursors.find((cursor) => cursor.stream === stream) : undefined;
}

/** Whether replay can go on behind the cursor. A cursor at exactly one before the oldest succeeds. */
function startOf({ stream, epoch, head, oldest }: StreamRecord, cursor: Cursor | undefined): StreamStart {
  const lastSeq = cursor?.lastSeq ?? 0;
  let reason: ResetReason | null = null;
  if (cursor !== undefined && cursor.epoch !== epoch) reason = 'epoch_changed';
  else if (lastSeq > head) reason = 'ahead_of_log';
  else if (lastSeq + 1 < oldest) reason = 'window_exceeded';
  return { stream, epoch, headSeq: head, resumed: reason === null, reason };
}

/**
 * What the client has already of what a snapshot would bring: what it processed, or what it holds of a snapshot from an
 * older connection. A snapshot as of any head begins alike within an epoch; one that is held whole was swapped in, so a
 * client that names as much as there is holds something else.
 */
function hasOf({ epoch, head }: StreamRecord, cursor: Cursor | undefined): Has | null {
  if (cursor === undefined) return null;
  const { held } = cursor;
  const processed = cursor.epoch === epoch && cursor.lastSeq <= head ? cursor.lastSeq : 0;
  if (held !== null && held.epoch === epoch && held.seq > processed && held.seq < head) return held;
  return processed > 0 ? { seq: processed, limit: cursor.limit } : null;
}

function beginStream(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  record: StreamRecord,
  start: StreamStart,
  resumed: boolean,
  now: Instant,
  effects: Effects,
): void {
  const { stream, epoch, head, oldest, done, content } = record;
  const { agent } = state.config;
  const { session, generation } = conn;
  if (!done) effects.push(post(agent, { type: 'generate', session, generation, stream, epoch, content, head }));
  const cursor = cursorOf(conn, record, resumed);
  conn.streams[stream] = newStream(epoch, {
    sent: cursor?.lastSeq ?? 0,
    head,
    limit: cursor?.limit ?? conn.hello?.credit ?? 0,
    replayTo: head,
    unnamed: cursor === undefined,
    listed: true,
  });
  // Complete and already with the client: nothing is left to ask for.
  if (done && (cursor?.lastSeq ?? 0) === head) (conn.streams[stream] as ServerStream).finished = true;
  if (start.reason !== null) {
    const { reason } = start;
    beginSnapshot(state, id, conn, stream, { reason, oldestSeq: oldest, has: hasOf(record, cursor) }, now, effects);
  } else pump(state, id, conn, stream, now, effects);
}

export function claimDenied(
  state: ServerState,
  from: NodeId,
  message: Message & { type: 'claimDenied' },
  now: Instant,
  effects: Effects,
): void {
  const call = answered(state, from, message);
  const conn = call === undefined ? undefined : state.conns[call.conn];
  if (call === undefined || conn === undefined) return;
  conn.claim = 0;
  refuse(
    state,
    call.conn,
    { error: 'unauthorized', code: CLOSE.unauthorized, reason: 'not your session' },
    now,
    effects,
  );
}
