/** Sometimes-claims that scenarios share: each proves that the sweep went where the laws bite. */
import type { ApplicationError } from '../../../src/errors.ts';
import { type Facts, roleOf } from '../../../src/facts.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Claim } from '../../core/scenario.ts';
import { claim } from '../claim.ts';

/** A balancer hears all that its clients do, on connections of its own; what is said of clients is of them alone. */
export const isClient = (facts: Facts, node: NodeId): boolean => roleOf(facts, node) === 'client';

/** A connection that was welcomed is lost and the session is resumed. */
export const resumed = claim({
  name: 'resumed',
  states: 'a client resumed its session on a new connection',
  remember: () => ({}),
  on: {
    restored: (_, { resumed: again }, reached) => {
      if (again) reached();
    },
  },
});

/** A handshake waited for its turn at a server that was busy. */
export const queued = claim({
  name: 'queued',
  states: 'a handshake waited in the accept queue of a server before it was taken',
  remember: (facts) => ({ facts, asked: new Map<number, number>() }),
  on: {
    asked: ({ facts, asked }, { node, conn, at }) => {
      if (roleOf(facts, node) === 'server') asked.set(conn, at);
    },
    accepted: ({ asked }, { conn, at }, reached) => {
      const since = asked.get(conn);
      asked.delete(conn);
      if (since !== undefined && since < at) reached();
    },
  },
});

/** A server was full, and said so: at the handshake, or when the connection was made. */
export const turnedAway = claim({
  name: 'turned-away',
  states: 'a client was refused by servers that were full, and told when to come back',
  remember: () => ({ told: new Set<number>() }),
  on: {
    closed: ({ told }, { conn, status, retryAfter, code }, reached) => {
      if ((status === 503 && retryAfter !== undefined) || (code === 1013 && told.has(conn))) reached();
    },
    'delivered ERROR': ({ told }, { conn, payload }) => {
      if (payload.code === 'unavailable' && payload.retryAfter > 0) told.add(conn);
    },
  },
});

/** The replay after a resume brought data that had been sent before and never arrived, or was made meanwhile. */
export const replayed = claim({
  name: 'replayed',
  states: 'a client received data between WELCOME of a resume and REPLAY_END',
  remember: (facts) => ({ facts, replaying: new Map<string, number>() }),
  on: {
    'delivered WELCOME': ({ facts, replaying }, { node, payload, conn }) => {
      if (payload.resumed && payload.streams.length > 0 && isClient(facts, node)) replaying.set(node, conn);
    },
    'delivered REPLAY_END': ({ replaying }, { node }) => void replaying.delete(node),
    'delivered DATA': ({ replaying }, { node, conn }, reached) => {
      if (replaying.size > 0 && replaying.get(node) === conn) reached();
    },
  },
});

/** A message died on its way. */
export const messageLost = claim({
  name: 'message-lost',
  states: 'a DATA frame was lost with its connection',
  remember: () => ({}),
  on: {
    'lost DATA': (_memory, _entry, reached) => reached(),
  },
});

/** A client lost its connection while an answer was streaming to it. */
export const cutMidStream = claim({
  name: 'cut-mid-stream',
  states: 'a connection ended between the first and the last chunk of a stream',
  remember: () => ({ streaming: new Map<string, number>() }),
  on: {
    received: ({ streaming }, { node, conn, chunk }) => {
      if (chunk.fin) streaming.delete(node);
      else streaming.set(node, conn);
    },
    closed: ({ streaming }, { node, conn }, reached) => {
      if (streaming.get(node) === conn) reached();
    },
    hungUp: ({ streaming }, { node, conn }, reached) => {
      if (streaming.get(node) === conn) reached();
    },
  },
});

/** A connection was lost again before the replay on it had ended. */
export const cutDuringReplay = claim({
  name: 'cut-during-replay',
  states: 'a connection ended between WELCOME and the last REPLAY_END',
  remember: (facts) => ({ facts, replaying: new Map<string, { conn: number; left: number }>() }),
  on: {
    'delivered WELCOME': ({ facts, replaying }, { node, payload, conn }) => {
      if (isClient(facts, node)) replaying.set(node, { conn, left: payload.streams.length });
    },
    'delivered REPLAY_END': ({ replaying }, { node, conn }) => {
      const replay = replaying.get(node);
      if (replay !== undefined && replay.conn === conn && --replay.left <= 0) replaying.delete(node);
    },
    closed: ({ replaying }, { node, conn }, reached) => {
      const replay = replaying.get(node);
      if (replay !== undefined && replay.conn === conn && replay.left > 0) reached();
    },
    hungUp: ({ replaying }, { node, conn }, reached) => {
      const replay = replaying.get(node);
      if (replay !== undefined && replay.conn === conn && replay.left > 0) reached();
    },
  },
});

/** A send was repeated on a second connection: its acknowledgement, or the send itself, had been lost. */
export const sendRepeated = claim({
  name: 'send-repeated',
  states: 'a client sent the same SEND on two connections',
  remember: (facts) => ({ facts, sent: new Map<string, number>() }),
  on: {
    'sent SEND': ({ facts, sent }, { node, payload, conn }, reached) => {
      if (roleOf(facts, node) !== 'client') return;
      const key = `${node}/${payload.key}`;
      const before = sent.get(key);
      if (before !== undefined && before !== conn) reached();
      sent.set(key, conn);
    },
  },
});

/** A client moved to a second connection without losing the first. */
export const handedOver = claim({
  name: 'handed-over',
  states: 'a client that was sent GOAWAY was welcomed on a second connection while the first still lived',
  remember: (facts) => ({ facts, leaving: new Map<string, number>() }),
  on: {
    'delivered GOAWAY': ({ facts, leaving }, { node, conn }) => {
      if (isClient(facts, node)) leaving.set(node, conn);
    },
    'delivered WELCOME': ({ leaving }, { node, conn }, reached) => {
      if (leaving.has(node) && leaving.get(node) !== conn) reached();
    },
    closed: ({ leaving }, { node, conn }) => {
      if (leaving.get(node) === conn) leaving.delete(node);
    },
    hungUp: ({ leaving }, { node, conn }) => {
      if (leaving.get(node) === conn) leaving.delete(node);
    },
  },
});

/** A session was taken over by another server than the one that had it. */
export const movedServer = claim({
  name: 'moved-server',
  states: 'a session was claimed by another server than before',
  remember: () => ({ owners: new Map<number, string>() }),
  on: {
    owned: ({ owners }, { session, server }, reached) => {
      const before = owners.get(session);
      if (server !== '' && before !== undefined && before !== '' && before !== server) reached();
      owners.set(session, server);
    },
  },
});

/** A client gave up and said so. */
export const gaveUp = claim({
  name: 'gave-up',
  states: 'an application was told that attempts or time are exhausted',
  remember: () => ({}),
  on: {
    told: (_, { error }, reached) => {
      if (error === 'attempts_exhausted' || error === 'elapsed_exhausted') reached();
    },
  },
});

/** A client came back after several failed dials. */
export const cameBack = claim({
  name: 'came-back',
  states: 'a client was welcomed after three or more retries in one outage',
  remember: () => ({ retries: new Map<string, number>() }),
  on: {
    timerSet: ({ retries }, { node, timer, attempt }) => {
      if (timer === 'retry') retries.set(node, attempt);
    },
    'delivered WELCOME': ({ retries }, { node }, reached) => {
      if ((retries.get(node) ?? 0) >= 2) reached();
      retries.delete(node);
    },
  },
});

/** The store died with writes that nobody had been told were safe. */
export const storeLostTail = claim({
  name: 'store-crashed',
  states: 'the store crashed while an answer was being written',
  remember: (facts) => ({ facts, producing: false }),
  on: {
    produced: (memory, { chunk }) => {
      memory.producing = !chunk.fin;
    },
    crashed: ({ facts, producing }, { node }, reached) => {
      if (producing && roleOf(facts, node) === 'store') reached();
    },
  },
});

/** A server died while it was producing an answer. */
export const crashedMidAnswer = claim({
  name: 'crashed-mid-answer',
  states: 'a server crashed between the first and the last chunk of an answer of its agent',
  remember: () => ({ producing: new Set<string>() }),
  on: {
    produced: ({ producing }, { node, chunk }) => {
      if (chunk.fin) producing.delete(node);
      else producing.add(node);
    },
    crashed: ({ producing }, { node, how }, reached) => {
      if (how !== 'exit' && producing.has(node)) reached();
    },
  },
});

/** The work of agents was there after a resume: some of everything. */
export const workSurvived = claim({
  name: 'work-survived',
  states: 'a client resumed a session with tool calls, a memory and a completed step',
  remember: () => ({}),
  on: {
    restored: (_, { resumed: again, work }, reached) => {
      if (again && work !== undefined && work.calls > 0 && work.memory !== 0 && work.step > 0) reached();
    },
  },
});

/** A server ended a connection because a newer one owns the session. */
export const fencedOld = claim({
  name: 'fenced-old',
  states: 'a server closed an older connection with 4001 after a newer one had taken its session over',
  remember: (facts) => facts,
  on: {
    hungUp: (facts, { node, code }, reached) => {
      if (code === 4001 && roleOf(facts, node) === 'server') reached();
    },
  },
});

/** Applications were told of an error by its name. */
export const told = (error: ApplicationError): Claim =>
  claim({
    name: `told-${error.replaceAll('_', '-')}`,
    states: `an application was told ${error}`,
    remember: () => ({}),
    on: {
      told: (_, entry, reached) => {
        if (entry.error === error) reached();
      },
    },
  });
