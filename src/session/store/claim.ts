/**
 * Claims: a connection takes a session over. Claims are writes like all others, so they happen one after the other, and
 * exactly one connection owns the session afterwards. Each happens once, however often and late it is repeated
 * (`ledger.ts`).
 */
import type { Context, NodeId } from '../../machine.ts';
import type { Message, StreamRecord } from '../services.ts';
import { endSession } from './apply.ts';
import { isSettled, note, type Outcome, outcomeOf, settle } from './ledger.ts';
import { disown, own, type SessionRecord, type StoreState } from './state.ts';
import type { StoreEffect } from './store.ts';
import { beginAnew, recordOf, slide } from './window.ts';
import { summaryOf } from './work.ts';

type Claim = Message & { type: 'claim' };

export function claim(state: StoreState, from: NodeId, message: Claim, context: Context, effects: StoreEffect[]): void {
  const { op, client } = message;
  settle(state, from, message.settled);
  if (isSettled(state, from, op)) return;
  const before = outcomeOf(state, from, op);
  const outcome = before ?? judge(state, from, message, context, effects);
  if (before === undefined) note(state, from, op, outcome);
  const session = state.byClient[`@${client}`] ?? 0;
  const record = state.sessions[session];
  if (outcome === 'denied')
    effects.push({ type: 'post', to: from, message: { type: 'claimDenied', op, conn: message.conn } });
  else if (outcome === 'granted' && record !== undefined && isLast(record, from, message))
    answer(state, from, message, session, record, context, effects);
  // It came too late, or what it was granted is somebody else's by now, or gone.
  else {
    const generation = record?.generation ?? 0;
    effects.push({ type: 'post', to: from, message: { type: 'fenced', session, generation, op } });
  }
}

/** What becomes of a claim that is seen for the first time. */
function judge(state: StoreState, from: NodeId, message: Claim, context: Context, effects: StoreEffect[]): Outcome {
  const { client, dial, resumeToken } = message;
  const latest = state.sessions[state.byClient[`@${client}`] ?? 0];
  // A HELLO that was held up must not take over from a later one, whatever session it names.
  if (latest !== undefined && dial <= latest.dial) return 'fenced';
  const record = state.sessions[message.session];
  if (record === undefined || (record.corrupt && record.client === client)) {
    open(state, from, message, record?.corrupt ?? false, context, effects);
    return 'granted';
  }
  if (record.client !== client) return 'denied';
  if (resumeToken !== record.token && resumeToken !== record.previousToken) {
    // A process of the client that another one left behind: its copy of the session is out of date.
    if (!record.restored) return 'fenced';
    // The record is: the client knows of a claim that was made behind the backup, and of whatever followed it.
    open(state, from, message, false, context, effects);
    return 'granted';
  }
  take(state, message.session, record, from, message, context, effects);
  return 'granted';
}

/**
 * Whether a claim is the one that was granted last. `dial` tells apart what two lives of a server, or of the balancer,
 * happened to number alike.
 */
export const isLast = (
  { lastClaim, dial }: SessionRecord,
  from: NodeId,
  claim: Pick<Claim, 'op' | 'conn' | 'dial'>,
): boolean =>
  lastClaim.server === from && lastClaim.op === claim.op && lastClaim.conn === claim.conn && dial === claim.dial;

/** A new, empty session; the client's earlier one, if any, ends: a client id has at most one. */
function open(
  state: StoreState,
  from: NodeId,
  message: Claim,
  corrupt: boolean,
  context: Context,
  effects: StoreEffect[],
): void {
  const { client, dial, op, conn } = message;
  const earlier = state.byClient[`@${client}`];
  if (earlier !== undefined) {
    const { owner } = state.sessions[earlier] as SessionRecord;
    if (owner !== '') effects.push({ type: 'post', to: owner, message: { type: 'expired', session: earlier } });
    endSession(state, earlier, effects);
  }
  const session = state.nextSession++;
  const token = drawToken(context);
  state.sessions[session] = {
    client,
    generation: 1,
    token,
    previousToken: token,
    dial,
    owner: from,
    ownerSince: 1,
    detached: false,
    lastClaim: { server: from, op, conn, resumed: false, corrupt },
    corrupt: false,
    restored: false,
    sendAck: 0,
    turns: 0,
    digest: 0,
    results: {},
    work: null,
    nextStream: 1,
    streams: {},
  };
  state.byClient[`@${client}`] = session;
  own(state, session, from);
  effects.push({ type: 'own', session, generation: 1, client, server: from });
}

function take(
  state: StoreState,
  session: number,
  record: SessionRecord,
  from: NodeId,
  { dial, op, conn, resumeToken }: Claim,
  context: Context,
  effects: StoreEffect[],
): void {
  record.generation++;
  // What the client showed is what it holds: it stays valid until the client shows a newer one.
  record.previousToken = resumeToken;
  record.token = drawToken(context);
  record.dial = dial;
  record.lastClaim = { server: from, op, conn, resumed: true, corrupt: false };
  record.detached = false;
  record.restored = false;
  if (record.owner !== from) {
    if (record.owner !== '')
      effects.push({
        type: 'post',
        to: record.owner,
        message: { type: 'fenced', session, generation: record.generation, op: 0 },
      });
    disown(state, session, record);
    record.owner = from;
    own(state, session, from);
    record.ownerSince = record.generation;
    if (state.config.regenerate)
      for (const key in record.streams) {
        const log = record.streams[key];
        if (log !== undefined && !log.done) beginAnew(log, state.staleAt, context.now);
      }
  }
  effects.push(
    { type: 'clearTimer', timer: 'ttl', key: session },
    { type: 'own', session, generation: record.generation, client: record.client, server: from },
  );
}

function answer(
  state: StoreState,
  to: NodeId,
  { op, conn }: Claim,
  session: number,
  record: SessionRecord,
  { now }: Context,
  effects: StoreEffect[],
): void {
  const streams: StreamRecord[] = [];
  for (const key in record.streams) {
    const log = record.streams[key];
    if (log === undefined) continue;
    slide(state.config, log, now);
    streams.push(recordOf(state.config, Number(key), log));
  }
  const { generation, token, sendAck, turns, digest, work } = record;
  const { resumed, corrupt } = record.lastClaim;
  effects.push({
    type: 'post',
    to,
    message: {
      type: 'claimed',
      op,
      conn,
      session,
      generation,
      resumeToken: token,
      resumed,
      ...(corrupt ? { corrupt } : {}),
      sendAck,
      context: { turns, digest },
      ...(work === null ? {} : { work: summaryOf(work) }),
      streams,
    },
  });
}

/** 52 bits: nobody guesses it, and it stays an exact integer. */
const drawToken = (context: Context): number => context.random('token') * 1_048_576 + (context.random('token') >>> 12);
