/**
 * Faults of a plan that changed nothing: they began after everybody had left, lasted for no time, hit what was dead
 * already. A plan looks harmful by its length, and a run that holds under such a plan proves nothing.
 *
 * Whether a fault changed something is not read off its kind. The run is made again without it, with applications that
 * stay just as long, and every entry of history is compared. Luck is keyed by node and purpose, so nothing else differs.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Entry } from '../../src/history.ts';
import type { Outcome } from '../core/outcome.ts';
import { type RunOptions, run } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';

/** How often the events of the run that is shown may be gone through again, and how many of a short run at the least. */
const TIMES = 2;
const EVENTS_LEAST = 100_000;

/** What a world costs before its first event, in events. */
const EVENTS_A_WORLD = 1000;

/**
 * Places in the plan of faults that changed nothing; null when it would take too long to say. That is counted in events,
 * so that the answer is the same on every machine.
 */
export function idleFaults(
  scenario: Scenario,
  options: RunOptions,
  { seed, plan, events, left }: Outcome,
  history: readonly Entry[],
): readonly number[] | null {
  let affordable = Math.max(EVENTS_LEAST, TIMES * events);
  if (plan.length * EVENTS_A_WORLD > affordable) return null;
  const told = history.filter(counts);
  const idle: number[] = [];
  for (let number = 0; number < plan.length; number++) {
    affordable -= EVENTS_A_WORLD;
    if (affordable <= 0) return null;
    const without = plan.filter((_, each) => each !== number);
    const { same, after } = compared(told, scenario, seed, { ...options, plan: without, stay: left }, affordable);
    affordable -= after;
    if (affordable <= 0) return null;
    if (same) idle.push(number);
  }
  return idle;
}

/** Whether a run has this very history, and after how many events that was clear: at the first entry that differs. */
function compared(
  told: readonly Entry[],
  scenario: Scenario,
  seed: string,
  options: RunOptions,
  affordable: number,
): { readonly same: boolean; readonly after: number } {
  let next = 0;
  let after = 0;
  const witness = (entry: Entry): void => {
    if (!counts(entry)) return;
    after = entry.event;
    const other = told[next++];
    // Events and entries are numbered with those of the faults.
    if (
      other === undefined ||
      entry.event > affordable ||
      !isDeepStrictEqual({ ...other, ...UNNUMBERED }, { ...entry, ...UNNUMBERED })
    )
      throw DIFFERS;
  };
  try {
    const { events } = run(scenario, seed, { ...options, mode: 'sweep', laws: [], witness });
    return { same: next === told.length, after: events };
  } catch (error) {
    if (causedBy(error, DIFFERS)) return { same: false, after };
    throw error;
  }
}

/** Whoever passes an exception on may put it into others. */
const causedBy = (error: unknown, cause: Error): boolean =>
  error === cause || (error instanceof Error && error.cause !== undefined && causedBy(error.cause, cause));

const UNNUMBERED = { event: 0, id: 0, cause: 0 };
const DIFFERS = new Error('the histories differ');

/** Faults that begin and end, and the end of the last, are the plan itself and not what it did. */
const counts = ({ kind }: Entry): boolean => kind !== 'fault' && kind !== 'healed' && kind !== 'rest';
