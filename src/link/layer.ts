/** What stands on a socket and speaks to endpoints in the words of `transport.ts`: a WebSocket, or raw bytes. */
import type { Instant } from '../time.ts';
import type { Tenant, Turn } from './tcp/socket.ts';
import type { Conn } from './tcp/state.ts';
import type { End, LinkEvent } from './vocabulary.ts';

type Of<T extends LinkEvent['type']> = LinkEvent & { readonly type: T };

/** What endpoints do with a connection, and what happens to it in between; all but `send` comes for an end that is not over. */
export interface Layer extends Tenant {
  /** What it keeps of a connection that is dialled. */
  begin(dial: Of<'dial'>): unknown;
  send(turn: Turn, conn: Conn, event: Of<'send'>): void;
  answer(turn: Turn, conn: Conn, event: Of<'accept' | 'refuse'>): void;
  /** A ping or pong of its own. */
  control(turn: Turn, conn: Conn, event: Of<'ping' | 'pong'>): void;
  close(turn: Turn, conn: Conn, event: Of<'close'>): void;
  /** A proxy in between ends a connection: `end` is to hear of it at `at`. */
  interrupted(turn: Turn, conn: Conn, end: End, at: Instant, event: Of<'closeAll'>): void;
  /** A timer of its own. */
  due(turn: Turn, conn: Conn, end: End): void;
}

/** Who asked hears that no more is left: the same on all of them. */
export const drained: Tenant['drained'] = ({ effects, context }, { id }, end, buffered) => {
  effects.push({ type: 'arrive', end, at: context.now, event: { type: 'drained', conn: id, buffered } });
};
