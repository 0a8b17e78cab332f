/** What the midstream scenarios share: one answer and its failures, drawn freely (`text`) or by cell. */
import type { ContentKind } from '../../../../src/content.ts';
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { SampleName } from '../../../content/samples.ts';
import type { Setting } from '../../../core/scenario.ts';
import { drawPlan } from '../../../faults/draw.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { type SessionTarget, TARGETS } from '../../targets.ts';
import type { SessionWorld } from '../../world.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { ACCESS, answerOf, CONDITIONS, contentOf, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { buildWorld, type Topology } from '../topology.ts';
import { conversation } from '../turns.ts';

const DISCONNECTS: readonly string[] = ['cut', 'reset', 'rebind', 'offline', 'degrade'];

/** One client, two servers, one question whose answer of two hundred chunks streams for about four seconds. */
export const oneAnswer = (setting: Setting, samples: readonly SampleName[]): SessionWorld =>
  worldOf(setting, { network: drawNetwork(setting), contents: contentsOf(setting, samples) });

/** All the dimensions; small answers come more often, because they find as much in less time. */
export const ALL_DIMENSIONS = {
  condition: CONDITIONS,
  moment: MOMENTS,
  size: ['1-10KB', '1-10KB', '10-100KB', '10-100KB', '100KB-1MB'],
  network: ACCESS,
} as const;

/** The same with an answer of the cell's size over the cell's network, some forty chunks in about three seconds. */
export const answerOfCell = (setting: Setting, kind: ContentKind): SessionWorld =>
  worldOf(setting, {
    network: networkOf(setting),
    contents: contentOf(setting, kind, ['1-10KB', '10-100KB', '100KB-1MB']),
    agent: { chunkInterval: ms(80) },
  });

function worldOf(setting: Setting, special: Pick<Topology, 'network' | 'contents' | 'agent'>): SessionWorld {
  const regenerate = setting.dice.chance('world/regenerate', 1, 4);
  const narrow = setting.dice.chance('world/window', 1, 4);
  return buildWorld({
    ...special,
    clients: 1,
    servers: 2,
    turns: () => conversation(1, () => 0, ms(50)),
    store: {
      regenerate,
      // A window of some ten chunks makes a longer outage exceed it: RESET and SNAPSHOT instead of replay.
      ...(narrow ? { windowCount: setting.dice.between('world/window', 5, 40) } : {}),
    },
    note: `${regenerate ? 'answers begin anew' : 'answers continue'}${narrow ? ', narrow window' : ''}`,
  });
}

/** How much later the condition may strike a second time. */
export const AGAIN = seconds(4);

/**
 * How many answers a run repeats on average where they begin anew at whoever takes them over, at the most: half of one
 * when the condition strikes (the mean of its moments), a whole one when it strikes again, which one run of two does, half
 * of one when a server dies, which is one of three; and with drops (one condition of five), of which 3.5 follow the
 * first, a whole one for each that is heard of, which is one of two unless all are silent, as in one run of three.
 */
const REPEATED = 1 / 2 + 1 / 2 + (1 / 3) * (1 / 2) + (1 / 5) * 3.5 * (1 / 2) * (2 / 3);

/** Coming back costs as little as elsewhere, but an answer that is begun anew is produced anew. */
export const OVERHEAD_OF_ANEW: SessionTarget = {
  name: 'overhead',
  except: [
    {
      cells: {},
      bound: TARGETS.overhead.held + 25 * REPEATED,
      reason:
        'One answer in four begins anew wherever it is taken over, and the events of its production are repeated: 1.4 answers in such a run, on average.',
    },
  ],
};

/** The cell's condition at the cell's moment; in one run of two once more, and in one of three a server dies too. */
export function failuresOfCell({ dice, cell }: Setting, world: SessionWorld): FaultPlan {
  const answer = answerOf(world);
  const at = instantOf(dice, cell.moment, answer);
  const plan = [...faultsOf(dice, cell.condition, 'c1-lb', at)];
  if (dice.chance('plan/again', 1, 2))
    plan.push(...faultsOf(dice, cell.condition, 'c1-lb', (at + dice.between('plan/again', 200_000, AGAIN)) as Instant));
  if (dice.chance('plan/crash', 1, 3))
    plan.push({
      kind: 'crash',
      target: dice.pick('plan/server', ['s1', 's2']),
      at: instantOf(dice, undefined, answer),
      lasts: us(dice.between('plan/crash', 50_000, 5_000_000)),
      how: dice.pick('plan/how', ['process', 'host'] as const),
    });
  return plan.sort((a, b) => a.at - b.at);
}

/** Five disconnects while the answer streams, on the access link and (one in three) a crash of a server. */
export function fiveDisconnects(setting: Setting, kinds: readonly string[] = DISCONNECTS): FaultPlan {
  return drawPlan(setting, {
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
