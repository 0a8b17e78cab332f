/** What the figures know of clients and connections: only what a witness saw of them. */
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { ConnId } from '../../../src/transport.ts';

/** No time yet: instants are 0 or more. */
export const NONE = -1;

export interface ConnView {
  readonly id: ConnId;
  /** Who dialled it, if that was a client. */
  readonly client: ClientView | null;
  readonly dialledAt: number;
  openedAt: number;
  /** When its client heard a frame last; counts from the WELCOME on. */
  heardAt: number;
  /** How long the client waits for a frame, as WELCOME told it; 0 before that. */
  deadAfter: number;
  /** When its draining server will close it; `NONE` without a notice. */
  endsAt: number;
  /** Bytes sent on it, in either direction, and neither delivered nor lost. */
  held: number;
  /** A server sent WELCOME on it. */
  welcomed: boolean;
  /** Its client is through with it. */
  over: boolean;
}

export interface ClientView {
  readonly node: NodeId;
  readonly connectTimeout: number;
  readonly helloTimeout: number;
  /** When its application started. */
  startedAt: number;
  leaving: boolean;
  /** A terminal error was told: what is unfinished is excused if the scenario allows that error (the laws judge that). */
  ended: boolean;
  /** The connection that was welcomed last and is not known to be lost; null for none. */
  conn: ConnView | null;
  welcomedAt: number;
  /** REPLAY_ENDs still to come after the WELCOME. */
  replays: number;
  /** When the connection was lost that the application has not recovered from; `NONE` outside of an outage. */
  lostAt: number;
  /** From the loss to the opening of the connection that ended it; `NONE` when the last WELCOME ended no outage. */
  outage: number;
  /** Whether the WELCOME under way ended an outage (and not the first connect, or a planned handover). */
  resuming: boolean;
  /** Whether it was welcomed ever. */
  welcomed: boolean;
  /** Its address changed since its context was restored last; and how many faults hold it on another network. */
  moved: boolean;
  away: number;
  /** When a GOAWAY reached it that it has not acted on yet. */
  noticedAt: number;
  /** When the server that owned its session died without it having recovered since. */
  crashedAt: number;
  /** Which server owns its session now, and which one restored its context last. */
  owner: NodeId;
  servedBy: NodeId;
  /** Time without service in the whole run. */
  interrupted: number;
  /** Most bytes that all connections held since this client's last loss, and that for each of its cycles. */
  peak: number;
  readonly peaks: number[];
  /** From the opening of a connection to the end of its replay, for each cycle. */
  readonly cycles: number[];
  readonly streams: Few<number, StreamView>;
  /** Sends without an outcome: when the application asked, or `LATE` once its deadline was over. */
  readonly sends: Few<string, number>;
}

export interface StreamView {
  owed: boolean;
  /** When the application asked for it; `NONE` as long as its send is not settled. */
  askedAt: number;
  complete: boolean;
  /** It was not complete when it should have been. */
  late: boolean;
  intact: boolean;
  epoch: number;
  /** Chunks that the application holds. */
  held: number;
  /** Highest sequence number that was ever sent towards the client in `sentEpoch`. */
  sentEpoch: number;
  sentSeq: number;
  /** The same of the snapshot that its last RESET announced. */
  snapshotSeq: number;
  /** Bytes sent again on connection `againOn`. */
  againOn: ConnId;
  again: number;
}

export function newClient(node: NodeId, connectTimeout: number, helloTimeout: number): ClientView {
  return {
    node,
    connectTimeout,
    helloTimeout,
    startedAt: NONE,
    leaving: false,
    ended: false,
    conn: null,
    welcomedAt: NONE,
    replays: 0,
    lostAt: NONE,
    outage: NONE,
    resuming: false,
    welcomed: false,
    moved: false,
    away: 0,
    noticedAt: NONE,
    crashedAt: NONE,
    owner: '',
    servedBy: '',
    interrupted: 0,
    peak: 0,
    peaks: [],
    cycles: [],
    streams: new Few(),
    sends: new Few(),
  };
}

export const newConn = (id: ConnId, client: ClientView | null, dialledAt: number): ConnView => ({
  id,
  client,
  dialledAt,
  openedAt: NONE,
  heardAt: NONE,
  deadAfter: 0,
  endsAt: NONE,
  held: 0,
  welcomed: false,
  over: false,
});

/** Whether a connection owns its client's session, so that the client counts on frames from it. */
export const isCurrent = (conn: ConnView): boolean => conn.client !== null && conn.client.conn === conn;

/** The stream of that number, new if need be. */
export function streamOf(client: ClientView, number: number): StreamView {
  let stream = client.streams.get(number);
  if (stream === undefined) {
    stream = {
      owed: false,
      askedAt: NONE,
      complete: false,
      late: false,
      intact: true,
      epoch: 0,
      held: 0,
      sentEpoch: 0,
      sentSeq: 0,
      snapshotSeq: 0,
      againOn: 0,
      again: 0,
    };
    client.streams.set(number, stream);
  }
  return stream;
}
