/**
 * Law 22, freshness: while a connection lives and nothing is wrong with its path, what is durable is soon with its
 * application.
 *
 * Nothing is wrong while no fault is active anywhere, and for a while after the last one, in which news that was lost is
 * asked for again. A connection lives once the client was welcomed on it, if it was dialled after that; one from before proves that it lives by
 * a PONG to a PING of after the last fault, whichever side sent it: bytes come in order, so whatever was stuck has come by
 * then. From then on a durable chunk has as long as everything that may be before it
 * takes on that path (`Facts.fresh`). One chunk of each stream is watched at a time: the first that became durable after the
 * last one arrived.
 */
import { APPLICATION_ERRORS } from '../../../src/errors.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Facts, FreshFacts } from '../../../src/session/facts.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import { at, formatDuration, formatInstant } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';
import { newWhereabouts, type Place, standing, WHEREABOUTS, type Whereabouts } from './whereabouts.ts';

/** The connection of a client, at its own end. */
interface Life {
  readonly node: NodeId;
  conn: ConnId;
  generation: number;
  /** Since when it lives: -1 while that is not proven. */
  since: number;
  /** The first PING that each side sent since the last fault; 0 for none. */
  pinged: number;
  served: number;
}

interface Memory {
  readonly facts: Facts;
  readonly fresh: FreshFacts;
  readonly places: Whereabouts;
  readonly lives: Map<NodeId, Life>;
  /** When each connection was dialled that was not welcomed yet. */
  readonly dials: Map<ConnId, number>;
  /** The same by the session that each was welcomed to last. */
  readonly bySession: Map<number, Life>;
  /** Faults that are active, when the last one was over, and whether some connection has still to prove that it lives. */
  faults: number;
  quiet: number;
  isOpen: boolean;
}

export const freshness = law<Memory>({
  name: 'freshness',
  states:
    'on a living connection over a healthy path, what is durable is with its application within the derived bound',
  needs: { facts: ['fresh'], entries: ['durable'] },
  remember: (facts) => ({
    facts,
    fresh: facts.fresh as FreshFacts,
    places: newWhereabouts(),
    lives: new Map(),
    dials: new Map(),
    bySession: new Map(),
    faults: 0,
    quiet: -1,
    isOpen: false,
  }),
  // A fault that begins makes every connection prove anew that it lives.
  matters({ places, lives, bySession, faults }) {
    const known = [...lives, ...bySession].map(([of, { node, conn, generation }]) => [of, node, conn, generation]);
    return [places, known, faults];
  },
  on: {
    ...WHEREABOUTS,
    durable(memory, entry) {
      WHEREABOUTS.durable(memory, entry);
      const place = memory.places.durable;
      if (place === null || place.probe > 0 || place.epoch !== entry.epoch || entry.seq <= place.given) return;
      place.probe = entry.seq;
      place.probeAt = entry.at;
    },
    received(memory, entry, breach) {
      WHEREABOUTS.received(memory, entry);
      arrive(memory, entry, breach);
    },
    replaced(memory, entry, breach) {
      WHEREABOUTS.replaced(memory, entry);
      arrive(memory, entry, breach);
    },
    dialled: ({ dials }, { conn, at: now }) => void dials.set(conn, now),
    'delivered WELCOME'(memory, { node, conn, payload, at: now }) {
      const dialled = memory.dials.get(conn) ?? now;
      memory.dials.delete(conn);
      if (!memory.places.clients.has(node) && !memory.facts.clients.some((client) => client.node === node)) return;
      // What was dialled while something was wrong, or before, has to prove itself: what heals a path may end what was on it.
      const since = memory.faults > 0 || dialled <= memory.quiet ? -1 : Math.max(now, settled(memory));
      const life = { node, conn, generation: payload.generation, since, pinged: 0, served: 0 };
      memory.lives.set(node, life);
      memory.bySession.set(payload.session, life);
      if (since < 0) memory.isOpen = true;
    },
    'sent PING'(memory, { node, conn, payload }) {
      if (!memory.isOpen || memory.faults > 0) return;
      const life = lifeOf(memory, node, conn);
      if (life === undefined || life.since >= 0) return;
      if (life.node === node) life.pinged ||= payload.nonce;
      else life.served ||= payload.nonce;
    },
    'delivered PONG'(memory, { node, conn, payload, at: now }) {
      if (!memory.isOpen || memory.faults > 0) return;
      const life = lifeOf(memory, node, conn);
      if (life === undefined || life.since >= 0) return;
      const first = life.node === node ? life.pinged : life.served;
      if (first > 0 && payload.nonce >= first) life.since = Math.max(now, settled(memory));
    },
    fault(memory, { begins, at: now }, breach) {
      judgeAll(memory, now, breach);
      memory.faults += begins ? 1 : -1;
      memory.quiet = now;
      memory.isOpen = true;
      for (const life of memory.lives.values()) Object.assign(life, { since: -1, pinged: 0, served: 0 });
    },
    intent({ lives }, { node, intent }) {
      if (intent === 'leave' || intent === 'offline') lives.delete(node);
    },
    told({ lives }, { node, error }) {
      if (APPLICATION_ERRORS[error]?.terminal) lives.delete(node);
    },
    reloaded: ({ lives }, { node }) => void lives.delete(node),
    closed: depart,
    hungUp: depart,
    crashed(memory, entry) {
      WHEREABOUTS.crashed(memory, entry);
      memory.lives.delete(entry.node);
    },
  },
  look(memory, breach, now) {
    return at(judgeAll(memory, now, breach));
  },
});

function depart(memory: Memory, entry: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  WHEREABOUTS.closed(memory, entry);
  if (memory.lives.get(entry.node)?.conn === entry.conn) memory.lives.delete(entry.node);
}

/** Whose connection that is, seen from either end. */
function lifeOf({ lives, bySession, places }: Memory, node: NodeId, conn: ConnId): Life | undefined {
  const own = lives.get(node);
  if (own !== undefined) return own.conn === conn ? own : undefined;
  const session = places.serving.get(conn);
  if (session === undefined || session.server !== node) return undefined;
  const life = bySession.get(session.number);
  return life?.generation === session.generation ? life : undefined;
}

const settled = ({ quiet, fresh }: Memory): number => (quiet < 0 ? 0 : quiet + fresh.settle);

/** Something of a stream reached its application: was it in time? And what is watched next? */
function arrive(
  memory: Memory,
  { node, stream, epoch, seq, at: now }: EntryOf<'received'> | EntryOf<'replaced'>,
  breach: Breach,
): void {
  const place = memory.places.clients.get(node)?.streams.get(stream);
  if (place === undefined || place.probe === 0 || place.epoch !== epoch || seq < place.probe) return;
  judge(memory, memory.lives.get(node), place, now, 1, breach);
  place.probe = place.head > seq ? place.head : 0;
  place.probeAt = place.headAt;
}

/** Everything that is late by now; returns when something may be so next. */
function judgeAll(memory: Memory, now: number, breach: Breach): number {
  let next = now + memory.fresh.within;
  for (const life of memory.lives.values())
    for (const place of memory.places.clients.get(life.node)?.streams.values() ?? []) {
      if (place.probe === 0) continue;
      const due = judge(memory, life, place, now, 0, breach);
      if (due > now) next = Math.min(next, due);
    }
  return next;
}

/** Until when a chunk has time; late when it is not there `by` behind that. */
function judge(
  { fresh, places, facts }: Memory,
  life: Life | undefined,
  place: Place,
  now: number,
  by: number,
  breach: Breach,
): number {
  const { session, probe, probeAt, stream } = place;
  if (life === undefined || life.since < 0 || session.conn < 0) return Number.POSITIVE_INFINITY;
  if (life.generation !== session.generation) return Number.POSITIVE_INFINITY;
  const due = Math.max(probeAt, life.since) + fresh.within;
  if (now < due + by) return due;
  breach(
    `${life.node} lacks chunk ${probe} of stream ${stream}, durable since ${formatInstant(probeAt)}, ${formatDuration(now - Math.max(probeAt, life.since))} after it could have come on its living connection ${breach.nameOf(life.conn)}; it has ${formatDuration(fresh.within)} (${standing(places, facts.contents, life.node, stream, breach)}).`,
  );
  return due;
}
