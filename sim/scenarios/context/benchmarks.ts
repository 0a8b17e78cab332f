/**
 * The phases of coming back, measured over several conversations that are lost again and again: connect, context after
 * outages of every length, another address, many cycles. The report says what each of them took.
 */
import { type Instant, ms, seconds, us } from '../../../src/time.ts';
import type { Fault, FaultPlan } from '../../faults/plan.ts';
import { claim, type Scenario } from '../../scenario.ts';
import { replayed, resumed, workSurvived } from '../claims.ts';
import { ACCESS } from '../dimensions.ts';
import { ALWAYS, promised } from '../promises.ts';
import { PACE, talk } from './talk.ts';

const CLIENTS = 4;
/** Losses of the first client, which has enough of them for its last to be compared with its first. */
const CYCLES = 12;

const allCameBack = claim({
  name: 'all-came-back',
  states: `all of ${CLIENTS} clients resumed twice or more`,
  remember: () => ({ resumed: new Map<string, number>() }),
  on: {
    restored: ({ resumed: counts }, { node, resumed: again }, reached) => {
      if (again) counts.set(node, (counts.get(node) ?? 0) + 1);
      if (counts.size === CLIENTS && [...counts.values()].every((count) => count >= 2)) reached();
    },
  },
});

export const benchmarks: Scenario = {
  name: 'context/benchmarks',
  title: 'what connecting and coming back take, phase by phase, over many losses',
  sometimes: [resumed, replayed, workSurvived, allCameBack],
  dimensions: { network: ACCESS },
  targets: [
    ...ALWAYS,
    ...promised(
      'connect',
      'context-restored',
      'context-brief',
      'context-medium',
      'address-change',
      'cycle-slowdown',
      'cycle-memory',
      'reconnect',
      'stream-resumed',
      'recovery',
      'backoff',
      'overhead',
    ),
  ],
  world: (setting) =>
    talk(setting, {
      clients: CLIENTS,
      turns: 4,
      wait: seconds(3),
      agent: {
        chunkInterval: PACE,
        work: { toolEvery: 4, toolTime: ms(30), memoryEvery: 3, memoryKeys: 4 },
      },
      balancer: { probeInterval: seconds(5) },
      stayUntil: seconds(24) as number as Instant,
    }),
  plan({ dice }): FaultPlan {
    const plan: Fault[] = [];
    for (let i = 0; i < CYCLES; i++)
      plan.push({ kind: 'reset', target: 'c1-lb', at: (ms(1_500) + i * ms(1_900) + jitter()) as Instant });
    // A short and a longer outage, a device that is away for more than half a minute, and a new address.
    plan.push(
      { kind: 'offline', target: 'c2', at: at(2, 5), lasts: us(dice.between('plan/lasts', ms(200), seconds(6))) },
      { kind: 'reset', target: 'c2-lb', at: at(14, 20) },
      { kind: 'offline', target: 'c3', at: at(3, 6), lasts: us(dice.between('plan/lasts', seconds(31), seconds(60))) },
      { kind: 'reset', target: 'c3-lb', at: at(1, 2) },
      { kind: 'reset', target: 'c4-lb', at: at(2, 6) },
      { kind: 'rebind', target: 'c4-lb', at: at(8, 12) },
    );
    return plan.sort((a, b) => a.at - b.at);

    function jitter(): number {
      return dice.between('plan/cycle', 0, ms(300));
    }
    function at(from: number, until: number): Instant {
      return dice.between('plan/at', seconds(from), seconds(until)) as Instant;
    }
  },
};
