/** Which cells an exception of a target speaks of, and in which words. */
import type { Cell } from '../core/cells.ts';
import type { Exception, TargetUse } from '../targets/target.ts';

/** Whether an exception speaks of a cell. */
export function covers({ cells }: Exception, cell: Cell): boolean {
  for (const dimension in cells) if (!cells[dimension]?.includes(cell[dimension] ?? '')) return false;
  return true;
}

/** What a sweep with fixed dimensions can say of these targets: exceptions of cells that it never enters are left out. */
export const withinCell = (targets: readonly TargetUse[], fixed: Cell): readonly TargetUse[] =>
  targets.map((use) => {
    const { except = [] } = use;
    const entered = except.filter(({ cells }) =>
      Object.entries(cells).every(([dimension, values]) => {
        const value = fixed[dimension];
        return value === undefined || values.includes(value);
      }),
    );
    // Behind one that speaks of all that is left, no cell is.
    const last = entered.findIndex((exception) => covers(exception, fixed));
    return { ...use, except: last < 0 ? entered : entered.slice(0, last + 1) };
  });

/** The cells of an exception; `others` when exceptions before it have taken theirs. */
export const cellsInWords = ({ cells }: Exception, others: boolean): string =>
  Object.entries(cells)
    .map(([dimension, values]) => `${dimension}=${values.join('|')}`)
    .join(',') || (others ? 'every other cell' : 'every cell');
