/**
 * Admissions counted out in windows, as a limiter with a fixed window does it, or a bucket that is filled at intervals
 * (Envoy's local rate limit): so many a window, whenever in it they are asked for.
 *
 * A server counts in *terms*: from its start, or from when it was told of another share of its rate. Until an instant e of a
 * term, as many admissions have been counted out as slots are earlier, so that windows of a fraction of an admission add up, and number
 * k falls into the window that contains (k + 1/2) / rate: this is also its *slot*.
 *
 * A refusal costs work. A window that cannot pay for its refusals owes the rest to the next one, at most one window's worth:
 * so a process never stands still for longer than refusals keep coming.
 *
 * A slot of a later window can be promised to whoever is refused. A promise is a place, not a lock: in its window those who
 * hold none are kept from it. Who comes behind its slot is admitted while there is room, ahead of those who hold none, and
 * who never comes kept nobody out for longer than its window. Of each window only the number of promises is remembered, so
 * that a million who wait cost as little as ten.
 */
import { type Duration, elapsed, type Instant, us } from '../../time.ts';

/** Where a process stands that counts its admissions out. */
export interface Windows {
  /** When the term began. */
  from: Instant;
  /** The present window, -1 before the first; what is left of it in millionths of an admission (below 0: it owes). */
  number: number;
  left: number;
  /** The next slot that nobody was promised, and by window how many of those that were are still to come. */
  nextSlot: number;
  promised: Record<number, number>;
}

/** How fast it counts: admissions a second as a fraction, and the length of a window. */
export interface Count {
  readonly num: number;
  readonly of: number;
  readonly window: Duration;
}

/** One admission. */
export const WHOLE = 1_000_000;
const SECOND = 1_000_000;
/** Nobody takes longer to come than this: more than the usual patience of a dial. */
const LATE_MOST = 60 * SECOND;

export const newWindows = (from: Instant): Windows => ({ from, number: -1, left: 0, nextSlot: 0, promised: {} });

/** Whether a handshake that arrives now is admitted. `slot`: what it was promised, if it says so. */
export function admits(windows: Windows, count: Count, slot: number | null, now: Instant): boolean {
  enter(windows, count, now);
  const { number, promised } = windows;
  const window = slot === null ? -1 : windowOf(slot, count);
  const holds = window >= 0 && (promised[window] ?? 0) > 0;
  // Early, it is one of those who hold none; late, its place is given up whether there is room or not.
  const isDue = holds && window <= number;
  if (isDue) take(windows, window);
  const kept = isDue ? 0 : (promised[number] ?? 0);
  if (windows.left < (kept + 1) * WHOLE) return false;
  windows.left -= WHOLE;
  if (holds && !isDue) take(windows, window);
  return true;
}

/** How many of those who wait the present window has room for. */
export function roomFor(windows: Windows, count: Count, most: number, now: Instant): number {
  enter(windows, count, now);
  const kept = windows.promised[windows.number] ?? 0;
  return Math.min(most, Math.max(0, Math.floor(windows.left / WHOLE) - kept));
}

/** A slot behind the present window, and behind all that was promised; one that is to come yet is told again. */
export function promise(windows: Windows, count: Count, slot: number | null, now: Instant): number {
  enter(windows, count, now);
  const { number, promised } = windows;
  if (slot !== null) {
    const window = windowOf(slot, count);
    if (window > number && (promised[window] ?? 0) > 0) return slot;
  }
  const next = Math.max(countedOut(count, (number + 1) * count.window), windows.nextSlot);
  const window = windowOf(next, count);
  windows.nextSlot = next + 1;
  promised[window] = (promised[window] ?? 0) + 1;
  return next;
}

/** How long it is until a slot. */
export const until = (windows: Windows, count: Count, slot: number, now: Instant): Duration =>
  us(Math.max(0, slotAt(slot, count) - elapsed(windows.from, now)));

/** When the next window begins. */
export const nextWindow = ({ from }: Windows, { window }: Count, now: Instant): Instant =>
  (from + (Math.floor(elapsed(from, now) / window) + 1) * window) as Instant;

/** Moves on to the window of that instant: what was promised for earlier ones is given up, what is owed is paid. */
function enter(windows: Windows, count: Count, now: Instant): void {
  const number = Math.floor(elapsed(windows.from, now) / count.window);
  if (number === windows.number) return;
  const next = countedOut(count, (windows.number + 1) * count.window);
  const begins = countedOut(count, number * count.window);
  const worth = countedOut(count, (number + 1) * count.window) - begins;
  let owed = 0;
  if (windows.left < 0) {
    const nextWorth = countedOut(count, (windows.number + 2) * count.window) - next;
    // Windows in which nobody came have paid what they could.
    owed = Math.max(0, Math.min(-windows.left, Math.max(nextWorth, 1) * WHOLE) - (begins - next) * WHOLE);
  }
  windows.left = worth * WHOLE - owed;
  windows.number = number;
  const oldest = number - Math.ceil(LATE_MOST / count.window);
  for (const key in windows.promised) {
    if (Number(key) >= oldest) break;
    delete windows.promised[key];
  }
}

/** One of those who were promised a place in a window has come. */
function take({ promised }: Windows, window: number): void {
  const others = (promised[window] as number) - 1;
  if (others > 0) promised[window] = others;
  else delete promised[window];
}

/** Admissions that were counted out in so much of a term: slots that are earlier than its end. Whole seconds by themselves, so that all is exact. */
function countedOut({ num, of }: Count, span: number): number {
  const whole = Math.floor(span / SECOND);
  const rest = span - whole * SECOND;
  return Math.floor((2 * num * whole + Math.floor((2 * num * rest + of * SECOND - 1) / SECOND)) / (2 * of));
}

/** How far into the term a slot is: the middle of its share. */
const slotAt = (slot: number, { num, of }: Count): number => Math.floor(((2 * slot + 1) * of * SECOND) / (2 * num));

const windowOf = (slot: number, count: Count): number => Math.floor(slotAt(slot, count) / count.window);
