/**
 * Claims: a connection takes a session over. Claims are writes like all others, so they happen one after the other, and
 * exactly one connection owns the session afterwards.
 */
import type { Context, NodeId } from '../machine.ts';
import type { Message, StreamRecord } from '../services.ts';
import { endSession } from './apply.ts';
import { disown, own, type SessionRecord, type StoreState } from './state.ts';
import type { StoreEffect } from './store.ts';
import { beginAnew, recordOf, slide } from './window.ts';
import { summaryOf } from './work.ts';

type Claim = Message & { type: 'claim' };

export function claim(state: StoreState, from: NodeId, message: Claim, context: Context, effects: StoreEffect[]): void {
  const { op, conn, client, dial, resumeToken } = message;
  const known = state.byClient[`@${client}`];
  const latest = known === undefined ? undefined : state.sessions[known];
  // The same request again: its answer was lost.
  if (known !== undefined && latest !== undefined && isLast(latest, from, message)) {
    answer(state, from, op, conn, known, latest, context, effects);
    return;
  }
  // A HELLO that was held up must not take over from a later one, whatever session it names.
  if (known !== undefined && latest !== undefined && dial <= latest.dial) {
    fence(from, op, known, latest, effects);
    return;
  }
  const record = state.sessions[message.session];
  if (record === undefined || (record.corrupt && record.client === client)) {
    open(state, from, message, record?.corrupt ?? false, context, effects);
    return;
  }
  if (record.client !== client) {
    effects.push({ type: 'post', to: from, message: { type: 'claimDenied', op, conn } });
    return;
  }
  // A process of the client that another one left behind: its copy of the session is out of date.
  if (resumeToken !== record.token && resumeToken !== record.previousToken) {
    fence(from, op, message.session, record, effects);
    return;
  }
  take(state, message.session, record, from, message, context, effects);
  answer(state, from, op, conn, message.session, record, context, effects);
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

/** The claim came too late: somebody else owns the session. */
function fence(to: NodeId, op: number, session: number, { generation }: SessionRecord, effects: StoreEffect[]): void {
  effects.push({ type: 'post', to, message: { type: 'fenced', session, generation, op } });
}

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
  answer(state, from, op, conn, session, state.sessions[session] as SessionRecord, context, effects);
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
  op: number,
  conn: number,
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
