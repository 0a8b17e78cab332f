/**
 * Every process that a session passes through is restarted, some of them at once: conversation, agent memory, tool calls,
 * workflow step and half an answer are there afterwards, because they were durable before anybody saw them.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { crashedMidAnswer, movedServer, resumed, storeLostTail, workSurvived } from '../claims.ts';
import { ACCESS, answerOf, instantOf, MOMENTS } from '../dimensions.ts';
import { regenerated } from '../snapshots.ts';
import { backWithin, promised, unless, usualTargets } from '../target-lists.ts';
import { deployment } from './deployment.ts';

const everythingRestarted = claim({
  name: 'everything-restarted',
  states: 'both servers, their agents, the store and the balancer were restarted while an answer was open',
  remember: () => ({ restarted: new Set<string>(), open: 0 }),
  on: {
    settled: (memory, { stream }) => {
      if (stream > 0) memory.open++;
    },
    received: (memory, { chunk }) => {
      if (chunk.fin) memory.open--;
    },
    restarted: ({ restarted, open }, { node }, reached) => {
      restarted.add(node);
      if (open > 0 && restarted.size >= 6) reached();
    },
  },
});

export const state = sessionScenario({
  name: 'restart/state',
  title: 'the full state of a session survives the restart of everything that it passes through',
  sometimes: [resumed, movedServer, crashedMidAnswer, regenerated, storeLostTail, workSurvived, everythingRestarted],
  dimensions: { condition: ['process', 'host', 'drain', 'everything'], moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: [
      unless(
        [],
        backWithin(seconds(5), 5),
        'Everything is down for up to 3.4 s, and the balancer knows of it 1 s later.',
      ),
    ],
    besides: promised('emergency', 'graceful', 'state-restored'),
  }),
  world(setting) {
    const regenerate = setting.dice.chance('world/regenerate', 1, 3);
    return deployment(setting, {
      clients: 2,
      agent: { work: { toolEvery: 4, toolTime: ms(60), memoryEvery: 3, memoryKeys: 6 } },
      store: { regenerate },
      note: regenerate ? 'answers begin anew' : 'answers continue',
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const answer = answerOf(world);
    const at = instantOf(dice, cell.moment, answer);
    const soon = (): Instant => (at + dice.between('plan/soon', 0, 400_000)) as Instant;
    const lasts = (): ReturnType<typeof us> => us(dice.between('plan/lasts', 50_000, 3_000_000));
    const plan: Fault[] = [];
    for (const { node: target } of world.servers)
      plan.push(
        cell.condition === 'drain'
          ? {
              kind: 'drain',
              target,
              at: soon(),
              deadline: ms(dice.between('plan/deadline', 500, 3_000)),
              lasts: lasts(),
            }
          : { kind: 'crash', target, at: soon(), lasts: lasts(), how: cell.condition === 'host' ? 'host' : 'process' },
      );
    if (cell.condition === 'everything')
      plan.push(
        { kind: 'storeCrash', target: 'store', at: soon(), lasts: lasts(), keep: dice.between('plan/keep', 0, 1000) },
        { kind: 'balancerCrash', target: 'lb', at: soon(), lasts: lasts() },
      );
    return plan.sort((a, b) => a.at - b.at);
  },
});
