/**
 * Where the answers of each session are, as an outside witness knows it: what of a stream is durable, who serves it on
 * which connection, how far it was sent, within which credit, and how far its application is.
 */
import type { Chunk } from '../../../src/content.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { EntryAbout, EntryOf, Handlers } from '../../../src/session/history.ts';
import type { Hello } from '../../../src/session/wire/frames.ts';
import { formatInstant } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import type { Breach } from './law.ts';

/** One stream of a session, in its newest epoch. */
export interface Place {
  readonly session: Served;
  readonly stream: number;
  epoch: number;
  content: number;
  /** The last durable sequence number, and when it became so. */
  head: number;
  headAt: number;
  /** How far its application is in this epoch. */
  given: number;
  /** What its server sent last on the connection that serves it, and the byte up to which it may send. */
  sent: number;
  limit: number;
  /** A durable chunk that its application does not have yet, and since when; 0 for none. For whoever asks how soon that is. */
  probe: number;
  probeAt: number;
}

/** A session. */
export interface Served {
  readonly number: number;
  client: NodeId;
  /** The server that owns it, '' when it has ended; the connection on which that serves it, or -1. */
  server: NodeId;
  generation: number;
  conn: ConnId;
  /** What HELLO granted there for streams that begin later. */
  credit: number;
  readonly streams: Few<number, Place>;
}

export interface Whereabouts {
  readonly sessions: Map<number, Served>;
  readonly serving: Map<ConnId, Served>;
  /** The session of each client. */
  readonly clients: Map<NodeId, Served>;
  /** What was asked on connections that were not welcomed yet. */
  readonly hellos: Map<ConnId, Hello>;
  /** Agents produce in bursts, and servers send so: what was looked up last. */
  durable: Place | null;
  sent: Place | null;
}

export const newWhereabouts = (): Whereabouts => ({
  sessions: new Map(),
  serving: new Map(),
  clients: new Map(),
  hellos: new Map(),
  durable: null,
  sent: null,
});

/** Handlers of a law that remembers whereabouts. */
export const WHEREABOUTS = {
  owned({ places }, { session: number, client, server, generation }) {
    const session = sessionOf(places, number);
    leave(places, session);
    Object.assign(session, { client, server, generation });
  },
  rewound({ places }, { session: number, generation }) {
    const session = sessionOf(places, number);
    leave(places, session);
    Object.assign(session, { server: '', generation });
  },
  durable({ places }, entry) {
    let place = places.durable;
    if (place === null || place.stream !== entry.stream || place.session.number !== entry.session) {
      place = placeOf(sessionOf(places, entry.session), entry.stream);
      places.durable = place;
    }
    if (entry.epoch > place.epoch) enter(place, entry.epoch);
    else if (entry.epoch < place.epoch) return;
    place.content = entry.chunk.content;
    if (entry.seq > place.head) place.head = entry.seq;
    place.headAt = entry.at;
  },
  'delivered HELLO'({ places }, { conn, payload }) {
    places.hellos.set(conn, payload);
  },
  'sent WELCOME'({ places }, entry) {
    welcome(places, entry);
  },
  'sent DATA'({ places }, { conn, payload: { stream, epoch, seq } }) {
    let place = places.sent;
    if (place === null || place.stream !== stream || place.session.conn !== conn) {
      const session = places.serving.get(conn);
      if (session === undefined) return;
      place = placeOf(session, stream);
      places.sent = place;
    }
    if (epoch === place.epoch) place.sent = seq;
  },
  'sent SNAPSHOT'({ places }, { conn, payload }) {
    const place = places.serving.get(conn)?.streams.get(payload.stream);
    if (place !== undefined && payload.last && payload.epoch === place.epoch) place.sent = payload.seq;
  },
  'sent RESET'({ places }, { conn, payload: { stream, epoch, held } }) {
    const session = places.serving.get(conn);
    if (session === undefined || stream === 0) return;
    const place = placeOf(session, stream);
    if (epoch > place.epoch) enter(place, epoch);
    place.sent = held;
  },
  'delivered ACK': grant,
  'delivered HELD': grant,
  received({ places }, { node, stream, epoch, seq }) {
    const place = places.clients.get(node)?.streams.get(stream);
    if (place !== undefined && place.epoch === epoch) place.given = seq;
  },
  replaced({ places }, { node, stream, epoch, seq }) {
    const session = places.clients.get(node);
    if (session === undefined) return;
    const place = placeOf(session, stream);
    if (epoch > place.epoch) enter(place, epoch);
    if (place.epoch === epoch) place.given = seq;
  },
  restored({ places }, { node, session }) {
    places.clients.set(node, sessionOf(places, session));
  },
  closed: depart,
  hungUp: depart,
  crashed({ places }, { node }) {
    for (const session of places.serving.values()) if (session.server === node) leave(places, session);
  },
} as const satisfies Handlers<{ readonly places: Whereabouts }, Breach>;

function welcome(places: Whereabouts, { node, conn, payload }: EntryAbout<'sent WELCOME'>): void {
  const session = places.sessions.get(payload.session);
  const hello = places.hellos.get(conn);
  places.hellos.delete(conn);
  // What passes a WELCOME on serves nobody.
  if (session === undefined || session.server !== node || session.generation !== payload.generation) return;
  leave(places, session);
  session.conn = conn;
  session.credit = hello?.credit ?? 0;
  places.serving.set(conn, session);
  for (const { stream, epoch, resumed } of payload.streams) {
    const place = placeOf(session, stream);
    if (epoch > place.epoch) enter(place, epoch);
    const cursor = resumed ? hello?.resume?.streams.find((each) => each.stream === stream) : undefined;
    place.sent = cursor?.lastSeq ?? 0;
    place.limit = cursor?.limit ?? session.credit;
  }
}

function grant(
  { places }: { readonly places: Whereabouts },
  { node, conn, payload: { stream, epoch, limit } }: EntryAbout<'delivered ACK'> | EntryAbout<'delivered HELD'>,
): void {
  const session = places.serving.get(conn);
  if (session === undefined || session.server !== node) return;
  const place = session.streams.get(stream);
  if (place !== undefined && place.epoch === epoch && limit > place.limit) place.limit = limit;
}

function depart(
  { places }: { readonly places: Whereabouts },
  { node, conn }: EntryOf<'closed'> | EntryOf<'hungUp'>,
): void {
  const session = places.serving.get(conn);
  if (session !== undefined && session.server === node) leave(places, session);
  else places.hellos.delete(conn);
}

function leave({ serving }: Whereabouts, session: Served): void {
  if (session.conn < 0) return;
  serving.delete(session.conn);
  session.conn = -1;
}

function enter(place: Place, epoch: number): void {
  Object.assign(place, { epoch, head: 0, given: 0, sent: 0, limit: place.session.credit, probe: 0 });
}

function sessionOf({ sessions }: Whereabouts, number: number): Served {
  let session = sessions.get(number);
  if (session === undefined) {
    session = { number, client: '', server: '', generation: -1, conn: -1, credit: 0, streams: new Few() };
    sessions.set(number, session);
  }
  return session;
}

function placeOf(session: Served, stream: number): Place {
  let place = session.streams.get(stream);
  if (place === undefined) {
    place = {
      session,
      stream,
      epoch: 1,
      content: -1,
      head: 0,
      headAt: 0,
      given: 0,
      sent: 0,
      limit: session.credit,
      probe: 0,
      probeAt: 0,
    };
    session.streams.set(stream, place);
  }
  return place;
}

/** Where a stream of a client stands, what is next, and who has it: half a sentence. */
export function standing(
  places: Whereabouts,
  contents: readonly (readonly Chunk[])[],
  node: NodeId,
  stream: number,
  breach: Breach,
): string {
  const session = places.clients.get(node);
  const place = session?.streams.get(stream);
  if (session === undefined || place === undefined)
    return `stream ${stream}: nothing of it is durable${session === undefined ? '' : `; ${holder(session, breach)}`}`;
  const { given, head, headAt, content } = place;
  const chunks = contents[content] ?? [];
  const stands = `stream ${stream} stands at chunk ${given}${chunks.length === 0 ? '' : ` of ${chunks.length}`}`;
  if (head <= given)
    return `${stands}: chunk ${given + 1} is not durable${head === 0 ? '' : `, and the one before it became so at ${formatInstant(headAt)}`}; ${holder(session, breach)}`;
  const what = head === given + 1 ? `chunk ${head} is durable` : `chunks ${given + 1} to ${head} are durable, the last`;
  return `${stands}: ${what} since ${formatInstant(headAt)}; ${holder(session, breach)}${ownsUpTo(place, chunks)}`;
}

function holder({ number, server, generation, conn }: Served, breach: Breach): string {
  if (server === '') return `nobody owns session ${number}`;
  if (conn < 0) return `${server} owns session ${number} at generation ${generation}, and serves it on no connection`;
  return `${server} serves it on connection ${breach.nameOf(conn)}`;
}

/** How far its server went, and whether credit holds it back. */
function ownsUpTo({ session, given, head, sent, limit }: Place, chunks: readonly Chunk[]): string {
  if (session.conn < 0) return '';
  if (sent >= head) return ', and has sent all of that';
  const next = chunks[Math.max(sent, given)];
  const far = sent === 0 ? ', has sent nothing of it' : `, has sent up to chunk ${sent}`;
  if (next === undefined || next.end <= limit) return `${far}, and has credit for more`;
  return `${far}, and has credit up to byte ${limit}, where the next chunk ends at byte ${next.end}`;
}
