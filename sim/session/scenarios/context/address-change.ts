/**
 * The same token from elsewhere: a middlebox gives the device another address, the device moves to another network, or
 * the user goes on with another device. The session goes on from there, and the server ends the connection that was left
 * behind.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { fencedOld, movedServer, resumed } from '../claims.ts';
import { ACCESS, instantOf, MOMENTS } from '../dimensions.ts';
import { promised, unless, usualTargets } from '../target-lists.ts';
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

export const addressChange = sessionScenario({
  name: 'context/address-change',
  title: 'the same token from another address, network or device; the old connection is fenced',
  sometimes: [resumed, movedServer, fencedOld, twoAddresses],
  dimensions: {
    condition: ['address', 'network', 'network-untold', 'device', 'tab'],
    moment: MOMENTS,
    network: ACCESS,
  },
  targets: usualTargets({
    back: [
      unless(['device'], seconds(6), 'The other device is opened up to 4 s later, and shakes hands from the start.'),
    ],
    besides: promised('context-restored', 'address-change'),
  }),
  world: (setting) => talk(setting),
  plan({ dice, cell }, world): FaultPlan {
    const talking = talkOf(world);
    const at = instantOf(dice, cell.moment, talking);
    // A loss at the old address, so that coming back from another one can be compared with coming back from the same.
    const loss: Fault = { kind: 'reset', target: 'c1-lb', at: instantOf(dice, 'early', talking) };
    const rebind: Fault = { kind: 'rebind', target: 'c1-lb', at };
    const move: Fault = {
      kind: 'addressChange',
      target: 'c1',
      at,
      lasts: us(dice.between('plan/lasts', ms(500), ms(15_000))),
      network: dice.pick('plan/network', ELSEWHERE),
      told: cell.condition === 'network',
    };
    switch (cell.condition) {
      case 'address':
        return inOrder(loss, rebind);
      // The first device is gone without a word, and the page is opened on another one, with what was stored.
      case 'device':
        return inOrder(loss, rebind, {
          kind: 'reload',
          target: 'c1',
          at: (at + 1) as Instant,
          lasts: us(dice.between('plan/device', ms(200), ms(4_000))),
          stored: true,
        });
      // The page is open twice for a while: the second tab takes the session over, and the first is told so.
      case 'tab':
        return inOrder(loss, {
          kind: 'secondTab',
          target: 'c1',
          at,
          lasts: us(dice.between('plan/tab', ms(500), ms(8_000))),
        });
      default:
        return inOrder(loss, move);
    }
  },
});

const inOrder = (...plan: Fault[]): FaultPlan => plan.sort((a, b) => a.at - b.at);
