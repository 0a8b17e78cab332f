/**
 * Agents fall silent in the middle of their answers while every connection is well: the application is told once for each
 * place, whatever happens to its connection meanwhile, and the answer goes on where it was when they speak again.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutMidStream, movedServer, resumed } from '../claims.ts';
import { ACCESS, answerOf, contentOf, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { stalled, stalledAgain } from '../situations/streams.ts';
import { promised } from '../target-lists.ts';
import { buildWorld, DEFAULTS } from '../topology.ts';
import { conversation } from '../turns.ts';

/** Sooner than by default, so that a stall of seconds is one. */
const STALLS = seconds(6);
/** Reported by the third heartbeat behind that, and a second for reads (PROTOCOL.md). */
const TOLD = us(STALLS + 3 * DEFAULTS.heartbeatInterval + seconds(1));
const SERVERS = ['s1', 's2'] as const;

export const stalledAnswers = sessionScenario({
  name: 'midstream/stalled',
  title: 'agents fall silent while every connection is well: told once, whatever else happens',
  sometimes: [resumed, cutMidStream, movedServer, stalled, stalledAgain],
  dimensions: { condition: ['alone', 'loss', 'drain', 'crash', 'store'], moment: MOMENTS, network: ACCESS },
  targets: promised('buffers', 'backoff', 'completion', 'integrity', 'recovered'),
  world(setting) {
    const regenerate = setting.dice.chance('world/regenerate', 1, 4);
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentOf(setting, 'text', ['1-10KB', '10-100KB']),
      turns: () => conversation(2, () => 0, ms(200)),
      agent: { chunkInterval: ms(80) },
      server: { stallAfter: STALLS },
      store: { regenerate },
      balancer: { probeInterval: seconds(4) },
      note: regenerate ? 'answers begin anew' : 'answers continue',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    // In half of the runs long enough to be told of, and told of again on another connection.
    const long = dice.chance('plan/long', 1, 2);
    const lasts = us(dice.between('plan/lasts', seconds(long ? 30 : 5), seconds(long ? 45 : 30)));
    const plan: Fault[] = SERVERS.map((target) => ({ kind: 'agentStall', target, at, lasts }));
    // Somewhere in the stall, before or after it is told of; or when it was, and another connection has time to say so, too.
    const [from, until] = long ? [TOLD, lasts - TOLD] : [0, lasts];
    const during = (at + dice.between('plan/during', from, until)) as Instant;
    const soon = us(dice.between('plan/soon', ms(100), seconds(3)));
    switch (cell.condition) {
      case 'loss':
        plan.push(...faultsOf(dice, undefined, 'c1-lb', during, seconds(5)));
        break;
      case 'drain':
        plan.push({
          kind: 'drain',
          target: dice.pick('plan/server', SERVERS),
          at: during,
          deadline: seconds(3),
          lasts: soon,
        });
        break;
      case 'crash':
        plan.push({
          kind: 'crash',
          target: dice.pick('plan/server', SERVERS),
          at: during,
          lasts: soon,
          how: dice.pick('plan/how', ['process', 'host'] as const),
        });
        break;
      case 'store':
        plan.push({
          kind: 'storeCrash',
          target: 'store',
          at: during,
          lasts: soon,
          keep: dice.between('plan/keep', 0, 1000),
        });
        break;
    }
    return plan.sort((a, b) => a.at - b.at);
  },
});
