/** What is validated, one part for each model that others have simulated or solved. */
import type { Comparison } from './comparison.ts';

export interface Effort {
  /** Of all luck: the same seed, the same table. */
  readonly seed: string;
  /** Replications a cell, 2 or more; a part whose replications are small takes a multiple. */
  readonly replications: number;
  /** Only some of the cells, for a test of seconds. */
  readonly isShort: boolean;
}

export interface Part {
  readonly name: string;
  /** What is compared with what, in a line. */
  readonly about: string;
  run(effort: Effort): readonly Comparison[];
}
