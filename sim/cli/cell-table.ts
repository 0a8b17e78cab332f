/**
 * The break-down by cell: a row for each value of each dimension, over all cells that have it. Whole cells, of which a
 * scenario may have hundreds, are in the document (`--json`).
 */
import pc from 'picocolors';
import { type Cell, valuesOf } from '../core/cells.ts';
import { badRuns, emptyMeasures, mergeMeasures } from '../explore/measures.ts';
import type { Sweep } from '../explore/sweep.ts';
import { table } from './columns.ts';
import { columnsOf } from './figure-columns.ts';

/** Without the values that `fixed` rules out; empty when no scenario opens a dimension. */
export function cellTable(result: Sweep, fixed: Cell): string[] {
  const { tallies } = result;
  // One scenario is named by the table above.
  const several = tallies.length > 1;
  const columns = columnsOf(result, 'cellColumn');
  const rows: (string | number)[][] = [];
  for (const { scenario, tally } of tallies)
    for (const [dimension, values] of valuesOf(scenario.dimensions ?? {}))
      for (const value of values) {
        if (fixed[dimension] !== undefined && fixed[dimension] !== value) continue;
        const measures = emptyMeasures();
        for (const part of Object.values(tally.cells))
          if (part.cell[dimension] === value) mergeMeasures(measures, part.measures);
        const bad = badRuns(measures);
        rows.push([
          ...(several ? [scenario.name] : []),
          `${dimension}=${value}`,
          measures.runs,
          bad === 0 ? pc.green('0') : pc.red(String(bad)),
          ...columns.map((column) => column.show(measures)),
        ]);
      }
  const head = ['cell', 'runs', 'bad runs', ...columns.map(({ heading }) => heading)];
  return rows.length === 0 ? [] : [table(several ? ['scenario', ...head] : head, rows), ''];
}
