/** Where laws broke, and what led there: the line of causes, and the faults that lasted meanwhile. */
import type { Law } from '../../../properties/laws/law.ts';
import { visible } from '../../../src/visible.ts';
import type { BreachReport } from '../../core/outcome.ts';
import { type RecordedEntry, trailTo } from '../../core/trail.ts';
import type { Broken } from './model.ts';

export function brokenIn(
  breaches: readonly BreachReport[],
  history: readonly RecordedEntry[],
  laws: readonly Law[],
  events: number,
): readonly Broken[] {
  return breaches.map((breach) => {
    const law = laws.find(({ name }) => name === breach.law);
    const last = law?.end !== undefined && breach.event >= events;
    const of = lastUpTo(history, breach.event);
    const seen = history[of];
    const first = seen === undefined ? undefined : history.find(({ event }) => event === seen.event);
    const trail = seen === undefined || first === undefined ? [] : trailTo(first, history).map(({ id }) => id - 1);
    if (seen !== undefined && trail.at(-1) !== of) trail.push(of);
    const from = history[trail[0] ?? 0]?.at ?? 0;
    return {
      ...breach,
      message: visible(breach.message),
      row: of,
      last,
      trail,
      meanwhile: faultsBetween(from, breach.event, history),
    };
  });
}

/** The last row of an event, or of the last one before it that anybody saw. */
function lastUpTo(history: readonly RecordedEntry[], event: number): number {
  let [low, high] = [0, history.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((history[middle]?.event ?? 0) <= event) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function faultsBetween(from: number, until: number, history: readonly RecordedEntry[]): readonly number[] {
  const over = new Set<number>();
  const rows: number[] = [];
  for (const entry of history) if (entry.kind === 'fault' && !entry.begins && entry.at < from) over.add(entry.fault);
  for (const [i, entry] of history.entries())
    if (entry.kind === 'fault' && entry.event <= until && !over.has(entry.fault)) rows.push(i);
  return rows;
}
