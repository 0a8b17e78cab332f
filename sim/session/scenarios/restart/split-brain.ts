/**
 * A server is cut off from the store and does not know that it owns a session no more: its client has lost it without a word
 * and gone on elsewhere. What the old owner still holds, is asked, or has its agent say changes nothing, however late it
 * learns of it.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { fencedOld, movedServer, resumed, sendRepeated, told } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, chatOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { fencedLate } from '../situations/store.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { chatter } from '../turns.ts';

const SERVERS = ['s1', 's2'] as const;

export const splitBrain = sessionScenario({
  name: 'restart/split-brain',
  title: 'a server that is cut off from the store goes on with sessions that others have taken over',
  sometimes: [resumed, movedServer, sendRepeated, fencedOld, fencedLate, told('unavailable')],
  dimensions: { condition: ['moved', 'unheard', 'loss', 'paused'], moment: MOMENTS, network: ACCESS },
  targets: promised('buffers', 'backoff', 'completion', 'integrity', 'recovered'),
  world(setting) {
    const regenerate = setting.dice.chance('world/regenerate', 1, 3);
    return buildWorld({
      clients: 2,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['brief', 'brief-b']),
      turns: () => chatter(24, 8, 2, ms(250)),
      agent: { chunkInterval: ms(100) },
      store: { regenerate },
      note: regenerate ? 'answers begin anew' : 'answers continue',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, chatOf(world));
    const server = dice.pick('plan/server', SERVERS);
    const apart = us(dice.between('plan/apart', seconds(1), seconds(9)));
    const plan: Fault[] = [
      cell.condition === 'paused'
        ? // The process stands still with its sessions, and goes on as if no time had passed.
          { kind: 'serverPause', target: server, at, lasts: apart }
        : { kind: 'storePartition', target: 'store', server, at, lasts: apart },
    ];
    for (const { node } of world.clients) {
      const leaves = (at + dice.between('plan/leaves', ms(20), seconds(1.5))) as Instant;
      const link = `${node}-lb`;
      if (cell.condition === 'moved')
        plan.push({
          kind: 'addressChange',
          target: node,
          at: leaves,
          lasts: us(dice.between('plan/moves', ms(200), seconds(2))),
          network: dice.pick('plan/network', ['wifi', 'lte', '4g']),
          told: true,
        });
      else if (cell.condition === 'loss') plan.push({ kind: 'reset', target: link, at: leaves });
      else plan.push({ kind: 'halfOpen', target: link, at: leaves, end: 'near' });
    }
    return plan.sort((a, b) => a.at - b.at);
  },
});
