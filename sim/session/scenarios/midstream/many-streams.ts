/**
 * A dozen answers and more are open at once when the connection is lost: each goes on behind its own place, none is taken for
 * another, and whatever is asked while they are replayed has its place behind them.
 */
import { ms } from '../../../../src/time.ts';
import { sessionScenario } from '../../protocol.ts';
import type { Turn } from '../../world.ts';
import { cutDuringReplay, cutMidStream, movedServer, replayed, resumed } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, answerOf, CONDITIONS, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { manyStreams } from '../situations/connections.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';

const OPEN = 16;

export const manyAnswers = sessionScenario({
  name: 'midstream/many-streams',
  title: 'a dozen answers and more are open at once when the connection is lost',
  sometimes: [resumed, replayed, cutMidStream, cutDuringReplay, movedServer, manyStreams],
  dimensions: { condition: CONDITIONS, moment: MOMENTS, network: ACCESS },
  targets: promised('buffers', 'backoff', 'completion', 'integrity', 'recovered'),
  world(setting) {
    const regenerate = setting.dice.chance('world/regenerate', 1, 4);
    const turns: Turn[] = Array.from({ length: OPEN }, (_, i) => ({
      key: `q${i + 1}`,
      ask: i % 2,
      bytes: 120,
      wait: ms(30),
      parallel: i > 0,
    }));
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark', 'remark-b']),
      turns: () => turns,
      // Slow, so that all of them are open for a while.
      agent: { chunkInterval: ms(250) },
      store: { regenerate },
      note: regenerate ? 'answers begin anew' : 'answers continue',
    });
  },
  plan({ dice, cell }, world) {
    const answer = answerOf(world);
    return faultsOf(dice, cell.condition, 'c1-lb', instantOf(dice, cell.moment, answer));
  },
});
