/**
 * Whether a session had to end: how long it was without its client, as an outside witness knows it.
 *
 * A session that nobody serves waits for its time to live, and then it is gone; whoever comes later starts clean and is
 * told so (PROTOCOL.md). That is the right outcome if something kept the client away for so long, and a broken promise if
 * nothing did. So an expiry is *due* when the last sign of life (a claim that was granted, or the end of the connection
 * that its server welcomed) is at least the time to live old, and the client did not have, within that time and after the
 * last fault, as long as it takes to come back.
 */
import type { NodeId } from '../../../src/machine.ts';
import type { AbsenceFacts } from '../../../src/session/facts.ts';
import type { EntryAbout, EntryOf } from '../../../src/session/history.ts';
import type { ConnId } from '../../../src/transport.ts';

interface Session {
  readonly number: number;
  server: NodeId;
  generation: number;
  /** The connection on which its server serves it, or -1. */
  conn: ConnId;
  /** The last sign of life, once nobody serves it. */
  aloneSince: number;
  /** When it ended, or -1. */
  endedAt: number;
}

export interface Absences {
  readonly facts: AbsenceFacts;
  readonly sessions: Map<number, Session>;
  /** Sessions by the connection that serves them. */
  readonly serving: Map<ConnId, Session>;
  /** The session of each client. */
  readonly clients: Map<NodeId, number>;
}

export const newAbsences = (facts: AbsenceFacts): Absences => ({
  facts,
  sessions: new Map(),
  serving: new Map(),
  clients: new Map(),
});

export function noteOwner(absences: Absences, { session, generation, server, at }: EntryOf<'owned'>): void {
  const known = absences.sessions.get(session);
  if (server === '') {
    if (known !== undefined) known.endedAt = at;
    return;
  }
  const next = { number: session, server, generation, conn: -1, aloneSince: at, endedAt: -1 };
  if (known === undefined) absences.sessions.set(session, next);
  else Object.assign(known, next);
}

/** A backup says what the session was: nobody's, from here on. */
export function noteRewound({ sessions }: Absences, { session, generation, at }: EntryOf<'rewound'>): void {
  sessions.set(session, { number: session, server: '', generation, conn: -1, aloneSince: at, endedAt: -1 });
}

/** The server of the newest generation welcomes; what passes a WELCOME on welcomes nobody. */
export function noteWelcome(
  { sessions, serving }: Absences,
  { node, conn, payload }: EntryAbout<'sent WELCOME'>,
): void {
  const session = sessions.get(payload.session);
  if (session === undefined || session.server !== node || session.generation !== payload.generation) return;
  session.conn = conn;
  serving.set(conn, session);
}

export function noteEnd({ serving }: Absences, { node, conn, at }: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  const session = serving.get(conn);
  if (session === undefined || session.server !== node) return;
  serving.delete(conn);
  if (session.conn === conn) leave(session, at);
}

export function noteCrash({ sessions }: Absences, { node, at }: EntryOf<'crashed'>): void {
  for (const session of sessions.values()) if (session.server === node && session.conn >= 0) leave(session, at);
}

function leave(session: Session, now: number): void {
  session.conn = -1;
  session.aloneSince = now;
}

/** The client was given a session. */
export function noteSession({ clients }: Absences, { node, session }: EntryOf<'restored'>): void {
  clients.set(node, session);
}

/** Whether the session of that client had to end; `healed` is when the last fault was over, -1 while there may be one. */
export function wasDue({ facts, sessions, clients }: Absences, client: NodeId, healed: number): boolean {
  const session = sessions.get(clients.get(client) ?? -1);
  if (session === undefined || session.endedAt < 0 || session.conn >= 0) return false;
  const { aloneSince, endedAt } = session;
  if (endedAt - aloneSince < facts.sessionTtl) return false;
  return healed < 0 || endedAt - Math.max(healed, aloneSince) < facts.backWithin;
}
