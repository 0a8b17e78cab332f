/**
 * Where two runs of one seed part: the first thing that a witness saw in one of them and not in the other. A run is a
 * function of its seed; code for which that is not so keeps something from one run to the next, or asks the world outside.
 */

import { samePlain } from '../../src/plain.ts';
import { formatInstant } from '../../src/time.ts';
import { type RunOptions, run } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { linesIn } from '../explain/fold.ts';
import { textOf } from '../explain/lines.ts';
import { outsideOf } from './outside.ts';

/** A second run of one seed came to something else. */
export class Parted extends Error {}

/** Calls a run so that nothing of earlier ones is left in it, where the scenario's protocol knows how. */
export const anew = <T>({ protocol }: Scenario, call: () => T): T => protocol?.anew?.(call) ?? call();

const EXPECTED =
  'expected code that depends on nothing but its seed (no clock, no Math.random, no memory of earlier runs)';

/**
 * Says in one line how a seed, of which a second run came to something else, does so when it is run twice more: as any run of
 * a sweep, and as the first run of all.
 */
export function partingOf(scenario: Scenario, seed: string, options: RunOptions): string {
  const first: RecordedEntry[] = [];
  const second: RecordedEntry[] = [];
  const asked = outsideOf(() => {
    attempt(() => run(scenario, seed, { ...options, witness: (entry) => first.push(entry) }));
    attempt(() => anew(scenario, () => run(scenario, seed, { ...options, witness: (entry) => second.push(entry) })));
  });
  const who = asked.length === 0 ? '' : `; asked of the world outside: ${asked.join(', ')}`;
  return `a second run came to something else${where(scenario, first, second)}${who}: ${EXPECTED}`;
}

/** What it throws ends a run; what was seen until then is compared. */
function attempt(call: () => void): void {
  try {
    call();
  } catch {}
}

function where(scenario: Scenario, first: readonly RecordedEntry[], second: readonly RecordedEntry[]): string {
  const length = Math.max(first.length, second.length);
  let at = 0;
  while (at < length && isSame(first[at], second[at])) at++;
  if (at === length) return ', though two more runs of it are alike';
  const said = (history: readonly RecordedEntry[]): string => {
    const entry = history[at];
    if (entry === undefined) return 'nothing more happens';
    return `${entry.node} ${textOf(linesIn(history, scenario.protocol)(entry))}`;
  };
  const { event, at: time } = (first[at] ?? second[at]) as RecordedEntry;
  return `: at ${formatInstant(time)}, event #${event}, ${said(first)}, and in the other ${said(second)}`;
}

const isSame = (a: RecordedEntry | undefined, b: RecordedEntry | undefined): boolean =>
  a !== undefined && b !== undefined && samePlain({ ...a, id: 0, cause: 0 }, { ...b, id: 0, cause: 0 });
