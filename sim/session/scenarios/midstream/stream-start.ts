/**
 * The connection fails within the first 100 ms of an answer, while the first chunks are on their way: nothing of the
 * beginning is lost, and nothing is begun twice.
 */
import { ms } from '../../../../src/time.ts';
import { oncePer } from '../../../core/scenario.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutMidStream, replayed, resumed, sendRepeated } from '../claims.ts';
import { ACCESS, answerOf, CONDITIONS, contentOf, faultsOf, instantOf, networkOf } from '../dimensions.ts';
import { resumedThrough, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

const cutAtStart = claim({
  name: 'cut-at-start',
  states: 'a fault hit the link within 100 ms after the first chunk of an answer had arrived',
  remember: () => ({ first: -1 }),
  on: {
    received: (memory, { at, seq }) => {
      if (seq === 1) memory.first = at;
    },
    fault: (memory, { at, begins }, reached) => {
      if (begins && memory.first >= 0 && at - memory.first <= ms(100)) reached();
    },
  },
});

const nothingArrived = claim({
  name: 'nothing-arrived',
  states: 'a connection was lost after the question took effect and before the first chunk had arrived',
  remember: () => ({ asked: false, received: false }),
  on: {
    performed: (memory) => {
      memory.asked = true;
    },
    received: (memory) => {
      memory.received = true;
    },
    closed: ({ asked, received }, { node }, reached) => {
      if (node === 'c1' && asked && !received) reached();
    },
  },
});

export const streamStart = sessionScenario({
  name: 'midstream/stream-start',
  title: 'the connection fails within the first 100 ms of an answer',
  sometimes: [resumed, replayed, cutMidStream, cutAtStart, nothingArrived, oncePer(750, sendRepeated)],
  dimensions: {
    condition: CONDITIONS,
    size: ['1-10KB', '1-10KB', '10-100KB', '10-100KB', '100KB-1MB', '1-10MB'],
    network: ACCESS,
  },
  targets: usualTargets({ besides: [resumedThrough(1, ['100KB-1MB', '1-10MB'])] }),
  world: (setting) =>
    buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting),
      contents: contentOf(setting, 'text'),
      turns: () => conversation(1, () => 0, ms(50)),
    }),
  plan({ dice, cell }, world) {
    const answer = answerOf(world);
    const at = instantOf(dice, 'immediate', answer);
    // One in four comes a little sooner: the question has arrived, and no chunk has.
    const before = dice.chance('plan/before', 1, 4) ? dice.between('plan/before', 0, ms(140)) : 0;
    return faultsOf(dice, cell.condition, 'c1-lb', (at - before) as typeof at);
  },
});
