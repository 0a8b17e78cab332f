/**
 * Which runs failed, by law and cause: every seed of each, and not only the first. A law that breaks in two ways is two
 * findings, and the second must not hide behind the first.
 */
import { perObject } from '../core/per-object.ts';
import { causeOf, type Failing } from '../explain/cause.ts';
import type { BadRun } from './tally.ts';

/** The runs of one scenario that failed by one cause. */
export interface CauseTally {
  /** The law, or `budget`, `threw`, `crashed`, `nondeterministic`. */
  readonly law: string;
  /** The sentence without numbers, times and names. */
  readonly cause: string;
  runs: number;
  /** Their seeds in order, with what a search calls them; the first `SEEDS_KEPT`, `runs` counts all. */
  readonly seeds: string[];
}

/** By law and cause. */
export type Causes = Record<string, CauseTally>;

/** Memory of a sweep that goes on for days; with so many seeds of one cause nobody looks at the last. */
const SEEDS_KEPT = 100_000;
/** Causes of one scenario, until their words say nothing any more (somebody's own messages may all differ). */
const CAUSES_KEPT = 200;
/** The cause of those beyond. */
export const OTHER_CAUSES = 'other causes';
/** Bad runs that are kept with their plans, whatever broke in them, and of each cause besides. */
const KEPT = 20;
const KEPT_OF_EACH = 3;

/** What a bad run stands for: each law that it broke, or why it has no verdict on any. */
export const failingsOf = ({ breaches, verdict, exceeded, ended }: BadRun): readonly Failing[] =>
  breaches.length > 0 ? breaches : [{ law: verdict, message: ended?.message ?? exceeded ?? '' }];

/** One text for both: no name of a law has a line end. */
const keyOf = (law: string, cause: string): string => `${law}\n${cause}`;

/** What a bad run is counted under; asked again for each run that comes after it. */
export const causesOf = perObject((bad: BadRun): readonly string[] => [
  ...new Set(failingsOf(bad).map(({ law, message }) => keyOf(law, causeOf(message)))),
]);

/** The seed of a run, with what its search calls it. */
export const seedOfRun = ({ seed, name }: Pick<BadRun, 'seed' | 'name'>): string =>
  name === undefined ? seed : `${seed}-${name}`;

/** Counts a bad run under each of its causes. */
export function addCauses(into: Causes, bad: BadRun): void {
  for (const { law, message } of failingsOf(bad)) addTo(into, law, causeOf(message), 1, [seedOfRun(bad)]);
}

/** Adds those of the next portion, in the order of seeds. */
export function mergeCauses(into: Causes, from: Causes): void {
  for (const key in from) {
    const { law, cause, runs, seeds } = from[key] as CauseTally;
    addTo(into, law, cause, runs, seeds);
  }
}

function addTo(into: Causes, law: string, cause: string, runs: number, seeds: readonly string[]): void {
  let key = keyOf(law, cause);
  if (into[key] === undefined && Object.keys(into).length >= CAUSES_KEPT) key = keyOf(law, OTHER_CAUSES);
  into[key] ??= { law, cause: key.slice(law.length + 1), runs: 0, seeds: [] };
  const group = into[key] as CauseTally;
  group.runs += runs;
  for (const seed of seeds) if (group.seeds.length < SEEDS_KEPT) group.seeds.push(seed);
}

/**
 * Keeps a bad run with its plan, if it is one of the first, or of the first of one of its causes. What is kept of portions
 * in the order of seeds is what would be kept of all their runs at once.
 */
export function keep(bad: BadRun[], next: BadRun): void {
  if (bad.length < KEPT) {
    bad.push(next);
    return;
  }
  const causes = causesOf(next);
  const counts = new Map(causes.map((cause) => [cause, 0]));
  for (const each of bad)
    for (const cause of causesOf(each)) {
      const count = counts.get(cause);
      if (count !== undefined) counts.set(cause, count + 1);
    }
  if (bad.length < KEPT + CAUSES_KEPT * KEPT_OF_EACH && [...counts.values()].some((count) => count < KEPT_OF_EACH))
    bad.push(next);
}
