/**
 * WELCOME: a connection takes the session over. The cursors meet what the server holds, everything unsettled goes out
 * again, and the application sees its context. If the session was lost on the way, this is where the client says so.
 */
import { CLOSE } from '../../close-codes.ts';
import { type Context, NOTHING } from '../../machine.ts';
import { after, type Instant } from '../../time.ts';
import type { Welcome } from '../wire/frames.ts';
import { noteStability, retryLater } from './connecting.ts';
import { reportDrop } from './failures.ts';
import { closeOld, relieve } from './handover.ts';
import { discard } from './inbox.ts';
import { watch } from './liveness.ts';
import { numberBehind, renumber, resend } from './outbox.ts';
import { grant, measureAnew } from './pacing.ts';
import { type Attached, type Attempt, attached, type ClientState, clearTimer, type Effects } from './state.ts';
import { acknowledge, newCursor, streamGone } from './streams.ts';
import { presentToken, scheduleRefresh } from './token.ts';

type Handshaking = Extract<Attempt, { phase: 'handshaking' }>;

export function welcome(
  state: ClientState,
  attempt: Handshaking,
  frame: Welcome,
  context: Context,
  effects: Effects,
): void {
  const { conn, serial, beside, corrupt } = attempt;
  const { now } = context;
  effects.push(clearTimer('welcome', conn));
  if (frame.proto < state.config.protoMin || frame.proto > state.config.protoMax) {
    effects.push({ type: 'close', conn, code: CLOSE.protocolError, reason: `version ${frame.proto} was not offered` });
    reportDrop('version', effects);
    retryLater(state, conn, context, effects);
    return;
  }
  noteStability(state, now, false);
  relieve(state, now, frame.deadAfter, effects);

  // A session of another name is not ours, whatever the server calls it.
  const resumed = frame.resumed && state.session !== null && state.session.id === frame.session;
  const lost = state.session !== null && !resumed;
  const settled = lost ? renumber(state) : NOTHING;
  if (!resumed) {
    state.streams = {};
    state.promised = {};
    state.finished = {};
    state.inbox = [];
  }
  if (resumed) numberBehind(state, frame.sendAck);
  state.session = { id: frame.session, resumeToken: frame.resumeToken, generation: frame.generation };
  measureAnew(state, now);
  const gone: Effects = [];
  const left = enroll(state, frame, gone);
  const connection = attach(state, frame, attempt, left, now);
  watch(connection, effects);
  if (state.token !== null && state.token.serial !== serial) presentToken(state, state.token, now, effects);
  else scheduleRefresh(state, now, effects);
  settleAcks(state, connection, frame, beside, effects);
  resend(state, connection, now, effects);
  if (left === 0) closeOld(state, effects);

  // The application comes last: it may answer at once, and then everything above must have been said.
  if (lost) {
    const error = corrupt ? 'state_corrupt' : 'session_expired';
    effects.push({ type: 'report', error, detail: 'a clean session was started' });
  }
  const { session, generation, context: conversation, work } = frame;
  const restored = { type: 'restore', session, generation, resumed, context: conversation } as const;
  effects.push(work === undefined ? restored : { ...restored, work });
  for (const effect of settled) effects.push(effect);
  for (const effect of gone) effects.push(effect);
}

/** Every frame writes to the connection: one shape in all its phases, because each shape more costs every reader. */
function attach(
  state: ClientState,
  frame: Welcome,
  { conn, openedAt }: Handshaking,
  left: number,
  now: Instant,
): Attached {
  state.doing = {
    phase: left === 0 ? 'live' : 'replaying',
    left,
    conn,
    openedAt,
    welcomedAt: now,
    lastHeard: now,
    lastSent: now,
    livenessDue: after(now, frame.deadAfter),
    probedAt: null,
    sendAck: frame.sendAck,
    stable: false,
    heartbeatInterval: frame.heartbeatInterval,
    deadAfter: frame.deadAfter,
  };
  // Read back, because a recorded run must change the draft of it.
  return state.doing as Attached;
}

/**
 * Brings the cursors in line with what the server holds: new ones for streams that the client didn't know, none for
 * streams that are complete and no longer held. One that is not complete here and not held there was processed to its end
 * by another process of this client, and `gone` says so. Returns how many replays will end.
 */
function enroll(state: ClientState, frame: Welcome, gone: Effects): number {
  const listed = new Set<number>();
  for (const { stream } of frame.streams) listed.add(stream);
  if (state.outboxCount === 0) state.finished = {};
  for (const key in state.streams) {
    const cursor = state.streams[key];
    if (cursor === undefined) continue;
    const stream = Number(key);
    if (!listed.has(stream)) {
      if (!cursor.done) gone.push(streamGone(stream));
      else if (state.outboxCount > 0) state.finished[stream] = true;
      discard(state, stream);
      delete state.streams[key];
    } else cursor.replaying = true;
  }
  for (const { stream, epoch, resumed } of frame.streams) {
    const cursor = state.streams[stream];
    if (cursor === undefined) state.streams[stream] = newCursor(epoch, state.config.credit, true);
    // Replay goes on behind the cursor after all: no RESET will come for what is held of a snapshot.
    else if (resumed) cursor.resync = null;
  }
  for (const key in state.promised) if (!listed.has(Number(key))) gone.push(streamGone(Number(key)));
  state.promised = {};
  return listed.size;
}

/**
 * HELLO's cursors told the server what was processed, unless another connection delivered behind them; then the server
 * must hear the newer state of what it resumes, or it would wait for credit that it already has, or send an epoch that is
 * dropped here. The end of a stream is acknowledged again, because a server that still lists the stream missed it.
 */
function settleAcks(state: ClientState, connection: Attached, frame: Welcome, beside: boolean, effects: Effects): void {
  const credit = grant(state);
  const resumed = new Map<number, number>();
  for (const start of frame.streams) if (start.resumed) resumed.set(start.stream, start.epoch);
  for (const key in state.streams) {
    const cursor = state.streams[key];
    if (cursor === undefined) continue;
    const epoch = resumed.get(Number(key));
    const hasNews = cursor.lastSeq > 0 || cursor.epoch !== epoch;
    if (epoch !== undefined && hasNews && (beside || cursor.done)) {
      acknowledge(connection, Number(key), cursor, credit, connection.welcomedAt, effects);
    } else {
      cursor.unacked = 0;
      cursor.limit = cursor.bytes + credit;
    }
  }
}

/** Replay is over on every stream: from here on the connection is live. */
export function becomeLive(state: ClientState, effects: Effects): void {
  const connection = attached(state);
  if (connection === null || connection.phase !== 'replaying' || connection.left > 0) return;
  connection.phase = 'live';
  closeOld(state, effects);
}
