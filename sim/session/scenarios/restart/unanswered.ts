/**
 * The store dies between a write and its confirmation: a send has taken effect, a claim was granted, a chunk or a note is on
 * disk, and whoever asked hears nothing of it. Everybody asks again, and finds what the first time did.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { resumed, sendRepeated, storeLostTail, workSurvived } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, chatOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { chunkUnanswered, claimUnanswered, effectUnanswered, noteUnanswered } from '../situations/store.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { chatter } from '../turns.ts';

/** A disk on which a write takes long enough to be caught in the middle. */
const SLOW_DISK = { least: 10, most: 60 } as const;

export const unanswered = sessionScenario({
  name: 'restart/unanswered',
  title: 'the store dies between a write and its confirmation: sends, claims, chunks, notes',
  sometimes: [
    resumed,
    sendRepeated,
    storeLostTail,
    workSurvived,
    effectUnanswered,
    claimUnanswered,
    noteUnanswered,
    chunkUnanswered,
  ],
  dimensions: { condition: ['sends', 'claims', 'both'], moment: MOMENTS, network: ACCESS },
  targets: promised('buffers', 'backoff', 'completion', 'integrity', 'recovered'),
  world(setting) {
    const { dice } = setting;
    const regenerate = dice.chance('world/regenerate', 1, 4);
    return buildWorld({
      clients: 2,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark', 'brief']),
      turns: () => chatter(20, 5, 2, ms(150)),
      agent: {
        chunkInterval: ms(60),
        work: { toolEvery: 4, toolTime: ms(30), memoryEvery: 3, memoryKeys: 4 },
      },
      store: { regenerate, fsyncDelay: ms(dice.between('world/fsync', SLOW_DISK.least, SLOW_DISK.most)) },
      note: regenerate ? 'a slow disk, answers begin anew' : 'a slow disk',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const plan: Fault[] = [];
    const answer = chatOf(world);
    let at: number = instantOf(dice, cell.moment, answer);
    for (let i = dice.between('plan/crashes', 2, 5); i > 0; i--) {
      // Claims come behind losses: the store dies about when the new connections have asked for their sessions.
      if (cell.condition !== 'sends')
        for (const { node } of world.clients)
          plan.push({
            kind: 'reset',
            target: `${node}-lb`,
            at: (at + dice.between('plan/loss', 0, ms(300))) as Instant,
          });
      const dies = at + dice.between('plan/dies', ms(0), cell.condition === 'sends' ? ms(600) : seconds(2));
      plan.push({
        kind: 'storeCrash',
        target: 'store',
        at: dies as Instant,
        lasts: us(dice.between('plan/lasts', ms(20), ms(900))),
        // Most of what was written survives: that nothing of it does is what other scenarios see to.
        keep: dice.pick('plan/keep', [0, 300, 500, 800, 1_000, 1_000]),
      });
      at = dies + dice.between('plan/gap', ms(300), seconds(1.5));
    }
    return plan.sort((a, b) => a.at - b.at);
  },
});
