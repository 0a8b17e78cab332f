/**
 * The durable store that all servers share: sessions, the log of every stream, and the results of sends.
 *
 * Writes queue, and are applied in order when the fsync that covers them completes; answers and effects happen only then.
 * So nobody ever sees what a crash could take back. A crash keeps some prefix of the queued writes, unanswered: whoever
 * asked will ask again, and every request is idempotent. Reads are answered at once from what is durable. What
 * may go wrong with a store that lives is in `trouble.ts`.
 */
import { type Context, type Machine, NOTHING } from '../../machine.ts';
import type { MessageEvent, PostEffect } from '../../post.ts';
import { after, type Instant, plus } from '../../time.ts';
import type { TimerEffect, TimerEvent } from '../../transport.ts';
import type { WorldEffect } from '../application.ts';
import type { Message } from '../services.ts';
import { apply, endSession } from './apply.ts';
import { backUp, restore } from './backup.ts';
import type { StoreConfig } from './config.ts';
import { init, type StoreState, type Write } from './state.ts';
import { arriving, calm, isParted, read, readDue, refused, type TroubleEvent, trouble } from './trouble.ts';

export type StoreEvent =
  | MessageEvent<Message>
  | TimerEvent
  | { readonly type: 'started' }
  /** The process dies, and of the writes not yet synced the first `keep` thousandths survive. */
  | { readonly type: 'crash'; readonly keep: number }
  /** The record of a client's session is damaged on disk. */
  | { readonly type: 'corrupt'; readonly client: string }
  /** An operator keeps a copy of the disk; and puts it in the place of the disk, while no process runs. */
  | { readonly type: 'backup' }
  | { readonly type: 'restore' }
  | TroubleEvent;
export type StoreEffect =
  | PostEffect<Message>
  | TimerEffect
  | Extract<WorldEffect, { type: 'perform' | 'own' | 'record' | 'rewind' }>;

export const store: Machine<StoreConfig, StoreState, StoreEvent, StoreEffect> = { kind: 'store', init, step };

function step(state: StoreState, event: StoreEvent, context: Context): readonly StoreEffect[] {
  const effects = react(state, event, context);
  return state.isParted ? arriving(state, effects) : effects;
}

function react(state: StoreState, event: StoreEvent, context: Context): readonly StoreEffect[] {
  switch (event.type) {
    case 'message':
      return message(state, event, context);
    case 'timer':
      return timer(state, event, context);
    case 'started':
      return start(state, context);
    case 'crash':
      return crash(state, event.keep, context);
    case 'corrupt':
      return corrupt(state, event.client);
    case 'backup':
      backUp(state);
      return NOTHING;
    case 'restore': {
      const effects: StoreEffect[] = [];
      restore(state, effects);
      return effects;
    }
    case 'slow':
    case 'part':
    case 'stale':
    case 'fail':
      return trouble(state, event, context);
    default:
      return NOTHING;
  }
}

function timer(state: StoreState, { timer, key }: TimerEvent, context: Context): readonly StoreEffect[] {
  switch (timer) {
    case 'fsync':
      return synced(state, context);
    case 'ttl':
      return expire(state, key);
    case 'read':
      return readDue(state, context.now);
    default:
      return NOTHING;
  }
}

function message(state: StoreState, event: MessageEvent<Message>, { now }: Context): readonly StoreEffect[] {
  if (state.isParted && isParted(state, event.from)) return NOTHING;
  switch (event.message.type) {
    case 'read':
    case 'readSnapshot':
      return read(state, event, now);
    case 'claim':
    case 'submit':
    case 'append':
    case 'acked':
    case 'detach':
    case 'withdraw':
    case 'release':
    case 'recover':
      return write(state, event, now);
    default:
      return NOTHING;
  }
}

/** The event itself waits: a write is nothing but what was asked, and by whom. */
function write(state: StoreState, entry: Write, now: Instant): readonly StoreEffect[] {
  if (state.syncing.length > 0) {
    state.waiting.push(entry);
    return NOTHING;
  }
  state.syncing.push(entry);
  return [syncDue(state, now)];
}

const syncDue = ({ config, slowBy }: StoreState, now: Instant): StoreEffect => ({
  type: 'setTimer',
  timer: 'fsync',
  key: 0,
  at: after(now, plus(config.fsyncDelay, slowBy)),
});

/** The fsync is complete: what it covers takes effect, and what came meanwhile goes under the next. */
function synced(state: StoreState, context: Context): readonly StoreEffect[] {
  const effects: StoreEffect[] = [];
  const batch = state.syncing;
  for (let i = 0; i < batch.length; i++) {
    const entry = batch[i] as Write;
    if (!refused(state, entry, context, effects)) apply(state, entry, context, effects);
  }
  // Nearly always one write: taking it out costs less than a new list, or than setting a length.
  if (state.waiting.length === 0) while (batch.length > 0) batch.pop();
  else {
    state.syncing = state.waiting;
    state.waiting = [];
    effects.push(syncDue(state, context.now));
  }
  return effects;
}

/** Nobody notices before the record is read again, for a claim: until then its owner works from memory. */
function corrupt(state: StoreState, client: string): readonly never[] {
  const record = state.sessions[state.byClient[`@${client}`] ?? 0];
  if (record !== undefined) record.corrupt = true;
  return NOTHING;
}

/** A session's time to live is over. */
function expire(state: StoreState, session: number): readonly StoreEffect[] {
  const record = state.sessions[session];
  if (record === undefined || !record.detached) return NOTHING;
  const effects: StoreEffect[] = [];
  if (record.owner !== '') effects.push({ type: 'post', to: record.owner, message: { type: 'expired', session } });
  endSession(state, session, effects);
  return effects;
}

/** After a crash of the store: sessions without a connection get their whole time to live again. */
function start(state: StoreState, { now }: Context): readonly StoreEffect[] {
  calm(state);
  const effects: StoreEffect[] = [];
  for (const key in state.sessions)
    if (state.sessions[key]?.detached)
      effects.push({ type: 'setTimer', timer: 'ttl', key: Number(key), at: after(now, state.config.sessionTtl) });
  return effects;
}

/**
 * The process dies. Everything applied survives, and of the queued writes the first `keep` thousandths: written, but not
 * answered. What such a write does to the world (a send's effect) was part of the write; its answers die with the process.
 */
function crash(state: StoreState, keep: number, context: Context): readonly StoreEffect[] {
  const queued = [...state.syncing, ...state.waiting];
  const kept = Math.floor((queued.length * keep) / 1000);
  state.syncing = [];
  state.waiting = [];
  state.reads = [];
  const effects: StoreEffect[] = [];
  for (let i = 0; i < kept; i++) apply(state, queued[i] as Write, context, effects);
  return effects.filter(({ type }) => type === 'perform' || type === 'own' || type === 'record');
}
