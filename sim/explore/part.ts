/** A scenario of a sweep, and how far it has come. */
import type { Scenario } from '../core/scenario.ts';
import { SEED_MAX } from '../core/seeds.ts';
import type { Cases } from './cases.ts';
import { isHopeless, type Survival } from './crash.ts';
import type { Finished } from './sweep.ts';
import type { Tally } from './tally.ts';

/** Portions by their first seed; one that begins within another adds nothing. */
export function inOrder(portions: readonly Finished[]): Finished[] {
  const kept: Finished[] = [];
  for (const portion of portions.toSorted((a, b) => a.from - b.from || b.seeds - a.seeds)) {
    const last = kept.at(-1);
    if (last === undefined || portion.from >= last.from + last.seeds) kept.push(portion);
  }
  return kept;
}

/** The seeds of a sweep, or the runs of a search. */
export const partOf = (
  cases: Cases | null,
  swept: Pick<Part, 'from' | 'seeds'>,
): Pick<Part, 'cases' | 'from' | 'seeds'> =>
  cases === null ? { cases, ...swept } : { cases, from: 0, seeds: cases.size };

/** How many runs there are of it; a search may learn that there are fewer. */
export const sizeOf = ({ cases, seeds }: Pick<Part, 'cases' | 'seeds'>): number => cases?.size ?? seeds;

/** A scenario of the sweep. */
export interface Part {
  readonly scenario: Scenario;
  /** The runs of a search, or null for seeds; the number of the first, and how many there are. */
  readonly cases: Cases | null;
  readonly from: number;
  seeds: number;
  readonly tally: Tally;
  /** When its first portion began. */
  begun: number;
  /** Seeds that have begun, and those that were run, whether their turn to be merged has come or not. */
  next: number;
  run: number;
  readonly survival: Survival;
  /** Portions of an earlier sweep that have not had their turn, in the order of seeds. */
  readonly resumed: Finished[];
}

/** Whether there is something left to begin. */
export const hasNext = (part: Part): boolean => part.next < sizeOf(part) && !isHopeless(part.survival);

/** So many more seeds of each scenario; false when there are no more. */
export function goOn(parts: readonly Part[], seeds: number): boolean {
  if (parts.some((part) => part.from + part.seeds + seeds - 1 > SEED_MAX)) return false;
  for (const part of parts) part.seeds += seeds;
  return true;
}
