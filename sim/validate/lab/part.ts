/** What is validated, one part for each model that others have simulated or solved. */
import type { Policy } from '../../../src/backoff/policy.ts';
import { Luck } from '../../lab/storm/luck.ts';
import type { Storm } from '../../lab/storm/storm.ts';
import type { Comparison } from './comparison.ts';

export interface Effort {
  /** Of all luck: the same seed, the same table. */
  readonly seed: string;
  /** Replications a cell, 2 or more; a part whose replications are small takes a multiple. */
  readonly replications: number;
  /** Only some of the cells, for a test of seconds. */
  readonly isShort: boolean;
  /** What is made wrong on purpose, to see that it is found. */
  readonly planted?: Planted;
}

export interface Planted {
  policy?(policy: Policy): Policy;
  storm?(storm: Storm): Storm;
  /** Of a word of the dice, where a part throws them itself. */
  draw?(word: number): number;
}

/** Dice, as they are or as somebody made them. */
export type Dice = Pick<Luck, 'draw'>;

export function diceOf(seed: string, replication: number, planted: Planted = {}): Dice {
  const luck = new Luck(seed, replication);
  const { draw } = planted;
  if (draw === undefined) return luck;
  return { draw: (client, purpose, loss, index) => draw(luck.draw(client, purpose, loss, index)) };
}

export interface Part {
  readonly name: string;
  /** What is compared with what, in a line. */
  readonly about: string;
  run(effort: Effort): readonly Comparison[];
}
