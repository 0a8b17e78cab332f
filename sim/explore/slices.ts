/**
 * Slices through the cells of a scenario: all runs with one value of a dimension, or with one value each of two. Cells
 * alone are too many to read and too small to judge; merged here, where histograms still add up exactly.
 */
import { type Cell, dimensionsOf } from '../core/cells.ts';
import { type Figure, isFolded } from '../figures/figure.ts';
import { emptyMeasures, type Measures, mergeMeasures } from './measures.ts';
import { type SpreadDocument, spreadOf } from './metrics.ts';
import { spreadIn } from './sums.ts';
import type { CellTally } from './tally.ts';

export interface SliceDocument {
  /** The values that its runs have in common: one or two dimensions. */
  readonly cell: Cell;
  readonly runs: number;
  readonly broken_runs: number;
  readonly budget_runs: number;
  readonly threw_runs: number;
  readonly crashed_runs: number;
  readonly nondeterministic_runs: number;
  /** The distributions of its headline, and of figures that have a fold of their own, by name; without buckets. */
  readonly figures: Readonly<Record<string, SpreadDocument>>;
}

/** Every slice that has runs, in a fixed order. */
export function slicesOf(
  figures: readonly Figure[],
  headline: Figure | null,
  cells: readonly CellTally[],
): readonly SliceDocument[] {
  const own = figures.filter(
    (each) => each === headline || (isFolded(each) && (each.statistic === 'p95' || each.statistic === 'mean')),
  );
  const slices = new Map<string, { cell: Cell; measures: Measures }>();
  for (const { cell, measures } of cells)
    for (const part of partsOf(cell)) {
      const key = JSON.stringify(part);
      const slice = slices.get(key) ?? { cell: part, measures: emptyMeasures() };
      slices.set(key, slice);
      mergeMeasures(slice.measures, measures);
    }
  return [...slices.keys()].sort().map((key) => {
    const { cell, measures } = slices.get(key) as { cell: Cell; measures: Measures };
    return {
      cell,
      runs: measures.runs,
      broken_runs: measures.brokenRuns,
      budget_runs: measures.budgetRuns,
      threw_runs: measures.threwRuns,
      crashed_runs: measures.crashedRuns,
      nondeterministic_runs: measures.nondeterministicRuns,
      figures: spreadsOf(own, measures),
    };
  });
}

const spreadsOf = (figures: readonly Figure[], measures: Measures): Readonly<Record<string, SpreadDocument>> =>
  Object.fromEntries(figures.map(({ name, unit }) => [name, spreadOf(spreadIn(measures.figures, name), false, unit)]));

/** One and two dimensions of a cell at a time. */
function partsOf(cell: Cell): readonly Cell[] {
  const open = dimensionsOf(cell).map((dimension): Cell => ({ [dimension]: cell[dimension] as string }));
  return open.flatMap((one, i) => [one, ...open.slice(i + 1).map((other) => ({ ...one, ...other }))]);
}
