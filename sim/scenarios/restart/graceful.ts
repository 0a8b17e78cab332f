/**
 * One of two servers is drained with notice while three clients stream: each moves to a second connection before the
 * first ends, and its application notices nothing.
 */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import { drawPlan } from '../../faults/draw.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import type { Scenario } from '../../scenario.ts';
import { handedOver, movedServer, replayed } from '../claims.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { buildWorld, conversation } from '../topology.ts';

export const graceful: Scenario = {
  name: 'restart/graceful',
  title: 'a server drains with notice; clients move without losing a byte',
  sometimes: [handedOver, movedServer, replayed],
  world(setting) {
    return buildWorld({
      clients: 3,
      servers: 2,
      network: drawNetwork(setting),
      contents: contentsOf(setting, ['text', 'text-b']),
      turns: () => conversation(2, (turn) => turn % 2, ms(200)),
      stayUntil: seconds(6) as number as Instant,
    });
  },
  plan({ dice }): FaultPlan {
    const drain = {
      kind: 'drain' as const,
      target: dice.pick('plan/server', ['s1', 's2']),
      at: dice.between('plan/drain', 300_000, 5_000_000) as Instant,
      deadline: ms(dice.between('plan/deadline', 2_000, 10_000)),
      lasts: ms(dice.between('plan/lasts', 100, 5_000)),
    };
    // Half of the runs also lose a connection somewhere around the drain.
    const more = dice.chance('plan/more', 1, 2)
      ? drawPlan(dice, {
          kinds: ['cut', 'reset', 'degrade'],
          count: [1, 2],
          from: ms(100) as number as Instant,
          until: seconds(8) as number as Instant,
          lasts: [ms(10), seconds(3)],
          links: ['c1-lb', 'c2-lb', 'c3-lb'],
          clients: ['c1', 'c2', 'c3'],
          servers: ['s1', 's2'],
        })
      : [];
    return [...more, drain].sort((a, b) => a.at - b.at);
  },
};
