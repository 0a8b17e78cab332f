/**
 * Answers that call tools, remember things and complete the steps of a workflow, on a network and on servers that fail:
 * whoever goes on knows the memory, the step and every tool call, and no tool is called twice.
 */
import { ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { crashedMidAnswer, movedServer, resumed, workSurvived } from '../claims.ts';
import { ACCESS, CONDITIONS, faultsOf, instantOf, MOMENTS } from '../dimensions.ts';
import { backWithin, promised, unless, usualTargets } from '../target-lists.ts';
import { PACE, talk, talkOf } from './talk.ts';

/** The step under way was cut in two. */
const cutInStep = claim({
  name: 'cut-in-step',
  states: 'a session changed hands between a tool call and the completion of its step',
  remember: () => ({ open: new Map<number, boolean>() }),
  on: {
    recorded: ({ open }, { session, about }) => {
      open.set(session, about !== 'step');
    },
    owned: ({ open }, { session, server }, reached) => {
      if (server !== '' && open.get(session)) reached();
    },
  },
});

/** A server died while it waited for the result of a tool, or an answer began anew behind a call. */
const callStands = claim({
  name: 'call-stands',
  states: 'an answer began anew after it had called a tool',
  remember: () => ({ called: new Set<string>(), epochs: new Map<string, number>() }),
  on: {
    recorded: ({ called }, { session, about, key }) => {
      if (about === 'tool') called.add(`${session}/${key.slice(1).split('/')[0]}`);
    },
    produced: ({ called, epochs }, { session, stream, epoch }, reached) => {
      const key = `${session}/${stream}`;
      if (epoch > (epochs.get(key) ?? 1) && called.has(key)) reached();
      epochs.set(key, epoch);
    },
  },
});

export const agentMemory = sessionScenario({
  name: 'context/agent-memory',
  title: 'agent memory, workflow step and tool calls survive, and no tool is called twice',
  sometimes: [resumed, movedServer, crashedMidAnswer, workSurvived, cutInStep, callStands],
  dimensions: { condition: CONDITIONS, moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    // Whatever the condition, half of the runs also lose both servers for up to three seconds, one or the other in silence.
    back: [
      unless([], backWithin(seconds(23), 4), 'Nobody is back before path and servers are: up to 20 s and 3 s more.'),
    ],
    besides: promised('context-restored', 'state-restored'),
  }),
  world(setting) {
    const { dice } = setting;
    const regenerate = dice.chance('world/regenerate', 1, 3);
    return talk(setting, {
      turns: 4,
      agent: {
        chunkInterval: PACE,
        work: {
          toolEvery: dice.between('world/work', 3, 5),
          toolTime: ms(dice.between('world/work', 10, 300)),
          memoryEvery: dice.between('world/work', 2, 5),
          memoryKeys: 6,
        },
      },
      store: { regenerate },
      note: regenerate ? 'answers begin anew' : 'answers continue',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const talking = talkOf(world);
    const at = instantOf(dice, cell.moment, talking);
    const plan: Fault[] = [...faultsOf(dice, cell.condition, 'c1-lb', at)];
    // In half of the runs the servers fail as well, so that an agent must go on where another one was.
    if (dice.chance('plan/crash', 1, 2))
      for (const target of ['s1', 's2'])
        plan.push({
          kind: 'crash',
          target,
          at: instantOf(dice, undefined, talking),
          lasts: us(dice.between('plan/crash', 100_000, 3_000_000)),
          how: dice.pick('plan/how', ['process', 'process', 'host'] as const),
        });
    return plan.sort((a, b) => a.at - b.at);
  },
});
