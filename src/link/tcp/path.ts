/**
 * One direction of the path: propagation, jitter, the bottleneck with its queue, measured capacity, and loss.
 *
 * Loss is drawn per packet below the ordered pipe. The Gilbert-Elliott chain runs on the clock, not per packet: TCP backs
 * off into single packets minutes apart, and a chain that only packets move would keep it in the bad state for all that
 * time. The chain's sojourn times are uniform in 0 to twice their mean, because a logarithm differs between engines.
 */
import { between, type Context, chance } from '../../machine.ts';
import { after, type Duration, type Instant, us, ZERO } from '../../time.ts';
import type { Way } from '../vocabulary.ts';
import { HEADERS, type Path, segments } from './state.ts';

/** Bytes on the wire of a message. */
export const wireBytes = (bytes: number): number => bytes + HEADERS * segments(bytes);

/** How many of `count` packets are lost. Draws nothing when nothing can be lost. */
export function losses(path: Path, way: Way, count: number, context: Context): number {
  const { loss, bursts } = path.conditions;
  const ratio = bursts !== null && inBadState(path, way, context) ? bursts.loss : loss;
  if (ratio.num === 0) return 0;
  let lost = 0;
  for (let i = 0; i < count; i++) if (chance(context.random(LOSS[way]), ratio)) lost++;
  return lost;
}

const LOSS = { up: 'up/loss', down: 'down/loss' } as const;
const BURST = { up: 'up/burst', down: 'down/burst' } as const;
const TAIL = { up: 'up/tail', down: 'down/tail' } as const;
const JITTER = { up: 'up/jitter', down: 'down/jitter' } as const;

function inBadState(path: Path, way: Way, context: Context): boolean {
  const { bursts } = path.conditions;
  if (bursts === null) return false;
  while (path.flipsAt <= context.now) {
    path.bad = path.flipsAt !== 0 && !path.bad;
    const mean = path.bad ? bursts.bad : bursts.good;
    path.flipsAt = after(path.flipsAt, us(between(context.random(BURST[way]), 1, 2 * mean)));
  }
  return path.bad;
}

/** How long a message must wait in its sender until a measured link has room for it; 0 when it may go. */
export function queueDelay({ conditions, busyUntil }: Path, now: Instant): number {
  if (conditions.trace === null) return 0;
  const backlog = busyUntil - now;
  return backlog > TRACE_BACKLOG ? backlog - TRACE_BACKLOG : 0;
}

/** How many of `count` packets with that payload find room in the bottleneck's queue; the rest is dropped at its tail. */
export function fits({ conditions, busyUntil }: Path, count: number, bytes: number, now: Instant): number {
  const { rate, queue, trace } = conditions;
  if (rate === 0 || trace !== null || busyUntil <= now) return count;
  // The packet that is being sent is in the queue no more.
  const left = queue - ((busyUntil - now) * rate) / 1_000_000;
  const room = Math.max(0, Math.ceil(left / (bytes + HEADERS)));
  return room < count ? room : count;
}

/** On a measured link, whose queue nobody measured, a second of backlog waits in the network, the rest in the sender. */
const TRACE_BACKLOG = 1_000_000;

/** Puts `bytes` on the path now and returns when they are out at its other end. */
export function cross(path: Path, way: Way, bytes: number, context: Context): Instant {
  const { conditions } = path;
  const { now } = context;
  let sent: Instant = now;
  if (conditions.trace !== null) sent = throughTrace(path, conditions.trace, bytes, now, conditions.traceFrom ?? ZERO);
  else if (conditions.rate > 0) {
    const start = path.busyUntil > now ? path.busyUntil : now;
    sent = after(start, us((wireBytes(bytes) * 1_000_000) / conditions.rate));
    path.busyUntil = sent;
  }
  const jitter = conditions.jitter === 0 ? 0 : between(context.random(JITTER[way]), 0, conditions.jitter);
  return after(sent, us(conditions.delay + jitter + late(path, way, context)));
}

/** Draws nothing where the delay has one mode only. */
function late({ conditions: { tail } }: Path, way: Way, context: Context): number {
  return tail !== undefined && chance(context.random(TAIL[way]), tail.share) ? tail.delay : 0;
}

/** Packets leave at the trace's opportunities: each carries 1500 bytes, and small packets share one. */
function throughTrace(path: Path, trace: ArrayLike<number>, bytes: number, now: Instant, from: Duration): Instant {
  const earliest = firstOpportunity(trace, now + from);
  if (earliest > path.opportunity) {
    path.opportunity = earliest;
    path.room = OPPORTUNITY;
  }
  let left = wireBytes(bytes);
  while (left > path.room) {
    left -= path.room;
    path.opportunity++;
    path.room = OPPORTUNITY;
  }
  path.room -= left;
  path.busyUntil = (opportunityAt(trace, path.opportunity) - from) as Instant;
  return path.busyUntil;
}

const OPPORTUNITY = 1500;

/** When opportunity `index` comes, in microseconds of the trace; it repeats with its last entry as the period. */
function opportunityAt(trace: ArrayLike<number>, index: number): number {
  const period = Math.max(1, trace[trace.length - 1] as number);
  const round = Math.floor(index / trace.length);
  return (round * period + (trace[index % trace.length] as number)) * 1000;
}

/** The first opportunity at that microsecond of the trace or later, by binary search. */
function firstOpportunity(trace: ArrayLike<number>, wantedAt: number): number {
  const period = Math.max(1, trace[trace.length - 1] as number);
  const ms = Math.ceil(wantedAt / 1000);
  const round = Math.floor(ms / period);
  const wanted = ms - round * period;
  let low = 0;
  let high = trace.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((trace[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return round * trace.length + low;
}
