/** What the midstream scenarios share: one answer of about two hundred chunks, and a network that drops it five times. */

import { type Instant, ms, seconds } from '../../../src/time.ts';
import { drawPlan } from '../../faults/draw.ts';
import type { FaultKind, FaultPlan } from '../../faults/plan.ts';
import type { SampleName } from '../../samples/samples.ts';
import type { Setting, World } from '../../scenario.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { buildWorld, conversation } from '../topology.ts';

const DISCONNECTS: readonly FaultKind[] = ['cut', 'reset', 'rebind', 'offline', 'degrade'];

/** One client, two servers, one question whose answer streams for about four seconds. */
export function oneAnswer(setting: Setting, samples: readonly SampleName[]): World {
  const regenerate = setting.dice.chance('world/regenerate', 1, 4);
  const narrow = setting.dice.chance('world/window', 1, 4);
  return buildWorld({
    clients: 1,
    servers: 2,
    network: drawNetwork(setting),
    contents: contentsOf(setting, samples),
    turns: () => conversation(1, () => 0, ms(50)),
    store: {
      regenerate,
      // A window of some ten chunks makes a longer outage exceed it: RESET and SNAPSHOT instead of replay.
      ...(narrow ? { windowCount: setting.dice.between('world/window', 5, 40) } : {}),
    },
    note: `${regenerate ? 'answers begin anew' : 'answers continue'}${narrow ? ', narrow window' : ''}`,
  });
}

/** Five disconnects while the answer streams, on the access link and (one in three) a crash of a server. */
export function fiveDisconnects({ dice }: Setting, kinds: readonly FaultKind[] = DISCONNECTS): FaultPlan {
  return drawPlan(dice, {
    kinds,
    count: [5, 5],
    from: ms(100) as number as Instant,
    until: seconds(6) as number as Instant,
    lasts: [ms(10), seconds(8)],
    links: ['c1-lb'],
    clients: ['c1'],
    servers: ['s1', 's2'],
  });
}
