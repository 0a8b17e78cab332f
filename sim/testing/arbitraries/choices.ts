/**
 * Dice whose throws are chosen: whatever draws with dice can be drawn by fast-check, and shrinks with its choices.
 *
 * A choice is a whole number of 32 bits and stands for a share of what there is to choose from, so that a smaller choice is
 * a smaller number, an earlier item of a list, or no. What asks for more choices than there are is given the smallest.
 */
import fc from 'fast-check';
import { between } from '../../../src/machine.ts';
import type { Dice } from '../../core/dice.ts';

const CHOICES = 4_294_967_296;

/** One choice, which shrinks towards 0. */
export const choice: fc.Arbitrary<number> = fc.integer({ min: 0, max: CHOICES - 1 });

/** One of the items; `undefined` of none. */
export const pick = <T>(chosen: number, items: readonly T[]): T => items[between(chosen, 0, items.length - 1)] as T;

export function chosenDice(choices: readonly number[]): Dice {
  let next = 0;
  const take = (): number => choices[next++] ?? 0;
  return {
    seed: '0',
    stream: () => take,
    between: (_, least, most) => between(take(), least, most),
    // Small choices say no.
    chance: (_, num, of) => take() * of >= (of - num) * CHOICES,
    pick: (_, items) => pick(take(), items),
  };
}
