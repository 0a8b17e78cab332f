/**
 * The application goes on asking for longer than there is room: while its client is away so many sends wait that the next is
 * refused, at once and for sure. What waited takes effect once and in order, and what is asked later has room again.
 */
import { type Duration, type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { resumed, sendRepeated } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, chatOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { outboxFull } from '../situations/streams.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { chatter } from '../turns.ts';
import { PACE } from './talk.ts';

const EVERY = ms(200);

export const fullOutbox = sessionScenario({
  name: 'context/full-outbox',
  title: 'more is asked than there is room for while the client is away: refused at once, the rest once and in order',
  sometimes: [resumed, sendRepeated, outboxFull],
  dimensions: { condition: ['offline', 'silence', 'refused'], moment: MOMENTS, network: ACCESS },
  targets: promised('buffers', 'backoff', 'completion', 'integrity', 'recovered'),
  world(setting) {
    const { dice } = setting;
    const bySize = dice.chance('world/room', 1, 3);
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark', 'remark-b']),
      turns: () => chatter(40, 10, 2, EVERY),
      agent: { chunkInterval: PACE },
      // Sends are of 120 bytes; the room is for so many, or for so many bytes.
      client: bySize
        ? { outboxBytes: 120 * dice.between('world/room', 1, 8) }
        : { outboxCount: dice.between('world/room', 1, 8) },
      allowedErrors: ['outbox_full'],
      note: bySize ? 'room for few bytes of sends' : 'room for few sends',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, chatOf(world));
    const plan = [...away(cell.condition, at, us(dice.between('plan/lasts', ms(500), seconds(8))))];
    if (dice.chance('plan/again', 1, 2)) {
      const again = (at + dice.between('plan/again', seconds(1), seconds(10))) as Instant;
      plan.push(...away(cell.condition, again, us(dice.between('plan/lasts', ms(500), seconds(3)))));
    }
    return plan;
  },
});

function away(condition: string | undefined, at: Instant, lasts: Duration): FaultPlan {
  switch (condition) {
    case 'silence':
      return [{ kind: 'cut', target: 'c1-lb', at, lasts, direction: 'both' }];
    case 'refused':
      return [{ kind: 'balancerCrash', target: 'lb', at, lasts }];
    default:
      return [
        { kind: 'reset', target: 'c1-lb', at },
        { kind: 'offline', target: 'c1', at, lasts },
      ];
  }
}
