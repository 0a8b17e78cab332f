/** An answer of 200 chunks of text streams while the connection is lost five times: byte for byte, once, in order. */
import { seconds } from '../../../../src/time.ts';
import { oncePer } from '../../../core/scenario.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutDuringReplay, cutMidStream, messageLost, replayed, resumed } from '../claims.ts';
import { welcomeLost } from '../situations/edges.ts';
import { snapshot } from '../snapshots.ts';
import { backWithin, usualTargets } from '../target-lists.ts';
import { fiveDisconnects, oneAnswer } from './stream.ts';

export const text = sessionScenario({
  name: 'midstream/text',
  title: 'a streamed text survives five disconnects, byte for byte',
  sometimes: [resumed, replayed, cutMidStream, cutDuringReplay, messageLost, snapshot, oncePer(150, welcomeLost)],
  targets: usualTargets({
    back: [
      {
        cells: {},
        bound: backWithin(seconds(8), 2),
        reason: 'Five faults last up to 8 s each, and a silent one is over before anybody is back.',
      },
    ],
  }),
  world: (setting) => oneAnswer(setting, ['text', 'text-b']),
  plan: (setting) => fiveDisconnects(setting),
});
