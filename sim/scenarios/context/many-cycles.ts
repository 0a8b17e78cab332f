/**
 * Ten to twenty disconnects in one conversation: whatever a cycle leaves behind (a timer, a buffer, a stale connection)
 * would add up here.
 */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import { drawPlan } from '../../faults/draw.ts';
import { claim, type Scenario } from '../../scenario.ts';
import { cutDuringReplay, resumed } from '../claims.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { buildWorld, conversation } from '../topology.ts';

const tenCycles = claim({
  name: 'ten-cycles',
  states: 'one session was resumed ten times or more',
  remember: () => ({ count: 0 }),
  on: {
    restored: (memory, entry, reached) => {
      memory.count = entry.resumed ? memory.count + 1 : 0;
      if (memory.count >= 10) reached();
    },
  },
});

export const manyCycles: Scenario = {
  name: 'context/many-cycles',
  title: 'ten to twenty disconnects in one conversation leave nothing behind',
  sometimes: [resumed, tenCycles, cutDuringReplay],
  world(setting) {
    return buildWorld({
      clients: 1,
      servers: 2,
      network: drawNetwork(setting),
      contents: contentsOf(setting, ['short', 'short-b']),
      turns: () => conversation(12, (turn) => turn % 2, seconds(2)),
      stayUntil: seconds(60) as number as Instant,
    });
  },
  plan: ({ dice }) =>
    drawPlan(dice, {
      kinds: ['cut', 'reset', 'offline', 'crash'],
      count: [10, 20],
      from: ms(500) as number as Instant,
      until: seconds(60) as number as Instant,
      lasts: [ms(10), seconds(4)],
      links: ['c1-lb'],
      clients: ['c1'],
      servers: ['s1', 's2'],
    }),
};
