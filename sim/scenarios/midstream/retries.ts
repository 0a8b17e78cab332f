/**
 * An outage that may outlast the policy's limits: either the client comes back and the answer completes, or it gives up
 * when its policy says so, with one clear terminal error, and never dials again.
 */
import { PRESETS } from '../../../src/backoff/presets.ts';
import { type Instant, ms, seconds } from '../../../src/time.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import type { Scenario } from '../../scenario.ts';
import { cameBack, cutMidStream, gaveUp } from '../claims.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { buildWorld, conversation } from '../topology.ts';

export const retries: Scenario = {
  name: 'midstream/retries',
  title: 'backoff until the limit, then one clear terminal error; or back in time and complete',
  sometimes: [cameBack, gaveUp, cutMidStream],
  world(setting) {
    const byAttempts = setting.dice.chance('world/limit', 1, 2);
    return buildWorld({
      clients: 1,
      servers: 2,
      network: drawNetwork(setting),
      contents: contentsOf(setting, ['text', 'text-b']),
      turns: () => conversation(1, () => 0, ms(50)),
      policy: {
        ...PRESETS.default.policy,
        ...(byAttempts
          ? { attemptsMax: setting.dice.between('world/limit', 3, 8) }
          : { elapsedMax: seconds(setting.dice.between('world/limit', 5, 60)) }),
      },
      client: { connectTimeout: seconds(4) },
      allowedErrors: ['attempts_exhausted', 'elapsed_exhausted'],
      note: byAttempts ? 'attempts limited' : 'elapsed time limited',
    });
  },
  plan({ dice }): FaultPlan {
    const at = dice.between('plan/at', 300_000, 3_000_000) as Instant;
    const lasts = ms(dice.between('plan/lasts', 1_000, 90_000));
    // Silence (no answer to a dial) and refusal (an answer at once) use up attempts at different speeds.
    if (dice.chance('plan/kind', 1, 2)) return [{ kind: 'cut', target: 'c1-lb', at, lasts, direction: 'both' }];
    return [{ kind: 'balancerCrash', target: 'lb', at, lasts }];
  },
};
