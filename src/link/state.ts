/** What a link knows: the conditions of both directions, and every connection that crosses it. */

import { type Duration, type Instant, NEVER, START, ZERO } from '../time.ts';
import type { Payload } from '../transport.ts';
import type { LinkConfig, PathConfig } from './config.ts';

/** One direction of the path, shared by all connections on it. */
export interface Path {
  /** The conditions in force; the configured ones unless degraded. */
  conditions: PathConfig;
  cut: boolean;
  /** What enters is held until then. */
  heldUntil: Instant;
  /** When the bottleneck has sent everything that was put into its queue. */
  busyUntil: Instant;
  /** Measured capacity: the opportunity in use (counted over all repetitions; -1 before the first), and the bytes left in it. */
  opportunity: number;
  room: number;
  /** The Gilbert-Elliott chain: its state, and when it changes. */
  bad: boolean;
  flipsAt: Instant;
}

/** Something on its way through a connection, in order: a message, or a step of its life. */
export interface Item {
  kind: 'frame' | 'incoming' | 'opened' | 'refused' | 'close' | 'fin';
  payload: Payload | null;
  bytes: number;
  /** Close code, or status of a refusal. */
  code: number;
  reason: string;
  /** Segments that were never sent. */
  left: number;
  /** Segments that were lost: those of which the sender cannot know yet, and those that it will send again. */
  silent: number;
  known: number;
  /** When segments of it were lost last, and when the sender knows of them (or may repeat them). */
  lostAt: Instant;
  retryAt: Instant;
  /** Whether it was lost in the same segment as the item before it, and counts with that. */
  rides: boolean;
  /** Whether what was lost last had been sent before. */
  again: boolean;
  /** When all that was not lost is out of the path. */
  out: Instant;
}

/** What the sender of a lane believes to be under way, in segments. */
export interface Flight {
  /**
   * Acknowledgements on their way back: when each arrives and how many segments it is for. Those before `acked` have
   * arrived, those from `due` on are memory kept for the next: a list that shrinks and grows at every message costs more.
   */
  acks: number[];
  counts: number[];
  acked: number;
  due: number;
  /** Segments that these acknowledge. */
  sent: number;
  /** Whether the receiver owes an acknowledgement that it puts off. */
  odd: boolean;
  /** Segments lost of which the sender cannot know, and segments received whose acknowledgement was cut off. */
  silent: number;
  unacked: number;
  /** When the oldest of the latter was sent. */
  unackedSince: Instant;
}

/** Congestion control: slow start and CUBIC (RFC 9438), in segments. */
export interface Congestion {
  window: number;
  threshold: number;
  /** The sender used all of its window in the round trip before this: an application that does not must not grow it. */
  fullUntil: Instant;
  /** Window at the last loss, and the growth since: when it began, acknowledged segments, what Reno would have. */
  lastMax: number;
  epochAt: number;
  origin: number;
  rise: number;
  acked: number;
  counted: number;
  reno: number;
  /** The last reduction; a segment lost before it causes no other. */
  reducedAt: number;
  /** While recovering a segment goes out only for each one that came in (PRR). */
  recoverUntil: Instant;
  credit: number;
}

/** One direction of one connection. */
export interface Lane {
  /** Nothing arrives before what was sent earlier. */
  lastArrival: Instant;
  lastSent: Instant;
  /** When the application sent last, and the time between the last two; 0 if it does not send regularly. */
  offeredAt: Instant;
  interval: number;
  /** What has not got through, and what waits behind it. */
  waiting: Item[];
  /** Items of `waiting` that have left it; the array is compacted now and then, because shifting costs. */
  gone: number;
  /** Items before this were sent at least in part. */
  next: number;
  /** Room in the last segment for the beginning of the next message. */
  spare: number;
  flight: Flight;
  congestion: Congestion;
  /** A round trip that was mismeasured during the handshake; 0 for the path's own. */
  firstRoundTrip: number;
  /** Time-outs in a row (the first is the tail-loss probe), when the next is, and when the first was. */
  timeouts: number;
  alarmAt: Instant;
  firstTimeout: Instant;
  /** Whether the probe had nothing new to send. */
  pressed: boolean;
  /** When something was repeated last. */
  lastRepair: Instant;
  /** After a time-out new data goes first, to find out whether it was spurious (F-RTO). */
  doubting: boolean;
  /** When the timer `resend` fires. */
  wakeAt: Instant;
}

export interface Conn {
  /** `syn`: nobody answered yet; `requested`: TCP is up, the request is on its way; `asked`: end 1 has it; `open`: accepted. */
  phase: 'syn' | 'requested' | 'asked' | 'open';
  /** What the handshake says of where it comes from; empty for nothing. */
  origin: string;
  /** What the refusal of its handshake asks for; 0 for nothing. */
  retryAfter: Duration;
  /** SYNs sent, and when the first was; when the first of them arrived, or -1. */
  syns: number;
  dialledAt: Instant;
  heardAt: number;
  /** Whether a middlebox forgot it: nothing passes any more. */
  black: boolean;
  /** Ends that are over: they hung up, died, or were told. */
  over: [boolean, boolean];
  /** Lane 0 is up (sent by end 0), lane 1 down. */
  lanes: [Lane, Lane];
}

export interface LinkState {
  readonly config: LinkConfig;
  /** Up, down. */
  paths: [Path, Path];
  /** Whether the process, and the host, at each end lives. */
  process: [boolean, boolean];
  host: [boolean, boolean];
  /** Added to every handshake. */
  handshakeDelay: Duration;
  conns: Record<number, Conn>;
}

/** Payload of a full TCP segment, and the headers that every segment adds (IP, TCP with timestamps). */
export const MSS = 1448;
export const HEADERS = 52;
/** Initial congestion window: ten segments. */
export const INITIAL_WINDOW = 10;

/** Packets that a message takes; even an empty one takes one. */
export const segments = (bytes: number): number => (bytes <= MSS ? 1 : Math.ceil(bytes / MSS));

/** An item that was not sent yet. */
export const newItem = (
  kind: Item['kind'],
  bytes: number,
  payload: Payload | null = null,
  code = 0,
  reason = '',
): Item => ({
  kind,
  payload,
  bytes,
  code,
  reason,
  left: segments(bytes),
  silent: 0,
  known: 0,
  lostAt: START,
  retryAt: NEVER,
  rides: false,
  again: false,
  out: START,
});

const newPath = (conditions: PathConfig): Path => ({
  conditions,
  cut: false,
  heldUntil: START,
  busyUntil: START,
  opportunity: -1,
  room: 0,
  bad: false,
  flipsAt: START,
});

const newLane = (): Lane => ({
  lastArrival: START,
  lastSent: START,
  offeredAt: START,
  interval: 0,
  waiting: [],
  gone: 0,
  next: 0,
  spare: 0,
  flight: { acks: [], counts: [], acked: 0, due: 0, sent: 0, odd: false, silent: 0, unacked: 0, unackedSince: START },
  congestion: {
    window: INITIAL_WINDOW,
    threshold: 1_000_000,
    fullUntil: START,
    lastMax: 0,
    epochAt: -1,
    origin: 0,
    rise: 0,
    acked: 0,
    counted: 0,
    reno: 0,
    reducedAt: -1,
    recoverUntil: START,
    credit: 0,
  },
  firstRoundTrip: 0,
  timeouts: 0,
  alarmAt: NEVER,
  firstTimeout: START,
  pressed: false,
  lastRepair: START,
  doubting: false,
  wakeAt: NEVER,
});

export const newConn = (now: Instant, origin: string): Conn => ({
  phase: 'syn',
  origin,
  retryAfter: ZERO,
  syns: 0,
  dialledAt: now,
  heardAt: -1,
  black: false,
  over: [false, false],
  lanes: [newLane(), newLane()],
});

export const init = (config: LinkConfig): LinkState => ({
  config,
  paths: [newPath(config.up), newPath(config.down)],
  process: [true, true],
  host: [true, true],
  handshakeDelay: ZERO,
  conns: {},
});

/** Two-way propagation delay in microseconds. */
export const roundTrip = (state: LinkState): number =>
  state.paths[0].conditions.delay + state.paths[1].conditions.delay;

/** Whether end 1 has never heard of the connection. */
export const isUntold = (conn: Conn): boolean => conn.phase === 'syn' || conn.phase === 'requested';

/** Whether anything waits in a lane. */
export const isWaiting = (lane: Lane): boolean => lane.waiting.length > lane.gone;

/** Items before this may have holes: all that were sent, and the one that is being sent. */
export const reach = ({ next, waiting }: Lane): number => (next < waiting.length ? next + 1 : next);
