/**
 * Raw bytes on a socket: what HTTP responses, server-sent events or a protocol of one's own stand on.
 *
 * The dialler's connection is open when TCP's handshake is done, and the acceptor's when it hears of it: its kernel took it
 * already. A write arrives with the last of its bytes. `close` ends the stream behind all that was written; the other end is
 * told so when all of that has arrived, has nothing more to say, and ends its own side (`allowHalfOpen: false`). The end of
 * a process looks like that, too, whatever was missing: TCP cannot tell, so a protocol on it says how long its answers are.
 */
import { after, us } from '../../time.ts';
import type { ConnId, TransportEvent } from '../../transport.ts';
import { closedEvent, gone } from '../ended.ts';
import { drained, type Layer } from '../layer.ts';
import { leave, reset } from '../tcp/ending.ts';
import { write } from '../tcp/lane.ts';
import { accept } from '../tcp/socket.ts';
import { newItem, roundTrip } from '../tcp/state.ts';
import { opposite } from '../vocabulary.ts';

/** The end of a stream, as its reader is told. */
const endOf = (conn: ConnId) => closedEvent(conn, 1000, '', true, 0);

export const bytes: Layer = {
  begin: ({ url }) => (url === undefined ? { over: 'bytes' } : { over: 'bytes', url }),

  greet({ effects }, { id }, at) {
    effects.push({ type: 'arrive', end: 0, at, event: { type: 'opened', conn: id } });
    return newItem('hello', 0);
  },

  send(turn, conn, { end, payload, bytes }) {
    const item = newItem('bytes', bytes, payload);
    const isUp = conn.phase === 'open' || (conn.phase === 'connected' && end === 0);
    if (!isUp || conn.over[end]) this.lost(turn, conn.id, end, item, 'not open');
    else write(turn, conn, end, item);
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
        const event = { type: 'incoming', conn: id, from: state.config.ends[0], ...(conn.own as object) } as const;
        effects.push({ type: 'arrive', end: to, at, event: event satisfies TransportEvent });
        return;
      }
      case 'end': {
        const event = endOf(id);
        effects.push({ type: 'arrive', end: to, at, event });
        effects.push({ type: 'arrive', end: from, at: after(at, us(roundTrip(state) / 2)), event });
        conn.over[from] = true;
        leave(turn, conn, to, 'the other end has ended the stream');
      }
    }
  },

  control() {},

  close(turn, conn, { end }) {
    if (conn.phase === 'syn') reset(turn, conn, end);
    else write(turn, conn, end, newItem('end', 0));
  },

  due() {},

  interrupted(turn, { id }, end, at) {
    turn.effects.push({ type: 'arrive', end, at, event: endOf(id) });
  },

  ended(turn, { id }, end, at, how) {
    if (how === 'fin') turn.effects.push({ type: 'arrive', end, at, event: endOf(id) });
    else turn.effects.push(gone(id, end, at, how));
  },

  drained,

  lost(turn, conn, from, { kind, payload, whole }, why) {
    if (kind === 'bytes') turn.effects.push({ type: 'lose', to: opposite(from), conn, payload, bytes: whole, why });
  },

  released() {},
};
