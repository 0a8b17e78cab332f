/** An answer of several components (text, JSON, binary): each arrives complete, once, in order. */
import { oncePer } from '../../../core/scenario.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutMidStream, replayed, resumed } from '../claims.ts';
import { snapshotResumed } from '../snapshots.ts';
import { usualTargets } from '../target-lists.ts';
import { AGAIN, ALL_DIMENSIONS, answerOfCell, failuresOfCell, OVERHEAD_OF_ANEW } from './stream.ts';

const cutBetweenParts = claim({
  name: 'cut-between-parts',
  states: 'the first chunk of a later part arrived on another connection than the last chunk of the part before',
  remember: () => ({ part: 0, conn: -1 }),
  on: {
    received: (memory, { chunk, conn }, reached) => {
      if (chunk.part > memory.part && memory.conn !== conn) reached();
      memory.part = chunk.part;
      memory.conn = conn;
    },
  },
});

export const multipart = sessionScenario({
  name: 'midstream/multipart',
  title: 'a response of several parts arrives with every part complete and in order',
  sometimes: [resumed, replayed, cutMidStream, cutBetweenParts, oncePer(1_000, snapshotResumed)],
  dimensions: ALL_DIMENSIONS,
  targets: usualTargets({ again: AGAIN, besides: [OVERHEAD_OF_ANEW] }),
  world: (setting) => answerOfCell(setting, 'multipart'),
  plan: failuresOfCell,
});
