/** Writes, applied one after the other when they are durable; this order is the order in which everything happened. */
import { chunkBytes } from '../../content.ts';
import type { Context, NodeId } from '../../machine.ts';
import { after, type Instant } from '../../time.ts';
import type { Message } from '../services.ts';
import { extendContext } from '../wire/frames.ts';
import { isLost, lost } from './backup.ts';
import { claim, isLast } from './claim.ts';
import { note, settle } from './ledger.ts';
import {
  disown,
  RESULTS_KEPT,
  type SendResult,
  type SessionRecord,
  type StoreState,
  type StreamLog,
  type Write,
} from './state.ts';
import type { StoreEffect } from './store.ts';
import { newLog, recordOf, slide } from './window.ts';
import { take } from './work.ts';

export function apply(state: StoreState, { from, message }: Write, context: Context, effects: StoreEffect[]): void {
  switch (message.type) {
    case 'append':
      append(state, from, message, context.now, effects);
      return;
    case 'claim':
      claim(state, from, message, context, effects);
      return;
    case 'submit':
      submit(state, from, message, context.now, effects);
      return;
    case 'acked':
      acked(state, message);
      return;
    case 'detach': {
      effects.push({ type: 'post', to: from, message: { type: 'noted', op: message.op } });
      const record = state.sessions[message.session];
      if (record !== undefined && record.generation === message.generation)
        detach(state, message.session, record, context.now, effects);
      return;
    }
    case 'withdraw':
      withdraw(state, from, message, context.now, effects);
      return;
    case 'release': {
      effects.push({ type: 'post', to: from, message: { type: 'noted', op: message.op } });
      const record = state.sessions[message.session];
      if (record === undefined || record.generation !== message.generation) return;
      endSession(state, message.session, effects);
      return;
    }
    case 'recover':
      effects.push({ type: 'post', to: from, message: { type: 'noted', op: message.op } });
      recover(state, from, message.op, context.now, effects);
      return;
    default:
      return;
  }
}

/** The session is no more; whoever still works for it hears of it when it next asks. */
export function endSession(state: StoreState, session: number, effects: StoreEffect[]): void {
  const record = state.sessions[session];
  if (record === undefined) return;
  const { client, generation } = record;
  disown(state, session, record);
  delete state.sessions[session];
  if (state.byClient[`@${client}`] === session) delete state.byClient[`@${client}`];
  effects.push(
    { type: 'clearTimer', timer: 'ttl', key: session },
    { type: 'own', session, generation, client, server: '' },
  );
}

function detach(state: StoreState, session: number, record: SessionRecord, now: Instant, effects: StoreEffect[]): void {
  if (record.detached) return;
  record.detached = true;
  effects.push({ type: 'setTimer', timer: 'ttl', key: session, at: after(now, state.config.sessionTtl) });
}

/**
 * The claim of a connection that is gone: what it took over, and nobody since, waits for the client. One that comes behind
 * its withdrawal takes nothing.
 */
function withdraw(
  state: StoreState,
  from: NodeId,
  { op, claim, conn, client, dial }: Message & { type: 'withdraw' },
  now: Instant,
  effects: StoreEffect[],
): void {
  note(state, from, claim, 'withdrawn');
  const known = state.byClient[`@${client}`] ?? 0;
  const record = state.sessions[known];
  const taken = record !== undefined && isLast(record, from, { op: claim, conn, dial });
  if (taken) detach(state, known, record, now, effects);
  const [session, generation] = taken ? [known, record.generation] : [0, 0];
  effects.push({ type: 'post', to: from, message: { type: 'withdrawn', op, session, generation } });
}

/**
 * A server's process is new: what the old one owned has no connection, and nobody produces for it. What the old one
 * claimed and is still on its way comes for nobody.
 */
function recover(state: StoreState, server: NodeId, op: number, now: Instant, effects: StoreEffect[]): void {
  settle(state, server, op);
  for (const key in state.owned[`@${server}`]) {
    const record = state.sessions[Number(key)];
    // A repeated request must not touch what the new process has claimed since it first asked.
    if (record === undefined || record.lastClaim.op > op) continue;
    disown(state, Number(key), record);
    detach(state, Number(key), record, now, effects);
  }
}

function submit(
  state: StoreState,
  from: NodeId,
  message: Message & { type: 'submit' },
  now: Instant,
  effects: StoreEffect[],
): void {
  const { op, session, generation, clientSeq, key, ask } = message;
  const record = state.sessions[session];
  if (record === undefined || record.generation !== generation) {
    if (isLost(state, session)) {
      effects.push(lost(from, session));
      return;
    }
    effects.push({
      type: 'post',
      to: from,
      message: { type: 'fenced', session, generation: record?.generation ?? generation + 1, op: 0 },
    });
    return;
  }
  // A gap means that an earlier write was lost in a crash: it will be asked again, and this one after it.
  if (clientSeq > record.sendAck + 1) return;
  if (clientSeq === record.sendAck + 1) {
    record.sendAck = clientSeq;
    record.turns++;
    record.digest = extendContext(record.digest, clientSeq, key);
    let stream = 0;
    if (ask >= 0) {
      stream = record.nextStream++;
      record.streams[stream] = newLog(ask, now);
    }
    record.results[clientSeq] = { key, stream };
    delete record.results[clientSeq - RESULTS_KEPT];
    effects.push({ type: 'perform', session, client: record.client, clientSeq, key });
  }
  const result: SendResult | undefined = record.results[clientSeq];
  if (result === undefined) return;
  const stream =
    result.stream === 0 ? null : recordOf(state.config, result.stream, record.streams[result.stream] ?? null);
  effects.push({
    type: 'post',
    to: from,
    message: { type: 'submitted', op, session, clientSeq, key: result.key, stream },
  });
}

function append(
  state: StoreState,
  from: NodeId,
  message: Message & { type: 'append' },
  now: Instant,
  effects: StoreEffect[],
): void {
  const { session, stream, epoch, seq, chunk, generation, note } = message;
  const record = state.sessions[session];
  if (record === undefined) {
    effects.push({ type: 'post', to: from, message: { type: 'expired', session } });
    return;
  }
  if (generation < record.ownerSince || record.owner === '') {
    effects.push({
      type: 'post',
      to: from,
      message: { type: 'fenced', session, generation: record.generation, op: 0 },
    });
    return;
  }
  const log = record.streams[stream];
  if (log === undefined || log.epoch !== epoch) return;
  if (seq === log.chunks.length + 1 && !log.done) {
    log.chunks.push(chunk);
    log.times.push(now);
    log.windowBytes += chunkBytes(chunk);
    log.done = chunk.fin;
    slide(state.config, log, now);
    if (note !== null) take(record, log, session, note, effects);
    effects.push({
      type: 'post',
      to: record.owner,
      message: { type: 'durable', session, generation, stream, epoch, seq, chunk },
    });
  }
  // Also for an append out of place: the agent goes on from where the log really ends.
  effects.push({
    type: 'post',
    to: from,
    message: { type: 'appended', session, generation, stream, epoch, head: log.chunks.length },
  });
}

/** The client processed up to `seq`; a stream that is done and processed is not needed any more. */
function acked(state: StoreState, message: Message & { type: 'acked' }): void {
  const record = state.sessions[message.session];
  const log: StreamLog | undefined = record?.streams[message.stream];
  if (record === undefined || log === undefined || log.epoch !== message.epoch) return;
  if (message.seq > log.acked) log.acked = message.seq;
  if (log.done && log.acked >= log.chunks.length) delete record.streams[message.stream];
}
