/** SENDs: each becomes a request to the store, which lets it take effect once; the answer may open a stream. */
import { CLOSE } from '../../close-codes.ts';
import { counted } from '../../count.ts';
import type { NodeId } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { Message } from '../services.ts';
import type { Send } from '../wire/frames.ts';
import { LIMITS } from '../wire/limits.ts';
import { answered, ask, newOp } from './calls.ts';
import { refuse } from './ending.ts';
import { type Effects, post, type ServerConn, type ServerState, transmit } from './state.ts';
import { newStream, pump } from './streams.ts';

export function send(
  state: ServerState,
  id: ConnId,
  conn: ServerConn,
  frame: Send,
  now: Instant,
  effects: Effects,
): void {
  const { clientSeq, key, ask: wanted, bytes } = frame;
  if (bytes > LIMITS.sendBytes) {
    const reason = `a send of ${counted(bytes, 'byte')}`;
    refuse(state, id, { error: 'protocol_error', code: CLOSE.messageTooBig, reason }, now, effects);
    return;
  }
  // Rejecting this one alone would tear a hole into the dense numbers that no later send could pass.
  if (conn.sends >= LIMITS.sends || conn.sendsBytes + bytes > LIMITS.sendsBytes) {
    const reason = `${conn.sends} sends are unanswered`;
    refuse(state, id, { error: 'protocol_error', code: CLOSE.policyViolation, reason }, now, effects);
    return;
  }
  conn.sends++;
  conn.sendsBytes += bytes;
  const { session, generation } = conn;
  ask(
    state,
    state.config.store,
    { type: 'submit', session, generation, clientSeq, key, ask: wanted, bytes, op: newOp(state) },
    id,
    now,
    effects,
  );
}

/** A send took effect, now or earlier. */
export function submitted(
  state: ServerState,
  from: NodeId,
  message: Message & { type: 'submitted' },
  now: Instant,
  effects: Effects,
): void {
  const call = answered(state, from, message);
  const conn = call === undefined ? undefined : state.conns[call.conn];
  if (call?.message.type !== 'submit' || conn === undefined) return;
  const { clientSeq, key, stream: record } = message;
  if (clientSeq > conn.lastSend) conn.lastSend = clientSeq;
  conn.sends--;
  conn.sendsBytes -= call.message.bytes;
  const known = record === null || conn.streams[record.stream] !== undefined || conn.forgotten.includes(record.stream);
  const id = call.conn;
  transmit(conn, id, { type: 'SEND_ACK', clientSeq, key, stream: record?.stream ?? 0 }, now, effects);
  if (known || (record.done && record.head === 0)) return;
  const { stream, epoch, content, head, done } = record;
  conn.streams[stream] = newStream(epoch, {
    sent: 0,
    head,
    limit: conn.hello?.credit ?? 0,
    replayTo: -1,
    unnamed: true,
    listed: false,
  });
  const { session, generation } = conn;
  if (!done)
    effects.push(post(state.config.agent, { type: 'generate', session, generation, stream, epoch, content, head }));
  pump(state, id, conn, stream, now, effects);
}
