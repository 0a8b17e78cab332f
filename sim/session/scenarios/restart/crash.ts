/**
 * Servers, and in some runs the store, die without notice in the middle of answers: as a process (its peers hear it) or
 * as a whole host (they hear nothing). What a client has seen is never taken back.
 */
import { type Instant, ms, seconds } from '../../../../src/time.ts';
import { drawPlan } from '../../../faults/draw.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { crashedMidAnswer, movedServer, resumed, storeLostTail } from '../claims.ts';
import { ACCESS, answerOf, instantOf, MOMENTS } from '../dimensions.ts';
import { regenerated } from '../snapshots.ts';
import { backWithin, HELLO_WAITS, unless, usualTargets } from '../target-lists.ts';
import { deployment } from './deployment.ts';

/** What dies, by condition. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  servers: ['crash', 'crash', 'restart'],
  store: ['storeCrash', 'crash'],
  balancer: ['balancerCrash', 'crash'],
  everything: ['crash', 'restart', 'storeCrash', 'balancerCrash', 'authDown'],
};

export const crash = sessionScenario({
  name: 'restart/crash',
  title: 'servers and store die without notice; nothing that was seen is taken back',
  sometimes: [crashedMidAnswer, storeLostTail, movedServer, resumed, regenerated],
  dimensions: { condition: Object.keys(KINDS), moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: [
      unless(
        [],
        backWithin(seconds(13), 5),
        'Up to 10 s pass until a new process starts, in several places within 2 s, and 1 s until the balancer knows of it.',
      ),
    ],
    besides: [
      { name: 'emergency' },
      {
        name: 'state-restored',
        except: [unless(['store', 'everything'], HELLO_WAITS, 'Nobody is shown a context before the store is back.')],
      },
    ],
  }),
  world(setting) {
    const regenerate = setting.dice.chance('world/regenerate', 1, 3);
    return deployment(setting, {
      clients: 3,
      store: { regenerate },
      stayUntil: seconds(6) as number as Instant,
      note: regenerate ? 'answers begin anew' : 'answers continue',
    });
  },
  plan(setting, world): FaultPlan {
    const { dice, cell } = setting;
    const at = instantOf(dice, cell.moment, answerOf(world));
    return drawPlan(setting, {
      kinds: KINDS[cell.condition ?? 'everything'] as readonly string[],
      count: [1, 4],
      from: at,
      until: (at + seconds(2)) as Instant,
      lasts: [ms(50), seconds(10)],
      links: ['c1-lb', 'c2-lb', 'c3-lb'],
      clients: ['c1', 'c2', 'c3'],
      servers: ['s1', 's2'],
    });
  },
});
