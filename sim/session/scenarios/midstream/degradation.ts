/**
 * The quality of the path decays step by step while an answer streams, stays bad for a while, and recovers. The client
 * paces: it grants what the path delivers, so that what is under way stays small and heartbeats get through.
 */
import { ms, seconds } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { OUTAGES, type OutageName } from '../../../networks/outages.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { replayed, resumed } from '../claims.ts';
import { ACCESS, answerOf, contentOf, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { backWithin, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

/** A chunk of the sizes below fits into the least that a client grants. */
const PACING = { stretch: ms(500), least: 32 * 1024 };

const paced = claim({
  name: 'paced',
  states: 'a client granted less than a quarter of its credit while the path was degraded',
  remember: () => ({ processed: 0, bad: 0 }),
  on: {
    received: (memory, { chunk }) => {
      memory.processed = chunk.end;
    },
    fault: (memory, { begins }) => {
      memory.bad += begins ? 1 : -1;
    },
    'sent ACK': ({ processed, bad }, { payload }, reached) => {
      if (bad > 0 && payload.limit - processed <= CREDIT / 4) reached();
    },
  },
});

const recovered = claim({
  name: 'pace-recovered',
  states: 'a client that had paced granted its whole credit again',
  remember: () => ({ processed: 0, paced: false }),
  on: {
    received: (memory, { chunk }) => {
      memory.processed = chunk.end;
    },
    'sent ACK': (memory, { payload }, reached) => {
      const granted = payload.limit - memory.processed;
      if (granted <= CREDIT / 4) memory.paced = true;
      else if (memory.paced && granted === CREDIT) reached();
    },
  },
});

const keptAlive = claim({
  name: 'kept-alive',
  states: 'an answer outlived the whole degradation on one connection',
  remember: () => ({ conn: -1, moved: false, bad: 0, over: false }),
  on: {
    received: (memory, { conn, chunk }, reached) => {
      if (memory.conn >= 0 && conn !== memory.conn) memory.moved = true;
      memory.conn = conn;
      if (chunk.fin && memory.over && !memory.moved) reached();
    },
    fault: (memory, { begins }) => {
      memory.bad += begins ? 1 : -1;
      memory.over = memory.bad === 0;
    },
  },
});

const CREDIT = 256 * 1024;

export const degradation = sessionScenario({
  name: 'midstream/degradation',
  title: 'quality decays gradually and recovers; the stream is paced to what the path delivers',
  sometimes: [paced, recovered, keptAlive, resumed, replayed],
  dimensions: {
    moment: MOMENTS,
    size: ['10-100KB', '100KB-1MB', '100KB-1MB'],
    network: ACCESS,
  },
  targets: usualTargets({
    back: [
      {
        cells: {},
        bound: backWithin(seconds(4), 2),
        reason:
          'The connection is lost in the worse half of up to 8 s, and the client comes back over what is left of the path.',
      },
    ],
    besides: [{ name: 'overhead' }],
    // Nobody is silent for long enough to meet a deadline.
    without: ['timeouts'],
  }),
  world: (setting) =>
    buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting),
      contents: contentOf(setting, 'text', ['10-100KB', '100KB-1MB']),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(140) },
      client: { credit: CREDIT, pacing: PACING },
    }),
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    const plan: Fault[] = [...faultsOf(dice, 'degradation', 'c1-lb', at)];
    // A path that bad is often slow to open connections, too.
    if (dice.chance('plan/handshake', 1, 3))
      plan.push({
        kind: 'handshakeDelay',
        target: 'c1-lb',
        at,
        lasts: seconds(4),
        by: ms(dice.between('plan/handshake', 100, 1000)),
      });
    // Handed from cell to cell, it holds everything for a moment; on a drive, nothing passes for as long as was measured.
    if (dice.chance('plan/stall', 1, 4))
      plan.push({
        kind: 'stall',
        target: 'c1-lb',
        at,
        lasts: ms(dice.between('plan/stall', 100, 2_000)),
        direction: 'both',
      });
    if (dice.chance('plan/drive', 1, 8))
      plan.push({
        kind: 'measuredOutage',
        target: 'c1-lb',
        at,
        trace: dice.pick('plan/drive', Object.keys(OUTAGES) as OutageName[]),
        first: dice.between('plan/drive', 0, 20),
        count: 1,
      });
    return plan.sort((a, b) => a.at - b.at);
  },
});
