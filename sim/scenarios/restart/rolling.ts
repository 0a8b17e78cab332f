/** A rolling deployment: every server is drained and restarted in turn, while three clients stream. */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import type { Dice } from '../../dice.ts';
import type { Fault, FaultPlan } from '../../faults/plan.ts';
import { claim, type Scenario } from '../../scenario.ts';
import { handedOver, movedServer } from '../claims.ts';
import { ACCESS } from '../dimensions.ts';
import { promises } from '../midstream/targets.ts';
import { promised } from '../promises.ts';
import { deployment } from './deployment.ts';

const SERVERS = ['s1', 's2', 's3'] as const;

export const allRestarted = claim({
  name: 'all-restarted',
  states: 'every server was restarted once while a client was connected',
  remember: () => ({ restarted: new Set<string>() }),
  on: {
    restarted: ({ restarted }, { node }, reached) => {
      if (node.startsWith('s') && node !== 'store') restarted.add(node);
      if (restarted.size >= SERVERS.length) reached();
    },
  },
});

export const rolling: Scenario = {
  name: 'restart/rolling',
  title: 'every server behind the balancer is replaced in turn under traffic',
  sometimes: [allRestarted, handedOver, movedServer],
  dimensions: { network: ACCESS },
  targets: promises({ back: [], besides: promised('graceful', 'rolling', 'state-restored') }),
  world: (setting) => deployment(setting, { clients: 3, servers: 3, stayUntil: seconds(12) as number as Instant }),
  plan: ({ dice }) => rollOut(dice, dice.between('plan/at', 300_000, 2_000_000)),
};

/** Drains every server in turn; the next one follows when the last is back, sometimes a little too early. */
export function rollOut(dice: Dice, from: number): FaultPlan {
  const plan: Fault[] = [];
  let at = from;
  for (const target of SERVERS) {
    const deadline = ms(dice.between('plan/deadline', 1_000, 4_000));
    const lasts = ms(dice.between('plan/lasts', 100, 1_000));
    plan.push({ kind: 'drain', target, at: at as Instant, deadline, lasts });
    at += deadline + lasts + dice.between('plan/gap', -500_000, 1_000_000);
  }
  return plan;
}
