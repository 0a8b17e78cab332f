/**
 * The application is busy: chunks wait for it in its client, received and not processed. Then its page is loaded again, with
 * what it stored or without. What waited was never the application's, so all of it comes again, and nothing twice.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { replayed, resumed, sendRepeated } from '../claims.ts';
import { contentsFrom } from '../conditions.ts';
import { ACCESS, chatOf, contentOf, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { reloadedBusy } from '../situations/sessions.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { chatter } from '../turns.ts';

export const busyReload = sessionScenario({
  name: 'midstream/busy-reload',
  title: 'the page of a busy application is loaded again while chunks wait for it',
  sometimes: [resumed, replayed, reloadedBusy, sendRepeated],
  dimensions: {
    condition: ['stored', 'stored', 'twice', 'with loss', 'forgotten'],
    moment: MOMENTS,
    size: ['1-10KB', '10-100KB'],
    network: ACCESS,
  },
  targets: promised('buffers', 'backoff', 'completion', 'integrity', 'resent'),
  world: (setting) =>
    buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsFrom(setting, contentOf(setting, 'text', ['1-10KB', '10-100KB'])),
      turns: () => chatter(10, 5, 1, ms(300)),
      agent: { chunkInterval: ms(60) },
    }),
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, chatOf(world));
    const reload = (when: number, stored: boolean): Fault => ({
      kind: 'reload',
      target: 'c1',
      at: when as Instant,
      lasts: ms(dice.between('plan/load', 50, 2_000)),
      stored,
    });
    const plan: Fault[] = [
      // Busy from before the reload on, and for a while behind it.
      {
        kind: 'slowConsumer',
        target: 'c1',
        at: Math.max(0, at - dice.between('plan/busy', ms(100), ms(900))) as Instant,
        lasts: us(dice.between('plan/busy', seconds(1), seconds(6))),
        pace: ms(dice.between('plan/pace', 80, 400)),
      },
      reload(at, cell.condition !== 'forgotten'),
    ];
    if (cell.condition === 'twice') plan.push(reload(at + dice.between('plan/twice', seconds(1), seconds(3)), true));
    if (cell.condition === 'with loss')
      plan.push(
        ...faultsOf(
          dice,
          undefined,
          'c1-lb',
          (at + dice.between('plan/loss', ms(0), seconds(3))) as Instant,
          seconds(5),
        ),
      );
    return plan.sort((a, b) => a.at - b.at);
  },
});
