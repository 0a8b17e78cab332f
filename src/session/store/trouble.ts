/**
 * Trouble: what an operator or an adversary does to a store that lives. It is slow, it cannot be reached, a replica that
 * does not follow answers its reads, or its disk refuses writes. None of this loses what was answered as durable.
 */
import { type Context, chance, NOTHING, type NodeId } from '../../machine.ts';
import type { MessageEvent } from '../../post.ts';
import { after, type Duration, type Instant, ZERO } from '../../time.ts';
import type { Message } from '../services.ts';
import { readEntries, readSnapshot } from './read.ts';
import type { StoreState, Write } from './state.ts';
import type { StoreEffect } from './store.ts';

export type TroubleEvent =
  /** Every fsync and every read takes this much longer; 0 ends it. */
  | { readonly type: 'slow'; readonly by: Duration }
  /** Nothing passes between the store and these nodes; none named: nobody reaches it. */
  | { readonly type: 'part'; readonly nodes: readonly NodeId[]; readonly on: boolean }
  /** Reads are answered by a replica that follows no further than now. */
  | { readonly type: 'stale'; readonly on: boolean }
  /** So many thousandths of the writes fail; 0 ends it. */
  | { readonly type: 'fail'; readonly share: number };

/** Stands for everybody in the record of who cannot reach the store. */
const EVERYBODY = '*';

export function trouble(state: StoreState, event: TroubleEvent, context: Context): readonly StoreEffect[] {
  switch (event.type) {
    case 'slow':
      return slow(state, event.by, context.now);
    case 'part':
      for (const node of event.nodes.length === 0 ? [EVERYBODY] : event.nodes) {
        if (event.on) state.parted[`@${node}`] = true;
        else delete state.parted[`@${node}`];
      }
      state.isParted = Object.keys(state.parted).length > 0;
      return NOTHING;
    case 'stale':
      state.staleAt = event.on ? context.now : -1;
      return NOTHING;
    case 'fail':
      state.failing = event.share;
      return NOTHING;
  }
}

/** A new process is in no trouble until it is told of one. */
export function calm(state: StoreState): void {
  state.slowBy = ZERO;
  state.parted = {};
  state.isParted = false;
  state.staleAt = -1;
  state.failing = 0;
}

/** Whether nothing passes between the store and this node. */
export const isParted = ({ parted }: StoreState, node: NodeId): boolean =>
  parted[`@${node}`] === true || parted[`@${EVERYBODY}`] === true;

/** What the store says, without what would not arrive. */
export const arriving = (state: StoreState, effects: readonly StoreEffect[]): readonly StoreEffect[] =>
  state.isParted ? effects.filter((effect) => effect.type !== 'post' || !isParted(state, effect.to)) : effects;

/** A store that is slow no more answers at once what it had put off. */
function slow(state: StoreState, by: Duration, now: Instant): readonly StoreEffect[] {
  state.slowBy = by;
  if (by > 0 || state.reads.length === 0) return NOTHING;
  const effects: StoreEffect[] = [{ type: 'clearTimer', timer: 'read', key: 0 }];
  for (const { from, message } of state.reads) answerRead(state, from, message, now, effects);
  state.reads = [];
  return effects;
}

/** A read: answered now, or in its turn when the store is slow. */
export function read(
  state: StoreState,
  { from, message }: MessageEvent<Message>,
  now: Instant,
): readonly StoreEffect[] {
  const effects: StoreEffect[] = [];
  if (state.slowBy === 0) answerRead(state, from, message, now, effects);
  else {
    const due = after(now, state.slowBy);
    state.reads.push({ from, message, due });
    if (state.reads.length === 1) effects.push({ type: 'setTimer', timer: 'read', key: 0, at: due });
  }
  return effects;
}

/** The timer `read`: the oldest read that was put off. */
export function readDue(state: StoreState, now: Instant): readonly StoreEffect[] {
  const effects: StoreEffect[] = [];
  const first = state.reads.shift();
  if (first !== undefined) answerRead(state, first.from, first.message, now, effects);
  const next = state.reads[0];
  if (next !== undefined) effects.push({ type: 'setTimer', timer: 'read', key: 0, at: next.due });
  return effects;
}

function answerRead(state: StoreState, from: NodeId, message: Message, now: Instant, effects: StoreEffect[]): void {
  if (message.type === 'read') readEntries(state, from, message, now, effects);
  else if (message.type === 'readSnapshot') readSnapshot(state, from, message, effects);
}

/**
 * Whether the disk refuses this write; its asker is told. An agent hears where the log really ends, and an ACK has nobody
 * who waits: its stream stays in the log until the next resume.
 */
export function refused(
  state: StoreState,
  { from, message }: Write,
  context: Context,
  effects: StoreEffect[],
): boolean {
  if (state.failing === 0 || !chance(context.random('fail'), { num: state.failing, of: 1000 })) return false;
  if ('op' in message) effects.push({ type: 'post', to: from, message: { type: 'failed', op: message.op } });
  else if (message.type === 'append') {
    const { session, generation, stream, epoch } = message;
    const log = state.sessions[session]?.streams[stream];
    if (log?.epoch === epoch)
      effects.push({
        type: 'post',
        to: from,
        message: { type: 'appended', session, generation, stream, epoch, head: log.chunks.length },
      });
  }
  return true;
}
