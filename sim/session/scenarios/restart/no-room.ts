/**
 * The server drains, and nobody has room for its clients: each seeks a second connection, is refused, and uses up the retries
 * or the time of its policy beside a connection that works. That one is not thrown away for the lack of a second; and when it
 * ends at last, its client looks for another one as after any loss.
 */

import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { gaveUp, handedOver, movedServer, resumed } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, answerOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { WORLD_POLICY } from '../policy.ts';
import { limitBesideLiving } from '../situations/handover.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

/** Gave the second up, lost the first, and is back. */
const backAfterLimit = claim({
  name: 'back-after-limit',
  states: 'a client that had given up seeking a second connection lost the first, and resumed on a third',
  remember: () => ({ owner: new Map<string, number>(), over: new Map<string, number>(), lost: new Set<string>() }),
  on: {
    'delivered WELCOME': ({ owner, over, lost }, { node, conn, payload }, reached) => {
      if (payload.resumed && lost.has(node)) reached();
      owner.set(node, conn);
      over.delete(node);
      lost.delete(node);
    },
    timerSet: ({ over }, { node, timer }) => {
      if (timer === 'retry') over.delete(node);
    },
    told: ({ owner, over }, { node, error, at }) => {
      if (owner.has(node) && (error === 'unavailable' || error === 'refused')) over.set(node, at);
    },
    closed: ({ owner, over, lost }, { at, node, conn }) => {
      if (owner.get(node) !== conn) return;
      owner.delete(node);
      const since = over.get(node);
      if (since !== undefined && at > since) lost.add(node);
    },
  },
});

export const noRoom = sessionScenario({
  name: 'restart/no-room',
  title: 'a server drains and nobody has room: the policy gives up on a second connection, and the first lives on',
  sometimes: [resumed, movedServer, handedOver, limitBesideLiving, backAfterLimit, gaveUp],
  dimensions: { condition: ['refused', 'sent away', 'dead'], moment: MOMENTS, network: ACCESS },
  targets: promised('buffers', 'completion', 'integrity'),
  world(setting) {
    const { dice } = setting;
    const byAttempts = dice.chance('world/limit', 1, 2);
    return buildWorld({
      clients: 2,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['brief', 'brief-b']),
      turns: (client) => conversation(3, (turn) => (turn + client) % 2, ms(200)),
      policy: {
        ...WORLD_POLICY,
        ...(byAttempts
          ? { attemptsMax: dice.between('world/limit', 2, 6) }
          : { elapsedMax: seconds(dice.between('world/limit', 3, 12)) }),
      },
      agent: { chunkInterval: ms(180) },
      server: { retryAfter: ms(200) },
      allowedErrors: ['attempts_exhausted', 'elapsed_exhausted'],
      stayUntil: seconds(8) as number as Instant,
      note: byAttempts ? 'attempts limited' : 'elapsed time limited',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    const deadline = us(dice.between('plan/deadline', seconds(4), seconds(12)));
    const [drained, other] = dice.pick('plan/server', [
      ['s1', 's2'],
      ['s2', 's1'],
    ] as const);
    const before = Math.max(0, at - dice.between('plan/before', 0, ms(500))) as Instant;
    // In some runs there is room before the deadline, in some soon after it, and in a few too late.
    const lasts = us(Math.trunc((deadline * dice.between('plan/room', 400, 1_300)) / 1_000));
    const full: Fault =
      cell.condition === 'dead'
        ? { kind: 'crash', target: other, at: before, lasts, how: 'process' }
        : {
            kind: 'overload',
            target: other,
            at: before,
            lasts,
            refuses: cell.condition === 'sent away' ? 'hello' : 'handshake',
            sheds: false,
          };
    const drain: Fault = {
      kind: 'drain',
      target: drained,
      at,
      deadline,
      lasts: ms(dice.between('plan/lasts', 100, 2_000)),
    };
    return [full, drain];
  },
});
