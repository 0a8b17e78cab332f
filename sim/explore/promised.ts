/**
 * What scenarios promise under the arguments of a sweep: no bound of a cell that `cell` leaves out, and no claim and no
 * dimension where somebody else chose the conditions. The command and the tests of others judge by the same.
 */
import { areOwn, isChosen, type Overrides, openUnder } from '../core/overrides.ts';
import { withinCell } from './exception.ts';
import type { Sweep } from './sweep.ts';

/** The sweep with its scenarios reduced to what they promise under these conditions; no claim of plans that nobody drew. */
export const promisedIn = (swept: Sweep, conditions: Overrides, isDrawn = true): Sweep => {
  const { cell } = conditions;
  const expects = isDrawn && areOwn(conditions) && !isChosen(cell);
  return {
    ...swept,
    tallies: swept.tallies.map(({ scenario, tally }) => ({
      tally,
      scenario: {
        ...scenario,
        dimensions: openUnder(scenario, conditions),
        targets: withinCell(scenario.targets ?? [], cell ?? {}),
        ...(expects ? {} : { sometimes: scenario.sometimes.map((each) => ({ ...each, oncePer: null })) }),
      },
    })),
  };
};
