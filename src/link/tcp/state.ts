/** What a link knows: the conditions of both directions, and every connection that crosses it. */
import { type Duration, type Instant, NEVER, START, ZERO } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { LinkConfig, PathConfig } from '../config.ts';
import { type Estimate, newEstimate } from './estimate.ts';
import { type Congestion, newCongestion } from './window.ts';

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

/** Something on its way through a connection, in order: what a tenant writes at once, or the end of it. */
export interface Item {
  /** TCP's own `part` (the beginning of a long write) and `fin`, or a word of its tenant's. */
  kind: string;
  /** What of its tenant's arrives with it. */
  payload: unknown;
  /** Bytes that it puts on the path, and those of the whole write, whose beginning are the parts before it. */
  bytes: number;
  whole: number;
  /** Segments that were never sent. */
  left: number;
  /** Segments that were lost: those of which the sender cannot know yet, and those that it will send again. */
  silent: number;
  known: number;
  /** When segments of it were lost for the first time, when last, and when the sender knows of them (or may repeat them). */
  holeAt: Instant;
  lostAt: Instant;
  retryAt: Instant;
  /** Segments behind the lost ones that have arrived since. */
  passed: number;
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
   * Acknowledgements on their way back: when each arrives, how many segments it is for, and when the first and the last of
   * these were sent. Those before `acked` have arrived, those from `due` on are memory kept for the next: a list that shrinks and
   * grows at every message costs more.
   */
  acks: number[];
  counts: number[];
  stamps: number[];
  latest: number[];
  /** Whether each is for something that was missing before. */
  fills: boolean[];
  acked: number;
  due: number;
  /** Segments that these acknowledge. */
  sent: number;
  /** Segments that were ever sent for the first time, and those that were acknowledged. */
  total: number;
  heard: number;
  /** When what the last acknowledgement of the list is for arrives, if the receiver puts it off; else -1. */
  owedAt: number;
  /** Something that was missing has arrived since the last acknowledgement of the list was sent. */
  filled: boolean;
  /** When segments arrived last that were acknowledged at once, and whether that acknowledgement gets through. */
  jointAt: Instant;
  jointHeard: boolean;
  /** Whether the receiver takes the connection for a conversation, and puts acknowledgements off (pingpong mode). */
  chatty: boolean;
  /** Segments that were sent while the way back was cut: when they arrive, and how many each time. */
  unheardAt: number[];
  unheard: number[];
  /** Segments lost of which the sender cannot know, and segments received whose acknowledgement was cut off. */
  silent: number;
  unacked: number;
  /** When the oldest of the latter was sent. */
  unackedSince: Instant;
}

/** One direction of one connection. */
export interface Lane {
  /** Nothing arrives before what was sent earlier. */
  lastArrival: Instant;
  lastSent: Instant;
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
  estimate: Estimate;
  /** When the last acknowledgement came, and the last that left no less missing before it. */
  lastHeard: Instant;
  lastAdvance: Instant;
  /** Time-outs in a row (the first is the tail-loss probe), when the next is, and when the first was. */
  timeouts: number;
  alarmAt: Instant;
  firstTimeout: Instant;
  /** The probe's timer: when it fires, for which tick it was set, and the segment or acknowledgement upon which it was. */
  probeAt: Instant;
  probeTick: number;
  probeFor: Instant;
  /** Something new went out behind the probe, so that another probe is due, which only starts the time-out. */
  renewed: boolean;
  /** When something was repeated last. */
  lastRepair: Instant;
  /** After a time-out new data goes first, to find out whether it was spurious (F-RTO). */
  doubting: boolean;
  /** The last place in the window waits for the next acknowledgement. */
  deferred: boolean;
  /** When the timer `resend` fires. */
  wakeAt: Instant;
  /** Who sends wants to know when no more than that is left in its process; -1: it does not ask. */
  mark: number;
}

export interface Conn {
  readonly id: ConnId;
  /** Who stands on it, and what that keeps of it. */
  readonly tenant: string;
  own: unknown;
  /** `syn`: nobody answered yet; `connected`: what the dialler says first is on its way; `heard`: end 1 has it; `open`: accepted. */
  phase: 'syn' | 'connected' | 'heard' | 'open';
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
  /** Whether the process at each end takes connections. */
  listens: [boolean, boolean];
  /** Added to every handshake. */
  handshakeDelay: Duration;
  conns: Record<number, Conn>;
}

/** Payload of a full TCP segment, and the headers that every segment adds (IP, TCP with timestamps). */
export const MSS = 1448;
export const HEADERS = 52;

/** Packets that a message takes; even an empty one takes one. */
export const segments = (bytes: number): number => (bytes <= MSS ? 1 : Math.ceil(bytes / MSS));

/** An item that was not sent yet. */
export const newItem = (kind: string, bytes: number, payload: unknown = null): Item => ({
  kind,
  payload,
  bytes,
  whole: bytes,
  left: segments(bytes),
  silent: 0,
  known: 0,
  holeAt: START,
  lostAt: START,
  retryAt: NEVER,
  passed: 0,
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

/** Never written to: a list is made when there is something to put into it. */
const NONE: number[] = [];

const newLane = (): Lane => ({
  lastArrival: START,
  lastSent: START,
  waiting: [],
  gone: 0,
  next: 0,
  spare: 0,
  flight: {
    // As much as most connections ever need: an engine makes an empty list that is added to four times as long.
    acks: [0, 0, 0, 0],
    counts: [0, 0, 0, 0],
    stamps: [0, 0, 0, 0],
    latest: [0, 0, 0, 0],
    fills: [false, false, false, false],
    acked: 0,
    due: 0,
    sent: 0,
    total: 0,
    heard: 0,
    owedAt: -1,
    filled: false,
    jointAt: START,
    jointHeard: false,
    chatty: false,
    unheardAt: NONE,
    unheard: NONE,
    silent: 0,
    unacked: 0,
    unackedSince: START,
  },
  congestion: newCongestion(),
  estimate: newEstimate(),
  lastHeard: START,
  lastAdvance: START,
  timeouts: 0,
  alarmAt: NEVER,
  firstTimeout: START,
  probeAt: START,
  probeTick: -1,
  probeFor: START,
  renewed: false,
  lastRepair: START,
  doubting: false,
  deferred: false,
  wakeAt: NEVER,
  mark: -1,
});

export const newConn = (id: ConnId, now: Instant, tenant: string, own: unknown): Conn => ({
  id,
  tenant,
  own,
  phase: 'syn',
  syns: 0,
  dialledAt: now,
  heardAt: -1,
  black: false,
  over: [false, false],
  lanes: NO_LANES,
});

/** Both directions of a connection that is more than a dial. */
export const newLanes = (): [Lane, Lane] => [newLane(), newLane()];

/** Those of a dial, which is refused in the instant in which it begins, as most dials of an outage are, or gets its own then. */
const NO_LANES = newLanes();
for (const lane of NO_LANES) Object.freeze(lane);

export const init = (config: LinkConfig): LinkState => ({
  config,
  paths: [newPath(config.up), newPath(config.down)],
  process: [true, true],
  host: [true, true],
  listens: [true, true],
  handshakeDelay: ZERO,
  conns: {},
});

/** Two-way propagation delay in microseconds. */
export const roundTrip = (state: LinkState): number =>
  state.paths[0].conditions.delay + state.paths[1].conditions.delay;

/** Whether end 1 has never heard of the connection. */
export const isUntold = (conn: Conn): boolean => conn.phase === 'syn' || conn.phase === 'connected';

/** Whether anything waits in a lane. */
export const isWaiting = (lane: Lane): boolean => lane.waiting.length > lane.gone;

/** Whether something that was sent before `stamp` was lost, and is not through. */
export function isHoled({ waiting, gone }: Lane, stamp: number): boolean {
  const head = waiting[gone];
  return head !== undefined && head.silent + head.known > 0 && head.holeAt < stamp;
}

/** Items before this may have holes: all that were sent, and the one that is being sent. */
export const reach = ({ next, waiting }: Lane): number => (next < waiting.length ? next + 1 : next);
