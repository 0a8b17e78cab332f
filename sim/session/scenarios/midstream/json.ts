/** A streamed JSON document must parse, and satisfy its schema, after any number of disconnects. */
import { oncePer } from '../../../core/scenario.ts';
import { sessionScenario } from '../../protocol.ts';
import { crashedMidAnswer, cutMidStream, replayed, resumed } from '../claims.ts';
import { regenerated, snapshot, snapshotResumed } from '../snapshots.ts';
import { usualTargets } from '../target-lists.ts';
import { AGAIN, ALL_DIMENSIONS, answerOfCell, failuresOfCell, OVERHEAD_OF_ANEW } from './stream.ts';

export const json = sessionScenario({
  name: 'midstream/json',
  title: 'a streamed JSON document arrives whole: it parses and satisfies its schema',
  sometimes: [
    resumed,
    replayed,
    cutMidStream,
    crashedMidAnswer,
    regenerated,
    snapshot,
    oncePer(1_000, snapshotResumed),
  ],
  dimensions: ALL_DIMENSIONS,
  targets: usualTargets({ again: AGAIN, besides: [OVERHEAD_OF_ANEW] }),
  world: (setting) => answerOfCell(setting, 'json'),
  plan: failuresOfCell,
});
