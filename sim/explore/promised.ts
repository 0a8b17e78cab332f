/**
 * What scenarios promise under the arguments of a sweep: no bound of a cell that `cell` leaves out, and no claim and no
 * dimension where somebody else chose the conditions. The command and the tests of others judge by the same.
 */
import { openUnder } from '../core/cells.ts';
import { withinCell } from './exception.ts';
import type { Shared } from './portion.ts';
import type { Sweep } from './sweep.ts';

type Conditions = Pick<Shared, 'cell' | 'input' | 'network' | 'policy' | 'faults'>;

/** Whether the conditions are the scenarios' own, for which alone they promise their targets. */
export const areOwn = ({ input, network, policy, faults }: Conditions): boolean =>
  input === null && network === null && policy === null && faults === null;

/** The sweep with its scenarios reduced to what they promise under these conditions. */
export const promisedIn = (swept: Sweep, conditions: Conditions): Sweep => {
  const { cell } = conditions;
  const expects = areOwn(conditions) && cell === null;
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
