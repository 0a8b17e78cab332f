/**
 * The application does not stop asking because its server drains: sends go out on the old connection while the new one
 * shakes hands, and on the new one while it is still being replayed. Each takes effect once, in the order in which it was
 * asked, wherever it went.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import { oncePer } from '../../../core/scenario.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { handedOver, movedServer, replayed, resumed, sendRepeated } from '../claims.ts';
import { contentsFrom } from '../conditions.ts';
import { ACCESS, chatOf, contentOf, faultsOf, instantOf, MOMENTS, networkOf, tripsOf } from '../dimensions.ts';
import { lostWhileResending, sentDuringReplay } from '../situations/connections.ts';
import { movedWithSends, sentOnAgain, sentWhileMoving } from '../situations/handover.ts';
import { backWithin, unless, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { chatter } from '../turns.ts';

/** Shorter than the handshakes of most access networks, so that some of them go out in the middle of one. */
const EVERY = ms(90);
/** Within so much of a drain its clients are told, and each waits as long again at the most. */
const SPREAD = ms(100);

export const busyHandover = sessionScenario({
  name: 'restart/busy-handover',
  title: 'a busy application goes on asking while its session is handed over or replayed',
  sometimes: [
    resumed,
    handedOver,
    movedServer,
    replayed,
    sendRepeated,
    sentWhileMoving,
    movedWithSends,
    sentDuringReplay,
    lostWhileResending,
    oncePer(500, sentOnAgain),
  ],
  dimensions: {
    condition: ['drain', 'rolling', 'moved', 'loss', 'losses'],
    moment: MOMENTS,
    size: ['1-10KB', '10-100KB'],
    network: ACCESS,
  },
  targets: usualTargets({
    back: [
      unless(
        ['loss', 'losses', 'moved'],
        backWithin(seconds(23), 20),
        'The path is away or bad for up to 20 s, and a device is between two networks for up to 3 s.',
      ),
    ],
    without: ['timeouts'],
  }),
  world: (setting) =>
    buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsFrom(setting, contentOf(setting, 'text', ['1-10KB', '10-100KB'])),
      turns: () => chatter(40, 10, 1, EVERY),
      agent: { chunkInterval: ms(40) },
      server: { drainSpread: SPREAD },
      stayUntil: seconds(6) as number as Instant,
    }),
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, chatOf(world));
    const drain = (target: string, when: number): Fault => ({
      kind: 'drain',
      target,
      at: when as Instant,
      deadline: ms(dice.between('plan/deadline', 1_000, 4_000)),
      lasts: ms(dice.between('plan/lasts', 100, 1_000)),
    });
    switch (cell.condition) {
      case 'loss':
        return faultsOf(dice, undefined, 'c1-lb', at);
      case 'moved':
        return [
          {
            kind: 'addressChange',
            target: 'c1',
            at,
            lasts: us(dice.between('plan/lasts', ms(200), seconds(3))),
            network: dice.pick('plan/network', ['wifi', 'lte', '4g', '3g']),
            told: true,
          },
        ];
      // Some of them meet what the one before has led to: sends that are repeated, with new ones behind them.
      case 'losses': {
        const plan: Fault[] = [];
        let next: number = at;
        for (let i = dice.between('plan/times', 3, 6); i > 0; i--) {
          plan.push({ kind: 'reset', target: 'c1-lb', at: next as Instant });
          next += dice.between('plan/gap', ms(300), seconds(1.5));
        }
        return plan;
      }
      // Whichever server it is on: the second follows when the first is back, sometimes a little too early; or just when
      // the first has sent its client there.
      case 'rolling': {
        const { trip, handshake } = tripsOf(world);
        const early = trip + handshake + dice.between('plan/early', 0, 2 * (SPREAD + trip));
        const gap = dice.chance('plan/early', 3, 4) ? early : dice.between('plan/gap', ms(600), seconds(3));
        return [drain('s1', at), drain('s2', at + gap)];
      }
      default:
        return [drain(dice.pick('plan/server', ['s1', 's2']), at)];
    }
  },
});
