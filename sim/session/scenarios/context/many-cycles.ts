/**
 * Ten to twenty disconnects in one conversation, a hundred in some runs, a thousand in a few: whatever a cycle leaves
 * behind (a timer, a buffer, a stale connection) would add up here.
 */
import { type Instant, ms, seconds } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import { oncePer } from '../../../core/scenario.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import type { Turn } from '../../world.ts';
import { cutDuringReplay, resumed } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, networkOf } from '../dimensions.ts';
import { resumedByPrevious } from '../situations/edges.ts';
import { promised, unless, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';

const cycles = (name: string, count: number) =>
  claim({
    name,
    states: `one session was resumed ${count} times or more`,
    remember: () => ({ count: 0 }),
    on: {
      restored: (memory, entry, reached) => {
        memory.count = entry.resumed ? memory.count + 1 : 0;
        if (memory.count >= count) reached();
      },
    },
  });

/** How many disconnects a run has; some of them meet a client that is not back yet. */
const LENGTHS: Readonly<Record<string, readonly [number, number]>> = {
  '10-20': [12, 22],
  '100': [115, 125],
  '1000': [1_120, 1_150],
};

/** Most runs are short: a hundred cycles are worth ten runs, and a thousand a hundred. */
const SIZES = [...Array<string>(389).fill('10-20'), ...Array<string>(10).fill('100'), '1000'];

/** The first disconnect comes behind the first answer, so that early and late cycles lose the same. */
const FIRST = seconds(4);
/** Mean time between two disconnects. */
const GAP = ms(1_800);

export const manyCycles = sessionScenario({
  name: 'context/many-cycles',
  title: 'ten, a hundred, a thousand disconnects in one conversation leave nothing behind',
  sometimes: [
    resumed,
    cycles('ten-cycles', 10),
    oncePer(100, cycles('hundred-cycles', 100)),
    oncePer(1_300, cycles('thousand-cycles', 1_000)),
    cutDuringReplay,
    resumedByPrevious,
  ],
  dimensions: { condition: ['clean', 'intermittent', 'asymmetric'], size: SIZES, network: ACCESS },
  builds: ['size'],
  targets: usualTargets({
    back: [
      unless(
        ['intermittent', 'asymmetric'],
        seconds(7),
        'A further drop may end the next two attempts: waits of up to 0.5, 1 and 2 s, and three handshakes of up to 1 s.',
      ),
    ],
    besides: promised('context-restored', 'cycle-slowdown', 'cycle-memory'),
  }),
  world(setting) {
    const [, most] = lengthOf(setting.cell.size);
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark']),
      // As long as the disconnects: a remark at a time, and every sixth a question with an answer.
      turns: () => chat(Math.ceil((FIRST + most * GAP) / ms(1_200))),
      balancer: { probeInterval: seconds(10) },
    });
  },
  plan({ dice, cell }): FaultPlan {
    const [least, most] = lengthOf(cell.size);
    const count = dice.between('plan/count', least, most);
    const plan: Fault[] = [];
    let at: number = FIRST;
    for (let i = 0; i < count; i++) {
      plan.push(...drop(dice, cell.condition, at as Instant));
      at += dice.between('plan/gap', GAP / 2, (GAP * 3) / 2);
    }
    return plan.sort((a, b) => a.at - b.at);
  },
});

const lengthOf = (size: string | undefined): readonly [number, number] =>
  LENGTHS[size ?? '10-20'] as readonly [number, number];

function chat(turns: number): Turn[] {
  return Array.from({ length: turns }, (_, i) => ({
    key: `q${i + 1}`,
    ask: i % 6 === 0 ? 0 : -1,
    // Larger than what an outage holds back of an answer, so that every cycle has the same peak.
    bytes: 4_000,
    wait: ms(1_000),
    parallel: false,
  }));
}

/** One disconnect, short enough that the next one meets a client that is back. */
function drop(dice: Dice, condition: string | undefined, at: Instant): Fault[] {
  const target = 'c1-lb';
  if (condition !== 'asymmetric') {
    const reset: Fault = { kind: 'reset', target, at };
    if (condition !== 'intermittent') return [reset];
    // A second one meets the dial or the replay.
    return [reset, { kind: 'reset', target, at: (at + dice.between('plan/second', 100_000, 900_000)) as Instant }];
  }
  const direction = dice.pick('plan/direction', ['up', 'down'] as const);
  return [
    { kind: 'cut', target, at, lasts: ms(dice.between('plan/lasts', 20, 400)), direction },
    { kind: 'reset', target, at },
  ];
}
