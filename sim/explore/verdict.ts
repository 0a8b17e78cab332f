/**
 * Verdicts on targets: a row for each target of a scenario over the cells in which it stands, and one for each exception
 * over its cells, judged by the exception's own bound. No run is left out: every cell belongs to one row.
 *
 * A verdict is one that the sample can carry (`judgement.ts`), the same for exit code, tables, page and reporters.
 */
import type { Cell } from '../cells.ts';
import { TARGETS } from '../targets/catalogue.ts';
import type { Exception, TargetName, TargetUse } from '../targets/target.ts';
import { roundedUp, TAIL } from './confidence.ts';
import { isBeyond } from './evidence.ts';
import { cellsInWords, covers } from './exception.ts';
import { type Figure, figureOf } from './figure.ts';
import { type Finding, type Judgement, judgeMean, judgeNever, judgeShare } from './judgement.ts';
import { emptyMeasures, type Measures, mergeMeasures } from './measures.ts';
import type { Tally } from './tally.ts';

export interface Row {
  readonly name: TargetName;
  /**
   * `met`, `missed`, `bound` (an exception's bound holds), `out of bound`, or `not enough seeds`: so few that neither
   * excludes luck, or none that measured anything.
   */
  readonly verdict: 'met' | 'missed' | 'bound' | 'out of bound' | 'not enough seeds';
  readonly figure: Figure;
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
export function rowsOf(targets: readonly TargetUse[], tally: Tally): readonly Row[] {
  return targets.flatMap(({ name, except = [] }) => {
    const { measures, excepted } = partition(tally, except);
    const row = (of: Measures, exception: Exception | null, others: boolean): Row =>
      rowOf(name, of, exception, { others, seeds: tally.runs });
    const rows = except.map((exception, i) => row(excepted[i] as Measures, exception, i > 0));
    // A target that every cell is excepted from has nothing left to stand for.
    return measures.runs === 0 && except.length > 0 ? rows : [row(measures, null, false), ...rows];
  });
}

/** The row of a target in one cell; how many seeds it would need is not worked out. */
export function rowIn(cell: Cell, measures: Measures, { name, except = [] }: TargetUse): Row {
  return rowOf(name, measures, except.find((exception) => covers(exception, cell)) ?? null, {});
}

interface Place {
  /** Exceptions before this one have taken cells. */
  readonly others?: boolean;
  /** Seeds of the scenario, of which the row's runs are a part. */
  readonly seeds?: number;
}

function rowOf(name: TargetName, measures: Measures, exception: Exception | null, place: Place): Row {
  const figure = figureOf(name, measures);
  const held = exception?.bound ?? TARGETS[name].held;
  const cells = exception === null ? '' : cellsInWords(exception, place.others ?? false);
  const { finding, worth, needed } = judge(name, measures, figure, exception);
  const open = finding === 'open' && place.seeds !== undefined && worth > 0 ? needed() : null;
  return {
    name,
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

function judge(name: TargetName, measures: Measures, { value }: Figure, exception: Exception | null): Judgement {
  const { held, is, statistic } = TARGETS[name];
  const evidence = measures.evidence[name];
  const bound = exception?.bound ?? held;
  if (evidence === undefined || value === null) return { finding: 'open', worth: 0, needed: () => null };
  const mayReach = is === 'at most' || exception !== null;
  switch (statistic) {
    case 'p95':
      return judgeShare(evidence, TAIL);
    case 'max':
      return judgeNever(isBeyond(name, value, exception === null ? null : bound), evidence.runs);
    case 'share':
      // Nobody can be asked for more than everything, nor for less than nothing.
      return bound >= 100 || bound <= 0
        ? judgeNever(isBeyond(name, value, bound), evidence.runs)
        : judgeShare(evidence, 1 - bound / 100);
    case 'mean':
      return judgeMean(evidence, bound, mayReach);
    case 'ratio':
      return judgeMean(evidence, 1 + (bound / 100) * stepsOf(name, measures), mayReach);
  }
}

/** Growth is promised for each step: cycles between the first five and the last five, or just one. */
const stepsOf = (name: TargetName, { cyclesBetween, cycled }: Measures): number =>
  name === 'cycle-slowdown' ? cyclesBetween / cycled : 1;

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
