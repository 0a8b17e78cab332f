/** What somebody does again and again in a stretch of a run: a line for each, with how often and since when. */
import type { RecordedEntry } from '../core/trail.ts';
import type { Cast } from './cast.ts';

export interface Repeat {
  readonly first: RecordedEntry;
  readonly last: RecordedEntry;
  readonly count: number;
}

/** From so many on it is worth a line. */
const OFTEN = 4;

/** What stands by itself in such a list: decisions, and what somebody is told. Data and beats repeat in any run. */
const LOUD = new Set(
  'hungUp closed refused told crashed restarted dialled timerSet submitted settled performed replaced uncaught reloaded'.split(
    ' ',
  ),
);
const WEIGHT: Readonly<Record<string, number>> = {
  uncaught: 5,
  crashed: 5,
  hungUp: 4,
  refused: 4,
  told: 4,
  closed: 3,
  performed: 3,
  replaced: 3,
  timerSet: 1,
  dialled: 1,
  timerFired: 0,
};

/** So many of its periods, and so long, may pass since what still goes on. */
const PERIODS = 4;
const LEAST_US = 1_000_000;

/**
 * What still goes on when the stretch ends, the most telling first. `saidOf`: an entry in words without its numbers and
 * connections. `timers`: those count as well, for a run that has nothing else to do.
 */
export function repeatsIn(
  entries: readonly RecordedEntry[],
  cast: Cast,
  saidOf: (entry: RecordedEntry) => string | null,
  timers: boolean,
): readonly Repeat[] {
  const end = entries.at(-1)?.at ?? 0;
  const all = new Map<string, { first: RecordedEntry; last: RecordedEntry; count: number }>();
  for (const entry of entries) {
    if (cast.isBetween(entry.node) && entry.kind !== 'refused') continue;
    if (!LOUD.has(entry.kind) && !(timers && entry.kind === 'timerFired')) continue;
    const said = saidOf(entry);
    if (said === null) continue;
    const key = `${entry.node} ${entry.kind} ${said}`;
    const known = all.get(key);
    if (known === undefined) all.set(key, { first: entry, last: entry, count: 1 });
    else {
      known.last = entry;
      known.count++;
    }
  }
  return [...all.values()]
    .filter(
      ({ count, first, last }) =>
        count >= OFTEN && end - last.at <= (PERIODS * (last.at - first.at)) / (count - 1) + LEAST_US,
    )
    .sort((a, b) => weight(b) - weight(a) || b.count - a.count || a.first.id - b.first.id);
}

const weight = ({ first }: Repeat): number => WEIGHT[first.kind] ?? 2;
