/**
 * The break-down by cell: a row for each value of each dimension, over all cells that have it. Whole cells, of which a
 * scenario may have hundreds, are in the document (`--json`).
 */
import pc from 'picocolors';
import { type Cell, DIMENSIONS } from '../cells.ts';
import { badRuns, emptyMeasures, mergeMeasures } from '../explore/measures.ts';
import type { Sweep } from '../explore/sweep.ts';
import { size } from '../report/words.ts';
import { share, spread, table } from './columns.ts';

const HEAD = ['scenario', 'cell', 'runs', 'bad runs', 'complete %', 'reconnect', 'recovery', 'buffers'];

/** Without the values that `fixed` rules out; empty when no scenario opens a dimension. */
export function cellTable({ tallies }: Sweep, fixed: Cell): string[] {
  // One scenario is named by the table above.
  const several = tallies.length > 1;
  const rows: (string | number)[][] = [];
  for (const { scenario, tally } of tallies)
    for (const dimension of DIMENSIONS)
      for (const value of new Set(scenario.dimensions?.[dimension] ?? [])) {
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
          share(measures.streamsCompleted, measures.streamsOwed),
          spread(measures.reconnect),
          spread(measures.recovery),
          measures.runs === 0 ? '-' : size(measures.peakTogetherBytes),
        ]);
      }
  return rows.length === 0 ? [] : [table(several ? HEAD : HEAD.slice(1), rows), ''];
}
