/**
 * Snapshots that do not come through in one piece: the server that sends one drains, the connection is lost a second time
 * before the beginning of a new epoch is whole, and agents begin the answer anew again and again. What a client holds of one
 * is gone on with, and what became worthless is thrown away.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutMidStream, handedOver, movedServer, resumed } from '../claims.ts';
import { answerOf, contentOf, instantOf, networkOf } from '../dimensions.ts';
import {
  cutInNewEpoch,
  regenerated,
  regeneratedTimes,
  snapshot,
  snapshotHandedOver,
  snapshotResumed,
} from '../snapshots.ts';
import { promised } from '../target-lists.ts';
import { buildWorld, conversation } from '../topology.ts';

const SERVERS = ['s1', 's2'] as const;

/** Paths on which a snapshot takes long enough to be interrupted. */
const SLOW = ['dsl', '4g', 'slow-4g', '3g', '3g-lossy'] as const;

export const snapshots = sessionScenario({
  name: 'midstream/snapshots',
  title: 'snapshots are interrupted: by a handover, by a second loss, by an answer that begins anew again and again',
  sometimes: [
    resumed,
    cutMidStream,
    handedOver,
    movedServer,
    snapshot,
    regenerated,
    snapshotHandedOver,
    snapshotResumed,
    cutInNewEpoch,
    regeneratedTimes('regenerated-thrice', 3),
    regeneratedTimes('regenerated-six-times', 6),
  ],
  dimensions: {
    condition: ['handover', 'second loss', 'cascade'],
    moment: ['early', 'middle', 'late'],
    network: SLOW,
  },
  builds: ['condition'],
  targets: promised('buffers', 'backoff', 'completion', 'integrity'),
  world(setting) {
    const { dice, cell } = setting;
    const handover = (cell.condition ?? 'handover') === 'handover';
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, SLOW),
      // An answer that begins anew again and again is short enough to end at last; one that others interrupt is long.
      contents: contentOf(setting, 'text', [cell.condition === 'cascade' ? '10-100KB' : '100KB-1MB']),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(cell.condition === 'cascade' ? 60 : 25), firstChunk: ms(50) },
      server: { drainSpread: ms(100) },
      balancer: { sticky: cell.condition === 'second loss' },
      store: { regenerate: !handover, ...(handover ? { windowCount: dice.between('world/window', 1, 4) } : {}) },
      note: handover ? 'narrow window' : 'answers begin anew',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    switch (cell.condition) {
      case 'cascade':
        return cascade(dice, at);
      case 'second loss':
        return secondLoss(dice, at);
      default:
        return handover(dice, at);
    }
  },
});

/** Silence long enough for the window to move on, the loss, and a drain of whichever server serves the snapshot. */
function handover(dice: Dice, at: Instant): FaultPlan {
  const away = dice.between('plan/away', ms(500), seconds(3));
  const back = at + away;
  const first = back + dice.between('plan/drain', ms(200), seconds(2));
  const drain = (target: string, when: number): Fault => ({
    kind: 'drain',
    target,
    at: when as Instant,
    deadline: ms(dice.between('plan/deadline', 1_500, 6_000)),
    lasts: ms(dice.between('plan/lasts', 50, 500)),
  });
  const [one, other] = dice.chance('plan/order', 1, 2) ? SERVERS : ([...SERVERS].reverse() as [string, string]);
  return [
    { kind: 'cut', target: 'c1-lb', at, lasts: us(away), direction: 'both' },
    { kind: 'reset', target: 'c1-lb', at },
    drain(one as string, first),
    drain(other as string, first + dice.between('plan/other', ms(800), seconds(7))),
  ];
}

/** The server dies, the answer begins anew at the other; the news of it is lost, and so is the first part of what follows. */
function secondLoss(dice: Dice, at: Instant): FaultPlan {
  const plan: Fault[] = SERVERS.map((target) => ({
    kind: 'crash',
    target,
    at,
    lasts: ms(target === 's1' ? dice.between('plan/down', 50, 2_000) : dice.between('plan/down', 50, 400)),
    how: 'process',
  }));
  let next: number = at + dice.between('plan/first', ms(400), seconds(2));
  for (let i = dice.between('plan/losses', 2, 4); i > 0; i--) {
    const lasts = dice.between('plan/away', ms(300), seconds(3));
    plan.push(
      { kind: 'reset', target: 'c1-lb', at: next as Instant },
      { kind: 'cut', target: 'c1-lb', at: next as Instant, lasts: us(lasts), direction: 'both' },
    );
    next += lasts + dice.between('plan/gap', ms(600), seconds(2.5));
  }
  return plan;
}

/** Whoever takes the answer over begins it anew; and is gone before it is told. */
function cascade(dice: Dice, at: Instant): FaultPlan {
  const plan: Fault[] = [];
  let next: number = at;
  for (let i = dice.between('plan/times', 8, 14); i > 0; i--) {
    plan.push(
      dice.chance('plan/how', 1, 3)
        ? {
            kind: 'crash',
            target: dice.pick('plan/server', SERVERS),
            at: next as Instant,
            lasts: ms(dice.between('plan/down', 50, 600)),
            how: 'process',
          }
        : { kind: 'reset', target: 'c1-lb', at: next as Instant },
    );
    next += dice.between('plan/gap', ms(500), seconds(2.5));
  }
  return plan;
}
