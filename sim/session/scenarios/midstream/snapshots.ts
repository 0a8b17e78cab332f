/**
 * Snapshots that do not come through in one piece: the server that sends one drains, the connection is lost a second time
 * before the beginning of a new epoch is whole, and agents begin the answer anew again and again. What a client holds of one
 * is gone on with, and what became worthless is thrown away.
 */

import type { Content } from '../../../../src/content.ts';
import { LIMITS } from '../../../../src/session/wire/limits.ts';
import { type Duration, type Instant, ms, seconds, us } from '../../../../src/time.ts';
import { sized, VARIANT_COUNT } from '../../../content/sized.ts';
import type { Dice } from '../../../core/dice.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import type { SessionWorld } from '../../world.ts';
import { cutMidStream, handedOver, movedServer, resumed } from '../claims.ts';
import { contentsFrom } from '../conditions.ts';
import { answerOf, instantOf, networkOf, tripsOf } from '../dimensions.ts';
import { WORLD_POLICY } from '../policy.ts';
import {
  cutInNewEpoch,
  regenerated,
  regeneratedTimes,
  snapshot,
  snapshotHandedOver,
  snapshotResumed,
} from '../snapshots.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

const SERVERS = ['s1', 's2'] as const;

/** Mean time between two chunks: an answer that is complete in the log is not begun anew, and none is faster than its path. */
const PACE: Readonly<Record<string, Duration>> = { handover: ms(40), 'second loss': ms(110), cascade: ms(60) };

/** The first wait is the same each time, so that a plan can say when the client will be shaking hands. */
const AT_FIRST = ms(50);
const POLICY = { ...WORLD_POLICY, first: { least: AT_FIRST, most: AT_FIRST } };

/** Paths on which a snapshot takes long enough to be interrupted. */
const SLOW = ['dsl', 'slow-4g', '3g', '3g-lossy'] as const;

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
      contents: contentsFrom(setting, [answerFor(cell.condition, dice)]),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: PACE[cell.condition ?? 'handover'] ?? ms(100), firstChunk: ms(50) },
      policy: POLICY,
      // With more of it under way, the notice of a drain would arrive behind the whole snapshot.
      client: { credit: LIMITS.chunkBytes },
      server: { drainSpread: ms(100) },
      // A server that is back is found at once, or the drain would be over before.
      balancer: { sticky: cell.condition === 'second loss', probeInterval: ms(200), probeTimeout: ms(100) },
      store: { regenerate: !handover, ...(handover ? { windowCount: dice.between('world/window', 1, 3) } : {}) },
      note: handover ? 'narrow window' : 'answers begin anew',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    switch (cell.condition) {
      case 'cascade':
        return cascade(dice, at);
      case 'second loss':
        return secondLoss(dice, at, world);
      default:
        return handover(dice, at, world);
    }
  },
});

/**
 * One that begins anew again and again is short enough to end at last; one that others interrupt takes a while; and a
 * snapshot of the rest of the longest takes several times as long as moving to another connection.
 */
function answerFor(condition: string | undefined, dice: Dice): Content {
  if (condition === 'cascade') return sized('text', '10-100KB', dice.between('world/variant', 0, VARIANT_COUNT - 1));
  if (condition === 'second loss') return sized('text', '100KB-1MB', dice.between('world/variant', 1, 2));
  return sized('text', '1-10MB', 0);
}

const lost = (at: number): Fault => ({ kind: 'reset', target: 'c1-lb', at: at as Instant });

/**
 * The window moves on while the client is away. Only one server is there to come back to; that drains while its snapshot is
 * on its way, and the other is there again.
 */
function handover(dice: Dice, at: Instant, world: SessionWorld): FaultPlan {
  const { trip, handshake } = tripsOf(world);
  const away = dice.between('plan/away', ms(500), seconds(3));
  // HELLO and its answer behind the handshake; what was missed and what follows takes as long as the path needs for it.
  const drains = (at +
    away +
    handshake +
    trip +
    dice.between('plan/drain', 0, Math.trunc(answerOf(world).lasts / 2))) as Instant;
  const [here, there] = dice.pick('plan/server', [
    ['s1', 's2'],
    ['s2', 's1'],
  ] as const);
  return [
    lost(at),
    { kind: 'offline', target: 'c1', at, lasts: us(away) },
    { kind: 'crash', target: there, at, lasts: us(drains - at), how: 'process' },
    {
      kind: 'drain',
      target: here,
      at: drains,
      deadline: ms(dice.between('plan/deadline', 3_000, 8_000)),
      lasts: ms(dice.between('plan/lasts', 50, 500)),
    },
  ];
}

/**
 * Another server begins the answer anew, and its word of that does not arrive: the client comes back to a new epoch of which
 * much is there already, and is lost again while that is on its way.
 */
function secondLoss(dice: Dice, at: Instant, world: SessionWorld): FaultPlan {
  const { trip, handshake } = tripsOf(world);
  // Told of the reset, a first wait, the handshake: then HELLO is under way, or its answer.
  const claims = at + trip + AT_FIRST + handshake + dice.between('plan/claims', -trip, trip);
  const away = dice.between('plan/away', seconds(1), seconds(4));
  const plan: Fault[] = [
    { kind: 'stickinessLost', target: 'lb', at, lasts: us(claims - at) },
    lost(at),
    { kind: 'cut', target: 'c1-lb', at: claims as Instant, lasts: us(away), direction: 'down' },
  ];
  // Behind the end of the cut, which nothing would pass before.
  let next = claims + away + 1;
  plan.push(lost(next));
  for (let i = dice.between('plan/losses', 1, 3); i > 0; i--) {
    next += handshake + trip + dice.between('plan/again', 0, seconds(2.5));
    plan.push(lost(next));
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
