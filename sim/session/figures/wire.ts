/**
 * What crosses connections: bytes that they hold, bytes that are sent again, and the few frames that tell where a client
 * stands. Two entries of three in a run are `sent` and `delivered`, so both folds touch numbers only: nothing is
 * allocated, and no name is looked up, for a frame that carries data.
 */
import { chunkBytes } from '../../../src/content.ts';
import type { Frame } from '../../../src/session/wire/frames.ts';
import type { Instant } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { stepBegins, stepOf } from '../../figures/series.ts';
import type { SessionWitness } from '../observe.ts';
import { type ClientView, type ConnView, newConn, streamOf } from './views.ts';

/** What the fold of the wire tells the others. */
export interface Ears {
  /** A client hears something after a silence that may have been too long; `heardAt` still says since when. */
  brokeSilence(conn: ConnView, at: Instant): void;
  /** Something else than data reached the client that dialled the connection. */
  heard(conn: ConnView, client: ClientView, payload: Frame, at: Instant): void;
  /** A server sent a notice that it will close this connection at `ends`. */
  noticed(conn: ConnView, server: string, ends: number): void;
  /** A server sent WELCOME on this connection. */
  welcomed(conn: ConnView): void;
}

export interface Wire {
  connOf(id: ConnId): ConnView;
  readonly totals: {
    /** Most bytes that one connection held, and that all held together. */
    peak: number;
    peakTogether: number;
    bytesSent: number;
    bytesResent: number;
    /** Most bytes of one stream that were sent again on one connection. */
    peakAgain: number;
    dials: number;
  };
  /** Most bytes that all connections held, by step of time up to `at`. */
  series(at: Instant): readonly number[];
}

export function watchWire(
  witness: SessionWitness,
  clients: ReadonlyMap<string, ClientView>,
  balancer: string,
  ears: Ears,
): Wire {
  const conns = new Map<ConnId, ConnView>();
  const totals = { peak: 0, peakTogether: 0, bytesSent: 0, bytesResent: 0, peakAgain: 0, dials: 0 };
  const series: number[] = [];
  let together = 0;
  /** Peak of the step of time under way, and when that ends. */
  let stepPeak = 0;
  let stepEnds = stepBegins(1);
  // Frames come in runs on few connections: the last one is asked for again more often than not.
  let last = newConn(0, null, 0);

  const connOf = (id: ConnId): ConnView => {
    if (last.id === id) return last;
    let conn = conns.get(id);
    if (conn === undefined) {
      conn = newConn(id, null, 0);
      conns.set(id, conn);
    }
    last = conn;
    return conn;
  };
  /** Closes steps until the one of `at`; what is held lives through those in which nothing was sent. */
  const advance = (at: number): void => {
    const step = stepOf(at);
    while (series.length < step) {
      series.push(stepPeak);
      stepPeak = together;
    }
    stepEnds = stepBegins(step + 1);
  };
  const sendAgain = (client: ClientView, number: number, conn: ConnId, bytes: number): void => {
    totals.bytesResent += bytes;
    const stream = streamOf(client, number);
    if (stream.againOn !== conn) {
      stream.againOn = conn;
      stream.again = 0;
    }
    stream.again += bytes;
    if (stream.again > totals.peakAgain) totals.peakAgain = stream.again;
  };
  const sendSnapshot = (client: ClientView, conn: ConnId, payload: Frame & { type: 'SNAPSHOT' }): void => {
    const stream = streamOf(client, payload.stream);
    if (stream.sentEpoch !== payload.epoch) {
      stream.sentEpoch = payload.epoch;
      stream.sentSeq = 0;
    }
    let again = 0;
    for (const chunk of payload.chunks) {
      const bytes = chunkBytes(chunk);
      totals.bytesSent += bytes;
      stream.snapshotSeq++;
      if (stream.snapshotSeq <= stream.sentSeq) again += bytes;
      else stream.sentSeq = stream.snapshotSeq;
    }
    if (again > 0) sendAgain(client, payload.stream, conn, again);
  };

  witness.listen('dialled', (entry) => {
    if (entry.kind !== 'dialled') return;
    const client = clients.get(entry.node) ?? null;
    if (client !== null) totals.dials++;
    conns.set(entry.conn, newConn(entry.conn, client, entry.at));
  });
  witness.listen('sent', (entry) => {
    if (entry.kind !== 'sent') return;
    const { payload, bytes } = entry;
    const conn = connOf(entry.conn);
    if (entry.at >= stepEnds) advance(entry.at);
    conn.held += bytes;
    together += bytes;
    if (conn.held > totals.peak) totals.peak = conn.held;
    if (together > stepPeak) {
      stepPeak = together;
      if (together > totals.peakTogether) totals.peakTogether = together;
    }
    const { client } = conn;
    if (client !== null && together > client.peak) client.peak = together;
    if (entry.node !== balancer) {
      if (payload.type === 'GOAWAY') ears.noticed(conn, entry.node, entry.at + payload.deadline);
      else if (payload.type === 'WELCOME') ears.welcomed(conn);
      return;
    }
    if (client === null) return;
    if (payload.type === 'DATA') {
      const stream = streamOf(client, payload.stream);
      const size = chunkBytes(payload.chunk);
      totals.bytesSent += size;
      if (stream.sentEpoch === payload.epoch && payload.seq <= stream.sentSeq)
        sendAgain(client, payload.stream, entry.conn, size);
      else {
        stream.sentEpoch = payload.epoch;
        stream.sentSeq = payload.seq;
      }
    } else if (payload.type === 'SNAPSHOT') sendSnapshot(client, entry.conn, payload);
    else if (payload.type === 'RESET' && payload.stream > 0)
      streamOf(client, payload.stream).snapshotSeq = payload.held;
  });
  witness.listen('delivered', (entry) => {
    if (entry.kind !== 'delivered') return;
    const conn = connOf(entry.conn);
    if (entry.at >= stepEnds) advance(entry.at);
    conn.held -= entry.bytes;
    together -= entry.bytes;
    const { client } = conn;
    if (client === null || client.node !== entry.node) return;
    if (entry.at - conn.heardAt > conn.deadAfter) ears.brokeSilence(conn, entry.at);
    conn.heardAt = entry.at;
    if (entry.payload.type !== 'DATA') ears.heard(conn, client, entry.payload, entry.at);
  });
  witness.listen('lost', (entry) => {
    if (entry.kind !== 'lost') return;
    if (entry.at >= stepEnds) advance(entry.at);
    connOf(entry.conn).held -= entry.bytes;
    together -= entry.bytes;
  });
  witness.listen('opened', (entry) => {
    if (entry.kind === 'opened' && clients.has(entry.node)) connOf(entry.conn).openedAt = entry.at;
  });

  return {
    connOf,
    totals,
    series(at) {
      if (at >= stepEnds) advance(at);
      return [...series, stepPeak];
    },
  };
}
