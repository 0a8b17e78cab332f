/**
 * A rolling deployment: every server is drained and restarted in turn, while three clients stream. In some runs something
 * is also done to the balancer, or got wrong, in the middle of it.
 */
import { roleOf } from '../../../../src/facts.ts';
import { type Instant, ms, seconds } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import type { Setting } from '../../../core/scenario.ts';
import { drawPlan } from '../../../faults/draw.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { handedOver, movedServer } from '../claims.ts';
import { ACCESS } from '../dimensions.ts';
import { backWithin, promised, unless, usualTargets } from '../target-lists.ts';
import { deployment } from './deployment.ts';

const SERVERS = ['s1', 's2', 's3'] as const;

/** What operators do to a balancer during a deployment, what its checks get wrong, and a server that comes back cold. */
const OPERATIONS: readonly string[] = [
  'balancerReload',
  'balancerDrain',
  'balancerIdle',
  'wrongHealth',
  'stickinessLost',
  'slowStart',
];

export const allRestarted = claim({
  name: 'all-restarted',
  states: 'every server was restarted once while a client was connected',
  remember: (facts) => ({ facts, restarted: new Set<string>() }),
  on: {
    restarted: ({ facts, restarted }, { node }, reached) => {
      if (roleOf(facts, node) === 'server') restarted.add(node);
      if (restarted.size >= SERVERS.length) reached();
    },
  },
});

export const rolling = sessionScenario({
  name: 'restart/rolling',
  title: 'every server behind the balancer is replaced in turn under traffic',
  sometimes: [allRestarted, handedOver, movedServer],
  dimensions: { condition: ['clean', 'clean', 'clean', 'operations'], network: ACCESS },
  targets: usualTargets({
    back: [
      unless(
        ['operations'],
        backWithin(seconds(4), 4),
        'A cold server asks up to 3 s late, and a balancer that is wrong about its backends refuses for up to 4 s.',
      ),
    ],
    besides: promised('graceful', 'rolling', 'state-restored'),
  }),
  world: (setting) =>
    deployment(setting, {
      clients: 3,
      servers: 3,
      stayUntil: seconds(12) as number as Instant,
      balancer: { sticky: true },
    }),
  plan(setting): FaultPlan {
    const { dice, cell } = setting;
    const plan = rollOut(dice, dice.between('plan/at', 300_000, 2_000_000));
    return cell.condition === 'operations' ? [...plan, ...operations(setting)].sort((a, b) => a.at - b.at) : plan;
  },
});

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

const operations = (setting: Setting): FaultPlan =>
  drawPlan(setting, {
    kinds: OPERATIONS,
    count: [1, 2],
    from: ms(300) as number as Instant,
    until: seconds(8) as number as Instant,
    lasts: [ms(200), seconds(4)],
    links: [],
    clients: [],
    servers: SERVERS,
  });
