/** What the law of stream health remembers of sessions, their streams, and clients. */
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Facts } from '../../../src/session/facts.ts';
import type { Stalled } from '../../../src/session/wire/frames.ts';
import { type Duration, ms } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';

export interface Stream {
  readonly session: Session;
  readonly number: number;
  /** The epoch of which the last chunk was seen; 0 for none. */
  endedIn: number;
  /** When something became durable last, or the server began to serve it. */
  movedAt: number;
  /** The same before the last long silence, and when that ended: the news of it may still be on its way to the server. */
  movedBefore: number;
  wokeAt: number;
  /** The last of it that its server had read when it began to stand still. */
  movedHeld: number;
  /** When a report of the present silence left; -1 for none. */
  toldAt: number;
}

export interface Session {
  readonly number: number;
  generation: number;
  /** The server that serves it and its connection; -1 for none. */
  server: NodeId;
  conn: ConnId;
  since: number;
  /** When its server last went on after it had stood still. */
  wentOnAt: number;
  readonly streams: Few<number, Stream>;
}

export interface Client {
  readonly node: NodeId;
  conn: ConnId;
  /** Connections that are over for it: what still arrives on them reaches nobody. */
  readonly ended: Few<ConnId, true>;
  over: boolean;
  /** Streams that the application was told of: stream to epoch and place. */
  readonly told: Few<number, string>;
  /** A report that reached it during an event, until the application was told. */
  due: (Stalled & { readonly event: number }) | null;
}

/** Messages between services take less. */
export const IN_FLIGHT: Duration = ms(100);

export function streamOf(session: Session, number: number, now: number): Stream {
  let stream = session.streams.get(number);
  if (stream === undefined) {
    stream = {
      session,
      number,
      endedIn: 0,
      movedAt: now,
      movedBefore: now,
      wokeAt: now - IN_FLIGHT - 1,
      movedHeld: now,
      toldAt: -1,
    };
    session.streams.set(number, stream);
  }
  return stream;
}

export function sessionOf(sessions: Map<number, Session>, number: number): Session {
  let session = sessions.get(number);
  if (session === undefined) {
    session = {
      number,
      generation: -1,
      server: '',
      conn: -1,
      since: 0,
      wentOnAt: Number.NEGATIVE_INFINITY,
      streams: new Few(),
    };
    sessions.set(number, session);
  }
  return session;
}

export function newClient({ node }: Facts['clients'][number]): Client {
  return { node, conn: -1, ended: new Few(), over: false, told: new Few(), due: null };
}
