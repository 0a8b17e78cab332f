/**
 * Scenarios as they were when they broke a law. Those of the catalogue have moved on, and a seed means something only to
 * the scenario that drew it; these stay as they are.
 */
import { drawPlan } from '../../../sim/faults/draw.ts';
import { type SessionScenario, session } from '../../../sim/session/protocol.ts';
import { contentsOf, drawNetwork } from '../../../sim/session/scenarios/conditions.ts';
import { fiveDisconnects, oneAnswer } from '../../../sim/session/scenarios/midstream/stream.ts';
import { buildWorld } from '../../../sim/session/scenarios/topology.ts';
import type { Turn } from '../../../sim/session/world.ts';
import { type Instant, ms, seconds } from '../../../src/time.ts';

/** Five disconnects of one answer of several parts. */
export const multipart: SessionScenario = {
  protocol: session,
  name: 'former/multipart',
  title: 'a response of several parts and five disconnects',
  sometimes: [],
  world: (setting) => oneAnswer(setting, ['multipart', 'multipart-b']),
  plan: (setting) => fiveDisconnects(setting, ['cut', 'reset', 'offline', 'degrade']),
};

/** Three or four answers at once, in one run of eight one of 10 MB. */
export const buffers: SessionScenario = {
  protocol: session,
  name: 'former/buffers',
  title: 'several streams at once, up to 10 MB',
  sometimes: [],
  world(setting) {
    const big = setting.input === null && setting.dice.chance('world/large', 1, 8);
    const contents = contentsOf(setting, big ? ['large', 'json', 'short'] : ['text', 'json', 'multipart', 'short']);
    const turns: Turn[] = contents.map((_, i) => ({
      key: `q${i + 1}`,
      ask: i,
      bytes: 120,
      wait: ms(30),
      parallel: i > 0,
    }));
    return buildWorld({
      clients: 1,
      servers: 2,
      network: drawNetwork(setting),
      contents,
      turns: () => turns,
      agent: { chunkInterval: ms(big ? 10 : 25) },
    });
  },
  plan: (setting) =>
    drawPlan(setting, {
      kinds: ['cut', 'reset', 'rebind', 'degrade', 'crash', 'storeCrash'],
      count: [2, 5],
      from: ms(100) as number as Instant,
      until: seconds(8) as number as Instant,
      lasts: [ms(10), seconds(8)],
      links: ['c1-lb'],
      clients: ['c1'],
      servers: ['s1', 's2'],
    }),
};
