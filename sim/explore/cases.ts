/**
 * Cases: runs that a search chooses, instead of seeds that draw their own plan. A sweep goes through them as through seeds,
 * by their numbers, and asks for each as its turn comes: a search may make the next ones of what it heard of others.
 */
import type { Scenario } from '../core/scenario.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Shared } from './portion.ts';
import type { Tally } from './tally.ts';

/** One run of a search. */
export interface Case {
  readonly seed: string;
  readonly plan: FaultPlan;
  /** What it is called beside its seed, where a failure is kept: letters, digits and `-`, once in its search. */
  readonly name: string;
}

/** The runs of one scenario in a search. */
export interface Cases {
  /** How many there are; a search that learns that there are fewer says less the next time. */
  readonly size: number;
  /** Those from number `first` on, `most` at the most; fewer, or none, where others must come to an end before. */
  from(first: number, most: number): readonly Case[];
  /** What came of the next ones, in the order of their numbers; the tally is a portion's own. */
  heard?(tally: Tally): void;
}

/** What a sweep is besides one of seeds. */
export interface Search {
  /** The runs of a scenario; by default what its seeds draw. */
  readonly casesOf?: (scenario: Scenario) => Cases;
  /** What is noted of each run. */
  readonly observed?: Pick<Shared, 'observed'>;
}

/** Cases of a portion as one of them would be, and behind each other as they are sent. */
export const slice = (cases: readonly Case[] | undefined, from: number, count: number): { cases?: readonly Case[] } =>
  cases === undefined ? {} : { cases: cases.slice(from, from + count) };
