/**
 * Sends: numbered densely, kept until they settle, sent again on each new connection, settled exactly once.
 *
 * A key that is submitted again while it is unsettled is the same send, so it is ignored: both settle as one. A send
 * settles `failed` only when it surely had no effect (it never went out, or the server rejected it).
 */
import { counted } from '../../count.ts';
import { NOTHING } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { Send } from '../wire/frames.ts';
import { LIMITS } from '../wire/limits.ts';
import { textBytes } from '../wire/size.ts';
import { attached, type ClientEffect, type ClientState, type Connection, type Effects, transmit } from './state.ts';
import { streamGone } from './streams.ts';

interface Submission {
  readonly key: string;
  readonly ask: number;
  readonly bytes: number;
}

export function submit(state: ClientState, { key, ask, bytes }: Submission, now: Instant): readonly ClientEffect[] {
  const ended = state.doing.phase === 'failed' || state.doing.phase === 'left';
  if (ended) return [{ type: 'settle', key, outcome: 'failed', stream: 0 }];
  if (holds(state, key)) return NOTHING;
  const refusal = refuses(state, key, bytes);
  if (refusal !== null) {
    return [
      { type: 'report', error: 'outbox_full', detail: refusal },
      { type: 'settle', key, outcome: 'failed', stream: 0 },
    ];
  }
  const clientSeq = state.nextSend++;
  const connection = attached(state);
  state.outbox[clientSeq] = { key, ask, bytes, sent: connection !== null };
  state.outboxCount++;
  state.outboxBytes += bytes;
  if (connection === null) return NOTHING;
  const effects: Effects = [];
  transmit(connection, { type: 'SEND', clientSeq, key, ask, bytes }, now, effects);
  return effects;
}

/** Whether an unsettled send has this key. A scan, because a record keyed by foreign text would trip over `__proto__`. */
function holds(state: ClientState, key: string): boolean {
  for (const clientSeq in state.outbox) if (state.outbox[clientSeq]?.key === key) return true;
  return false;
}

/** Why a send is refused, or null. What the wire can't carry is refused here: the server would end the session for it. */
function refuses(state: ClientState, key: string, bytes: number): string | null {
  const { outboxCount, outboxBytes } = state.config;
  const keyBytes = textBytes(key);
  if (keyBytes > LIMITS.textBytes) return `key of ${counted(keyBytes, 'byte')}, at most ${LIMITS.textBytes}`;
  if (/\p{Surrogate}/u.test(key)) return 'key with half a surrogate pair, which has no UTF-8';
  if (bytes > LIMITS.sendBytes) return `send of ${counted(bytes, 'byte')}, at most ${LIMITS.sendBytes}`;
  if (state.outboxCount >= outboxCount) return `${counted(outboxCount, 'send is', 'sends are')} unsettled`;
  if (state.outboxBytes + bytes > outboxBytes)
    return `${counted(state.outboxBytes, 'byte is', 'bytes are')} unsettled, ${bytes} more would pass ${outboxBytes}`;
  return null;
}

/** Sends everything that is unsettled, in order. */
export function resend(state: ClientState, connection: Connection, now: Instant, effects: Effects): void {
  for (const key in state.outbox) {
    const pending = state.outbox[key];
    if (pending === undefined) continue;
    pending.sent = true;
    transmit(connection, sendOf(Number(key), pending), now, effects);
  }
}

const sendOf = (clientSeq: number, { key, ask, bytes }: Submission): Send => ({
  type: 'SEND',
  clientSeq,
  key,
  ask,
  bytes,
});

/** The server answered a send; `key` null when the answer names its number only. */
export function settle(
  state: ClientState,
  answer: { clientSeq: number; key: string | null; outcome: 'done' | 'failed'; stream: number },
): readonly ClientEffect[] {
  const pending = state.outbox[answer.clientSeq];
  if (pending === undefined || !pending.sent || (answer.key !== null && answer.key !== pending.key)) return NOTHING;
  const { key } = pending;
  remove(state, answer.clientSeq, pending.bytes);
  const { outcome, stream } = answer;
  const effects: Effects = [{ type: 'settle', key, outcome, stream }];
  if (stream === 0 || state.streams[stream] !== undefined || state.finished[stream]) return effects;
  // It took effect before this connection was welcomed, and WELCOME did not list its answer.
  if (answer.clientSeq <= (attached(state)?.sendAck ?? 0)) effects.push(streamGone(stream));
  else state.promised[stream] = true;
  return effects;
}

function remove(state: ClientState, clientSeq: number, bytes: number): void {
  delete state.outbox[clientSeq];
  state.outboxCount--;
  state.outboxBytes -= bytes;
}

/**
 * The session that the sends were numbered in is gone: what went out is `unknown`, what never did is numbered anew from 1.
 * Returns the settlements, for the caller to place behind the news.
 */
export function renumber(state: ClientState): readonly ClientEffect[] {
  const settled: Effects = [];
  const outbox: ClientState['outbox'] = {};
  let next = 1;
  let bytes = 0;
  for (const clientSeq in state.outbox) {
    const pending = state.outbox[clientSeq];
    if (pending === undefined) continue;
    if (pending.sent) settled.push({ type: 'settle', key: pending.key, outcome: 'unknown', stream: 0 });
    else {
      outbox[next++] = { key: pending.key, ask: pending.ask, bytes: pending.bytes, sent: false };
      bytes += pending.bytes;
    }
  }
  state.outbox = outbox;
  state.outboxCount = next - 1;
  state.outboxBytes = bytes;
  state.nextSend = next;
  return settled;
}

/**
 * Another process of this client has used numbers in the session that this one knows nothing of (it began with a copy of
 * the session): what never went out is numbered behind them.
 */
export function numberBehind(state: ClientState, sendAck: number): void {
  const pending = Object.values(state.outbox);
  if (sendAck < state.nextSend - pending.length || pending.some(({ sent }) => sent)) return;
  state.outbox = {};
  state.nextSend = sendAck + 1;
  for (const { key, ask, bytes } of pending) state.outbox[state.nextSend++] = { key, ask, bytes, sent: false };
}

/** The client ends: what never went out failed, of the rest nobody can know. */
export function settleRest(state: ClientState, effects: Effects): void {
  for (const clientSeq in state.outbox) {
    const pending = state.outbox[clientSeq];
    if (pending === undefined) continue;
    effects.push({ type: 'settle', key: pending.key, outcome: pending.sent ? 'unknown' : 'failed', stream: 0 });
  }
  state.outbox = {};
  state.outboxCount = 0;
  state.outboxBytes = 0;
}
