/**
 * What quiet parts of a measured link cost a client, and which links are so quiet that it can promise nothing.
 *
 * A client whose connection did not outlive a quiet part comes back in the stretch behind it, and goes on where it was.
 * Its attempts follow each other at `spacing` at the most, so a stretch that is long enough meets one for sure; of a
 * shorter one only a chance can be told, and as many are allowed for as bring the chance of more below one in a billion
 * runs. A link on which no stretch is long enough to connect, resume and receive something is refused by name.
 */
import type { LinkConfig, PathConfig } from '../../../src/link/config.ts';
import { LIMITS } from '../../../src/session/wire/limits.ts';
import { type Duration, formatDuration, us } from '../../../src/time.ts';
import { getsThrough, longestWait, type Needs, type Stretch, stretchesOf } from '../../networks/stretches.ts';
import { roundsUntilRare } from './rare.ts';

/** The time-outs that decide whether a connection lives. */
export interface TimeOuts {
  readonly connectTimeout: Duration;
  readonly helloTimeout: Duration;
  readonly deadAfter: Duration;
  readonly heartbeatInterval: Duration;
}

type Paths = Pick<LinkConfig, 'up' | 'down'>;

/** The largest frames: a chunk, and the requests of our scenarios, each with what the wire adds. */
const LARGEST = { down: LIMITS.chunkBytes + 1024, up: 5 * 1024 };

const oneWay = ({ delay, jitter, tail }: PathConfig): number => delay + jitter + (tail?.delay ?? 0);
const roundTrip = ({ up, down }: Paths): number => oneWay(up) + oneWay(down);

/** What may be in the bottleneck's queue already: of a measured link a second, of another its bytes. */
const backlog = ({ trace, rate, queue }: PathConfig): number =>
  trace !== null ? 1_000_000 : rate === 0 ? 0 : Math.ceil((queue * 1_000_000) / rate);

/** A peer that says nothing is given up after `deadAfter`, and says something every `heartbeatInterval`. */
function needsOf(paths: Paths, { connectTimeout, helloTimeout, deadAfter, heartbeatInterval }: TimeOuts): Needs {
  const trip = roundTrip(paths);
  return {
    answer: us(Math.min(connectTimeout, helloTimeout)),
    heard: us(Math.max(0, deadAfter - trip - backlog(paths.down))),
    idle: us(Math.max(0, deadAfter - heartbeatInterval - trip)),
    ...LARGEST,
  };
}

/** What is wrong with a network, in one line; null for one on which clients with these time-outs can keep promises. */
export function flawOfNetwork(paths: Paths, timeOuts: TimeOuts): string | null {
  const needs = needsOf(paths, timeOuts);
  if (needs.idle === 0)
    return `a round trip takes ${formatDuration(us(roundTrip(paths)))}: expected less than ${formatDuration(us(timeOuts.deadAfter - timeOuts.heartbeatInterval))}, because a peer that is not heard for ${formatDuration(timeOuts.deadAfter)} is given up`;
  const least = `${LARGEST.down / 1024} KB down and ${LARGEST.up / 1024} KB up in ${formatDuration(needs.heard)}`;
  const cannot = `no client that waits ${formatDuration(needs.answer)} for an answer gets through`;
  if (paths.up.trace === null && paths.down.trace === null)
    return getsThrough(paths.up, paths.down, needs) ? null : `${cannot}: expected ${least} at the least`;
  const stretches = measured(paths, timeOuts);
  if (stretches === null || stretches.some(({ lasts, settles }) => lasts > 2 * settles)) return null;
  const way = longestWait(paths.down) >= longestWait(paths.up) ? 'down' : 'up';
  return `${cannot}: up to ${formatDuration(longestWait(paths[way]))} pass between two packets (${way}); expected a packet at least every ${formatDuration(needs.idle)}, and ${least}, for a while at least`;
}

/** What a client has to do, and how often it tries. */
export interface Task {
  /** What it takes by itself, in microseconds. */
  readonly work: number;
  /** From one attempt to the next at the most. */
  readonly spacing: number;
}

/** What quiet parts add to a task of any client; 0 where there are none. */
export function heldUpBy(paths: Paths, timeOuts: TimeOuts, task: Task): number {
  const stretches = measured(paths, timeOuts);
  if (stretches === null) return 0;
  const longest = Math.max(0, ...stretches.map(({ lasts }) => lasts));
  return Math.min(...[1, 2, 4, 8].map((part) => counting(stretches, longest / part, task)));
}

/** The same, if only stretches of `least` are counted on. */
function counting(stretches: readonly Stretch[], least: number, { work, spacing }: Task): number {
  const { apart, between, settle } = recurrence(stretches, least);
  const sure = least - spacing - settle;
  const surely = sure > 0 ? (Math.ceil(work / sure) + 1) * (between + spacing + settle) : Number.POSITIVE_INFINITY;
  // An attempt in the first half of a stretch leaves the second half for work.
  const gain = least / 2 - settle;
  if (gain <= 0) return surely;
  const missed = 1 - Math.min(1, least / 2 / spacing);
  return Math.min(surely, (Math.ceil(work / gain) + 1) * roundsUntilRare(missed) * apart);
}

/** Of stretches that are long enough: from one's beginning to the next one's, and from one's end to there, at the most. */
function recurrence(
  stretches: readonly Stretch[],
  least: number,
): { readonly apart: number; readonly between: number; readonly settle: number } {
  const first = stretches.findIndex(({ lasts }) => lasts >= least);
  let [apart, between, settle] = [0, 0, 0];
  let [sinceBegin, sinceEnd] = [0, 0];
  for (let i = 0; i < stretches.length; i++) {
    const { lasts, settles, quiet } = stretches[(first + i) % stretches.length] as Stretch;
    if (lasts >= least) {
      apart = Math.max(apart, sinceBegin);
      between = Math.max(between, sinceEnd);
      settle = Math.max(settle, settles);
      sinceBegin = 0;
      sinceEnd = -lasts;
    }
    sinceBegin += lasts + quiet;
    sinceEnd += lasts + quiet;
  }
  return { apart: Math.max(apart, sinceBegin), between: Math.max(between, sinceEnd), settle };
}

/** Traces are shared by all runs of a sweep, and looked through once. */
function measured(paths: Paths, timeOuts: TimeOuts): readonly Stretch[] | null {
  const { up, down } = paths;
  if (up.trace === null && down.trace === null) return null;
  const needs = needsOf(paths, timeOuts);
  const last = remembered.get(down);
  if (last !== undefined && last.up === up && last.idle === needs.idle && last.answer === needs.answer)
    return last.stretches;
  const stretches = stretchesOf(up, down, needs);
  remembered.set(down, { up, idle: needs.idle, answer: needs.answer, stretches });
  return stretches;
}

const remembered = new WeakMap<
  PathConfig,
  {
    readonly up: PathConfig;
    readonly idle: number;
    readonly answer: number;
    readonly stretches: readonly Stretch[] | null;
  }
>();
