/**
 * Several answers stream at once over one connection, one of them 10 MB in one run of eight: buffers stay within credit,
 * and no stream starves or mixes with another.
 */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import { drawPlan } from '../../faults/draw.ts';
import { claim, type Scenario, type Turn } from '../../scenario.ts';
import { cutMidStream, replayed, resumed } from '../claims.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { buildWorld } from '../topology.ts';

const interleaved = claim({
  name: 'interleaved',
  states: 'chunks of three streams arrived in turn on one connection',
  remember: () => ({ last: 0, turns: 0 }),
  on: {
    received: (memory, { stream }, reached) => {
      if (stream !== memory.last) memory.turns++;
      memory.last = stream;
      if (memory.turns >= 12) reached();
    },
  },
});

const large = claim({
  name: 'large',
  states: 'an answer of 10 MB or more arrived whole',
  remember: () => ({}),
  on: {
    received: (_, { chunk }, reached) => {
      if (chunk.fin && chunk.end >= 10_000_000) reached();
    },
  },
});

export const buffers: Scenario = {
  name: 'midstream/buffers',
  title: 'several streams at once, up to 10 MB, within bounded buffers',
  sometimes: [resumed, replayed, cutMidStream, interleaved, large],
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
  plan: ({ dice }) =>
    drawPlan(dice, {
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
