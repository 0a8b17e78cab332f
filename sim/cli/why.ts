/**
 * `--why POINT`: what led to something, and nothing else. Every entry of a recorded run names the one that led to it; so a
 * broken law or an event is shown behind the line of its causes, from a fault, an application or the start of a process on.
 *
 * What did not happen has no cause: between a heartbeat and the timer that missed it lies the fault that kept it away. So
 * the faults that lasted meanwhile stand among the lines, marked.
 */
import type { Law } from '../../properties/laws/law.ts';
import type { Outcome } from '../core/outcome.ts';
import { type RecordedEntry, trailTo } from '../core/trail.ts';
import { counted } from '../report/words.ts';
import { UsageError } from './errors.ts';
import { pointOf, type Window } from './window.ts';

/** Throws `UsageError` for a point that the run does not have, a law that it does not break, and an event that nobody saw. */
export function whyOf(why: string, outcome: Outcome, entries: readonly RecordedEntry[], laws: readonly Law[]): Window {
  const law = laws.find(({ name }) => name === why);
  if (law !== undefined && !outcome.breaches.some(({ law: broken }) => broken === why))
    throw new UsageError(`--why: ${why} is not broken in this run`);
  const { moment, words } = pointOf('--why', why, outcome, entries, laws);
  // A law may be broken by the end of a run, in an event that nobody sees.
  const last = law === undefined ? undefined : entries.findLast(({ event }) => event <= moment.event);
  const happened = entries.filter(({ event }) => event === (last ?? moment).event);
  const [first] = happened;
  if (first === undefined) {
    const next = entries.find(({ event }) => event > moment.event);
    throw new UsageError(
      `--why: nobody sees event #${moment.event} from outside${next === undefined ? '' : `; the next that is seen is #${next.event}`}`,
    );
  }
  const trail = trailTo(first, entries);
  const begins = trail[0] as RecordedEntry;
  const shown = new Set([...trail, ...happened].map(({ id }) => id));
  const meanwhile = new Set(
    faultsBetween(begins.at, moment.event, entries)
      .map(({ id }) => id)
      .filter((id) => !shown.has(id)),
  );
  const judgedLast = law?.end !== undefined && moment.event === outcome.events;
  return {
    shows: (seen) => ('id' in seen ? shown.has(seen.id) || meanwhile.has(seen.id) : seen.event === moment.event),
    meanwhile: ({ id }) => meanwhile.has(id),
    about: `shown: what led to ${law === undefined ? words : `event #${moment.event}, which broke ${law.name}`}, ${counted(trail.length, 'entry', 'entries')} from event #${begins.event} on${judgedLast ? '; this law was judged when the run was over, and what did not happen has no cause' : ''}; --around ${moment.event} shows all that happened there`,
  };
}

/** Beginnings and ends of the faults that lasted at some time between an instant and an event. */
function faultsBetween(from: number, until: number, entries: readonly RecordedEntry[]): readonly RecordedEntry[] {
  const over = new Set<number>();
  for (const entry of entries) if (entry.kind === 'fault' && !entry.begins && entry.at < from) over.add(entry.fault);
  return entries.filter((entry) => entry.kind === 'fault' && entry.event <= until && !over.has(entry.fault));
}
