/**
 * Faults of a plan that changed nothing: they began after everybody had left, lasted for no time, hit what was dead
 * already. A plan looks harmful by its length, and a run that holds under such a plan proves nothing.
 *
 * Whether a fault changed something is not read off its kind. The run is made again without it, with applications that
 * stay just as long, and every entry of history is compared. Luck is keyed by node and purpose, so nothing else differs.
 */
import type { Entry } from '../../src/history.ts';
import type { Outcome } from '../outcome.ts';
import { type RunOptions, run } from '../run.ts';
import { RunError } from '../run-error.ts';
import type { Scenario } from '../scenario.ts';

/** So many events of runs beside the one that is shown: about a second. A longer plan is not looked at. */
const EVENTS_MAX = 1_000_000;

/** Places in the plan of faults that changed nothing; null when it would take too long to say. */
export function idleFaults(
  scenario: Scenario,
  options: RunOptions,
  { seed, plan, events, left }: Outcome,
  history: readonly Entry[],
): readonly number[] | null {
  if (plan.length * events > EVENTS_MAX) return null;
  const told = history.filter(counts);
  return plan.flatMap((_, number) => {
    const without = plan.filter((_, each) => each !== number);
    return isSame(told, scenario, seed, { ...options, plan: without, stay: left }) ? [number] : [];
  });
}

/** Whether a run has this very history. It ends at the first entry that differs. */
function isSame(told: readonly Entry[], scenario: Scenario, seed: string, options: RunOptions): boolean {
  let next = 0;
  const witness = (entry: Entry): void => {
    if (!counts(entry)) return;
    const other = told[next++];
    if (other === undefined || textOf(other) !== textOf(entry)) throw DIFFERS;
  };
  try {
    run(scenario, seed, { ...options, mode: 'sweep', laws: [], witness });
  } catch (error) {
    if (error instanceof RunError && error.cause === DIFFERS) return false;
    throw error;
  }
  return next === told.length;
}

const DIFFERS = new Error('the histories differ');

/** Faults that begin and end, and the end of the last, are the plan itself and not what it did. */
const counts = ({ kind }: Entry): boolean => kind !== 'fault' && kind !== 'healed' && kind !== 'rest';

/** Events are numbered with those of the faults. */
const textOf = (entry: Entry): string => JSON.stringify({ ...entry, event: 0 });
