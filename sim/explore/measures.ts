/** What many runs measured together: sums and distributions that add up, whoever ran them and in whatever portions. */
import type { Outcome } from '../core/outcome.ts';
import { type Figure, readingOf } from '../figures/figure.ts';
import { type EvidenceByTarget, mergeEvidence } from './evidence.ts';
import { addCounts, addReading, mergeSums, type Sums } from './sums.ts';
import type { Ended } from './tally.ts';

/** What a sweep counts itself. */
const COUNTED = [
  'runs',
  'brokenRuns',
  'budgetRuns',
  'threwRuns',
  'crashedRuns',
  'nondeterministicRuns',
  'events',
  'virtual',
] as const;

export interface Measures extends Record<(typeof COUNTED)[number], number> {
  /** Runs in which each law was broken. */
  readonly brokenBy: Record<string, number>;
  /** What the figures of the scenario came to. */
  readonly figures: Sums;
  /** What the runs say about each target of the scenario, by the bound that stands in the cell of each. */
  readonly evidence: EvidenceByTarget;
}

export const emptyMeasures = (): Measures => ({
  runs: 0,
  brokenRuns: 0,
  budgetRuns: 0,
  threwRuns: 0,
  crashedRuns: 0,
  nondeterministicRuns: 0,
  events: 0,
  virtual: 0,
  brokenBy: {},
  figures: {},
  evidence: {},
});

/** Adds one run, which was measured by these figures. */
export function addRun(into: Measures, outcome: Outcome, figures: readonly Figure[]): void {
  const { verdict, events, ended, breaches } = outcome;
  into.runs++;
  into.events += events;
  into.virtual += ended;
  if (verdict === 'broken') into.brokenRuns++;
  else if (verdict === 'budget') into.budgetRuns++;
  for (const { law } of breaches) into.brokenBy[law] = (into.brokenBy[law] ?? 0) + 1;
  for (const figure of figures) addReading(into.figures, figure, readingOf(figure, outcome.figures));
}

/** Adds one run that came to no outcome. */
export function addEnded(into: Measures, verdict: Ended['verdict']): void {
  into.runs++;
  into[`${verdict}Runs`]++;
}

/** Runs without an outcome: they threw, crashed, or came to something else the second time. */
export const endedRuns = ({ threwRuns, crashedRuns, nondeterministicRuns }: EndedRuns): number =>
  threwRuns + crashedRuns + nondeterministicRuns;

export type EndedRuns = Pick<Measures, `${Ended['verdict']}Runs`>;

/** Runs that did not hold: they broke a law, ran out of a budget, or have no outcome. */
export const badRuns = (measures: Measures): number => measures.brokenRuns + measures.budgetRuns + endedRuns(measures);

/** Adds what other runs measured. */
export function mergeMeasures(into: Measures, from: Measures): void {
  for (const name of COUNTED) into[name] += from[name];
  addCounts(into.brokenBy, from.brokenBy);
  mergeSums(into.figures, from.figures);
  mergeEvidence(into.evidence, from.evidence);
}
