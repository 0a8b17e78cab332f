/**
 * Sometimes-claims about two connections of one client at once, and about what happens beside or between them: an old and a
 * new one on the same server, sends while a session changes hands or is replayed, limits that are reached while a
 * connection still lives, retries by the hundred.
 */
import { CLOSE } from '../../../../src/close-codes.ts';
import { type Facts, roleOf } from '../../../../src/facts.ts';
import type { ConnId } from '../../../../src/transport.ts';
import { claim } from '../../claim.ts';
import { isClient } from '../claims.ts';

/** A client came back to the server that still took its old connection for alive. */
export const bothOnOneServer = claim({
  name: 'both-on-one-server',
  states: 'a server welcomed a client whose older connection it still served itself',
  remember: (facts) => ({ facts, of: new Map<ConnId, string>(), served: new Map<string, ConnId>() }),
  on: {
    'delivered HELLO': ({ facts, of }, { node, conn, payload }) => {
      if (roleOf(facts, node) === 'server') of.set(conn, `${node}/${payload.client}`);
    },
    // Whoever had it before is hung up on first, in the same event.
    hungUp: ({ of, served }, { node, conn, code, event }) => {
      const key = of.get(conn);
      if (key === undefined || !key.startsWith(`${node}/`)) return;
      of.delete(conn);
      if (served.get(key) !== conn) return;
      served.delete(key);
      if (code === CLOSE.takenOver) served.set(`${key}@${event}`, conn);
    },
    closed: ({ of, served }, { conn }) => {
      const key = of.get(conn);
      of.delete(conn);
      if (key !== undefined && served.get(key) === conn) served.delete(key);
    },
    crashed: ({ of, served }, { node }) => {
      for (const [conn, key] of of) if (key.startsWith(`${node}/`)) of.delete(conn);
      for (const key of served.keys()) if (key.startsWith(`${node}/`)) served.delete(key);
    },
    'sent WELCOME': ({ of, served }, { conn, event, payload }, reached) => {
      const key = of.get(conn);
      if (key === undefined) return;
      if (payload.resumed && served.delete(`${key}@${event}`)) reached();
      served.set(key, conn);
    },
  },
});

interface Moving {
  /** The connection that GOAWAY came on, or that the device had when it moved. */
  old: ConnId;
  /** The one on which HELLO went out beside it; -1 before. */
  next: ConnId;
}

/** Follows clients that seek a second connection while the first lives. */
const moving = (facts: Facts) => ({ facts, owner: new Map<string, ConnId>(), moving: new Map<string, Moving>() });
type Movers = ReturnType<typeof moving>;

function greets({ owner, moving }: Movers, node: string, conn: ConnId): void {
  const old = owner.get(node);
  if (old !== undefined && old !== conn) moving.set(node, { old, next: conn });
}

function welcomed({ facts, owner, moving }: Movers, node: string, conn: ConnId): void {
  moving.delete(node);
  if (isClient(facts, node)) owner.set(node, conn);
}

function ends({ owner, moving }: Movers, node: string, conn: ConnId): void {
  if (owner.get(node) === conn) owner.delete(node);
  const each = moving.get(node);
  if (each?.old === conn || each?.next === conn) moving.delete(node);
}

/** A busy application does not wait until its client has moved. */
export const sentWhileMoving = claim({
  name: 'sent-while-moving',
  states: 'a client sent a SEND on its old connection after it had said HELLO on a new one beside it',
  remember: moving,
  on: {
    'sent HELLO': (memory, { node, conn }) => greets(memory, node, conn),
    'delivered WELCOME': (memory, { node, conn }) => welcomed(memory, node, conn),
    'sent SEND': ({ moving }, { node, conn }, reached) => {
      if (moving.get(node)?.old === conn) reached();
    },
    closed: (memory, { node, conn }) => ends(memory, node, conn),
    hungUp: (memory, { node, conn }) => ends(memory, node, conn),
  },
});

/** What it sent on the old one took effect on the new one only, or twice if nobody looked. */
export const movedWithSends = claim({
  name: 'moved-with-sends',
  states: 'a client was welcomed on a second connection while a SEND on the first was not acknowledged',
  remember: (facts) => ({ ...moving(facts), open: new Map<string, Set<number>>() }),
  on: {
    'sent HELLO': (memory, { node, conn }) => greets(memory, node, conn),
    'sent SEND': ({ owner, open }, { node, conn, payload }) => {
      if (owner.get(node) !== conn) return;
      const unsettled = open.get(node) ?? new Set<number>();
      open.set(node, unsettled.add(payload.clientSeq));
    },
    'delivered SEND_ACK': ({ open }, { node, payload }) => void open.get(node)?.delete(payload.clientSeq),
    'delivered WELCOME': (memory, { node, conn }, reached) => {
      const each = memory.moving.get(node);
      if (each?.next === conn && (memory.open.get(node)?.size ?? 0) > 0) reached();
      memory.open.delete(node);
      welcomed(memory, node, conn);
    },
    closed: (memory, { node, conn }) => ends(memory, node, conn),
    hungUp: (memory, { node, conn }) => ends(memory, node, conn),
  },
});

/** Something new was asked for while the old was still being replayed. */
export const sentDuringReplay = claim({
  name: 'sent-during-replay',
  states: 'a client sent a new SEND between WELCOME of a resume and its last REPLAY_END, with data still to come',
  remember: (facts) => ({
    facts,
    replaying: new Map<string, { conn: ConnId; left: number; event: number }>(),
    sent: new Set<string>(),
    asked: new Set<ConnId>(),
  }),
  on: {
    'delivered WELCOME': ({ facts, replaying }, { node, conn, event, payload }) => {
      const left = payload.streams.length;
      if (payload.resumed && left > 0 && isClient(facts, node)) replaying.set(node, { conn, left, event });
      else replaying.delete(node);
    },
    'sent SEND': ({ replaying, sent, asked }, { node, conn, event, payload }) => {
      const replay = replaying.get(node);
      if (sent.has(`${node}/${payload.key}`)) return;
      sent.add(`${node}/${payload.key}`);
      if (replay?.conn === conn && event > replay.event) asked.add(conn);
    },
    'delivered DATA': ({ replaying, asked }, { node, conn }, reached) => {
      if (asked.has(conn) && replaying.get(node)?.conn === conn) reached();
    },
    'delivered REPLAY_END': ({ replaying }, { node, conn }) => {
      const replay = replaying.get(node);
      if (replay?.conn === conn && --replay.left <= 0) replaying.delete(node);
    },
  },
});

/** A server says goodbye with 1000, as a proxy's time-out or a careless deployment does: no reason to stop. */
export const serverSaidNormal = claim({
  name: 'server-said-1000',
  states: 'a client whose connection was closed with 1000 by the other side resumed its session',
  remember: (facts) => ({ facts, said: new Set<string>() }),
  on: {
    // Whoever hangs up itself is told of no end.
    closed: ({ facts, said }, { node, code }) => {
      if (code === CLOSE.normal && isClient(facts, node)) said.add(node);
    },
    restored: ({ said }, { node, resumed }, reached) => {
      if (resumed && said.delete(node)) reached();
    },
  },
});

/** The policy has no retry left for the second connection; the first is no worse for it. */
export const limitBesideLiving = claim({
  name: 'limit-beside-living',
  states: 'a client gave up seeking a second connection, by the limits of its policy, and was given more on the first',
  remember: (facts) => ({
    ...moving(facts),
    limited: new Set(
      facts.clients.flatMap(({ node, policy: { attemptsMax, elapsedMax } }) =>
        attemptsMax === null && elapsedMax === null ? [] : [node],
      ),
    ),
    /** Clients whose second connection failed, with the first; a retry that follows in the same event takes them out. */
    over: new Map<string, ConnId>(),
  }),
  on: {
    'delivered WELCOME': (memory, { node, conn }) => {
      welcomed(memory, node, conn);
      memory.over.delete(node);
    },
    timerSet: ({ over }, { node, timer }) => {
      if (timer === 'retry') over.delete(node);
    },
    intent: ({ over }, { node }) => void over.delete(node),
    told: ({ owner, limited, over }, { node, error }) => {
      const conn = owner.get(node);
      if (conn !== undefined && limited.has(node) && ATTEMPT_FAILED.has(error)) over.set(node, conn);
    },
    received: ({ over }, { node, conn }, reached) => {
      if (over.get(node) === conn) reached();
    },
    closed: (memory, { node, conn }) => ends(memory, node, conn),
    hungUp: (memory, { node, conn }) => ends(memory, node, conn),
  },
});

const ATTEMPT_FAILED: ReadonlySet<string> = new Set([
  'unavailable',
  'refused',
  'connect_timeout',
  'hello_timeout',
  'token_timeout',
]);

/** Retries of one outage: numbers that no product or power of the delay may overflow on. */
export const retriedTimes = (name: string, count: number) =>
  claim({
    name,
    states: `a client was welcomed after ${count} retries or more in one outage`,
    remember: () => ({ retries: new Map<string, number>() }),
    on: {
      timerSet: ({ retries }, { node, timer, attempt }) => {
        if (timer === 'retry') retries.set(node, attempt + 1);
      },
      'delivered WELCOME': ({ retries }, { node }, reached) => {
        if ((retries.get(node) ?? 0) >= count) reached();
        retries.delete(node);
      },
    },
  });

export const hundredsOfRetries = retriedTimes('hundreds-of-retries', 200);

/** What had been lost once is lost again while it is sent anew, with what was asked since. */
export const lostWhileResending = claim({
  name: 'lost-while-resending',
  states: 'a connection ended before a SEND that had been repeated on it, and a new one behind that, were acknowledged',
  remember: (facts) => ({
    facts,
    conns: new Map<string, ConnId>(),
    first: new Map<string, ConnId>(),
    open: new Map<string, { repeated: Set<number>; fresh: Set<number> }>(),
  }),
  on: {
    'delivered WELCOME': ({ facts, conns, open }, { node, conn }) => {
      if (!isClient(facts, node)) return;
      conns.set(node, conn);
      open.set(node, { repeated: new Set(), fresh: new Set() });
    },
    'sent SEND': ({ conns, first, open }, { node, conn, payload: { clientSeq, key } }) => {
      if (conns.get(node) !== conn) return;
      const before = first.get(`${node}/${key}`);
      if (before === undefined) first.set(`${node}/${key}`, conn);
      open.get(node)?.[before === undefined ? 'fresh' : 'repeated'].add(clientSeq);
    },
    'delivered SEND_ACK': ({ open }, { node, payload: { clientSeq } }) => {
      open.get(node)?.repeated.delete(clientSeq);
      open.get(node)?.fresh.delete(clientSeq);
    },
    closed: ({ conns, open }, { node, conn }, reached) => {
      if (conns.get(node) !== conn) return;
      const { repeated, fresh } = open.get(node) ?? { repeated: new Set(), fresh: new Set() };
      if (repeated.size > 0 && fresh.size > 0) reached();
    },
  },
});

/** Out of the frying pan: the server that a client was sent to drains before it has arrived there. */
export const sentOnAgain = claim({
  name: 'sent-on-again',
  states: 'a client was sent GOAWAY on its second connection before the replay on that was over',
  remember: (facts) => ({
    facts,
    owner: new Map<string, ConnId>(),
    left: new Map<string, number>(),
    moved: new Set<string>(),
  }),
  on: {
    'delivered WELCOME': ({ facts, owner, left, moved }, { node, conn, payload }) => {
      if (!isClient(facts, node)) return;
      if (owner.has(node)) moved.add(node);
      owner.set(node, conn);
      left.set(node, payload.streams.length);
    },
    'delivered REPLAY_END': ({ owner, left }, { node, conn }) => {
      if (owner.get(node) === conn) left.set(node, (left.get(node) ?? 0) - 1);
    },
    'delivered GOAWAY': ({ owner, left, moved }, { node, conn }, reached) => {
      if (moved.has(node) && owner.get(node) === conn && (left.get(node) ?? 0) > 0) reached();
    },
    closed: ({ owner, moved }, { node, conn }) => {
      if (owner.get(node) !== conn) return;
      owner.delete(node);
      moved.delete(node);
    },
  },
});

/** Many answers are open at once, and each has its own place to go on from. */
export const manyStreams = claim({
  name: 'many-streams',
  states:
    'a session with twelve open answers or more was resumed, and all of them that were open then came to their end',
  remember: (facts) => ({ facts, owed: new Map<string, Set<number>>() }),
  on: {
    'delivered WELCOME': ({ facts, owed }, { node, payload }) => {
      if (payload.resumed && payload.streams.length >= 12 && isClient(facts, node))
        owed.set(node, new Set(payload.streams.map(({ stream }) => stream)));
    },
    received: ({ owed }, { node, stream, chunk }, reached) => {
      const streams = owed.get(node);
      if (chunk.fin && streams?.delete(stream) && streams.size === 0) reached();
    },
  },
});
