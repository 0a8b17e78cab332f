/**
 * One of two servers is drained with notice while three clients stream: each moves to a second connection before the
 * first ends, and its application notices nothing.
 */
import { type Instant, ms, seconds } from '../../../../src/time.ts';
import { drawPlan } from '../../../faults/draw.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { handedOver, movedServer, replayed } from '../claims.ts';
import { ACCESS, answerOf, instantOf, MOMENTS } from '../dimensions.ts';
import { promised, usualTargets } from '../target-lists.ts';
import { deployment } from './deployment.ts';

export const graceful = sessionScenario({
  name: 'restart/graceful',
  title: 'a server drains with notice; clients move without losing a byte',
  sometimes: [handedOver, movedServer, replayed],
  dimensions: { moment: MOMENTS, network: ACCESS },
  targets: usualTargets({ back: [], without: ['timeouts'], besides: promised('graceful') }),
  world: (setting) => deployment(setting, { clients: 3, stayUntil: seconds(6) as number as Instant }),
  plan(setting, world): FaultPlan {
    const { dice, cell } = setting;
    const drain: Fault = {
      kind: 'drain',
      target: dice.pick('plan/server', ['s1', 's2']),
      at: instantOf(dice, cell.moment, answerOf(world)),
      deadline: ms(dice.between('plan/deadline', 2_000, 10_000)),
      lasts: ms(dice.between('plan/lasts', 100, 5_000)),
    };
    // One run in three also loses a connection somewhere around the drain.
    const more = dice.chance('plan/more', 1, 3)
      ? drawPlan(setting, {
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
});
