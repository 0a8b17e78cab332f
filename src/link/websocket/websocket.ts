/**
 * A WebSocket on a socket (RFC 6455): a request to upgrade and its answer, then messages, then the closing handshake.
 *
 * What the request and its answer say is in `upgrade.ts`. A message arrives when its last byte does. A close frame goes behind
 * everything that was sent, and is answered by one; an end without one is told as 1006.
 */
import { after, type Instant, us, ZERO } from '../../time.ts';
import type { TransportEvent } from '../../transport.ts';
import { closedEvent, gone } from '../ended.ts';
import { drained, type Layer } from '../layer.ts';
import { laneKey } from '../tcp/arrival.ts';
import { dropWaiting, leave, reset } from '../tcp/ending.ts';
import { write } from '../tcp/lane.ts';
import { accept, type Turn } from '../tcp/socket.ts';
import { type Conn, newItem, roundTrip } from '../tcp/state.ts';
import { type End, opposite } from '../vocabulary.ts';
import {
  flawOfProtocol,
  incomingEvent,
  REQUEST_BYTES,
  RESPONSE_BYTES,
  type Refusal,
  refusedEvent,
  requestOf,
} from './upgrade.ts';

/** What frames a ping: two bytes, and four of a mask at most (RFC 6455 section 5.2). */
const CONTROL_BYTES = 6;
const encoder = new TextEncoder();
/** A close frame: its code, its reason, and what frames them. */
const CLOSE_BYTES = 8;
/** `ws` waits this long for the answer to its close frame. */
const CLOSE_TIMEOUT = us(30_000_000);

/** What a close frame says. */
interface Closing {
  readonly code: number;
  readonly reason: string;
}

export const websocket: Layer = {
  begin: requestOf,
  greet: () => newItem('request', REQUEST_BYTES),

  send(turn, conn, { end, payload, bytes, binary }) {
    const item = newItem(binary === true ? 'binary' : 'message', bytes, payload);
    // Before 101 went out, and after the end, nothing is carried.
    if (conn.phase !== 'open' || conn.over[end]) this.lost(turn, conn.id, end, item, 'not open');
    else write(turn, conn, end, item);
  },

  answer(turn, conn, event) {
    if (conn.phase !== 'heard') return;
    if (event.type === 'accept') {
      accept(conn);
      write(turn, conn, event.end, newItem('opened', RESPONSE_BYTES, event.protocol ?? null));
    } else {
      const { status, retryAfter = ZERO, slot } = event;
      write(turn, conn, event.end, newItem('refused', RESPONSE_BYTES, { status, retryAfter, slot } satisfies Refusal));
    }
  },

  read(turn, conn, from, { kind, payload, whole }, at) {
    const to = opposite(from);
    const { effects } = turn;
    const { id } = conn;
    switch (kind) {
      case 'message':
        effects.push({ type: 'arrive', end: to, at, event: { type: 'frame', conn: id, payload, bytes: whole } });
        return;
      case 'binary': {
        const event: TransportEvent = { type: 'frame', conn: id, payload, bytes: whole, binary: true };
        effects.push({ type: 'arrive', end: to, at, event });
        return;
      }
      case 'ping':
      case 'pong':
        effects.push({ type: 'arrive', end: to, at, event: { type: kind, conn: id, data: payload as string } });
        return;
      case 'request':
        effects.push({ type: 'arrive', end: to, at, event: incomingEvent(turn.state, conn) });
        return;
      case 'opened':
        answered(turn, conn, payload as string | null, at);
        return;
      case 'refused':
        effects.push({ type: 'arrive', end: to, at, event: refusedEvent(id, payload as Refusal) });
        conn.over[from] = true;
        leave(turn, conn, to, 'refused');
        return;
      case 'close':
        closed(turn, conn, from, payload as Closing, at);
    }
  },

  control(turn, conn, { type, end, data = '' }) {
    const bytes = CONTROL_BYTES + encoder.encode(data).length;
    if (conn.phase === 'open') write(turn, conn, end, newItem(type, bytes, data));
  },

  /** The closing handshake, behind everything that was sent. */
  close(turn, conn, { end, code, reason }) {
    if (conn.phase !== 'open') {
      reset(turn, conn, end);
      return;
    }
    const at = after(turn.context.now, CLOSE_TIMEOUT);
    turn.effects.push({ type: 'setTimer', timer: 'closing', key: laneKey(conn.id, end), at });
    write(turn, conn, end, newItem('close', CLOSE_BYTES, { code, reason } satisfies Closing));
  },

  /** The timer `closing`: no answer to the close frame, so the initiator gives up waiting. */
  due(turn, conn, end) {
    turn.effects.push(gone(conn.id, end, turn.context.now, 'close timed out'));
    dropWaiting(turn, conn, end, 'closing timed out');
    leave(turn, conn, end, 'closing timed out');
  },

  interrupted(turn, { id }, end, at, { code, reason }) {
    turn.effects.push({ type: 'arrive', end, at, event: closedEvent(id, code, reason, true, 0) });
  },

  finished(turn, conn, end, at) {
    turn.effects.push(gone(conn.id, end, at, ''));
    leave(turn, conn, end, 'closed');
  },

  ended(turn, { id }, end, at, how) {
    turn.effects.push(gone(id, end, at, how));
  },

  drained,

  lost(turn, conn, from, { kind, payload, whole }, why) {
    if (kind === 'message' || kind === 'binary')
      turn.effects.push({ type: 'lose', to: opposite(from), conn, payload, bytes: whole, why });
  },

  released(turn, id, end) {
    turn.effects.push({ type: 'clearTimer', timer: 'closing', key: laneKey(id, end) });
  },
};

/** 101 has arrived: the connection is open, unless the dialler fails it for the subprotocol; then it hangs up at once. */
function answered(turn: Turn, conn: Conn, protocol: string | null, at: Instant): void {
  const { effects } = turn;
  const { id } = conn;
  const wrong = flawOfProtocol(conn, protocol);
  if (wrong === null) {
    const opened = { type: 'opened', conn: id } as const;
    effects.push({ type: 'arrive', end: 0, at, event: protocol === null ? opened : { ...opened, protocol } });
    return;
  }
  effects.push(gone(id, 0, at, wrong), gone(id, 1, after(at, us(roundTrip(turn.state) / 2)), ''));
  conn.over[1] = true;
  leave(turn, conn, 0, wrong);
}

/** A close frame has arrived. Measured: who starts the close has it after a round trip, the other side after one and a half. */
function closed(turn: Turn, conn: Conn, from: End, { code, reason }: Closing, at: Instant): void {
  const rtt = roundTrip(turn.state);
  const to = opposite(from);
  const event = closedEvent(conn.id, code, reason, true, 0);
  turn.effects.push(
    { type: 'arrive', end: from, at: after(at, us(rtt / 2)), event },
    { type: 'arrive', end: to, at: after(at, us(rtt)), event },
  );
  conn.over[from] = true;
  leave(turn, conn, to, 'closed');
}
