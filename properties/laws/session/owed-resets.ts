/**
 * Law 19, owed resets: an application loses its place only where the protocol says so.
 *
 * RESET is owed where the cursor cannot be served, and nowhere else: `window_exceeded` where what follows it has left the
 * replay window, and a cursor at exactly one before the oldest is still inside; `epoch_changed` where the client was in
 * another epoch; `ahead_of_log` where it has more than is durable; `unknown_session`, and WELCOME with `resumed: false`,
 * where the session that it named has ended. How far the window has moved is derived here from what became durable, and
 * never more is granted than that: a server may keep more, but needs a reason to say that it did not.
 *
 * Judged at the server that owns the session. What a store made durable when it died nobody was told, so from then on the
 * log may reach as far as its agents had come.
 */
import type { Chunk } from '../../../src/content.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { WindowFacts } from '../../../src/session/facts.ts';
import type { EntryAbout, EntryOf } from '../../../src/session/history.ts';
import type { Hello, Reset } from '../../../src/session/wire/frames.ts';
import { formatDuration } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';

/** The log of a stream in its newest epoch, as far as a witness knows it. */
interface Log {
  epoch: number;
  content: number;
  /** The last chunk that became durable, and the last that an agent made. */
  head: number;
  produced: number;
  /** When each chunk was made durable, or made. */
  readonly times: number[];
  /** A store died since: chunks may be durable that nobody was told of. */
  isUnsure: boolean;
  /** Where the window begins, at the latest. */
  oldest: number;
}

interface Session {
  readonly number: number;
  server: NodeId;
  generation: number;
  /** It has ended, or is what a backup made of it: whoever knows more of it than that is told that it is gone. */
  ended: boolean;
  readonly logs: Few<number, Log>;
}

/** A connection at a server. */
interface Conn {
  readonly hello: Hello;
  session: Session | null;
  /** Of each stream: the epoch that it serves, and the last number that was sent. */
  readonly streams: Few<number, { epoch: number; sent: number }>;
  /** The one that was sent last. */
  last: { readonly stream: number; readonly place: { epoch: number; sent: number } } | null;
  /** Epochs that the client's ACKs named. */
  readonly acked: Few<number, number>;
}

interface Memory {
  readonly window: WindowFacts;
  readonly contents: readonly (readonly Chunk[])[];
  readonly sessions: Map<number, Session>;
  readonly conns: Map<ConnId, Conn>;
  last: { readonly session: number; readonly stream: number; readonly log: Log } | null;
}

export const owedResets = law<Memory>({
  name: 'owed-resets',
  states:
    'a stream is reset, or a session begun anew, only where its cursor is outside of what must be kept: window, epoch, log, or a session that has ended',
  needs: { entries: ['restored'] },
  remember: ({ window, contents }) => ({ window, contents, sessions: new Map(), conns: new Map(), last: null }),
  on: {
    owned({ sessions }, { session: number, generation, server }) {
      const session = sessions.get(number);
      const ended = server === '';
      if (session === undefined) sessions.set(number, { number, server, generation, ended, logs: new Few() });
      else Object.assign(session, { generation, ended }, ended ? {} : { server });
    },
    rewound({ sessions }, { session: number, generation }) {
      const session = sessions.get(number);
      if (session !== undefined) Object.assign(session, { generation, ended: true });
    },
    produced(memory, entry) {
      const log = logOf(memory, entry);
      if (log === null || entry.seq <= log.produced) return;
      log.produced = entry.seq;
      if (log.isUnsure) log.times[entry.seq - 1] ??= entry.at;
    },
    durable(memory, entry) {
      const log = logOf(memory, entry);
      if (log === null) return;
      log.content = entry.chunk.content;
      if (entry.seq > log.head) log.head = entry.seq;
      log.times[entry.seq - 1] ??= entry.at;
    },
    crashed({ sessions }, { node, at }) {
      // Servers and clients keep no log; whoever else dies may be the store.
      for (const { server, logs } of sessions.values()) {
        if (server === node) continue;
        for (const log of logs.values()) {
          log.isUnsure = true;
          for (let seq = log.head; seq < log.produced; seq++) log.times[seq] ??= at;
        }
      }
    },
    'delivered HELLO'({ conns }, { conn, payload }) {
      conns.set(conn, { hello: payload, session: null, streams: new Few(), last: null, acked: new Few() });
    },
    'sent WELCOME': welcome,
    'sent DATA'({ conns }, { conn, payload: { stream, epoch, seq } }) {
      const each = conns.get(conn);
      if (each === undefined) return;
      let { last } = each;
      if (last === null || last.stream !== stream) {
        const place = each.streams.get(stream) ?? { epoch, sent: seq };
        each.streams.set(stream, place);
        last = { stream, place };
        each.last = last;
      }
      last.place.epoch = epoch;
      last.place.sent = seq;
    },
    'sent SNAPSHOT'({ conns }, { conn, payload: { stream, epoch, seq, last } }) {
      const each = conns.get(conn);
      if (!last || each === undefined) return;
      each.streams.set(stream, { epoch, sent: seq });
      each.last = null;
    },
    'delivered ACK'({ conns }, { conn, payload: { stream, epoch } }) {
      conns.get(conn)?.acked.set(stream, epoch);
    },
    'sent RESET': reset,
    closed: ({ conns }, { conn }) => void conns.delete(conn),
    hungUp: ({ conns }, { conn }) => void conns.delete(conn),
  },
});

function welcome(memory: Memory, { node, conn: id, payload }: EntryAbout<'sent WELCOME'>, breach: Breach): void {
  const conn = memory.conns.get(id);
  const session = memory.sessions.get(payload.session);
  // What passes it on decides nothing.
  if (conn === undefined || session === undefined || session.server !== node) return;
  conn.session = session;
  const asked = conn.hello.resume;
  if (payload.resumed || asked === null) return;
  const named = memory.sessions.get(asked.session);
  if (named !== undefined && !named.ended)
    breach(
      `${node} began session ${payload.session} for ${conn.hello.client} on connection ${breach.nameOf(id)}, although session ${asked.session}, which it had named, had not ended.`,
    );
}

function reset(memory: Memory, { node, conn: id, payload, at }: EntryAbout<'sent RESET'>, breach: Breach): void {
  const conn = memory.conns.get(id);
  const session = conn?.session;
  if (conn === undefined || session === null || session === undefined || session.server !== node) return;
  if (payload.stream === 0) return;
  const { stream, epoch, reason } = payload;
  const why = flawOf(memory, conn, session, payload, at);
  if (why !== null)
    breach(
      `${node} reset stream ${stream} for ${conn.hello.client} on connection ${breach.nameOf(id)} as ${reason}, although ${why}.`,
    );
  conn.streams.set(stream, { epoch, sent: payload.held });
  conn.last = null;
}

/** Why a RESET was not owed; null for one that was. */
function flawOf(memory: Memory, conn: Conn, session: Session, frame: Reset, now: number): string | null {
  const { stream, epoch, reason, oldestSeq } = frame;
  const named = conn.hello.resume?.streams.find((each) => each.stream === stream);
  const served = conn.streams.get(stream);
  const log = session.logs.get(stream);
  switch (reason) {
    case 'window_exceeded': {
      const seq = served?.epoch === epoch ? served.sent : (named?.lastSeq ?? 0);
      const stands = served?.epoch === epoch ? 'it had been sent' : 'it had';
      if (seq + 1 >= oldestSeq)
        return `${stands} everything up to seq ${seq}, and seq ${oldestSeq} was the oldest that can be replayed`;
      const oldest = log?.epoch === epoch ? oldestIn(memory, log, now) : 1;
      return seq + 1 < oldest
        ? null
        : `${stands} everything up to seq ${seq}, and the replay window reaches back to seq ${oldest}${windowInWords(memory.window)}`;
    }
    case 'epoch_changed':
      if (served !== undefined) return served.epoch === epoch && !isBehind(conn, stream, epoch) ? SAME_EPOCH : null;
      return named === undefined || named.epoch !== epoch ? null : SAME_EPOCH;
    case 'ahead_of_log': {
      const head = Math.max(log?.epoch === epoch ? log.head : 0, 0);
      const seq = named?.lastSeq ?? 0;
      return seq > head ? null : `it had everything up to seq ${seq}, and seq ${head} is durable`;
    }
    default:
      return null;
  }
}

const SAME_EPOCH = 'its client was in that very epoch';

/** Whether an ACK named an older epoch than the one that this connection serves. */
const isBehind = ({ acked }: Conn, stream: number, epoch: number): boolean => (acked.get(stream) ?? epoch) < epoch;

/**
 * Where the window begins at the latest: the first chunk that is within its count, bytes and age of the head. It only moves
 * on, so what was found once is where the next search begins.
 */
function oldestIn({ window, contents }: Memory, log: Log, now: number): number {
  const chunks = contents[log.content] ?? [];
  const head = log.isUnsure ? log.produced : log.head;
  const end = chunks[head - 1]?.end ?? 0;
  for (; log.oldest < head; log.oldest++) {
    const { oldest } = log;
    const bytes = end - (chunks[oldest - 1]?.start ?? 0);
    const age = now - (log.times[oldest - 1] ?? 0);
    if (head - oldest + 1 <= window.count && bytes <= window.bytes && age <= window.age) break;
  }
  return log.oldest;
}

const windowInWords = ({ count, bytes, age }: WindowFacts): string =>
  ` (${count} chunks, ${bytes} bytes, ${formatDuration(age)})`;

/** The log that an entry is about, in its epoch; null for one of an older epoch. */
function logOf(memory: Memory, entry: EntryOf<'produced'> | EntryOf<'durable'>): Log | null {
  const { session: number, stream, epoch } = entry;
  const { last } = memory;
  let log = last !== null && last.session === number && last.stream === stream ? last.log : null;
  if (log === null) {
    const session = memory.sessions.get(number);
    if (session === undefined) return null;
    log = session.logs.get(stream) ?? newLog(epoch);
    session.logs.set(stream, log);
    memory.last = { session: number, stream, log };
  }
  if (epoch > log.epoch) {
    Object.assign(log, newLog(epoch));
    log.times.length = 0;
  }
  return epoch < log.epoch ? null : log;
}

const newLog = (epoch: number): Log => ({
  epoch,
  content: -1,
  head: 0,
  produced: 0,
  times: [],
  isUnsure: false,
  oldest: 1,
});
