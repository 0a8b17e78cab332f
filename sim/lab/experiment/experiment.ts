/**
 * An experiment as data: which policies meet which storms, and what is measured. Rows follow from it and from a seed, in
 * whichever order and on however many threads they are made.
 */
import type { Contender } from '../contender.ts';
import type { Storm } from '../storm/storm.ts';

export type Fidelity = 'lean' | 'universe';

export interface NamedStorm {
  readonly name: string;
  readonly storm: Storm;
}

/** A contender, and where it stands among variations of one policy. */
export interface Entrant extends Contender {
  /** What it is a variation of; its own name when it is none. */
  readonly family: string;
  /** What was varied, by knob, as text. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What every row of an experiment has in common. */
export interface Conditions {
  /** As text: luck is keyed by it. */
  readonly seed: string;
  readonly fidelity: Fidelity;
  /** Names of metrics, in the order of a row's values. */
  readonly metrics: readonly string[];
}

/** One storm met by one contender: its replications are rows. */
export interface Cell {
  readonly storm: NamedStorm;
  readonly entrant: Entrant;
}

/** One value for each metric; NaN where the replication has none. */
export type Values = Float64Array;

export const cellKey = ({ storm, entrant }: Cell): string => JSON.stringify([storm.name, entrant.name]);

/** Every storm with every entrant, in the order of a document. */
export const cellsOf = (storms: readonly NamedStorm[], entrants: readonly Entrant[]): readonly Cell[] =>
  storms.flatMap((storm) => entrants.map((entrant) => ({ storm, entrant })));
