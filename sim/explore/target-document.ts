/** A target as it stands in the document of a sweep: asked, held, measured, and the verdict. */
import { TARGETS, type Target } from '../targets/catalogue.ts';
import type { TargetName } from '../targets/target.ts';
import { type SpreadDocument, spreadOf } from './metrics.ts';
import type { Row } from './verdict.ts';

export interface TargetDocument {
  readonly name: TargetName;
  readonly states: string;
  /** Unit of `asked`, `held` and `value`. */
  readonly unit: 'ms' | 'bytes' | 'percent';
  readonly statistic: Target['statistic'];
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
  /** The distribution, for times; without its buckets. */
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

export function targetDocument({ name, verdict, figure, held, exception, cells, runs, needed }: Row): TargetDocument {
  const { states, unit, statistic, is, asked } = TARGETS[name];
  const scale = unit === 'us' ? 1000 : 1;
  const { spread, samples } = figure;
  return {
    name,
    states,
    unit: unit === 'us' ? 'ms' : unit,
    statistic,
    is,
    asked: asked / scale,
    held: held / scale,
    value: figure.value === null ? null : rounded(figure.value / scale),
    verdict,
    needed,
    runs,
    samples,
    spread: spread === null ? null : spreadOf(spread, false),
    exception: exception === null ? null : { cells, reason: exception.reason },
  };
}

/** Four digits behind the point: enough for a share of ten thousand runs. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
