/**
 * Sometimes-claims about two connections of one client at once, while it moves from one to the other: sends on either, a server
 * that drains as well, limits of the policy that are reached beside a connection which lives.
 */
import type { Facts } from '../../../../src/facts.ts';
import type { ConnId } from '../../../../src/transport.ts';
import { claim } from '../../claim.ts';
import { isClient } from '../claims.ts';

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
