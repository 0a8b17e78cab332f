/**
 * An answer of 10 MB or more fails when a tenth, a quarter, a half, three quarters, nine tenths or nearly all of it has
 * arrived: it goes on behind the last byte, and what was on its way is all that is sent again.
 */
import { ms, plus, seconds } from '../../../../src/time.ts';
import { sample } from '../../../content/samples.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutMidStream, messageLost, replayed, resumed } from '../claims.ts';
import { contentsFrom } from '../conditions.ts';
import { answerOf, CONDITIONS, faultsOf, instantOf, networkOf, SHARES_ARRIVED } from '../dimensions.ts';
import { CHUNK, FAR, HEARD, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

const tenMegabytes = claim({
  name: 'ten-megabytes',
  states: 'an answer of 10 MB or more arrived whole on more than one connection',
  remember: () => ({ conns: new Set<number>() }),
  on: {
    received: ({ conns }, { conn, chunk }, reached) => {
      conns.add(conn);
      if (chunk.fin && chunk.end >= 10_000_000 && conns.size > 1) reached();
    },
  },
});

export const large = sessionScenario({
  name: 'midstream/large',
  title: 'an answer of 10 MB and more fails at 10 to 95 % and goes on behind the last byte',
  sometimes: [resumed, replayed, cutMidStream, messageLost, tenMegabytes],
  dimensions: {
    condition: CONDITIONS,
    moment: SHARES_ARRIVED,
    network: ['wifi', 'wifi', 'cable', 'cable', 'dsl', 'lte', 'lte', '4g', 'slow-4g', '3g'],
  },
  targets: usualTargets({
    lossless: true,
    besides: [
      { name: 'connect', except: [FAR] },
      {
        name: 'stream-resumed',
        except: [
          {
            cells: { condition: ['degradation'] },
            bound: plus(CHUNK, seconds(8)),
            reason:
              'A chunk of 64 KB needs 0.7 s at 0.78 Mbit/s; the path may be bad for up to 8 s before it has that rate again.',
          },
          {
            cells: { condition: ['intermittent'], network: ['3g'] },
            bound: HEARD,
            reason:
              'The next drop may come while the first chunk is still on its way; a client that hears nothing for 10 s begins anew.',
          },
          {
            cells: { network: ['3g'] },
            bound: plus(CHUNK, ms(200)),
            reason: 'A chunk of 64 KB needs 0.7 s at 0.78 Mbit/s.',
          },
        ],
      },
      { name: 'overhead' },
    ],
  }),
  world(setting) {
    const { dice } = setting;
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting),
      contents: contentsFrom(setting, [sample(dice.pick('world/content', ['large', 'larger']))]),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(10) },
    });
  },
  plan: ({ dice, cell }, world) =>
    faultsOf(dice, cell.condition, 'c1-lb', instantOf(dice, cell.moment, answerOf(world))),
});
