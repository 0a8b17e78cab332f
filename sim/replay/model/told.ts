/** The story of a run as a page shows it: its lines, each with the row that it is about. */
import { visible } from '../../../src/visible.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { RunOptions } from '../../core/run.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import { type StoryPart, storyOf } from '../../explain/story.ts';

export interface ToldLine {
  readonly part: StoryPart;
  readonly at: number | null;
  readonly who: string;
  readonly text: string;
  /** The row that it is about; -1 for none. */
  readonly row: number;
}

export interface Told {
  readonly lines: readonly ToldLine[];
}

/** A line about a fault stands where that is: its number says nothing more. */
const unnumbered = (text: string): string => text.replace(/^fault \d+ /, '');

export function toldOf(
  scenario: Scenario,
  outcome: Outcome,
  history: readonly RecordedEntry[],
  options: RunOptions,
): Told {
  const { lines } = storyOf(outcome, history, { scenario, options });
  return {
    lines: lines.map(({ part, at, event, who, text }) => ({
      part,
      at,
      who: visible(who),
      text: visible(unnumbered(text)),
      row: event === null ? -1 : rowOf(history, event, who),
    })),
  };
}

/** The first row of an event that somebody is at; without, the first of the event. */
function rowOf(history: readonly RecordedEntry[], event: number, who: string): number {
  let [low, high] = [0, history.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((history[middle]?.event ?? 0) < event) low = middle + 1;
    else high = middle;
  }
  if (history[low]?.event !== event) return -1;
  for (let row = low; history[row]?.event === event; row++) if (history[row]?.node === who) return row;
  return low;
}
