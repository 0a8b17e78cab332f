/**
 * Where in its traces a run begins: somewhere, as the seed has it, so that many runs go over all of a long drive.
 *
 * Both directions begin at the same instant, because they were measured together; where one trace is longer than the
 * other the instant is one of the longer, and the other has begun again by then, as it does in a run that lasts so long.
 * All clients of a run begin there as well: they are people in the same car, and an outage hits all of them at once, which
 * is harder for everybody than outages of their own.
 */
import type { LinkConfig, PathConfig } from '../../src/link/config.ts';
import { type Duration, formatDuration, ms } from '../../src/time.ts';
import type { Dice } from '../core/dice.ts';
import type { World } from '../core/world.ts';
import { longestWait } from './stretches.ts';

const isMeasured = ({ up, down }: LinkConfig): boolean => up.trace !== null || down.trace !== null;

const periodOf = ({ trace }: PathConfig): number =>
  trace === null ? 0 : Math.max(1, trace[trace.length - 1] as number);

/** The world with the beginning that the seed draws; the world itself when nothing in it was measured. */
export function begunAnywhere<W extends Pick<World, 'links' | 'conditions'>>(world: W, dice: Dice): W {
  if (!world.links.some(isMeasured)) return world;
  const period = Math.max(...world.links.map(({ up, down }) => Math.max(periodOf(up), periodOf(down))));
  const traceFrom = ms(dice.between('network/from', 0, period - 1));
  const begun = (path: PathConfig): PathConfig => (path.trace === null ? path : { ...path, traceFrom });
  return {
    ...world,
    links: world.links.map((link) =>
      isMeasured(link) ? { ...link, up: begun(link.up), down: begun(link.down) } : link,
    ),
    conditions: `${world.conditions}, from ${formatDuration(traceFrom)} of the trace`,
  };
}

/** The longest wait for a packet in either trace. */
export interface Outage {
  /** When it begins in its trace, how long it lasts, and after how long it comes again. */
  readonly begins: Duration;
  readonly lasts: Duration;
  readonly period: Duration;
  /** Where in the trace the run begins. */
  readonly from: Duration;
}

/** The worst that traces of this world have; null when nothing was measured. */
export function worstOutage({ links }: Pick<World, 'links'>): Outage | null {
  const link = links.find(isMeasured);
  if (link === undefined) return null;
  const { up, down } = link;
  const path = longestWait(down) >= longestWait(up) ? down : up;
  return {
    begins: beginsAt(path),
    lasts: longestWait(path),
    period: ms(periodOf(path)),
    from: path.traceFrom ?? ms(0),
  };
}

/** Looked for once in each trace. */
const known = new WeakMap<ArrayLike<number>, Duration>();

function beginsAt(path: PathConfig): Duration {
  const trace = path.trace as ArrayLike<number>;
  const found = known.get(trace);
  if (found !== undefined) return found;
  const lasts = longestWait(path) / 1000;
  let begins = ms(0);
  // The wait for the first packet begins with the trace, which is where it ends, too.
  for (let i = trace.length - 1, next = periodOf(path) + (trace[0] as number); i >= 0; next = trace[i] as number, i--)
    if (next - (trace[i] as number) === lasts) begins = ms(trace[i] as number);
  known.set(trace, begins);
  return begins;
}
