/**
 * The intake: how fast a server takes connections, who waits for it, and who is sent away.
 *
 * Taking a connection is work (TLS, the upgrade, HELLO, the token, the claim), and a process gets through so many of them
 * in a second. Handshakes are admitted in the order in which they came, one a *slot*. A process without work admits at
 * once; from there on slots follow each other at the rate for as long as somebody waits. The k-th of them lies
 * `floor(k * 1,000,000 / rate)` microseconds behind the first, so that nothing is lost or gained by rounding, however
 * long the rush; and a new rush begins when the work of the last one is done, so that no window of length t holds more
 * than `rate * t + 1` admissions.
 *
 * Who finds no slot waits in the accept queue, as in a listen backlog: the handshake is unanswered, and the dialler's own
 * patience runs. One that gives up leaves the queue, and no slot is spent on it: the work begins by reading the request,
 * and that finds the end of the connection first. One whose host died in silence looks like any other, and costs a slot.
 *
 * Who finds the queue full is refused, and told when to come back. A process that dies takes its queue with it, and what
 * it admitted is no debt of the next one. One that stood still lost the slots of that time.
 */
import { after, type Duration, type Instant, seconds, times, us } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import { clearTimer, type Effects, newConn, type ServerState, setTimer } from './state.ts';

/** How a server is limited in taking connections. Without one it takes everybody at once. */
export interface IntakeConfig {
  /**
   * Admissions a second: an integer from 1. Far below `clients / cap` of their backoff policy, the herd never gets in
   * faster than it dials again, and most dials are refused.
   */
  readonly admitRate: number;
  /**
   * Handshakes that may wait for a slot, 0 or more; a listen backlog (Node's default is 511, Linux cuts it to
   * `net.core.somaxconn`, 4096). Deeper than `admitRate` times the dialler's connect time-out, its end is never reached
   * in time: they wait for nothing.
   */
  readonly acceptQueue: number;
  /**
   * What those hear who find the queue full. `http`: 503 with Retry-After, which costs them one round trip less and a
   * balancer may try another server. `close`: the upgrade is made, and HELLO answered with ERROR `unavailable` and 1013,
   * which browsers show to a page; a handshake's status they do not.
   */
  readonly refuseWith: 'http' | 'close';
  /**
   * Time of the process that a refusal takes from admissions; 0 when an accelerator or the kernel refuses. With N clients
   * that dial once in m, admission stops altogether where `N * refusalCost >= m`: every moment goes into refusals.
   */
  readonly refusalCost: Duration;
}

/** Who waits, and where the slots are. */
export interface Intake {
  /** Those who came, in order, with those who gave up meanwhile among them; so many of them were taken. */
  queue: ConnId[];
  taken: number;
  /** Those of them who wait, and how many they are. */
  waiting: Record<number, true>;
  length: number;
  /** When the first slot of the present rush was, and how many were used since. */
  since: Instant;
  used: number;
}

/** What a 503 is answered with. */
const UNAVAILABLE = 503;
/** Entries of the queue that are done with are dropped in one go when there are so many of them, and they are half of it. */
const TAKEN_MAX = 64;
const SECOND = 1_000_000;

/** A handshake that nothing else speaks against: it is taken, waits, or is sent away. */
export function arrive(state: ServerState, id: ConnId, now: Instant, effects: Effects): void {
  const { intake: config } = state.config;
  if (config === undefined) {
    take(state, id, false, now, effects);
    return;
  }
  const { intake } = state;
  if (intake.length === 0 && now >= idleFrom(intake, config)) {
    intake.since = now;
    intake.used = 1;
    take(state, id, false, now, effects);
  } else if (intake.length < config.acceptQueue) {
    intake.queue.push(id);
    intake.waiting[id] = true;
    intake.length++;
    if (intake.length === 1) effects.push(setTimer('admit', 0, nextSlot(intake, config)));
  } else {
    // A refusal holds up whatever the process does next.
    intake.since = after(intake.since, config.refusalCost);
    if (config.refuseWith === 'http') effects.push(refusal(state, id));
    else take(state, id, true, now, effects);
  }
}

/** The timer `admit`: a slot. */
export function admit(state: ServerState, now: Instant, effects: Effects): void {
  const { intake } = state;
  const { intake: config } = state.config;
  if (config === undefined || intake.length === 0) return;
  const slot = nextSlot(intake, config);
  // Refusals took their time since the timer was set.
  if (now < slot) {
    effects.push(setTimer('admit', 0, slot));
    return;
  }
  if (now > slot) {
    intake.since = now;
    intake.used = 0;
  }
  const id = first(intake);
  leave(state, id, effects);
  intake.used++;
  take(state, id, false, now, effects);
  if (intake.length > 0) effects.push(setTimer('admit', 0, nextSlot(intake, config)));
}

/** Whoever waits under that name has given up, or is served: the place in the queue is free. */
export function leave({ intake }: ServerState, id: ConnId, effects: Effects): void {
  if (intake.waiting[id] === undefined) return;
  delete intake.waiting[id];
  intake.length--;
  if (intake.length === 0) {
    intake.queue = [];
    intake.taken = 0;
    effects.push(clearTimer('admit', 0));
  }
}

/** The server takes nobody from here on: those who wait are told so, and nobody waits for nothing. */
export function sendAway(state: ServerState, effects: Effects): void {
  const { intake } = state;
  for (const id of intake.queue) if (intake.waiting[id] !== undefined) effects.push(refusal(state, id));
  if (intake.length > 0) effects.push(clearTimer('admit', 0));
  intake.queue = [];
  intake.taken = 0;
  intake.waiting = {};
  intake.length = 0;
}

/**
 * 503, and when to come back; HTTP counts that in whole seconds, so it is rounded up. One that drains will not be there
 * then, and says nothing: whoever takes its place may do so at once.
 */
export const refusal = ({ phase, config }: ServerState, conn: ConnId): Effects[number] => {
  const refused = { type: 'refuse', conn, status: UNAVAILABLE } as const;
  const retryAfter = times(seconds(1), Math.ceil(config.retryAfter / SECOND));
  return phase === 'serving' && retryAfter > 0 ? { ...refused, retryAfter } : refused;
};

/** The connection is open. One that is turned away hears why when it has said HELLO. */
function take(state: ServerState, id: ConnId, turnedAway: boolean, now: Instant, effects: Effects): void {
  state.connections++;
  const conn = newConn(now);
  conn.turnedAway = turnedAway;
  state.conns[id] = conn;
  effects.push({ type: 'accept', conn: id }, setTimer('hello', id, after(now, state.config.helloTimeout)));
}

/** Who waits longest. */
function first(intake: Intake): ConnId {
  const { queue } = intake;
  while (intake.waiting[queue[intake.taken] as ConnId] === undefined) intake.taken++;
  const id = queue[intake.taken] as ConnId;
  intake.taken++;
  if (intake.taken >= TAKEN_MAX && intake.taken * 2 >= queue.length) {
    queue.splice(0, intake.taken);
    intake.taken = 0;
  }
  return id;
}

/** The next slot of the rush. */
const nextSlot = ({ since, used }: Intake, { admitRate }: IntakeConfig): Instant =>
  after(since, us(Math.floor((used * SECOND) / admitRate)));

/** When the work of all that was admitted is done, rounded up: the next rush may begin. */
const idleFrom = ({ since, used }: Intake, { admitRate }: IntakeConfig): Instant =>
  after(since, us(Math.ceil((used * SECOND) / admitRate)));
