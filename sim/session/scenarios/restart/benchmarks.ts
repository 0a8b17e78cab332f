/**
 * The three ways to restart, measured under the same load: with notice, without, and one server after the other. The
 * report says how long each kept clients from their answers.
 */
import { type Instant, ms, seconds } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { crashedMidAnswer, handedOver, movedServer, resumed } from '../claims.ts';
import { ACCESS } from '../dimensions.ts';
import { backWithin, promised, unless, usualTargets } from '../target-lists.ts';
import { deployment } from './deployment.ts';
import { allRestarted, rollOut } from './rolling.ts';

const CLIENTS = 5;

export const benchmarks = sessionScenario({
  name: 'restart/benchmarks',
  title: 'what graceful, emergency and rolling restarts cost under the same load',
  sometimes: [resumed, handedOver, movedServer, crashedMidAnswer, allRestarted],
  dimensions: { condition: ['graceful', 'emergency', 'rolling'], network: ACCESS },
  targets: usualTargets({
    back: [
      unless(
        ['emergency'],
        backWithin(seconds(4), 4),
        'No server lives for up to 3 s, and the balancer knows of it 1 s later.',
      ),
    ],
    besides: promised('graceful', 'emergency', 'rolling', 'state-restored'),
  }),
  world: (setting) =>
    deployment(setting, { clients: CLIENTS, servers: 3, stayUntil: seconds(10) as number as Instant }),
  plan({ dice, cell }, world): FaultPlan {
    const at = dice.between('plan/at', 1_000_000, 3_000_000) as Instant;
    const lasts = ms(dice.between('plan/lasts', 100, 3_000));
    const servers = world.servers.map(({ node }) => node);
    switch (cell.condition) {
      case 'rolling':
        return rollOut(dice, at);
      case 'graceful': {
        const deadline = ms(dice.between('plan/deadline', 2_000, 8_000));
        return [{ kind: 'drain', target: dice.pick('plan/server', servers), at, deadline, lasts }];
      }
      default:
        // All of them at once: nobody is left to move to.
        return servers.map((target): Fault => ({ kind: 'crash', target, at, lasts, how: 'process' }));
    }
  },
});
