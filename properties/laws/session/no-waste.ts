/**
 * Law 13, no waste: a disconnect costs what was in flight, and no byte more.
 *
 * Looked at on the client's own path, where bytes are dear. When a client says HELLO it names, for each stream, what it
 * has processed. From there on a connection carries each byte at most once, and never one that HELLO named as processed.
 * Of what had been sent before, at most the credit is sent again: no more could have been in flight. Where the first of
 * two connections went on delivering behind HELLO (a handover), the credit that was granted there meanwhile counts too.
 * A stream whose cursor has left the window owes a snapshot, once for each RESET, and every byte of it once. It begins
 * behind what the client has: what HELLO named, processed or held, and what this connection brought. So a snapshot sends
 * no more again than replay would, and a whole one is owed only where nothing was named: where the answer began anew.
 */
import type { Chunk } from '../../../src/content.ts';
import { counted } from '../../../src/count.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Facts } from '../../../src/session/facts.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import type { Cursor, Data, Hello, Reset, Snapshot } from '../../../src/session/wire/frames.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';

/** What was ever sent to a client of one stream of its session. */
interface Sent {
  epoch: number;
  /** The byte behind the last one that was ever sent in this epoch, and the last one that credit was ever granted for. */
  end: number;
  granted: number;
}

/** One stream on one connection. */
interface Flow {
  readonly stream: number;
  readonly sent: Sent;
  epoch: number;
  /** The last sequence number that the client had processed when it said HELLO, and the last one that this connection brought. */
  processed: number;
  last: number;
  /** Bytes that could have been in flight then. */
  inFlight: number;
  /** The byte behind the last one sent on this connection, and what of it had been sent before on others. */
  end: number;
  again: number;
  /** A RESET came: the bytes of the snapshot so far, -1 for none; and the sequence numbers that it left out. */
  snapshot: number;
  leftOut: number;
  /** A RESET told the client of this epoch, or it had named the stream: it drops nothing of what this connection brings. */
  known: boolean;
}

interface Client {
  readonly node: NodeId;
  readonly credit: number;
  session: number;
  streams: Few<number, Sent>;
  /** The connection that said HELLO last. */
  newest: ConnId;
}

interface Conn {
  readonly client: Client;
  readonly hello: Hello;
  /** WELCOME came: the session's streams. */
  open: boolean;
  readonly flows: Few<number, Flow>;
  last: Flow | null;
}

interface Memory {
  readonly contents: readonly (readonly Chunk[])[];
  readonly clients: Map<NodeId, Client>;
  readonly conns: Map<ConnId, Conn>;
}

export const noWaste = law<Memory>({
  name: 'no-waste',
  states: 'bytes sent again per disconnect stay within the in-flight window: the credit, also where a snapshot is owed',
  needs: { entries: ['sent'] },
  remember: (facts) => ({
    contents: facts.contents,
    clients: new Map(facts.clients.map((limits) => [limits.node, newClient(limits)])),
    conns: new Map(),
  }),
  on: { sent: send },
});

function send(memory: Memory, entry: EntryOf<'sent'>, breach: Breach): void {
  const frame = entry.payload;
  switch (frame.type) {
    case 'DATA': {
      const conn = memory.conns.get(entry.conn);
      if (conn === undefined || !conn.open) return;
      let flow = conn.last;
      if (flow === null || flow.stream !== frame.stream) {
        flow = flowOf(conn, frame.stream, frame.epoch);
        conn.last = flow;
      }
      const { chunk } = frame;
      if (flow.epoch !== frame.epoch) turn(flow, frame.epoch);
      const { sent } = flow;
      if (chunk.start < flow.end || frame.seq <= flow.processed) judgeRepeat(conn, entry, flow, frame, breach);
      flow.end = chunk.end;
      flow.last = frame.seq;
      // What a fenced connection still forwards of an older epoch is of no account for the present one.
      if (sent.epoch !== frame.epoch) return;
      if (chunk.end > sent.end) sent.end = chunk.end;
      else judgeAgain(conn, entry, flow, chunk, breach);
      return;
    }
    case 'HELD':
    case 'ACK': {
      const conn = memory.conns.get(entry.conn);
      const sent = conn?.client.streams.get(frame.stream);
      if (conn !== undefined && sent !== undefined && sent.epoch === frame.epoch && frame.limit > sent.granted)
        sent.granted = frame.limit;
      return;
    }
    case 'HELLO': {
      const client = memory.clients.get(entry.node);
      if (client === undefined || client.node !== frame.client || memory.conns.has(entry.conn)) return;
      memory.conns.set(entry.conn, { client, hello: frame, open: false, flows: new Few(), last: null });
      client.newest = entry.conn;
      return;
    }
    case 'WELCOME': {
      const conn = memory.conns.get(entry.conn);
      if (conn === undefined) return;
      conn.open = true;
      const { client } = conn;
      if (client.session === frame.session || client.newest !== entry.conn) return;
      client.session = frame.session;
      client.streams = new Few();
      return;
    }
    case 'RESET': {
      const conn = memory.conns.get(entry.conn);
      if (conn === undefined || frame.stream === 0) return;
      const flow = flowOf(conn, frame.stream, frame.epoch);
      if (flow.epoch !== frame.epoch) turn(flow, frame.epoch);
      judgeReset(conn, entry, flow, frame, breach);
      flow.snapshot = 0;
      flow.leftOut = frame.held;
      flow.last = frame.held;
      flow.known = true;
      return;
    }
    case 'SNAPSHOT':
      judgeSnapshot(memory, entry, frame, breach);
  }
}

/** Sent on this very connection before, or named as processed by its HELLO. */
function judgeRepeat(conn: Conn, { node, conn: id }: EntryOf<'sent'>, flow: Flow, frame: Data, breach: Breach): void {
  const what = `${node} sent stream ${frame.stream} seq ${frame.seq} to ${conn.client.node} on connection ${breach.nameOf(id)}`;
  breach(
    frame.seq <= flow.processed
      ? `${what}, although HELLO had said that everything up to seq ${flow.processed} was processed.`
      : `${what} twice: byte ${frame.chunk.start} again, behind byte ${flow.end}.`,
  );
}

/** Sent before, here or on another connection: as much of it as could have been in flight. */
function judgeAgain(conn: Conn, { node, conn: id }: EntryOf<'sent'>, flow: Flow, chunk: Chunk, breach: Breach): void {
  flow.again += chunk.end - chunk.start;
  if (flow.again <= flow.inFlight) return;
  breach(
    `${node} sent ${counted(flow.again, 'byte')} of stream ${flow.stream} again to ${conn.client.node} on connection ${breach.nameOf(id)}, up to byte ${chunk.end}; at most ${flow.inFlight} could have been in flight.`,
  );
}

/** A snapshot begins behind what the client has: what HELLO named, or what this connection brought. */
function judgeReset(conn: Conn, { node, conn: id }: EntryOf<'sent'>, flow: Flow, frame: Reset, breach: Breach): void {
  const had = frame.reason === 'ahead_of_log' ? 0 : flow.last;
  const held = Math.max(had, heldBy(cursorOf(conn, frame.stream), frame.epoch));
  if (frame.held === held) return;
  // An older connection may have brought another epoch of a stream that HELLO named nothing of.
  if (frame.held === 0 && !flow.known) return;
  breach(
    `${node} began a snapshot of stream ${frame.stream} for ${conn.client.node} on connection ${breach.nameOf(id)} behind seq ${frame.held}, although it held everything up to seq ${held}.`,
  );
}

function judgeSnapshot(memory: Memory, entry: EntryOf<'sent'>, frame: Snapshot, breach: Breach): void {
  const conn = memory.conns.get(entry.conn);
  if (conn === undefined) return;
  const flow = flowOf(conn, frame.stream, frame.epoch);
  const what = `${entry.node} sent a snapshot of stream ${frame.stream} to ${conn.client.node} on connection ${breach.nameOf(entry.conn)}`;
  if (flow.snapshot < 0) {
    breach(`${what}, but no RESET had said that it was owed.`);
    return;
  }
  const [first] = frame.chunks;
  if (first !== undefined && flow.leftOut > 0) {
    flow.snapshot = memory.contents[first.content]?.[flow.leftOut - 1]?.end ?? 0;
    flow.leftOut = 0;
  }
  const { sent } = flow;
  for (const chunk of frame.chunks) {
    if (chunk.start !== flow.snapshot) {
      breach(`${what} with byte ${chunk.start} where byte ${flow.snapshot} was next: each byte is owed once.`);
      return;
    }
    flow.snapshot = chunk.end;
    if (sent.epoch !== frame.epoch) continue;
    if (chunk.end > sent.end) sent.end = chunk.end;
    else judgeAgain(conn, entry, flow, chunk, breach);
  }
  if (!frame.last) return;
  flow.end = flow.snapshot;
  flow.last = frame.seq;
  flow.snapshot = -1;
}

/** The answer began anew: nothing of the new epoch was sent before. */
function turn(flow: Flow, epoch: number): void {
  flow.epoch = epoch;
  flow.processed = 0;
  flow.last = 0;
  flow.end = 0;
  flow.again = 0;
  if (epoch > flow.sent.epoch) renew(flow.sent, epoch);
}

function renew(sent: Sent, epoch: number): void {
  sent.epoch = epoch;
  sent.end = 0;
  sent.granted = 0;
}

function flowOf(conn: Conn, stream: number, epoch: number): Flow {
  let flow = conn.flows.get(stream);
  if (flow !== undefined) return flow;
  const { client } = conn;
  let sent = client.streams.get(stream);
  if (sent === undefined) {
    sent = { epoch, end: 0, granted: 0 };
    client.streams.set(stream, sent);
  } else if (epoch > sent.epoch) renew(sent, epoch);
  const named = cursorOf(conn, stream);
  const cursor = named?.epoch === epoch ? named : undefined;
  // What is in flight of a snapshot is what was granted behind the pieces that the client holds of it.
  const granted = cursor?.limit ?? (named?.held?.epoch === epoch ? named.held.limit : 0);
  const floor = Math.max(0, granted - client.credit);
  flow = {
    stream,
    sent,
    epoch,
    processed: cursor?.lastSeq ?? 0,
    last: cursor?.lastSeq ?? 0,
    // ACKs lag behind HELLO, unless another connection went on delivering after it.
    inFlight: Math.max(client.credit, sent.granted - floor),
    end: cursor === undefined ? 0 : floor,
    again: 0,
    snapshot: -1,
    leftOut: 0,
    known: named !== undefined,
  };
  conn.flows.set(stream, flow);
  return flow;
}

/** What HELLO named of a stream. */
function cursorOf({ client, hello }: Conn, stream: number): Cursor | undefined {
  if (hello.resume === null || hello.resume.session !== client.session) return;
  return hello.resume.streams.find((one) => one.stream === stream);
}

/** What HELLO named as held of that epoch. */
const heldBy = (named: Cursor | undefined, epoch: number): number =>
  named?.held?.epoch === epoch ? named.held.seq : 0;

function newClient({ node, credit }: Facts['clients'][number]): Client {
  return { node, credit, session: -1, streams: new Few(), newest: -1 };
}
