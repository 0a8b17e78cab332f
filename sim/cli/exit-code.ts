/** How a sweep ends for whoever called it: the exit code of `explore`, and which targets it counts. */
import type { Sweep } from '../explore/sweep.ts';
import { isMissed, type Row, rowsOf } from '../explore/verdict.ts';
import { EXIT } from './errors.ts';

/** A row of a target that is missed, and the scenario that promised it. */
export interface Missed {
  readonly scenario: string;
  readonly row: Row;
}

/**
 * Rows whose figure is neither what was promised nor what was derived: exactly those that tables and reporters show
 * as missed, so that the exit code never says anything else. A row that nothing was measured for is not missed.
 */
export const missedRows = ({ tallies }: Pick<Sweep, 'tallies'>): readonly Missed[] =>
  tallies.flatMap(({ scenario, tally }) =>
    rowsOf(scenario.targets ?? [], tally)
      .filter(isMissed)
      .map((row) => ({ scenario: scenario.name, row })),
  );

/**
 * A bug of ours says most, because then nothing else is certain; then a broken law, a run without an outcome, a run that
 * never ended. Who interrupts a sweep asks for no verdict on what it might have
 * measured, but a law that broke is broken. `missed` are the rows that count: none unless targets are strict.
 */
export function exitCodeOf(
  { tallies, stopped }: Pick<Sweep, 'tallies' | 'stopped'>,
  missed: readonly Missed[],
): number {
  if (tallies.some(({ tally }) => tally.bad.some(({ ended }) => ended?.ours))) return EXIT.bug;
  if (tallies.some(({ tally }) => tally.brokenRuns > 0)) return EXIT.broken;
  if (stopped === 'crashes' || tallies.some(({ tally }) => tally.threwRuns + tally.crashedRuns > 0)) return EXIT.ended;
  if (tallies.some(({ tally }) => tally.budgetRuns > 0)) return EXIT.budget;
  if (stopped === 'interrupted') return EXIT.interrupted;
  return missed.length > 0 ? EXIT.broken : EXIT.holds;
}
