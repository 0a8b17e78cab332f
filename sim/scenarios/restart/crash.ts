/**
 * Servers, and in some runs the store, die without notice in the middle of answers: as a process (its peers hear it) or
 * as a whole host (they hear nothing). What a client has seen is never taken back.
 */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import { drawPlan } from '../../faults/draw.ts';
import type { Scenario } from '../../scenario.ts';
import { crashedMidAnswer, movedServer, regenerated, resumed, storeLostTail } from '../claims.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { buildWorld, conversation } from '../topology.ts';

export const crash: Scenario = {
  name: 'restart/crash',
  title: 'servers and store die without notice; nothing that was seen is taken back',
  sometimes: [crashedMidAnswer, storeLostTail, movedServer, resumed, regenerated],
  world(setting) {
    const regenerate = setting.dice.chance('world/regenerate', 1, 3);
    return buildWorld({
      clients: 3,
      servers: 2,
      network: drawNetwork(setting),
      contents: contentsOf(setting, ['text', 'text-b']),
      turns: () => conversation(2, (turn) => turn % 2, ms(200)),
      store: { regenerate },
      stayUntil: seconds(6) as number as Instant,
      note: regenerate ? 'answers begin anew' : 'answers continue',
    });
  },
  plan: ({ dice }) =>
    drawPlan(dice, {
      kinds: ['crash', 'crash', 'storeCrash', 'balancerCrash', 'authDown'],
      count: [1, 4],
      from: ms(100) as number as Instant,
      until: seconds(8) as number as Instant,
      lasts: [ms(50), seconds(10)],
      links: ['c1-lb', 'c2-lb', 'c3-lb'],
      clients: ['c1', 'c2', 'c3'],
      servers: ['s1', 's2'],
    }),
};
