/**
 * Figures: what a run measured, folded from history like a law, so that they too need nobody's own report.
 */
import { APPLICATION_ERRORS } from '../src/application.ts';
import { type Chunk, type Content, checksum, chunkBytes, sameChunk } from '../src/content.ts';
import type { Facts } from '../src/history.ts';
import type { NodeId } from '../src/machine.ts';
import type { ConnId } from '../src/transport.ts';
import type { Figures } from './outcome.ts';
import type { Witness } from './witness.ts';

interface ClientView {
  readonly node: NodeId;
  /** The connection that was welcomed last and is not known to be lost; -1 for none. */
  conn: ConnId;
  /** When the connection was lost; -1 while there is nothing to recover from. */
  lostAt: number;
  welcomedAt: number;
  /** REPLAY_ENDs still to come after the WELCOME. */
  replays: number;
  /** Whether the application still waits for its first byte (or the end of an empty replay) since the loss. */
  recovering: boolean;
  /** Whether the WELCOME under way ended an outage (and not the first connect, or a planned handover). */
  resuming: boolean;
  leaving: boolean;
  /** Terminal error told: what is unfinished is excused if the scenario allows that error (the laws judge that). */
  ended: boolean;
  readonly streams: Map<number, StreamView>;
}

interface StreamView {
  owed: boolean;
  complete: boolean;
  intact: boolean;
  epoch: number;
  /** Chunks that the application holds. */
  held: number;
  /** Highest sequence number that was ever sent towards the client in `sentEpoch`. */
  sentEpoch: number;
  sentSeq: number;
}

export interface FiguresFold {
  figures(): Figures;
}

/** Attaches the fold to a witness; `contents` are the real bytes that delivered chunks are checked against. */
export function measure(witness: Witness, facts: Facts, contents: readonly Content[], balancer: NodeId): FiguresFold {
  const clients = new Map<NodeId, ClientView>();
  for (const { node } of facts.clients) clients.set(node, newClient(node));
  const dialledBy = new Map<ConnId, ClientView>();
  const inFlight = new Map<ConnId, number>();
  const reconnect: number[] = [];
  const resume: number[] = [];
  const recovery: number[] = [];
  let peak = 0;
  let bytesSent = 0;
  let bytesResent = 0;
  let disconnects = 0;
  let dials = 0;
  let lost = 0;

  const lose = (client: ClientView, at: number): void => {
    client.conn = -1;
    if (client.leaving || client.ended) return;
    disconnects++;
    // A connection lost before the last loss was recovered prolongs that recovery; it does not start a new one.
    if (client.lostAt < 0 || !client.recovering) client.lostAt = at;
    client.recovering = true;
  };
  const recovered = (client: ClientView, at: number): void => {
    if (!client.recovering || client.conn < 0) return;
    client.recovering = false;
    if (client.lostAt >= 0) recovery.push(at - client.lostAt);
    client.lostAt = -1;
  };

  witness.listen('dialled', (entry) => {
    if (entry.kind !== 'dialled') return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    dials++;
    dialledBy.set(entry.conn, client);
  });
  witness.listen('closed', (entry) => {
    if (entry.kind !== 'closed') return;
    const client = clients.get(entry.node);
    if (client !== undefined && client.conn === entry.conn) lose(client, entry.at);
  });
  witness.listen('hungUp', (entry) => {
    if (entry.kind !== 'hungUp') return;
    const client = clients.get(entry.node);
    if (client !== undefined && client.conn === entry.conn) lose(client, entry.at);
  });
  witness.listen('intent', (entry) => {
    if (entry.kind !== 'intent' || entry.intent !== 'leave') return;
    const client = clients.get(entry.node);
    if (client !== undefined) client.leaving = true;
  });
  witness.listen('told', (entry) => {
    if (entry.kind !== 'told') return;
    const client = clients.get(entry.node);
    if (client !== undefined && APPLICATION_ERRORS[entry.error].terminal) client.ended = true;
  });
  witness.listen('restored', (entry) => {
    if (entry.kind !== 'restored') return;
    const client = clients.get(entry.node);
    if (client === undefined || entry.resumed) return;
    // A clean session: what was unfinished in the old one is lost, and the application was told.
    for (const stream of client.streams.values()) if (stream.owed && !stream.complete) lost++;
    for (const [number, stream] of client.streams) if (!stream.complete) client.streams.delete(number);
  });

  witness.listen('sent', (entry) => {
    if (entry.kind !== 'sent') return;
    const bytes = (inFlight.get(entry.conn) ?? 0) + entry.bytes;
    inFlight.set(entry.conn, bytes);
    if (bytes > peak) peak = bytes;
    const { payload } = entry;
    if (entry.node !== balancer || (payload.type !== 'DATA' && payload.type !== 'SNAPSHOT')) return;
    const client = dialledBy.get(entry.conn);
    if (client === undefined) return;
    const stream = streamOf(client, payload.stream);
    if (payload.type === 'DATA') {
      const size = chunkBytes(payload.chunk);
      bytesSent += size;
      if (stream.sentEpoch === payload.epoch && payload.seq <= stream.sentSeq) bytesResent += size;
      else {
        stream.sentEpoch = payload.epoch;
        stream.sentSeq = payload.seq;
      }
    } else {
      // A snapshot sends again whatever of it had gone out before.
      for (const chunk of payload.chunks) bytesSent += chunkBytes(chunk);
      const before = stream.sentEpoch === payload.epoch ? stream.sentSeq : 0;
      if (before > 0) for (const chunk of payload.chunks) bytesResent += chunkBytes(chunk);
      if (payload.last && payload.seq > before) {
        stream.sentEpoch = payload.epoch;
        stream.sentSeq = payload.seq;
      }
    }
  });
  witness.listen('lost', (entry) => {
    if (entry.kind === 'lost') inFlight.set(entry.conn, (inFlight.get(entry.conn) ?? 0) - entry.bytes);
  });
  witness.listen('delivered', (entry) => {
    if (entry.kind !== 'delivered') return;
    inFlight.set(entry.conn, (inFlight.get(entry.conn) ?? 0) - entry.bytes);
    const { payload } = entry;
    if (payload.type !== 'WELCOME' && payload.type !== 'REPLAY_END') return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    if (payload.type === 'WELCOME') {
      client.conn = entry.conn;
      client.welcomedAt = entry.at;
      client.replays = payload.streams.length;
      client.resuming = client.recovering;
      if (client.recovering) {
        reconnect.push(entry.at - client.lostAt);
        if (client.replays === 0) {
          resume.push(0);
          recovered(client, entry.at);
        }
      }
    } else if (entry.conn === client.conn && client.replays > 0 && --client.replays === 0) {
      if (client.resuming) resume.push(entry.at - client.welcomedAt);
      recovered(client, entry.at);
    }
  });

  witness.listen('settled', (entry) => {
    if (entry.kind !== 'settled' || entry.stream === 0) return;
    const client = clients.get(entry.node);
    if (client !== undefined) streamOf(client, entry.stream).owed = true;
  });
  witness.listen('received', (entry) => {
    if (entry.kind !== 'received') return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    const stream = streamOf(client, entry.stream);
    if (stream.held === 0) stream.epoch = entry.epoch;
    if (entry.epoch !== stream.epoch || entry.seq !== stream.held + 1 || !trueTo(contents, entry.chunk, entry.seq))
      stream.intact = false;
    stream.held = entry.seq;
    if (entry.chunk.fin) stream.complete = true;
    if (client.recovering) recovered(client, entry.at);
  });
  witness.listen('replaced', (entry) => {
    if (entry.kind !== 'replaced') return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    const stream = streamOf(client, entry.stream);
    stream.epoch = entry.epoch;
    stream.held = entry.chunks.length;
    stream.intact = entry.chunks.every((chunk, index) => trueTo(contents, chunk, index + 1));
    stream.complete = entry.chunks.at(-1)?.fin ?? false;
    if (client.recovering) recovered(client, entry.at);
  });

  return {
    figures(): Figures {
      let streamsOwed = 0;
      let streamsCompleted = 0;
      let streamsIntact = 0;
      for (const client of clients.values())
        for (const stream of client.streams.values()) {
          if (stream.complete) streamsCompleted++;
          if (stream.complete && stream.intact) streamsIntact++;
          if (stream.complete || (stream.owed && !client.ended)) streamsOwed++;
        }
      const all = { streamsOwed, streamsLost: lost, streamsCompleted, streamsIntact };
      return { ...all, reconnect, resume, recovery, peakBufferBytes: peak, bytesSent, bytesResent, disconnects, dials };
    },
  };
}

function newClient(node: NodeId): ClientView {
  return {
    node,
    conn: -1,
    lostAt: -1,
    welcomedAt: 0,
    replays: 0,
    recovering: false,
    resuming: false,
    leaving: false,
    ended: false,
    streams: new Map(),
  };
}

function streamOf(client: ClientView, number: number): StreamView {
  let stream = client.streams.get(number);
  if (stream === undefined) {
    stream = { owed: false, complete: false, intact: true, epoch: 0, held: 0, sentEpoch: 0, sentSeq: 0 };
    client.streams.set(number, stream);
  }
  return stream;
}

/** Whether a delivered chunk holds the real bytes at its place in the content. */
function trueTo(contents: readonly Content[], chunk: Chunk, seq: number): boolean {
  const content = contents[chunk.content];
  const expected = content?.chunks[seq - 1];
  if (content === undefined || expected === undefined) return false;
  if (chunk === expected) return true;
  // Not the very same value: believe nothing but the bytes, once a process, because a content never changes.
  return sameChunk(chunk, expected) && trueToBytes(content, expected);
}

const sound = new WeakSet<Chunk>();

function trueToBytes(content: Content, chunk: Chunk): boolean {
  if (sound.has(chunk)) return true;
  if (checksum(content.bytes, chunk.start, chunk.end) !== chunk.sum) return false;
  sound.add(chunk);
  return true;
}
