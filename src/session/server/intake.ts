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
 * With a `window` admissions are counted out in windows instead (`windows.ts`): whoever comes is admitted at once while the
 * window has room, and the queue is served when the next one begins.
 *
 * Who finds the queue full is refused, and told when to come back: the same to all, a time drawn for each, or a slot of a
 * later window that is kept for it. It is told the number of that slot, which it names when it dials again. A process that dies takes its queue with it, and what
 * it admitted is no debt of the next one. One that stood still lost the slots of that time.
 */
import { between, type Context, type Ratio } from '../../machine.ts';
import { after, type Duration, type Instant, latest, START, times, us, ZERO } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import { type IntakeConfig, windowOf } from './intake-config.ts';
import { clearTimer, type Effects, newConn, type ServerState, setTimer } from './state.ts';
import { admits, type Count, newWindows, nextWindow, promise, roomFor, until, WHOLE, type Windows } from './windows.ts';

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
  /** The share of its rate that it can do at present. */
  share: Ratio;
  /** Where it stands that counts in windows. */
  windows: Windows;
}

export const newIntake = (): Intake => ({
  queue: [],
  taken: 0,
  waiting: {},
  length: 0,
  since: START,
  used: 0,
  share: WHOLE_RATE,
  windows: newWindows(START),
});

const WHOLE_RATE: Ratio = { num: 1, of: 1 };
/** How it counts at present. */
function countOf({ share }: Intake, config: IntakeConfig): Count | null {
  const window = windowOf(config);
  return window === null ? null : { num: config.admitRate * share.num, of: share.of, window };
}

/** Its process is there, and counts from here. */
export function beginIntake({ intake }: ServerState, now: Instant): void {
  intake.windows = newWindows(now);
}

/** From here on it can do that share of its rate, above 0: what was promised or owed is forgotten. */
export function changeShare(state: ServerState, share: Ratio, now: Instant, effects: Effects): void {
  const { intake } = state;
  const { intake: config } = state.config;
  intake.share = share;
  intake.windows = newWindows(now);
  intake.since = latest(now, intake.since);
  intake.used = 0;
  if (config !== undefined && intake.length > 0) effects.push(setTimer('admit', 0, nextSlot(intake, config, now)));
}

/** What a 503 is answered with. */
const UNAVAILABLE = 503;
/** Entries of the queue that are done with are dropped in one go when there are so many of them, and they are half of it. */
const TAKEN_MAX = 64;
const SECOND = 1_000_000;
const MILLISECOND = 1000;

/** A handshake that nothing else speaks against: it is taken, waits, or is sent away. `slot`: what it says it was promised. */
export function arrive(state: ServerState, id: ConnId, slot: number | null, context: Context, effects: Effects): void {
  const { now } = context;
  const { intake: config } = state.config;
  if (config === undefined || getsIn(state.intake, config, slot, now)) {
    take(state, id, { turnedAway: false, slot: null }, now, effects);
    return;
  }
  const { intake } = state;
  if (intake.length < config.acceptQueue) {
    intake.queue.push(id);
    intake.waiting[id] = true;
    intake.length++;
    if (intake.length === 1) effects.push(setTimer('admit', 0, nextSlot(intake, config, now)));
    return;
  }
  // A refusal holds up whatever the process does next.
  intake.since = after(intake.since, config.refusalCost);
  intake.windows.left -= config.refusalCost * config.admitRate;
  if (config.refuseWith === 'http') effects.push(refusal(state, id, slot, context));
  else take(state, id, { turnedAway: true, slot }, now, effects);
}

/** Whether it is admitted at once. */
function getsIn(intake: Intake, config: IntakeConfig, slot: number | null, now: Instant): boolean {
  if (intake.length > 0) return false;
  const count = countOf(intake, config);
  if (count !== null) return admits(intake.windows, count, slot, now);
  if (now < idleFrom(intake, config)) return false;
  intake.since = now;
  intake.used = 1;
  return true;
}

/** The timer `admit`: a slot, or a window. */
export function admit(state: ServerState, now: Instant, effects: Effects): void {
  const { intake } = state;
  const { intake: config } = state.config;
  if (config === undefined || intake.length === 0) return;
  const count = countOf(intake, config);
  if (count === null) {
    const slot = nextSlot(intake, config, now);
    // Refusals took their time since the timer was set.
    if (now < slot) {
      effects.push(setTimer('admit', 0, slot));
      return;
    }
    if (now > slot) {
      intake.since = now;
      intake.used = 0;
    }
    intake.used++;
    takeFirst(state, now, effects);
  } else {
    const room = roomFor(intake.windows, count, intake.length, now);
    intake.windows.left -= room * WHOLE;
    for (let taken = 0; taken < room; taken++) takeFirst(state, now, effects);
  }
  if (intake.length > 0) effects.push(setTimer('admit', 0, nextSlot(intake, config, now)));
}

/** Who waits longest is taken. */
function takeFirst(state: ServerState, now: Instant, effects: Effects): void {
  const id = first(state.intake);
  leave(state, id, effects);
  take(state, id, { turnedAway: false, slot: null }, now, effects);
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

/** When those are to come again who are refused; `slot`, where one is kept for it. */
export interface Hint {
  readonly retryAfter: Duration;
  readonly slot?: number;
}

/** What somebody is told whom the intake has no room for; `slot`: what it says it was promised before. */
export function hintFor({ intake, config }: ServerState, slot: number | null, { now, random }: Context): Hint {
  const { retryAfter } = config.intake ?? {};
  const count = config.intake === undefined ? null : countOf(intake, config.intake);
  switch (retryAfter?.kind) {
    case 'fixed':
      return { retryAfter: retryAfter.after };
    case 'uniform':
      return { retryAfter: us(between(random('retry-after'), retryAfter.least, retryAfter.most)) };
    case 'slot': {
      if (count === null) break;
      const kept = promise(intake.windows, count, slot, now);
      return { retryAfter: until(intake.windows, count, kept, now), slot: kept };
    }
  }
  return { retryAfter: config.retryAfter };
}

/**
 * 503, and when to come back. `Retry-After` counts whole seconds, so the usual answer is rounded up to them; what the intake
 * says for itself goes as `retry-after-ms`. One that drains will not be there then, and says nothing: whoever takes its
 * place may do so at once. `context`: of somebody whom the intake refuses.
 */
export function refusal(
  state: ServerState,
  conn: ConnId,
  slot: number | null = null,
  context: Context | null = null,
): Effects[number] {
  const refused = { type: 'refuse', conn, status: UNAVAILABLE } as const;
  if (state.phase !== 'serving') return refused;
  const hint: Hint = context === null ? { retryAfter: state.config.retryAfter } : hintFor(state, slot, context);
  const step = context === null || state.config.intake?.retryAfter === undefined ? SECOND : MILLISECOND;
  const retryAfter = times(us(step), Math.ceil(hint.retryAfter / step));
  if (hint.slot !== undefined) return { ...refused, retryAfter, slot: hint.slot };
  return retryAfter > ZERO ? { ...refused, retryAfter } : refused;
}

/** The connection is open. One that is turned away hears why when it has said HELLO. */
function take(
  state: ServerState,
  id: ConnId,
  { turnedAway, slot }: { readonly turnedAway: boolean; readonly slot: number | null },
  now: Instant,
  effects: Effects,
): void {
  state.connections++;
  const conn = newConn(now);
  conn.turnedAway = turnedAway;
  conn.slot = slot;
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

/** When the next of those who wait can be taken: the next slot of the rush, or window. */
function nextSlot(intake: Intake, config: IntakeConfig, now: Instant): Instant {
  const count = countOf(intake, config);
  if (count !== null) return nextWindow(intake.windows, count, now);
  const { since, used, share } = intake;
  return after(since, us(Math.floor((used * SECOND * share.of) / (config.admitRate * share.num))));
}

/** When the work of all that was admitted is done, rounded up: the next rush may begin. */
const idleFrom = ({ since, used, share }: Intake, { admitRate }: IntakeConfig): Instant =>
  after(since, us(Math.ceil((used * SECOND * share.of) / (admitRate * share.num))));
