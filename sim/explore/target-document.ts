/** A target as it stands in the document of a sweep: asked, held, measured, and the verdict. */
import type { Target } from '../targets/target.ts';
import { type FigureDocument, inDocument, type SpreadDocument, spreadOf, unitInDocument } from './metrics.ts';
import type { Row } from './verdict.ts';

export interface TargetDocument {
  readonly name: string;
  readonly states: string;
  /** Unit of `asked`, `held` and `value`. */
  readonly unit: FigureDocument['unit'];
  readonly statistic: Target['figure']['statistic'];
  readonly is: Target['is'];
  readonly asked: number;
  /** What the value was compared with: what this project holds, or the bound of the exception. */
  readonly held: number;
  readonly value: number | null;
  readonly verdict: Row['verdict'];
  /** Seeds that would decide, where there are not enough; null where nobody can tell. */
  readonly needed: number | null;
  /** Runs behind the value, and samples in them. */
  readonly runs: number;
  readonly samples: number;
  /** The distribution, for samples; without its buckets. */
  readonly spread: Omit<SpreadDocument, 'buckets'> | null;
  /** The cells of an exception and its reason; null for the target itself. */
  readonly exception: { readonly cells: string; readonly reason: string } | null;
}

/** A target in one cell: what it promises stands in the scenario's own row, and its distribution in the cell's metrics. */
export type CellTargetDocument = Pick<TargetDocument, 'name' | 'held' | 'value' | 'verdict' | 'samples'>;

export function cellTargetDocument(row: Row): CellTargetDocument {
  const { name, held, value, verdict, samples } = targetDocument(row);
  return { name, held, value, verdict, samples };
}

export function targetDocument({ target, verdict, figure, held, exception, cells, runs, needed }: Row): TargetDocument {
  const { name, is, asked } = target;
  const { states, unit, statistic } = target.figure;
  const scale = unit === 'us' ? 1000 : 1;
  const { spread, samples, value } = figure;
  return {
    name,
    states,
    unit: unitInDocument(unit),
    statistic,
    is,
    asked: asked / scale,
    held: held / scale,
    value: value === null ? null : inDocument(value, unit),
    verdict,
    needed,
    runs,
    samples,
    spread: spread === null ? null : spreadOf(spread, false, unit),
    exception: exception === null ? null : { cells, reason: exception.reason },
  };
}
