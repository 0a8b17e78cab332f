/**
 * Servers, and in some runs the store, die without notice in the middle of answers: as a process (its peers hear it) or
 * as a whole host (they hear nothing). What a client has seen is never taken back.
 */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import { drawPlan } from '../../faults/draw.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import type { Scenario } from '../../scenario.ts';
import { crashedMidAnswer, movedServer, regenerated, resumed, storeLostTail } from '../claims.ts';
import { ACCESS, answerOf, instantOf, MOMENTS } from '../dimensions.ts';
import { ALWAYS, promised } from '../promises.ts';
import { deployment } from './deployment.ts';

export const crash: Scenario = {
  name: 'restart/crash',
  title: 'servers and store die without notice; nothing that was seen is taken back',
  sometimes: [crashedMidAnswer, storeLostTail, movedServer, resumed, regenerated],
  dimensions: { moment: MOMENTS, network: ACCESS },
  targets: [...ALWAYS, ...promised('emergency', 'stream-resumed', 'state-restored')],
  world(setting) {
    const regenerate = setting.dice.chance('world/regenerate', 1, 3);
    return deployment(setting, {
      clients: 3,
      store: { regenerate },
      stayUntil: seconds(6) as number as Instant,
      note: regenerate ? 'answers begin anew' : 'answers continue',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    return drawPlan(dice, {
      kinds: ['crash', 'crash', 'restart', 'storeCrash', 'balancerCrash', 'authDown'],
      count: [1, 4],
      from: at,
      until: (at + seconds(2)) as Instant,
      lasts: [ms(50), seconds(10)],
      links: ['c1-lb', 'c2-lb', 'c3-lb'],
      clients: ['c1', 'c2', 'c3'],
      servers: ['s1', 's2'],
    });
  },
};
