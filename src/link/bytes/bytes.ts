/**
 * Raw bytes on a socket: what HTTP responses, server-sent events or a protocol of one's own stand on.
 *
 * The dialler's connection is open when TCP's handshake is done, and the acceptor's when it hears of it: its kernel took it
 * already. A write arrives with the last of its bytes; one of real bytes that is longer than a pair of segments arrives in such
 * pairs, as they come, so that an end or a cut finds half of it there. Each end ends its own stream, by `close`: the other is
 * told when all that was written before has arrived (`ended`), and may go on, since who has ended its stream still reads. When
 * both have, both are told that it is over. The end of a process looks like `close` from afar, whatever was missing: TCP cannot
 * tell, so a protocol on it says how long its answers are. But nobody reads there, and what is sent to it is answered by a reset.
 */
import { type Instant, latest, NEVER } from '../../time.ts';
import type { Handshake, TransportEvent } from '../../transport.ts';
import { endOf, gone } from '../ended.ts';
import { drained, type Layer } from '../layer.ts';
import { leave, reset } from '../tcp/ending.ts';
import { PART, write, writeParts } from '../tcp/lane.ts';
import { accept, type Turn } from '../tcp/socket.ts';
import { type Conn, type Item, newItem } from '../tcp/state.ts';
import { type End, opposite } from '../vocabulary.ts';

/** What is kept of a connection. */
interface Streams {
  readonly asks: Handshake;
  /** Whether each end has ended its stream. */
  readonly ended: [boolean, boolean];
  /** When each end hears that the other has; NEVER while that is not known. */
  readonly hears: [Instant, Instant];
}

const streamsOf = ({ own }: Conn): Streams => own as Streams;

export const bytes: Layer = {
  begin: ({ url }): Streams => ({
    asks: url === undefined ? { over: 'bytes' } : { over: 'bytes', url },
    ended: [false, false],
    hears: [NEVER, NEVER],
  }),

  greet({ effects }, { id }, at) {
    effects.push({ type: 'arrive', end: 0, at, event: { type: 'opened', conn: id } });
    return newItem('hello', 0);
  },

  send(turn, conn, { end, payload, bytes }) {
    const why = closedFor(conn, end);
    if (why !== null) this.lost(turn, conn.id, end, newItem('bytes', bytes, payload), why);
    else if (payload instanceof Uint8Array && bytes > PART && payload.length === bytes)
      writeParts(turn, conn, end, partsOf(payload));
    else write(turn, conn, end, newItem('bytes', bytes, payload));
  },

  answer(turn, conn, { type, end }) {
    if (type === 'refuse') reset(turn, conn, end);
  },

  read(turn, conn, from, { kind, payload, whole }, at) {
    const { effects, state } = turn;
    const { id } = conn;
    const to = opposite(from);
    switch (kind) {
      case 'bytes':
        effects.push({ type: 'arrive', end: to, at, event: { type: 'frame', conn: id, payload, bytes: whole } });
        return;
      case 'hello': {
        accept(conn);
        const event = { type: 'incoming', conn: id, from: state.config.ends[0], ...streamsOf(conn).asks } as const;
        effects.push({ type: 'arrive', end: to, at, event: event satisfies TransportEvent });
        return;
      }
      case 'end':
        this.finished(turn, conn, to, at);
    }
  },

  control() {},

  close(turn, conn, { end }) {
    const { ended, hears } = streamsOf(conn);
    if (conn.phase === 'syn') reset(turn, conn, end);
    else if (!ended[end]) {
      ended[end] = true;
      if (hears[end] !== NEVER) over(turn, conn, end, latest(turn.context.now, hears[end]));
      // Who is gone altogether needs no word of it.
      if (turn.state.conns[conn.id] !== undefined) write(turn, conn, end, newItem('end', 0));
    }
  },

  due() {},

  interrupted(turn, { id }, end, at) {
    turn.effects.push({ type: 'arrive', end, at, event: endOf(id) });
  },

  finished(turn, conn, end, at) {
    const { ended, hears } = streamsOf(conn);
    // A process that ends has nothing to add to the end of its stream.
    if (hears[end] !== NEVER) return;
    hears[end] = at;
    if (ended[end]) over(turn, conn, end, at);
    else turn.effects.push({ type: 'arrive', end, at, event: { type: 'ended', conn: conn.id } });
  },

  ended(turn, conn, end, at, how) {
    const heard = streamsOf(conn).hears[end];
    turn.effects.push(gone(conn.id, end, heard === NEVER ? at : latest(at, heard), how));
  },

  drained,

  lost(turn, conn, from, { kind, payload, whole }, why) {
    if (kind === 'bytes') turn.effects.push({ type: 'lose', to: opposite(from), conn, payload, bytes: whole, why });
  },

  released() {},
};

/** Why `end` cannot write; null if it can. */
function closedFor(conn: Conn, end: End): string | null {
  const isUp = conn.phase === 'open' || (conn.phase === 'connected' && end === 0);
  if (!isUp || conn.over[end]) return 'not open';
  return streamsOf(conn).ended[end] ? 'behind the end of its stream' : null;
}

/** A long write, in pairs of segments. */
function partsOf(payload: Uint8Array): Item[] {
  const parts: Item[] = [];
  for (let from = 0; from < payload.length; from += PART) {
    const part = payload.subarray(from, from + PART);
    parts.push(newItem('bytes', part.length, part));
  }
  return parts;
}

/** Both ends have ended their streams, and `end` knows it at `at`. */
function over(turn: Turn, conn: Conn, end: End, at: Instant): void {
  turn.effects.push({ type: 'arrive', end, at, event: endOf(conn.id) });
  leave(turn, conn, end, 'both ends have ended their streams');
}
