/**
 * Verdicts on targets: a row for each target of a scenario over the cells in which it stands, and one for each exception
 * over its cells, judged by the exception's own bound. No run is left out: every cell belongs to one row.
 */
import type { Cell, Dimension } from '../cells.ts';
import { TARGETS } from '../targets/catalogue.ts';
import type { Exception, TargetName, TargetUse } from '../targets/target.ts';
import { type Figure, figureOf } from './figure.ts';
import { emptyMeasures, type Measures, mergeMeasures } from './measures.ts';
import type { Tally } from './tally.ts';

export interface Row {
  readonly name: TargetName;
  /** `met`, `missed`, `bound` (an exception's bound holds), `out of bound`, or `not measured`. */
  readonly verdict: 'met' | 'missed' | 'bound' | 'out of bound' | 'not measured';
  readonly figure: Figure;
  /** What the figure was compared with. */
  readonly held: number;
  /** The exception, when this row stands for its cells. */
  readonly exception: Exception | null;
  /** The exception's cells in words: `condition=outage|asymmetric`, `every cell`, `every other cell`; empty without one. */
  readonly cells: string;
  readonly runs: number;
}

/** Whether a figure is neither what was promised nor what was derived. */
export const isMissed = ({ verdict }: Pick<Row, 'verdict'>): boolean =>
  verdict === 'missed' || verdict === 'out of bound';

/** The rows of all targets of a scenario. */
export function rowsOf(targets: readonly TargetUse[], tally: Tally): readonly Row[] {
  return targets.flatMap(({ name, except = [] }) => {
    const { measures, excepted } = partition(tally, except);
    const rows = except.map((exception, i) => rowOf(name, excepted[i] as Measures, exception, i > 0));
    // A target that every cell is excepted from has nothing left to stand for.
    return measures.runs === 0 && except.length > 0 ? rows : [rowOf(name, measures, null), ...rows];
  });
}

/** The row of a target in one cell. */
export function rowIn(cell: Cell, measures: Measures, { name, except = [] }: TargetUse): Row {
  return rowOf(name, measures, except.find((exception) => covers(exception, cell)) ?? null);
}

function rowOf(name: TargetName, measures: Measures, exception: Exception | null, others = false): Row {
  const { held, is } = TARGETS[name];
  const figure = figureOf(name, measures);
  const bound = exception?.bound ?? held;
  const { runs } = measures;
  const cells = exception === null ? '' : wordsOf(exception, others);
  if (figure.value === null) return { name, verdict: 'not measured', figure, held: bound, exception, cells, runs };
  // A derived bound is the worst that can happen, so it may be reached.
  const holds =
    is === 'at least'
      ? figure.value >= bound
      : is === 'at most' || exception !== null
        ? figure.value <= bound
        : figure.value < bound;
  const verdict = exception === null ? (holds ? 'met' : 'missed') : holds ? 'bound' : 'out of bound';
  return { name, verdict, figure, held: bound, exception, cells, runs };
}

/** Whether an exception speaks of a cell. */
export const covers = ({ cells }: Exception, cell: Cell): boolean =>
  Object.entries(cells).every(([dimension, values]) => values.includes(cell[dimension as Dimension] ?? ''));

/** The runs outside of every exception, and those of each; a cell that several speak of belongs to the first. */
function partition(tally: Tally, except: readonly Exception[]): { measures: Measures; excepted: Measures[] } {
  if (except.length === 0) return { measures: tally, excepted: [] };
  const measures = emptyMeasures();
  const excepted = except.map(emptyMeasures);
  const cells = Object.values(tally.cells);
  for (const part of cells.length === 0 ? [{ cell: {}, measures: tally }] : cells) {
    const nth = except.findIndex((exception) => covers(exception, part.cell));
    mergeMeasures(excepted[nth] ?? measures, part.measures);
  }
  return { measures, excepted };
}

/** The cells of an exception; `others` when exceptions before it have taken theirs. */
const wordsOf = ({ cells }: Exception, others: boolean): string =>
  Object.entries(cells)
    .map(([dimension, values]) => `${dimension}=${values.join('|')}`)
    .join(',') || (others ? 'every other cell' : 'every cell');
