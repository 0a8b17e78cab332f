/**
 * Answers that call tools, remember things and complete the steps of a workflow, on a network and on servers that fail:
 * whoever goes on knows the memory, the step and every tool call, and no tool is called twice.
 */
import { ms, us } from '../../../src/time.ts';
import type { Fault, FaultPlan } from '../../faults/plan.ts';
import { claim, type Scenario } from '../../scenario.ts';
import { crashedMidAnswer, movedServer, resumed } from '../claims.ts';
import { ACCESS, CONDITIONS, faultsOf, instantOf, MOMENTS } from '../dimensions.ts';
import { talk, talkOf } from './talk.ts';

/** The work was there after a resume: some of everything. */
const workSurvived = claim({
  name: 'work-survived',
  states: 'a client resumed a session with tool calls, a memory and a completed step',
  remember: () => ({}),
  on: {
    restored: (_, { resumed: again, work }, reached) => {
      if (again && work !== undefined && work.calls > 0 && work.memory !== 0 && work.step > 0) reached();
    },
  },
});

/** The step under way was cut in two. */
const cutInStep = claim({
  name: 'cut-in-step',
  states: 'a session changed hands between a tool call and the completion of its step',
  remember: () => ({ open: new Map<number, boolean>() }),
  on: {
    noted: ({ open }, { session, about }) => {
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
    noted: ({ called }, { session, about, key }) => {
      if (about === 'tool') called.add(`${session}/${key.slice(1).split('/')[0]}`);
    },
    produced: ({ called, epochs }, { session, stream, epoch }, reached) => {
      const key = `${session}/${stream}`;
      if (epoch > (epochs.get(key) ?? 1) && called.has(key)) reached();
      epochs.set(key, epoch);
    },
  },
});

export const agentMemory: Scenario = {
  name: 'context/agent-memory',
  title: 'agent memory, workflow step and tool calls survive, and no tool is called twice',
  sometimes: [resumed, movedServer, crashedMidAnswer, workSurvived, cutInStep, callStands],
  dimensions: { condition: CONDITIONS, moment: MOMENTS, network: ACCESS },
  world(setting) {
    const { dice } = setting;
    const regenerate = dice.chance('world/regenerate', 1, 3);
    return talk(setting, {
      turns: 4,
      agent: {
        work: {
          toolEvery: dice.between('world/work', 4, 8),
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
};
