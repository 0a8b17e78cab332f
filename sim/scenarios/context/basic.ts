/**
 * A conversation of five questions over an access network that fails: after every resume the history is what the
 * application had before, and nothing that was asked is lost or asked twice.
 */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import { drawPlan } from '../../faults/draw.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import type { Scenario } from '../../scenario.ts';
import { messageLost, movedServer, resumed, sendRepeated } from '../claims.ts';
import { ACCESS, CONDITIONS, faultsOf, instantOf, MOMENTS } from '../dimensions.ts';
import { talk, talkOf } from './talk.ts';

export const basic: Scenario = {
  name: 'context/basic',
  title: 'a conversation survives lost connections: history, order, every question answered once',
  sometimes: [resumed, messageLost, sendRepeated, movedServer],
  dimensions: { condition: CONDITIONS, moment: MOMENTS, network: ACCESS },
  world: (setting) => talk(setting),
  plan(setting, world): FaultPlan {
    const { dice, cell } = setting;
    const plan = faultsOf(dice, cell.condition, 'c1-lb', instantOf(dice, cell.moment, talkOf(world)));
    // One run in three has more than its condition: what is behind the balancer fails too.
    if (!dice.chance('plan/more', 1, 3)) return plan;
    const more = drawPlan(dice, {
      kinds: ['rebind', 'offline', 'crash', 'authDown'],
      count: [1, 2],
      from: ms(50) as number as Instant,
      until: seconds(5) as number as Instant,
      lasts: [ms(20), seconds(8)],
      links: ['c1-lb'],
      clients: ['c1'],
      servers: ['s1', 's2'],
    });
    return [...plan, ...more].sort((a, b) => a.at - b.at);
  },
};
