/**
 * Why a server may close a connection, as an outside witness knows it, for the law of living peers: each close code has
 * something in history that leads to it (PROTOCOL.md, Closing and Tokens).
 *
 * What a fault of the plan does to a server while it lasts is its reason for anything (it drains, is overloaded, speaks
 * other versions); what it does to the services behind it can be felt for as long as their requests are repeated.
 */
import { CLOSE } from '../../../src/close-codes.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Facts } from '../../../src/session/facts.ts';
import { clientOf, type EntryAbout, type EntryOf, type Handlers } from '../../../src/session/history.ts';
import type { Hello, Token } from '../../../src/session/wire/frames.ts';
import { LIMITS } from '../../../src/session/wire/limits.ts';
import { formatDuration } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import type { Breach } from './law.ts';
import { newTokens, noteClock, type Tokens } from './tokens.ts';

/** What a connection at a server stands on: its HELLO, and its tokens. */
export interface Asked {
  readonly hello: Hello;
  token: Token;
  /** When the token came, and how long the server took to have it verified; -1: it has not yet. */
  at: number;
  verifiedIn: number;
  /** A renewal that was not accepted yet. */
  offer: { readonly token: Token; readonly at: number } | null;
}

export interface Reasons {
  readonly tokens: Tokens;
  /** What was asked for on each connection at a server. */
  readonly asked: Map<ConnId, Asked>;
  readonly welcomed: Map<ConnId, { readonly session: number; readonly generation: number }>;
  readonly sessions: Map<number, { generation: number; client: NodeId; ended: boolean }>;
  /** The newest dial of each client that said HELLO, its processes that did, and how many of its sessions have ended. */
  readonly dials: Map<NodeId, { newest: number; readonly processes: Few<NodeId, true> }>;
  readonly endings: Map<NodeId, number>;
  /** Faults that are active, by target; how many there are in all, and when there was one last (-1: never). */
  readonly faults: Map<NodeId, number>;
  active: number;
  faultAt: number;
  /** When something was done to it last, or was over: what it was told while it stood still, it does when it goes on. */
  readonly struck: Map<NodeId, number>;
  /** When the store first granted a claim after the last fault, or -1: what a slow disk had to do lies before that. */
  grantedAt: number;
  /** SENDs that were not answered on each connection, and their bytes. */
  readonly unanswered: Map<ConnId, { count: number; bytes: number; most: number }>;
  /** What came last out of its place, by connection: the event in which it came. */
  readonly misplaced: Map<ConnId, number>;
}

export const newReasons = ({ tokenLeeway }: Facts): Reasons => ({
  tokens: newTokens(tokenLeeway),
  asked: new Map(),
  welcomed: new Map(),
  sessions: new Map(),
  dials: new Map(),
  endings: new Map(),
  faults: new Map(),
  active: 0,
  faultAt: -1,
  struck: new Map(),
  grantedAt: -1,
  unanswered: new Map(),
  misplaced: new Map(),
});

/** What a law of reasons looks at besides tokens and connections. */
export const REASONS = {
  clock: ({ reasons }, entry) => noteClock(reasons.tokens, entry),
  restarted: ({ reasons }, { node, at }) => noteClock(reasons.tokens, { node, at, ahead: 0 }),
  fault({ reasons }, { node, at, begins }) {
    const there = (reasons.faults.get(node) ?? 0) + (begins ? 1 : -1);
    // Of the token service it is remembered that there ever was one.
    if (there === 0 && node !== reasons.tokens.service) reasons.faults.delete(node);
    else reasons.faults.set(node, there);
    reasons.active += begins ? 1 : -1;
    reasons.faultAt = at;
    reasons.struck.set(node, at);
    reasons.grantedAt = -1;
  },
  owned({ reasons }, { session, generation, client, server, at }) {
    if (reasons.grantedAt < 0) reasons.grantedAt = at;
    const known = reasons.sessions.get(session);
    const ended = server === '';
    if (known === undefined) reasons.sessions.set(session, { generation, client, ended });
    else Object.assign(known, { generation, ended });
    if (ended) reasons.endings.set(client, (reasons.endings.get(client) ?? 0) + 1);
  },
  rewound({ reasons }, { session, generation }) {
    const known = reasons.sessions.get(session);
    if (known !== undefined) Object.assign(known, { generation, ended: false });
  },
  'sent HELLO'({ reasons }, { node, payload: { client, dial } }) {
    if (clientOf(node) !== client) return;
    const dials = reasons.dials.get(client);
    if (dials === undefined)
      reasons.dials.set(client, { newest: dial, processes: new Few<NodeId, true>().set(node, true) });
    else {
      dials.newest = Math.max(dials.newest, dial);
      dials.processes.set(node, true);
    }
  },
  'delivered SEND'({ reasons }, { conn, payload: { bytes } }) {
    let unanswered = reasons.unanswered.get(conn);
    if (unanswered === undefined) {
      unanswered = { count: 0, bytes: 0, most: 0 };
      reasons.unanswered.set(conn, unanswered);
    }
    unanswered.count++;
    unanswered.bytes += bytes;
    unanswered.most = bytes;
  },
  'sent SEND_ACK'({ reasons }, { conn }) {
    const unanswered = reasons.unanswered.get(conn);
    if (unanswered !== undefined && unanswered.count > 0) unanswered.count--;
  },
} as const satisfies Handlers<{ readonly reasons: Reasons }, Breach>;

/** A token is shown with HELLO, or offered with AUTH; and a server is done with verifying it. */
export function noteHello({ asked }: Reasons, { conn, payload, at }: EntryAbout<'delivered HELLO'>): void {
  if (!asked.has(conn)) asked.set(conn, { hello: payload, token: payload.token, at, verifiedIn: -1, offer: null });
}

export function noteOffer({ asked }: Reasons, { conn, payload, at }: EntryAbout<'delivered AUTH'>): void {
  const known = asked.get(conn);
  if (known !== undefined) known.offer = { token: payload.token, at };
}

export function noteVerified({ asked }: Reasons, conn: ConnId, now: number, accepted: Token | null): void {
  const known = asked.get(conn);
  if (known === undefined) return;
  if (accepted === null) known.verifiedIn = now - known.at;
  else {
    const at = known.offer?.token.serial === accepted.serial ? known.offer.at : known.at;
    Object.assign(known, { token: accepted, at, verifiedIn: now - at });
  }
}

/** What a client may say once it was welcomed. */
const OF_CLIENTS = new Set<string>(['ACK', 'HELD', 'SEND', 'PING', 'PONG', 'AUTH']);

/** A frame came to a server; it is out of its place before WELCOME, but for one HELLO, and if only servers say it. */
export function noteMisplaced(
  { asked, misplaced }: Reasons,
  { conn, payload: { type }, event }: EntryOf<'delivered'>,
  isWelcomed: boolean,
): void {
  const isRight = isWelcomed ? OF_CLIENTS.has(type) : type === 'HELLO' && !asked.has(conn);
  if (!isRight) misplaced.set(conn, event);
}

/** What a server has no reason for when it closes with that code; null when it has one. */
export function reasonOf(reasons: Reasons, facts: Facts, entry: EntryOf<'hungUp'>): string | null {
  const { node, conn, code } = entry;
  if ((reasons.faults.get(node) ?? 0) > 0 || reasons.struck.get(node) === entry.at) return null;
  const asked = reasons.asked.get(conn);
  switch (code) {
    case CLOSE.takenOver:
      return isTakenOver(reasons, conn) ? null : 'although nobody had taken its session over';
    case CLOSE.unauthorized:
      return isUnauthorized(reasons, conn) ? null : 'although its token and its session were its own';
    case CLOSE.tokenExpired:
      return asked === undefined ? null : flawOfExpiry(reasons, asked, entry);
    case CLOSE.tryAgainLater:
      return flawOfUnavailable(reasons, facts, entry);
    case CLOSE.protocolError:
      return reasons.misplaced.get(conn) === entry.event
        ? null
        : 'although everything that it brought was in its place';
    case CLOSE.policyViolation: {
      const { count, bytes } = reasons.unanswered.get(conn) ?? { count: 0, bytes: 0 };
      if (count > LIMITS.sends || bytes > LIMITS.sendsBytes) return null;
      return `although only ${count} of the ${LIMITS.sends} sends that may be unanswered were so`;
    }
    case CLOSE.messageTooBig:
      return (reasons.unanswered.get(conn)?.most ?? 0) > LIMITS.sendBytes ? null : 'although no send was too big';
    // What a backup did not have is lost, and its connection with it.
    case CLOSE.serviceRestart:
      return reasons.welcomed.has(conn) && isTakenOver(reasons, conn) ? null : NOTHING_WRONG;
    default:
      return NOTHING_WRONG;
  }
}

const NOTHING_WRONG = 'although nothing was wrong with it: no drain, no overload, no fault of its own';

/** Another connection has the session, or another session the client; a claim that was not granted had a rival. */
function isTakenOver({ asked, welcomed, sessions, dials, endings }: Reasons, conn: ConnId): boolean {
  const at = welcomed.get(conn);
  const { client, dial } = asked.get(conn)?.hello ?? { client: '', dial: 0 };
  const known = dials.get(client);
  if (at === undefined)
    return known === undefined || known.newest > dial || known.processes.size > 1 || (endings.get(client) ?? 0) > 0;
  const session = sessions.get(at.session);
  return session === undefined || session.ended || session.generation > at.generation;
}

/** The token was never given out, was taken back, or speaks for somebody else; or the session is somebody else's. */
function isUnauthorized({ asked, tokens, sessions }: Reasons, conn: ConnId): boolean {
  const request = asked.get(conn);
  if (request === undefined) return true;
  const { token, hello } = request;
  const genuine = tokens.issued.get(token.serial);
  if (genuine === undefined || genuine.signature !== token.signature || genuine.expiresAt !== token.expiresAt)
    return true;
  if (token.subject !== hello.client) return true;
  if ((tokens.revoked.get(token.subject) ?? []).some(({ serial }) => token.serial <= serial)) return true;
  const session = sessions.get(hello.resume?.session ?? 0);
  return session !== undefined && session.client !== hello.client;
}

/**
 * A token is over when a clock says so: that of the service when it was verified, or that of the host; on the host's steady
 * clock its life counts from when it asked, so that it ends earlier by as long as the answer took (PROTOCOL.md, Tokens). A
 * service that something was done to may grant shorter lives than it had named.
 */
function flawOfExpiry({ tokens, faults }: Reasons, asked: Asked, { node, at }: EntryOf<'hungUp'>): string | null {
  if (faults.has(tokens.service)) return null;
  const { token, verifiedIn, offer } = asked;
  const ahead = Math.max(mostAhead(tokens, tokens.service), mostAhead(tokens, node));
  const took = verifiedIn < 0 ? at - asked.at : verifiedIn;
  if (at + ahead + took >= token.expiresAt) return null;
  if (offer !== null && at + ahead + (at - offer.at) >= offer.token.expiresAt) return null;
  return `although its token had ${formatDuration(token.expiresAt - at)} to live${ahead === 0 ? '' : `, and no clock was further ahead than ${formatDuration(ahead)}`}`;
}

const mostAhead = ({ clocks }: Tokens, node: NodeId): number =>
  (clocks.get(node) ?? []).reduce((most, { ahead }) => Math.max(most, ahead), 0);

function flawOfUnavailable(reasons: Reasons, facts: Facts, { node, at }: EntryOf<'hungUp'>): string | null {
  const { active, faultAt, grantedAt } = reasons;
  if (facts.admits.some((server) => server.node === node)) return null;
  if (active > 0) return null;
  // A service that was in trouble may have work left of that time, until it is seen to answer.
  if (faultAt >= 0 && (grantedAt < 0 || at - grantedAt <= facts.server.callsWithin)) return null;
  const quiet = at - Math.max(0, faultAt);
  return `although it admits everybody, and nothing had been wrong with anybody for ${formatDuration(quiet)}`;
}
