/**
 * What a measured link lets a client do: the stretches of its traces in which a client that dials gets through, and stays.
 *
 * Both traces are laid out from their beginning until they meet again in the same way (or for long enough, if they never
 * do), and asked ten times a second: would somebody who dials now be welcomed and receive something before a time-out
 * strikes? And is nobody here who would have to be given up? Instants of which both are true, one behind the other, are a
 * *stretch*; the rest is *quiet*.
 */
import type { PathConfig } from '../../src/link/config.ts';
import { type Duration, us } from '../../src/time.ts';

/** What a client needs of a link. */
export interface Needs {
  /** A dial, and a HELLO, are answered within this. */
  readonly answer: Duration;
  /** A peer that talks is heard within this; one that has nothing to say sends a packet so often that `idle` is left for it. */
  readonly heard: Duration;
  readonly idle: Duration;
  /** The largest frames, in bytes. */
  readonly up: number;
  readonly down: number;
}

/** In microseconds. */
export interface Stretch {
  readonly lasts: number;
  /** The longest that a dial in it takes until something was received. */
  readonly settles: number;
  /** How long it is quiet behind it. */
  readonly quiet: number;
}

/** Bytes of an opportunity that are a frame's own: a segment's payload. */
const PAYLOAD = 1448;
/** How often traces are asked, in milliseconds. */
const STEP = 100;

/**
 * The stretches in their order, the last one followed by the first; none when nobody ever gets through. Null when no part
 * of the traces is quiet: then a client connects whenever it likes, and stays.
 */
export function stretchesOf(up: PathConfig, down: PathConfig, needs: Needs): readonly Stretch[] | null {
  const horizon = horizonOf(up, down);
  const steps = Math.ceil(horizon / STEP);
  /** Milliseconds until a dial at each step has got through, or -1. */
  const settles = new Int32Array(steps);
  for (let i = 0; i < steps; i++) settles[i] = settle(up, down, needs, i * STEP);
  for (const [path, bytes] of [
    [up, needs.up],
    [down, needs.down],
  ] as const) {
    silence(settles, path, 1, needs.idle / 1000);
    silence(settles, path, packetsOf(bytes), needs.heard / 1000);
  }
  return cut(settles);
}

/** Circular: begins behind a quiet step, so that no stretch is cut in two where the traces repeat. */
function cut(settles: Int32Array): readonly Stretch[] | null {
  const first = settles.indexOf(-1);
  if (first < 0) return null;
  const found: { lasts: number; settles: number; quiet: number }[] = [];
  for (let i = 1; i <= settles.length; i++) {
    const at = settles[(first + i) % settles.length] as number;
    const isNew = settles[(first + i - 1) % settles.length] === -1;
    if (at >= 0 && isNew) found.push({ lasts: 0, settles: 0, quiet: 0 });
    const last = found.at(-1);
    if (last === undefined) continue;
    if (at < 0) last.quiet += STEP * 1000;
    else {
      last.lasts += STEP * 1000;
      last.settles = Math.max(last.settles, at * 1000);
    }
  }
  // The quiet that it began with lies behind the last.
  const last = found.at(-1);
  const before = leading(settles, first);
  if (last !== undefined) last.quiet += before * STEP * 1000;
  return found;
}

/** Quiet steps from `first` on. */
function leading(settles: Int32Array, first: number): number {
  let count = 0;
  while (count < settles.length && settles[(first + count) % settles.length] === -1) count++;
  return count - 1;
}

/** Whether a client that dials at once gets through. */
export const getsThrough = (up: PathConfig, down: PathConfig, needs: Needs): boolean => settle(up, down, needs, 0) >= 0;

/** Milliseconds from a dial until a request was answered on the new connection; -1 when a time-out comes first. */
function settle(
  up: PathConfig,
  down: PathConfig,
  { answer, heard, up: asks, down: brings }: Needs,
  from: number,
): number {
  // The answer to a SYN has no capacity to wait for; the request for the WebSocket has.
  const opened = exchange(up, down, from + (up.delay + down.delay) / 1000, 1, 1);
  if (opened - from > answer / 1000) return -1;
  const welcomed = exchange(up, down, opened, 1, 1);
  if (welcomed - opened > answer / 1000) return -1;
  const received = exchange(up, down, welcomed, packetsOf(asks), packetsOf(brings));
  return received - welcomed > heard / 1000 ? -1 : Math.ceil(received - from);
}

/** When so many packets have gone up and so many have come down after it. */
function exchange(up: PathConfig, down: PathConfig, from: number, asks: number, brings: number): number {
  return pass(down, pass(up, from, asks), brings);
}

/** When `packets` that are there at `from` are out at the other end. */
function pass({ trace, rate, delay }: PathConfig, from: number, packets: number): number {
  if (trace === null) return from + delay / 1000 + (rate === 0 ? 0 : (packets * PAYLOAD * 1000) / rate);
  return packetAt(trace, firstAt(trace, from) + packets - 1) + delay / 1000;
}

/** Marks the steps in which `packets` take longer than `most` milliseconds: whoever is there then must be given up. */
function silence(settles: Int32Array, { trace }: PathConfig, packets: number, most: number): void {
  if (trace === null) return;
  const horizon = settles.length * STEP;
  for (let i = 0; packetAt(trace, i) < horizon; i++) {
    const [from, until] = [packetAt(trace, i), packetAt(trace, i + packets)];
    if (until - from <= most) continue;
    const end = Math.min(until, from + horizon);
    for (let step = Math.floor(from / STEP); step * STEP < end; step++) settles[step % settles.length] = -1;
  }
}

const packetsOf = (bytes: number): number => Math.ceil(bytes / PAYLOAD);

const periodOf = (trace: ArrayLike<number>): number => Math.max(1, trace[trace.length - 1] as number);

/** When packet `index` may pass, over all repetitions. */
const packetAt = (trace: ArrayLike<number>, index: number): number =>
  Math.floor(index / trace.length) * periodOf(trace) + (trace[index % trace.length] as number);

/** The first packet at `from` or later. */
function firstAt(trace: ArrayLike<number>, from: number): number {
  const round = Math.floor(from / periodOf(trace));
  const wanted = from - round * periodOf(trace);
  let [low, high] = [0, trace.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((trace[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return round * trace.length + low;
}

/** Traces that drift against each other for ever are looked at for so long: repetitions of the longer one, and an hour. */
const ROUNDS = 4;
const HOUR = 3_600_000;

/** Until both traces begin together again, in milliseconds. */
function horizonOf(up: PathConfig, down: PathConfig): number {
  const [a, b] = [up.trace, down.trace].map((trace) => (trace === null ? 1 : periodOf(trace))) as [number, number];
  const together = (a / divisor(a, b)) * b;
  return Math.max(STEP, Math.min(together, Math.max(HOUR, ROUNDS * Math.max(a, b))));
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** The longest wait for a packet; 0 for a path that was not measured. */
export const longestWait = (path: PathConfig): Duration => longestPass(path, 1);

/** How long so many bytes take through a trace, wherever in it they begin; 0 for a path that was not measured. */
export function longestPass({ trace }: PathConfig, bytes: number): Duration {
  if (trace === null || bytes <= 0) return us(0);
  // Powers of two: a few answers serve all contents.
  let packets = 1;
  while (packets * PAYLOAD < bytes) packets *= 2;
  let known = passes.get(trace);
  if (known === undefined) {
    known = new Map();
    passes.set(trace, known);
  }
  let most = known.get(packets);
  if (most === undefined) {
    most = 0;
    for (let i = 0; i < trace.length; i++) most = Math.max(most, packetAt(trace, i + packets) - packetAt(trace, i));
    known.set(packets, most);
  }
  return us(1000 * most);
}

/** By trace, which all runs of a sweep share. */
const passes = new WeakMap<ArrayLike<number>, Map<number, number>>();
