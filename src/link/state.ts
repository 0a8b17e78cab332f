/** What a link knows: the conditions of both directions, and every connection that crosses it. */

import { type Duration, type Instant, START, ZERO } from '../time.ts';
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
  /** Measured capacity: the opportunity in use (counted over all repetitions), and the bytes left in it. */
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
}

/** One direction of one connection. */
export interface Lane {
  /** Nothing arrives before what was sent earlier. */
  lastArrival: Instant;
  lastSent: Instant;
  /** What has not entered the path: waits for a retransmission, for the window, or for room in the queue. */
  waiting: Item[];
  /** Items of `waiting` that have left it; the array is compacted now and then, because shifting costs. */
  gone: number;
  /** When the head was lost first, or -1 while it waits for room only. */
  lostSince: number;
  /** Packets of the head that are still missing at the receiver. */
  missing: number;
  /** The next wait of the retransmission ladder in microseconds. */
  rung: number;
  /** Congestion window in bytes, the round trip that is counted, and what was sent in it. */
  window: number;
  roundAt: Instant;
  roundBytes: number;
  /** Bytes sent while no acknowledgement can come back. */
  unacked: number;
}

export interface Conn {
  /** `syn`: nobody answered yet; `requested`: TCP is up, the request is on its way; `asked`: end 1 has it; `open`: accepted. */
  phase: 'syn' | 'requested' | 'asked' | 'open';
  /** What the handshake says of where it comes from; empty for nothing. */
  origin: string;
  /** SYNs sent, and when the first was. */
  syns: number;
  dialledAt: Instant;
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
export const INITIAL_WINDOW = 10 * MSS;

const newPath = (conditions: PathConfig): Path => ({
  conditions,
  cut: false,
  heldUntil: START,
  busyUntil: START,
  opportunity: 0,
  room: 0,
  bad: false,
  flipsAt: START,
});

const newLane = (): Lane => ({
  lastArrival: START,
  lastSent: START,
  waiting: [],
  gone: 0,
  lostSince: -1,
  missing: 0,
  rung: 0,
  window: INITIAL_WINDOW,
  roundAt: START,
  roundBytes: 0,
  unacked: 0,
});

export const newConn = (now: Instant, origin: string): Conn => ({
  phase: 'syn',
  origin,
  syns: 0,
  dialledAt: now,
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
