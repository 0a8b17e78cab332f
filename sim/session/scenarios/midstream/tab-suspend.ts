/**
 * The browser freezes the tab, the device goes to sleep, or a hidden tab's timers are throttled, while an answer streams.
 * On waking everything is late at once: timers, frames that waited, and a connection that may have died meanwhile.
 */
import { ms, seconds, us } from '../../../../src/time.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutMidStream, replayed, resumed } from '../claims.ts';
import { ACCESS, answerOf, contentOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { LOSSY, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

/** The tab was away: nothing of it can be seen until it wakes. */
const survived = claim({
  name: 'survived',
  states: 'a connection went on delivering after its tab had been away for more than 1 s',
  remember: () => ({ since: -1, woke: false, conn: -1, before: -1 }),
  on: {
    fault: (memory, { at, begins }) => {
      if (begins) {
        memory.since = at;
        memory.before = memory.conn;
      } else memory.woke = at - memory.since > seconds(1);
    },
    received: (memory, { conn }, reached) => {
      memory.conn = conn;
      if (memory.woke && conn === memory.before) reached();
    },
  },
});

const wokeToDeath = claim({
  name: 'woke-to-a-dead-connection',
  states: 'a client woke, found that the server had given it up, and resumed',
  remember: () => ({ woke: false }),
  on: {
    fault: (memory, { begins }) => {
      memory.woke = !begins;
    },
    restored: ({ woke }, { resumed: again }, reached) => {
      if (woke && again) reached();
    },
  },
});

const probed = claim({
  name: 'probed',
  states: 'a client sent PING after it had woken',
  remember: () => ({ woke: false }),
  on: {
    fault: (memory, { begins }) => {
      memory.woke = !begins;
    },
    'sent PING': ({ woke }, { node }, reached) => {
      if (woke && node === 'c1') reached();
    },
  },
});

export const tabSuspend = sessionScenario({
  name: 'midstream/tab-suspend',
  title: 'the browser freezes, sleeps or throttles the tab while an answer streams, and wakes it',
  sometimes: [resumed, replayed, cutMidStream, survived, wokeToDeath, probed],
  dimensions: { condition: ['suspend', 'sleep', 'throttle'], moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: [LOSSY],
    besides: [{ name: 'overhead' }],
  }),
  world: (setting) =>
    buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting),
      contents: contentOf(setting, 'text', ['1-10KB', '10-100KB']),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(90) },
    }),
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    // Most are away for less than the dead-peer bound, some for longer, and a few until the session is nearly forgotten.
    const longest = dice.pick('plan/lasts', [8, 8, 30, 120]);
    const lasts = us(dice.between('plan/lasts', 200_000, seconds(longest)));
    if (cell.condition === 'throttle')
      return [
        { kind: 'throttle', target: 'c1', at, lasts, intensiveAfter: seconds(dice.between('plan/after', 2, 20)) },
      ];
    return [{ kind: cell.condition === 'sleep' ? 'sleep' : 'suspend', target: 'c1', at, lasts }];
  },
});
