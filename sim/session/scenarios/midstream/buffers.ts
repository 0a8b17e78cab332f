/**
 * Several answers stream at once over one connection, the first of any size up to 10 MB: buffers stay within credit, and
 * no stream starves or mixes with another.
 */
import { ms, us } from '../../../../src/time.ts';
import { sample } from '../../../content/samples.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import type { Turn } from '../../world.ts';
import { cutMidStream, replayed, resumed } from '../claims.ts';
import { contentsFrom } from '../conditions.ts';
import { ACCESS, answerOf, CONDITIONS, contentOf, faultsOf, instantOf, networkOf } from '../dimensions.ts';
import { resumedThrough, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';

const interleaved = claim({
  name: 'interleaved',
  states: 'chunks of three streams arrived in turn on one connection',
  remember: () => ({ last: 0, turns: 0 }),
  on: {
    received: (memory, { stream }, reached) => {
      if (stream !== memory.last) memory.turns++;
      memory.last = stream;
      if (memory.turns >= 12) reached();
    },
  },
});

const large = claim({
  name: 'large',
  states: 'an answer of 1 MB or more arrived whole beside others',
  remember: () => ({}),
  on: {
    received: (_, { chunk }, reached) => {
      if (chunk.fin && chunk.end >= 1_000_000) reached();
    },
  },
});

export const buffers = sessionScenario({
  name: 'midstream/buffers',
  title: 'several streams at once, up to 10 MB, within bounded buffers',
  sometimes: [resumed, replayed, cutMidStream, interleaved, large],
  dimensions: {
    condition: CONDITIONS,
    size: ['1-10KB', '1-10KB', '10-100KB', '10-100KB', '100KB-1MB', '1-10MB'],
    network: ACCESS,
  },
  targets: usualTargets({ besides: [resumedThrough(4, ['100KB-1MB', '1-10MB']), { name: 'overhead' }] }),
  world(setting) {
    const [first] = contentOf(setting, 'text');
    const contents = contentsFrom(setting, [
      ...(first === undefined ? [] : [first]),
      sample('brief-json'),
      sample('brief-parts'),
    ]);
    const turns: Turn[] = contents.map((_, i) => ({
      key: `q${i + 1}`,
      ask: i,
      bytes: 120,
      wait: ms(30),
      parallel: i > 0,
    }));
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting),
      contents,
      turns: () => turns,
      agent: { chunkInterval: ms(60) },
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const answer = answerOf(world);
    const plan: Fault[] = [...faultsOf(dice, cell.condition, 'c1-lb', instantOf(dice, undefined, answer))];
    // A server or the store dies too, in one run of four each, so that several streams are read again from the log at once.
    if (dice.chance('plan/crash', 1, 4))
      plan.push({
        kind: 'crash',
        target: dice.pick('plan/server', ['s1', 's2']),
        at: instantOf(dice, undefined, answer),
        lasts: us(dice.between('plan/crash', 50_000, 4_000_000)),
        how: 'process',
      });
    if (dice.chance('plan/store', 1, 4))
      plan.push({
        kind: 'storeCrash',
        target: 'store',
        at: instantOf(dice, undefined, answer),
        lasts: us(dice.between('plan/store', 50_000, 2_000_000)),
        keep: dice.between('plan/store', 0, 1000),
      });
    // The application takes its time in one run of three: what it has not taken must not pile up.
    if (dice.chance('plan/slow', 1, 3))
      plan.push({
        kind: 'slowConsumer',
        target: 'c1',
        at: instantOf(dice, 'early', answer),
        lasts: us(dice.between('plan/slow', 500_000, 4_000_000)),
        pace: ms(dice.between('plan/slow', 20, 200)),
      });
    return plan.sort((a, b) => a.at - b.at);
  },
});
