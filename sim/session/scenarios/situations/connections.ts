/**
 * Sometimes-claims about connections one after the other: an old one that its server still serves when the new one comes,
 * sends while the old is replayed or repeated, a server's own 1000, retries by the hundred, answers by the dozen.
 */
import { CLOSE } from '../../../../src/close-codes.ts';
import { roleOf } from '../../../../src/facts.ts';
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
