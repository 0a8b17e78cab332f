/**
 * A conversation of five questions over an access network that fails: after every resume the history is what the
 * application had before, and nothing that was asked is lost or asked twice.
 */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import { drawPlan } from '../../faults/draw.ts';
import type { Scenario } from '../../scenario.ts';
import { messageLost, movedServer, resumed, sendRepeated } from '../claims.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { buildWorld, conversation } from '../topology.ts';

export const basic: Scenario = {
  name: 'context/basic',
  title: 'a conversation survives lost connections: history, order, every question answered once',
  sometimes: [resumed, messageLost, sendRepeated, movedServer],
  world(setting) {
    return buildWorld({
      clients: 1,
      servers: 2,
      network: drawNetwork(setting),
      contents: contentsOf(setting, ['short', 'short-b']),
      turns: () => conversation(5, (turn) => turn % 2, ms(300)),
      stayUntil: seconds(8) as number as Instant,
    });
  },
  plan: ({ dice }) =>
    drawPlan(dice, {
      kinds: ['cut', 'reset', 'rebind', 'offline', 'degrade', 'crash', 'authDown'],
      count: [1, 4],
      from: ms(50) as number as Instant,
      until: seconds(7) as number as Instant,
      lasts: [ms(20), seconds(20)],
      links: ['c1-lb'],
      clients: ['c1'],
      servers: ['s1', 's2'],
    }),
};
