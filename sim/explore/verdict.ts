/**
 * Verdicts on targets: a row for each target of a scenario over the cells in which it stands, and one for each exception
 * over its cells, judged by the exception's own bound. No run is left out: every cell belongs to one row.
 *
 * A verdict is one that the sample can carry (`judgement.ts`), the same for exit code, tables, page and reporters.
 */
import type { Cell } from '../core/cells.ts';
import type { Exception, Target } from '../targets/target.ts';
import { roundedUp, TAIL } from './confidence.ts';
import { isBeyond, mirrored } from './evidence.ts';
import { cellsInWords, covers } from './exception.ts';
import { type Finding, type Judgement, judgeMean, judgeNever, judgeShare } from './judgement.ts';
import { emptyMeasures, type Measures, mergeMeasures } from './measures.ts';
import type { Tally } from './tally.ts';
import { resultOf, type Value } from './value.ts';

export interface Row {
  readonly name: string;
  readonly target: Target;
  /**
   * `met`, `missed`, `bound` (an exception's bound holds), `out of bound`, or `not enough seeds`: so few that neither
   * excludes luck, or none that measured anything.
   */
  readonly verdict: 'met' | 'missed' | 'bound' | 'out of bound' | 'not enough seeds';
  readonly figure: Value;
  /** What the figure was compared with. */
  readonly held: number;
  /** The exception, when this row stands for its cells. */
  readonly exception: Exception | null;
  /** The exception's cells in words: `condition=outage|asymmetric`, `every cell`, `every other cell`; empty without one. */
  readonly cells: string;
  readonly runs: number;
  /**
   * Seeds of the scenario that would decide, if what was measured is the truth; null where the verdict stands, where it
   * would take more than a million runs, and where nothing was measured, so that nobody can tell.
   */
  readonly needed: number | null;
}

/** Whether a figure is neither what was promised nor what was derived. */
export const isMissed = ({ verdict }: Pick<Row, 'verdict'>): boolean =>
  verdict === 'missed' || verdict === 'out of bound';

/** Whether the sample cannot carry a verdict. */
export const isOpen = ({ verdict }: Pick<Row, 'verdict'>): boolean => verdict === 'not enough seeds';

/** The rows of all targets of a scenario. */
export function rowsOf(targets: readonly Target[], tally: Tally): readonly Row[] {
  return targets.flatMap((target) => {
    const { except } = target;
    const { measures, excepted } = partition(tally, except);
    const row = (of: Measures, exception: Exception | null, others: boolean): Row =>
      rowOf(target, of, exception, { others, seeds: tally.runs });
    const rows = except.map((exception, i) => row(excepted[i] as Measures, exception, i > 0));
    // A target that every cell is excepted from has nothing left to stand for.
    return measures.runs === 0 && except.length > 0 ? rows : [row(measures, null, false), ...rows];
  });
}

/** The row of a target in one cell; how many seeds it would need is not worked out. */
export function rowIn(cell: Cell, measures: Measures, target: Target): Row {
  return rowOf(target, measures, target.except.find((exception) => covers(exception, cell)) ?? null, {});
}

interface Place {
  /** Exceptions before this one have taken cells. */
  readonly others?: boolean;
  /** Seeds of the scenario, of which the row's runs are a part. */
  readonly seeds?: number;
}

function rowOf(target: Target, measures: Measures, exception: Exception | null, place: Place): Row {
  const figure = resultOf(target.figure, measures.figures);
  const held = exception?.bound ?? target.held;
  const cells = exception === null ? '' : cellsInWords(exception, place.others ?? false);
  const { finding, worth, needed } = judge(target, measures, figure, exception);
  const open = finding === 'open' && place.seeds !== undefined && worth > 0 ? needed() : null;
  return {
    name: target.name,
    target,
    verdict: WORDS[exception === null ? 'target' : 'bound'][finding],
    figure,
    held,
    exception,
    cells,
    runs: measures.runs,
    needed: open === null ? null : roundedUp((open * (place.seeds ?? 0)) / worth),
  };
}

const OPEN = 'not enough seeds';
const WORDS: Readonly<Record<'target' | 'bound', Readonly<Record<Finding, Row['verdict']>>>> = {
  target: { holds: 'met', fails: 'missed', open: OPEN },
  bound: { holds: 'bound', fails: 'out of bound', open: OPEN },
};

function judge(target: Target, measures: Measures, { value, steps }: Value, exception: Exception | null): Judgement {
  const { held, is, figure } = target;
  const evidence = measures.evidence[target.name];
  const bound = exception?.bound ?? held;
  if (evidence === undefined || value === null) return { finding: 'open', worth: 0, needed: () => null };
  const mayReach = is !== 'below' || exception !== null;
  const never = (): Judgement => judgeNever(isBeyond(target, value, exception === null ? null : bound), evidence.runs);
  const mean = (ratio: number): Judgement =>
    is === 'at least' ? judgeMean(mirrored(evidence), -ratio, mayReach) : judgeMean(evidence, ratio, mayReach);
  switch (figure.statistic) {
    case 'p95':
      return judgeShare(evidence, TAIL);
    case 'max':
      return never();
    case 'share':
      // Nobody can be asked for more than everything, nor for less than nothing.
      if (bound >= 100 || bound <= 0) return never();
      return judgeShare(evidence, is === 'at least' ? 1 - bound / 100 : bound / 100);
    case 'mean':
      return mean(bound);
    case 'ratio':
      // Promised of each step: of the cycles between the first five and the last five, for instance.
      return mean(1 + (bound / 100) * steps);
    default:
      throw new Error(`no target can be on ${target.name}, a ${figure.statistic}`);
  }
}

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
