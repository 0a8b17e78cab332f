/**
 * What a seed draws of a world, feature by feature. A run leaves most features as they usually are, and how many it draws is drawn
 * as well: two things that are odd at once are found in a world where little else is.
 */
import type { Dice } from '../../../core/dice.ts';

export class Luck {
  readonly dice: Dice;
  /** Of eight features so many are drawn. */
  readonly #odd: number;

  constructor(dice: Dice) {
    this.dice = dice;
    this.#odd = dice.pick('world/odd', [1, 2, 4, 6]);
  }

  /** Whether this feature is another than usual in this run. */
  isOdd(feature: string): boolean {
    return this.dice.chance(`world/${feature}`, this.#odd, 8);
  }

  /** One of these in a run that has the feature, and what is usual in one that has not. */
  of<T>(feature: string, usual: T, others: readonly T[]): T {
    return this.isOdd(feature) ? this.dice.pick(`world/${feature}`, others) : usual;
  }

  between(feature: string, least: number, most: number): number {
    return this.dice.between(`world/${feature}`, least, most);
  }

  pick<T>(feature: string, items: readonly T[]): T {
    return this.dice.pick(`world/${feature}`, items);
  }
}
