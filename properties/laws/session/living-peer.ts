/**
 * Law 18, living peer: nobody hangs up on a peer that lives, without a reason that history shows.
 *
 * `peer_silent` is a claim about the other side, so the silence is measured here: nothing of that very connection reached
 * the endpoint for the dead-peer bound that its WELCOME named. A timer that was late by more than a second says nothing of
 * the peer (PROTOCOL.md, Liveness): then there must be a PING behind the last word of the peer, and a heartbeat's time to
 * answer it in which the process did run. A dial that is given up was waited for; what a client ends by itself it ends
 * because its application left, its device went offline or moved, it was told a terminal error, or another connection
 * took over. Reasons of servers are in server-reasons.ts.
 */
import { CLOSE } from '../../../src/close-codes.ts';
import { APPLICATION_ERRORS } from '../../../src/errors.ts';
import { roleOf } from '../../../src/facts.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Facts } from '../../../src/session/facts.ts';
import { clientOf, type EntryOf } from '../../../src/session/history.ts';
import { type Duration, formatDuration, seconds } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';
import {
  newReasons,
  noteHello,
  noteMisplaced,
  noteOffer,
  noteVerified,
  REASONS,
  type Reasons,
  reasonOf,
} from './server-reasons.ts';
import { noteIssued, noteRevoked } from './tokens.ts';

/** One end of a connection: that of the client who dialled it, or of the server who accepted it. */
interface Side {
  readonly node: NodeId;
  readonly isClient: boolean;
  readonly begunAt: number;
  /** -1: not yet. */
  openedAt: number;
  welcomedAt: number;
  deadAfter: Duration;
  heartbeatInterval: Duration;
  /** When something was heard on it last. */
  heardAt: number;
  /** How long its process had run when it sent its first PING behind that; -1: it has sent none. */
  pingedRun: number;
  /** When it sent its first PING that was overdue, as a late timer does once; -1: it has sent none. */
  probedAt: number;
  /** The last DATA that it was brought, for who calls it malformed. */
  stream: number;
  seq: number;
  /** The frame that came last does not follow what came before. */
  isWrong: boolean;
}

/** A process that stands still does not run. */
interface Process {
  still: number;
  pausedAt: number;
  /** Up to which event it has a reason of its own to end connections, and the connection that was welcomed last. */
  excused: number;
  latest: ConnId;
}

interface Memory {
  readonly facts: Facts;
  readonly sides: Map<ConnId, Side>;
  readonly processes: Map<NodeId, Process>;
  readonly reasons: Reasons;
  /** What somebody has no reason for so far; one may follow within the same event. */
  doubt: { readonly node: NodeId; readonly event: number; readonly message: string } | null;
}

/** A timer that fires this late says that the process stood still. */
const LATE: Duration = seconds(1);

export const livingPeer = law<Memory>({
  name: 'living-peer',
  states:
    'nobody hangs up on a living peer: a peer that is given up as silent was silent for the dead-peer bound, and every other end has its reason',
  needs: { entries: ['opened'] },
  remember: (facts) => ({ facts, sides: new Map(), processes: new Map(), reasons: newReasons(facts), doubt: null }),
  // Another fault that begins is the latest one; only of servers it is asked when one struck.
  matters: ({ facts, reasons, ...memory }) => ({
    ...memory,
    reasons: {
      ...reasons,
      faultAt: -1,
      grantedAt: -1,
      struck: [...reasons.struck].filter(([node]) => roleOf(facts, node) === 'server'),
    },
  }),
  on: {
    ...REASONS,
    issued: ({ reasons }, entry) => noteIssued(reasons.tokens, entry),
    revoked: ({ reasons }, entry) => noteRevoked(reasons.tokens, entry),
    dialled(memory, { node, conn, at, event }, breach) {
      settle(memory, event, breach);
      if (roleOf(memory.facts, node) === 'client') memory.sides.set(conn, newSide(node, true, at));
    },
    accepted(memory, { node, conn, at }) {
      if (roleOf(memory.facts, node) !== 'server') return;
      const side = newSide(node, false, at);
      side.openedAt = at;
      memory.sides.set(conn, side);
    },
    opened({ sides }, { node, conn, at }) {
      const side = sides.get(conn);
      if (side?.node === node) side.openedAt = at;
    },
    delivered(memory, entry) {
      const side = memory.sides.get(entry.conn);
      if (side === undefined || side.node !== entry.node) return;
      side.heardAt = entry.at;
      side.pingedRun = -1;
      side.probedAt = -1;
      if (side.isClient) hear(memory, side, entry);
      else noteMisplaced(memory.reasons, entry, side.welcomedAt >= 0);
    },
    'delivered HELLO'({ reasons, sides }, entry) {
      if (sides.get(entry.conn)?.node === entry.node) noteHello(reasons, entry);
    },
    'delivered AUTH'({ reasons, sides }, entry) {
      const side = sides.get(entry.conn);
      if (side?.node === entry.node && !side.isClient) noteOffer(reasons, entry);
    },
    'sent AUTH'({ reasons, sides }, { node, conn, payload, at }) {
      const side = sides.get(conn);
      if (side?.node === node && !side.isClient) noteVerified(reasons, conn, at, payload.token);
    },
    'sent WELCOME'({ sides, reasons }, { node, conn, payload, at }) {
      const side = sides.get(conn);
      if (side?.node !== node) return;
      attach(side, payload, at);
      reasons.welcomed.set(conn, { session: payload.session, generation: payload.generation });
      noteVerified(reasons, conn, at, null);
    },
    'sent PING'(memory, { node, conn, at }) {
      const side = memory.sides.get(conn);
      if (side?.node !== node) return;
      if (side.pingedRun < 0) side.pingedRun = ranFor(memory, node, at);
      if (side.probedAt < 0 && at >= side.heardAt + side.deadAfter) side.probedAt = at;
    },
    paused(memory, { node, at, begins }) {
      const process = processOf(memory, node);
      if (begins) process.pausedAt = at;
      else if (process.pausedAt >= 0) {
        process.still += at - process.pausedAt;
        const { struck } = memory.reasons;
        if ((struck.get(node) ?? -1) >= process.pausedAt) struck.set(node, at);
        process.pausedAt = -1;
      }
    },
    intent(memory, { node, intent, event }) {
      if (intent === 'leave') excuse(memory, node, Number.POSITIVE_INFINITY);
      else if (intent === 'offline' || intent === 'moved') excuse(memory, node, event);
    },
    told(memory, { node, error, event }) {
      if (APPLICATION_ERRORS[error]?.terminal) excuse(memory, node, event);
    },
    crashed(memory, { node }) {
      for (const [conn, side] of memory.sides) if (side.node === node) forget(memory, conn);
    },
    closed(memory, { node, conn, event }, breach) {
      settle(memory, event, breach);
      if (memory.sides.get(conn)?.node === node) forget(memory, conn);
    },
    hungUp(memory, entry, breach) {
      settle(memory, entry.event, breach);
      const side = memory.sides.get(entry.conn);
      if (side?.node !== entry.node) return;
      const why = side.isClient ? flawOfClient(memory, side, entry) : flawOfServer(memory, side, entry);
      if (why !== null && processOf(memory, entry.node).excused < entry.event) {
        const message = `${entry.node} hung up on connection ${breach.nameOf(entry.conn)}${entry.code === CLOSE.abnormal ? '' : ` with ${entry.code}`} ${why}.`;
        memory.doubt ??= { node: entry.node, event: entry.event, message };
      }
      forget(memory, entry.conn);
    },
  },
  end: (memory, breach) => settle(memory, Number.POSITIVE_INFINITY, breach),
});

/** A client is brought something: its connection is welcomed, or a piece of a stream comes. */
function hear(memory: Memory, side: Side, { node, conn, at, payload }: EntryOf<'delivered'>): void {
  if (payload.type === 'DATA') {
    // The first of a stream, or of one among others, may not fit to what its client has.
    side.isWrong = payload.stream !== side.stream || payload.seq !== side.seq + 1;
    side.stream = payload.stream;
    side.seq = payload.seq;
    return;
  }
  // What says where a stream goes on may not fit to what its client has.
  side.isWrong = payload.type === 'RESET' || payload.type === 'REPLAY_END';
  if (payload.type !== 'WELCOME') return;
  attach(side, payload, at);
  processOf(memory, node).latest = conn;
}

function attach(side: Side, welcome: Pick<Side, 'deadAfter' | 'heartbeatInterval'>, now: number): void {
  side.welcomedAt = now;
  side.deadAfter = welcome.deadAfter;
  side.heartbeatInterval = welcome.heartbeatInterval;
}

/** What a client has no reason for; null when it has one. */
function flawOfClient(memory: Memory, side: Side, { node, conn, code, at }: EntryOf<'hungUp'>): string | null {
  const { latest } = processOf(memory, node);
  // It was relieved by another one.
  if (side.welcomedAt >= 0 && latest !== conn) return null;
  if (code === CLOSE.protocolError)
    return side.isWrong ? null : 'as malformed, although everything that it brought was in its place';
  if (code !== CLOSE.abnormal) return 'although its application had not left, and no other connection was welcomed';
  const limits = memory.facts.clients.find((client) => client.node === clientOf(node));
  if (limits === undefined) return null;
  if (side.openedAt < 0) return tooSoon(at - side.begunAt, limits.connectTimeout, 'its dial was under way');
  if (side.welcomedAt < 0) return tooSoon(at - side.openedAt, limits.helloTimeout, 'it was open');
  return flawOfSilence(memory, side, at);
}

function flawOfServer(memory: Memory, side: Side, entry: EntryOf<'hungUp'>): string | null {
  const { reasons, facts } = memory;
  if (entry.code !== CLOSE.abnormal) return reasonOf(reasons, facts, entry);
  if (side.welcomedAt >= 0) return flawOfSilence(memory, side, entry.at);
  return tooSoon(entry.at - side.openedAt, facts.server.helloTimeout, 'it was open');
}

const tooSoon = (waited: number, bound: number, what: string): string | null =>
  waited >= bound
    ? null
    : `when ${what} for ${formatDuration(waited)}; it waits for ${formatDuration(bound)} before it gives up`;

/** Whether the peer was silent for long enough, and had its chance where a timer was late. */
function flawOfSilence(memory: Memory, side: Side, now: number): string | null {
  const { heardAt, welcomedAt, deadAfter, heartbeatInterval, pingedRun, probedAt } = side;
  const since = Math.max(heardAt, welcomedAt);
  const silent = now - heardAt;
  if (silent < deadAfter)
    return `as silent, although it had heard something on it ${formatDuration(silent)} earlier; it counts as dead after ${formatDuration(deadAfter)}`;
  if (now <= since + deadAfter + LATE) return null;
  if (probedAt >= 0 && now >= probedAt + heartbeatInterval) return null;
  const answered = pingedRun < 0 ? -1 : ranFor(memory, side.node, now) - pingedRun;
  if (answered >= heartbeatInterval) return null;
  return `as silent ${formatDuration(now - since - deadAfter)} later than it was due, which says that its timer was late, ${answered < 0 ? 'and had sent no PING' : `and had left its PING ${formatDuration(answered)} for an answer`}; a late one probes, and waits ${formatDuration(heartbeatInterval)}`;
}

/** How long a process has run. */
function ranFor(memory: Memory, node: NodeId, now: number): number {
  const { still, pausedAt } = processOf(memory, node);
  return (pausedAt >= 0 ? pausedAt : now) - still;
}

/** It ends connections until this event is over for a reason. */
function excuse(memory: Memory, node: NodeId, event: number): void {
  const process = processOf(memory, node);
  process.excused = Math.max(process.excused, event);
  if (memory.doubt?.node === node && memory.doubt.event === event) memory.doubt = null;
}

/** A reason that did not come within its event never comes. */
function settle(memory: Memory, now: number, breach: Breach): void {
  const { doubt } = memory;
  if (doubt === null || doubt.event >= now) return;
  memory.doubt = null;
  breach(doubt.message);
}

function forget({ sides, reasons }: Memory, conn: ConnId): void {
  sides.delete(conn);
  reasons.asked.delete(conn);
  reasons.welcomed.delete(conn);
  reasons.unanswered.delete(conn);
  reasons.misplaced.delete(conn);
}

function processOf({ processes }: Memory, node: NodeId): Process {
  let process = processes.get(node);
  if (process === undefined) {
    process = { still: 0, pausedAt: -1, excused: -1, latest: -1 };
    processes.set(node, process);
  }
  return process;
}

const newSide = (node: NodeId, isClient: boolean, now: number): Side => ({
  node,
  isClient,
  begunAt: now,
  openedAt: -1,
  welcomedAt: -1,
  deadAfter: seconds(0),
  heartbeatInterval: seconds(0),
  heardAt: now,
  pingedRun: -1,
  probedAt: -1,
  stream: -1,
  seq: 0,
  isWrong: false,
});
