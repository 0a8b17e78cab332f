/**
 * An outage that may outlast the policy's limits: either the client comes back and the answer completes, or it gives up
 * when its policy says so, with one clear terminal error, and never dials again.
 */

import { ms, seconds } from '../../../../src/time.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { cameBack, cutMidStream, gaveUp } from '../claims.ts';
import { ACCESS, answerOf, contentOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { WORLD_POLICY } from '../policy.ts';
import { backWithin, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

export const retries = sessionScenario({
  name: 'midstream/retries',
  title: 'backoff until the limit, then one clear terminal error; or back in time and complete',
  sometimes: [cameBack, gaveUp, cutMidStream],
  dimensions: { condition: ['clean', 'outage', 'asymmetric'], moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: [
      {
        cells: {},
        bound: backWithin(seconds(90), 8),
        reason: 'The outage lasts up to 90 s: it is meant to outlast the limits of the policy.',
      },
    ],
  }),
  world(setting) {
    const byAttempts = setting.dice.chance('world/limit', 1, 2);
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting),
      contents: contentOf(setting, 'text', ['1-10KB']),
      turns: () => conversation(1, () => 0, ms(50)),
      policy: {
        ...WORLD_POLICY,
        ...(byAttempts
          ? { attemptsMax: setting.dice.between('world/limit', 3, 8) }
          : { elapsedMax: seconds(setting.dice.between('world/limit', 5, 60)) }),
      },
      agent: { chunkInterval: ms(90) },
      client: { connectTimeout: seconds(4) },
      allowedErrors: ['attempts_exhausted', 'elapsed_exhausted'],
      note: byAttempts ? 'attempts limited' : 'elapsed time limited',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    const lasts = ms(dice.between('plan/lasts', 1_000, 90_000));
    // Silence (no answer to a dial) and refusal (an answer at once) use up attempts at different speeds.
    if (cell.condition === 'clean') return [{ kind: 'balancerCrash', target: 'lb', at, lasts }];
    const direction = cell.condition === 'asymmetric' ? dice.pick('plan/direction', ['up', 'down'] as const) : 'both';
    return [{ kind: 'cut', target: 'c1-lb', at, lasts, direction }];
  },
});
