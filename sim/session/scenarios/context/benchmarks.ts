/**
 * The phases of coming back, measured over several conversations that are lost again and again: connect, context after
 * outages of every length, another address, many cycles. The report says what each of them took.
 */
import type { NodeId } from '../../../../src/machine.ts';
import { type Duration, type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { replayed, resumed, workSurvived } from '../claims.ts';
import { ACCESS } from '../dimensions.ts';
import { leftInOutage, resumedEmpty } from '../situations/edges.ts';
import { promised, unless, usualTargets } from '../target-lists.ts';
import { PACE, talk } from './talk.ts';

const CLIENTS = 3;
/** Enough losses for the last of them to be compared with the first. */
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

type Phase = (dice: Dice, client: NodeId) => FaultPlan;

/** What each client meets, by what is measured. */
const PHASES: Readonly<Record<string, Phase>> = {
  loss: (dice, client) => [loss(dice, client, 2, 6), loss(dice, client, 8, 14)],
  brief: (dice, client) => [loss(dice, client, 1, 2), away(dice, client, ms(200), seconds(29))],
  medium: (dice, client) => [loss(dice, client, 1, 2), away(dice, client, seconds(31), seconds(120))],
  address: (dice, client) => [
    loss(dice, client, 1, 3),
    { kind: 'rebind', target: `${client}-lb`, at: between(dice, 5, 8) },
    loss(dice, client, 18, 20),
  ],
  cycles: (dice, client) =>
    Array.from({ length: CYCLES }, (_, i) => {
      const at = ms(1_500) + i * ms(1_900) + dice.between('plan/cycle', 0, ms(300));
      return { kind: 'reset', target: `${client}-lb`, at: at as Instant };
    }),
};

const loss = (dice: Dice, client: NodeId, from: number, until: number): Fault => ({
  kind: 'reset',
  target: `${client}-lb`,
  at: between(dice, from, until),
});

/** The device is offline, and knows it. */
const away = (dice: Dice, client: NodeId, least: Duration, most: Duration): Fault => ({
  kind: 'offline',
  target: client,
  at: between(dice, 4, 8),
  lasts: us(dice.between('plan/lasts', least, most)),
});

const between = (dice: Dice, from: number, until: number): Instant =>
  dice.between('plan/at', seconds(from), seconds(until)) as Instant;

export const benchmarks = sessionScenario({
  name: 'context/benchmarks',
  title: 'what connecting and coming back take, phase by phase, over many losses',
  sometimes: [resumed, replayed, workSurvived, allCameBack, resumedEmpty, leftInOutage],
  dimensions: { condition: Object.keys(PHASES), network: ACCESS },
  targets: usualTargets({
    back: [
      unless(
        ['brief'],
        seconds(30),
        'Nobody is back before the device is online, up to 29 s later, and a handshake of up to 1 s.',
      ),
      unless(
        ['medium'],
        seconds(121),
        'Nobody is back before the device is online, up to 2 min later, and a handshake of up to 1 s.',
      ),
    ],
    without: ['timeouts'],
    besides: promised(
      'connect',
      'context-restored',
      'context-brief',
      'context-medium',
      'address-change',
      'cycle-slowdown',
      'cycle-memory',
    ),
  }),
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
  plan: ({ dice, cell }, world) =>
    world.clients
      .flatMap(({ node }) => (PHASES[cell.condition ?? 'loss'] as Phase)(dice, node))
      .sort((a, b) => a.at - b.at),
});
