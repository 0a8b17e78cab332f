/**
 * A restart that takes long, met with one policy after another: every wait is one that the policy permits, the server's
 * retry-after is honoured, nobody gives up who was told not to, and everybody is back when the server is.
 */
import { PRESETS, type PresetName } from '../../../../src/backoff/presets.ts';
import { type Instant, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cameBack, resumed, told } from '../claims.ts';
import { ACCESS, answerOf, instantOf, MOMENTS } from '../dimensions.ts';
import { backWithin, promised, unless, usualTargets } from '../target-lists.ts';
import { deployment } from './deployment.ts';

/** Our own policies that never give up; each waits at most half a minute, jitter included. */
const POLICIES = [
  'default',
  'constant',
  'linear',
  'exponential',
  'full-jitter',
  'equal-jitter',
  'decorrelated-jitter',
  'table',
] as const satisfies readonly PresetName[];

const cappedWait = claim({
  name: 'capped',
  states: 'waits of a policy with jitter had stopped to grow',
  remember: () => ({ last: new Map<string, number>() }),
  on: {
    timerSet: ({ last }, { node, timer, attempt, least, most }, reached) => {
      if (timer !== 'retry') return;
      if (attempt >= 3 && least < most && last.get(node) === most) reached();
      last.set(node, most);
    },
  },
});

const waitedAsAsked = claim({
  name: 'waited-as-asked',
  states: "a client waited for a server's retry_after, longer than its policy's first wait",
  remember: () => ({ asked: new Map<string, number>() }),
  on: {
    delivered: ({ asked }, { node, payload }) => {
      if (payload.type === 'ERROR' && payload.retryAfter > 0) asked.set(node, payload.retryAfter);
    },
    timerSet: ({ asked }, { node, timer, least }, reached) => {
      if (timer === 'retry' && asked.get(node) === least) reached();
    },
  },
});

export const backoff = sessionScenario({
  name: 'restart/backoff',
  title: 'a long restart under every policy: waits as it says, and back in time',
  sometimes: [
    resumed,
    cameBack,
    cappedWait,
    waitedAsAsked,
    told('refused'),
    told('unavailable'),
    told('connect_timeout'),
  ],
  dimensions: { condition: ['refused', 'unavailable', 'retry-after', 'silent'], moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: [
      unless([], backWithin(seconds(150), 9), 'The restart takes up to 150 s, and nobody is back before its end.'),
    ],
    besides: promised('context-restored', 'state-restored'),
  }),
  world(setting) {
    const name = setting.dice.pick('world/policy', POLICIES);
    return deployment(setting, {
      clients: 2,
      turns: 1,
      policy: PRESETS[name].policy,
      // The server asks for more patience than a policy begins with.
      server: { retryAfter: seconds(3) },
      // A minute without anybody: probes every second would be most of what happens.
      balancer: { probeInterval: seconds(5) },
      // Two and a half minutes are less than the five that a session waits.
      note: `policy ${name}`,
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    const lasts = us(dice.between('plan/lasts', seconds(5), seconds(dice.pick('plan/longest', [20, 60, 150]))));
    const servers = world.servers.map(({ node }) => node);
    switch (cell.condition) {
      case 'refused':
        return [{ kind: 'balancerCrash', target: 'lb', at, lasts }];
      case 'unavailable':
        return servers.map((target): Fault => ({ kind: 'crash', target, at, lasts, how: 'process' }));
      case 'retry-after':
        return servers.map((target): Fault => ({ kind: 'overload', target, at, lasts, refuses: 'hello', sheds: true }));
      default:
        return world.clients.map(
          ({ node }): Fault => ({ kind: 'cut', target: `${node}-lb`, at: at as Instant, lasts, direction: 'both' }),
        );
    }
  },
});
