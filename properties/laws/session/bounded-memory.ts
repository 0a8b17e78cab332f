/**
 * Law 8, bounded memory: nothing grows with the length of an outage.
 *
 * Three buffers can be seen from outside. What one end of a connection has sent and the other has neither received nor
 * lost, on each hop by itself. What a client holds of unsettled sends. And what a server has sent of a stream beyond what
 * the application processed, which credit must bound: whatever ACKs are under way can only lag behind the application, so
 * no honest server can know of more credit than the law does. For the same reason no client may grant more than that.
 */
import { counted } from '../../../src/count.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Facts } from '../../../src/session/facts.ts';
import { clientOf, type EntryOf } from '../../../src/session/history.ts';
import type { Ack, Data, Held, Snapshot } from '../../../src/session/wire/frames.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';
import { arrive, beginPieces, type Granter, judgeHeld, judgePiece, type Pieces } from './snapshot-credit.ts';

/** How far an application is in a stream: the epoch, and the byte behind the last processed one. */
interface Position {
  epoch: number;
  end: number;
}

interface Client {
  readonly limits: Facts['clients'][number];
  readonly sends: Few<string, number>;
  bytes: number;
  /** The event of the last submission: a refusal comes within the same event. */
  submittedDuring: number;
  /** Positions in the present session. */
  streams: Few<number, Position>;
}

interface Conn {
  readonly dialler: NodeId;
  /** Bytes on their way from the dialler, and to it. */
  up: number;
  down: number;
  /** For whom it carries, since HELLO; and the positions in its session, since WELCOME. */
  client: Client | null;
  streams: Few<number, Position> | null;
  /** The snapshots that were begun on it. */
  readonly snapshots: Few<number, Pieces>;
  /** The position that was looked up last. */
  lastStream: number;
  last: Position | null;
}

interface Memory {
  readonly limit: number;
  readonly clients: Map<NodeId, Client>;
  readonly conns: Map<ConnId, Conn>;
  readonly sessions: Map<number, Few<number, Position>>;
}

export const boundedMemory = law<Memory>({
  name: 'bounded-memory',
  states: 'each buffer stays within its configured bytes',
  needs: { entries: ['sent'] },
  remember: (facts) => ({
    limit: facts.connBufferBytes,
    clients: new Map(facts.clients.map((limits) => [limits.node, newClient(limits)])),
    conns: new Map(),
    sessions: new Map(),
  }),
  on: {
    dialled(memory, entry) {
      connOf(memory, entry.conn, entry.node);
    },
    sent: send,
    delivered(memory, entry) {
      const conn = memory.conns.get(entry.conn);
      if (conn === undefined) return;
      if (entry.node === conn.dialler) {
        conn.down -= entry.bytes;
        if (entry.payload.type === 'SNAPSHOT') arrive(conn.snapshots, entry.payload);
      } else conn.up -= entry.bytes;
    },
    lost(memory, entry) {
      const conn = memory.conns.get(entry.conn);
      if (conn === undefined) return;
      if (entry.to === conn.dialler) conn.down -= entry.bytes;
      else conn.up -= entry.bytes;
    },
    reloaded(memory, { node, kept }) {
      const client = memory.clients.get(node);
      if (client === undefined || kept) return;
      client.sends.clear();
      client.bytes = 0;
    },
    restored(memory, entry) {
      const client = memory.clients.get(entry.node) ?? openTab(memory, entry.node);
      if (client !== undefined) client.streams = streamsOf(memory, entry.session);
    },
    received(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client !== undefined) advance(client.streams, entry.stream, entry.epoch, entry.chunk.end);
    },
    replaced(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client !== undefined) advance(client.streams, entry.stream, entry.epoch, entry.chunks.at(-1)?.end ?? 0);
    },
    submitted(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      judgeOutbox(client, entry.event, breach);
      if (client.sends.has(entry.key)) return;
      client.sends.set(entry.key, entry.bytes);
      client.bytes += entry.bytes;
      client.submittedDuring = entry.event;
    },
    settled(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      judgeOutbox(client, entry.event, breach);
      client.bytes -= client.sends.get(entry.key) ?? 0;
      client.sends.delete(entry.key);
    },
  },
  end(memory, breach) {
    for (const client of memory.clients.values()) judgeOutbox(client, Number.POSITIVE_INFINITY, breach);
  },
});

/** A second tab of a client holds what the same limits allow, and moves on in the same session. */
function openTab(memory: Memory, node: NodeId): Client | undefined {
  const first = memory.clients.get(clientOf(node));
  if (first === undefined) return undefined;
  const tab = newClient(first.limits);
  memory.clients.set(node, tab);
  return tab;
}

function send(memory: Memory, entry: EntryOf<'sent'>, breach: Breach): void {
  const conn = memory.conns.get(entry.conn) ?? connOf(memory, entry.conn, entry.node);
  const up = entry.node === conn.dialler;
  const queued = up ? conn.up + entry.bytes : conn.down + entry.bytes;
  if (up) conn.up = queued;
  else conn.down = queued;
  if (queued > memory.limit)
    breach(
      `${entry.node} has ${counted(queued, 'byte')} on the way on connection ${breach.nameOf(entry.conn)}, ${queued - memory.limit} more than the ${memory.limit} that one direction may hold.`,
    );
  const frame = entry.payload;
  switch (frame.type) {
    case 'DATA':
      judgeCredit(conn, entry.node, frame, breach);
      return;
    case 'ACK':
      judgeGrant(conn, frame, breach);
      return;
    case 'RESET':
      beginPieces(conn.snapshots, frame);
      return;
    case 'SNAPSHOT':
      if (conn.client !== null)
        judgePiece(conn.snapshots.get(frame.stream), granterOf(conn, conn.client, frame), entry.node, frame, breach);
      return;
    case 'HELD':
      if (conn.client !== null)
        judgeHeld(conn.snapshots.get(frame.stream), granterOf(conn, conn.client, frame), frame, breach);
      return;
    case 'HELLO':
      conn.client = memory.clients.get(frame.client) ?? null;
      return;
    case 'WELCOME':
      conn.streams = streamsOf(memory, frame.session);
      conn.last = null;
  }
}

function judgeCredit(conn: Conn, sender: NodeId, frame: Data, breach: Breach): void {
  if (conn.client === null || conn.streams === null) return;
  let position = conn.last;
  if (position === null || conn.lastStream !== frame.stream) {
    position = conn.streams.get(frame.stream) ?? move(conn.streams, frame.stream, frame.epoch, 0);
    conn.last = position;
    conn.lastStream = frame.stream;
  }
  // The application has moved on to a later epoch: what an older connection still sends is dropped on arrival.
  if (frame.epoch < position.epoch) return;
  const { credit, node } = conn.client.limits;
  const ahead = frame.chunk.end - (frame.epoch === position.epoch ? position.end : 0);
  if (ahead <= credit) return;
  // Behind a snapshot its credit goes on.
  const snapshot = conn.snapshots.get(frame.stream);
  if (snapshot === undefined || snapshot.epoch !== frame.epoch || frame.chunk.end > snapshot.granted)
    breach(
      `${sender} sent stream ${frame.stream} seq ${frame.seq} up to byte ${frame.chunk.end}, ${counted(ahead, 'byte')} beyond what ${node} had processed; its credit is ${credit}.`,
    );
}

function judgeGrant(conn: Conn, { stream, epoch, limit }: Ack, breach: Breach): void {
  if (conn.client === null || conn.streams === null) return;
  const position = conn.streams.get(stream);
  if (position !== undefined && epoch < position.epoch) return;
  const { credit, node } = conn.client.limits;
  const granted = limit - (position?.epoch === epoch ? position.end : 0);
  if (granted > credit)
    breach(
      `${node} granted stream ${stream} up to byte ${limit}, ${counted(granted, 'byte')} beyond what it had processed; its credit is ${credit}.`,
    );
}

function granterOf({ streams }: Conn, { limits }: Client, { stream, epoch }: Held | Snapshot): Granter {
  const position = streams?.get(stream);
  const processed = position?.epoch === epoch ? position.end : 0;
  return { node: limits.node, credit: limits.credit, processed };
}

function judgeOutbox(client: Client, now: number, breach: Breach): void {
  if (client.submittedDuring >= now) return;
  const { node, outboxBytes, outboxCount } = client.limits;
  if (client.sends.size > outboxCount)
    breach(`${node} holds ${client.sends.size} unsettled sends, but its outbox may hold ${outboxCount}.`);
  if (client.bytes > outboxBytes)
    breach(
      `${node} holds ${counted(client.bytes, 'byte')} of unsettled sends, but its outbox may hold ${outboxBytes}.`,
    );
}

function move(streams: Few<number, Position>, stream: number, epoch: number, end: number): Position {
  let position = streams.get(stream);
  if (position === undefined) {
    position = { epoch, end };
    streams.set(stream, position);
    return position;
  }
  position.epoch = epoch;
  position.end = end;
  return position;
}

/** An older tab of the client may still be given what a newer one is beyond: nobody's progress takes that back. */
function advance(streams: Few<number, Position>, stream: number, epoch: number, end: number): void {
  const before = streams.get(stream);
  if (before === undefined || epoch > before.epoch || (epoch === before.epoch && end > before.end))
    move(streams, stream, epoch, end);
}

function streamsOf(memory: Memory, session: number): Few<number, Position> {
  let streams = memory.sessions.get(session);
  if (streams === undefined) {
    streams = new Few();
    memory.sessions.set(session, streams);
  }
  return streams;
}

function connOf(memory: Memory, number: ConnId, dialler: NodeId): Conn {
  const conn: Conn = {
    dialler,
    up: 0,
    down: 0,
    client: null,
    streams: null,
    snapshots: new Few(),
    lastStream: -1,
    last: null,
  };
  memory.conns.set(number, conn);
  return conn;
}

function newClient(limits: Facts['clients'][number]): Client {
  return { limits, sends: new Few(), bytes: 0, submittedDuring: -1, streams: new Few() };
}
