/** Which cells an exception of a target speaks of, and in which words. */
import type { Cell, Dimension } from '../cells.ts';
import type { Exception } from '../targets/target.ts';

/** Whether an exception speaks of a cell. */
export const covers = ({ cells }: Exception, cell: Cell): boolean =>
  Object.entries(cells).every(([dimension, values]) => values.includes(cell[dimension as Dimension] ?? ''));

/** The cells of an exception; `others` when exceptions before it have taken theirs. */
export const cellsInWords = ({ cells }: Exception, others: boolean): string =>
  Object.entries(cells)
    .map(([dimension, values]) => `${dimension}=${values.join('|')}`)
    .join(',') || (others ? 'every other cell' : 'every cell');
