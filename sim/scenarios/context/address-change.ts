/**
 * The same token from elsewhere: a middlebox gives the device another address, or the device moves to another network.
 * The session goes on from there, and the server ends the connection that was left behind.
 */
import { type Instant, ms, us } from '../../../src/time.ts';
import type { Fault, FaultPlan } from '../../faults/plan.ts';
import { claim, type Scenario } from '../../scenario.ts';
import { fencedOld, movedServer, resumed } from '../claims.ts';
import { ACCESS, instantOf, MOMENTS } from '../dimensions.ts';
import { promises } from '../midstream/targets.ts';
import { promised } from '../promises.ts';
import { talk, talkOf } from './talk.ts';

const twoAddresses = claim({
  name: 'two-addresses',
  states: 'an answer arrived in part before and in part after its client had moved',
  remember: () => ({ moved: false, before: new Set<number>() }),
  on: {
    fault: (memory, { name }) => {
      if (name === 'addressChange' || name === 'rebind') memory.moved = true;
    },
    received: ({ moved, before }, { stream }, reached) => {
      if (!moved) before.add(stream);
      else if (before.has(stream)) reached();
    },
  },
});

/** Where people go: out of the house, into a train, home again. */
const ELSEWHERE = ['wifi', 'cable', 'lte', '4g', '3g'] as const;

export const addressChange: Scenario = {
  name: 'context/address-change',
  title: 'the same token from another address or network; the old connection is fenced',
  sometimes: [resumed, movedServer, fencedOld, twoAddresses],
  dimensions: { condition: ['address', 'network', 'network-untold'], moment: MOMENTS, network: ACCESS },
  targets: promises({ back: [], besides: promised('context-restored', 'address-change') }),
  world: (setting) => talk(setting),
  plan({ dice, cell }, world): FaultPlan {
    const talking = talkOf(world);
    const at = instantOf(dice, cell.moment, talking);
    // A loss at the old address, so that coming back from another one can be compared with coming back from the same.
    const loss: Fault = { kind: 'reset', target: 'c1-lb', at: instantOf(dice, 'early', talking) };
    const move: Fault =
      cell.condition === 'address'
        ? { kind: 'rebind', target: 'c1-lb', at }
        : {
            kind: 'addressChange',
            target: 'c1',
            at,
            lasts: us(dice.between('plan/lasts', ms(500), ms(15_000))),
            network: dice.pick('plan/network', ELSEWHERE),
            told: cell.condition === 'network',
          };
    return [loss, move].sort((a, b) => (a.at as Instant) - b.at);
  },
};
