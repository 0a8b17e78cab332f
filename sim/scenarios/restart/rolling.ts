/** A rolling deployment: every server is drained and restarted in turn, while four clients stream. */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import type { Fault, FaultPlan } from '../../faults/plan.ts';
import { claim, type Scenario } from '../../scenario.ts';
import { handedOver, movedServer } from '../claims.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { buildWorld, conversation } from '../topology.ts';

const allRestarted = claim({
  name: 'all-restarted',
  states: 'every server was restarted once while a client was connected',
  remember: () => ({ restarted: new Set<string>() }),
  on: {
    restarted: ({ restarted }, { node }, reached) => {
      if (node.startsWith('s')) restarted.add(node);
      if (restarted.size >= 3) reached();
    },
  },
});

export const rolling: Scenario = {
  name: 'restart/rolling',
  title: 'every server behind the balancer is replaced in turn under traffic',
  sometimes: [allRestarted, handedOver, movedServer],
  world(setting) {
    return buildWorld({
      clients: 4,
      servers: 3,
      network: drawNetwork(setting),
      contents: contentsOf(setting, ['text', 'short', 'json']),
      turns: (client) => conversation(3, (turn) => (turn + client) % 3, ms(400)),
      stayUntil: seconds(20) as number as Instant,
    });
  },
  plan({ dice }): FaultPlan {
    const plan: Fault[] = [];
    let at = dice.between('plan/at', 300_000, 2_000_000);
    for (const target of ['s1', 's2', 's3']) {
      const deadline = ms(dice.between('plan/deadline', 1_000, 5_000));
      const lasts = ms(dice.between('plan/lasts', 100, 2_000));
      plan.push({ kind: 'drain', target, at: at as Instant, deadline, lasts });
      // The next server follows when this one is back, sometimes a little too early.
      at += deadline + lasts + dice.between('plan/gap', -500_000, 2_000_000);
    }
    return plan;
  },
};
