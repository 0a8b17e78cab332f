/**
 * Law 21, kept sessions: a session that somebody serves does not run out, and one that nobody serves lives as long as was
 * promised.
 *
 * A session ends in three ways. Its client said goodbye (1000 on the connection that serves it); its client opened another
 * one; or nobody served it for its whole time to live, counted from the last sign of life: a claim that was granted, or the
 * end of the connection that its server had welcomed. Whoever ends it earlier takes a conversation from somebody who is
 * here, or on the way back. What goes with the disk of a store that dies, goes with it.
 */
import { CLOSE } from '../../../src/close-codes.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import { type Duration, formatDuration } from '../../../src/time.ts';
import { type Absences, newAbsences, noteCrash, noteEnd, noteOwner, noteRewound, noteWelcome } from './absence.ts';
import { type Breach, law } from './law.ts';

interface Memory {
  readonly ttl: Duration;
  readonly absences: Absences;
  /** Sessions whose client said goodbye. */
  readonly released: Set<number>;
  /** An end that has no reason so far: a new session of the same client may follow in the same event. */
  doubt: { readonly client: NodeId; readonly event: number; readonly message: string } | null;
  /** The last event in which somebody died, and who is dead: a store that is may come back on the disk of another day. */
  diedDuring: number;
  readonly dead: Set<NodeId>;
}

export const keptSessions = law<Memory>({
  name: 'kept-sessions',
  states: 'a session with a living connection does not expire, and one without lives for its whole time to live',
  needs: { entries: ['owned'] },
  remember: ({ absence }) => ({
    ttl: absence.sessionTtl,
    absences: newAbsences(absence),
    released: new Set(),
    doubt: null,
    diedDuring: -1,
    dead: new Set(),
  }),
  on: {
    owned(memory, entry, breach) {
      settle(memory, entry.event, breach);
      const { session, client, server } = entry;
      if (server !== '') {
        if (memory.doubt?.client === client) memory.doubt = null;
      } else if (!memory.released.has(session) && memory.diedDuring !== entry.event && !memory.dead.has(entry.node))
        judgeEnd(memory, entry, breach);
      noteOwner(memory.absences, entry);
    },
    'sent WELCOME': ({ absences }, entry) => noteWelcome(absences, entry),
    closed(memory, entry) {
      const session = memory.absences.serving.get(entry.conn);
      if (entry.code === CLOSE.normal && session?.server === entry.node) memory.released.add(session.number);
      noteEnd(memory.absences, entry);
    },
    hungUp: ({ absences }, entry) => noteEnd(absences, entry),
    rewound: ({ absences }, entry) => noteRewound(absences, entry),
    crashed(memory, entry) {
      memory.diedDuring = entry.event;
      memory.dead.add(entry.node);
      if (memory.doubt?.event === entry.event) memory.doubt = null;
      noteCrash(memory.absences, entry);
    },
    restarted: ({ dead }, { node }) => void dead.delete(node),
  },
  end: (memory, breach) => settle(memory, Number.POSITIVE_INFINITY, breach),
});

function judgeEnd(memory: Memory, { session: number, client, at, event }: EntryOf<'owned'>, breach: Breach): void {
  const session = memory.absences.sessions.get(number);
  if (session === undefined || session.endedAt >= 0) return;
  const { conn, server, aloneSince } = session;
  const alone = at - aloneSince;
  if (conn < 0 && alone >= memory.ttl) return;
  const why =
    conn >= 0
      ? `while ${server} served it on connection ${breach.nameOf(conn)}`
      : `${formatDuration(alone)} after its last sign of life; it has ${formatDuration(memory.ttl)} to live`;
  memory.doubt = { client, event, message: `Session ${number} of ${client} ended ${why}.` };
}

/** No other session began: it was neither left nor replaced. */
function settle(memory: Memory, now: number, breach: Breach): void {
  const { doubt } = memory;
  if (doubt === null || doubt.event >= now) return;
  memory.doubt = null;
  breach(doubt.message);
}
