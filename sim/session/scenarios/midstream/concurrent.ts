/**
 * Many agents stream to many clients when one event hits the network of all of them at once. Every answer goes on where
 * it was, and none is mixed with another.
 */
import { type Instant, ms, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutMidStream, movedServer, replayed, resumed } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, answerOf, CONDITIONS, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

const CLIENTS = 8;

const allHit = claim({
  name: 'all-hit',
  states: `${CLIENTS} clients were in the middle of an answer when the first fault began`,
  remember: () => ({ streaming: new Set<string>(), over: false }),
  on: {
    received: ({ streaming }, { node, chunk }) => {
      if (chunk.fin) streaming.delete(node);
      else streaming.add(node);
    },
    fault: (memory, _, reached) => {
      if (!memory.over && memory.streaming.size === CLIENTS) reached();
      memory.over = true;
    },
  },
});

const allMoved = claim({
  name: 'all-resumed',
  states: `${CLIENTS} clients resumed after the event`,
  remember: () => ({ resumed: new Set<string>() }),
  on: {
    restored: (memory, { node, resumed: again }, reached) => {
      if (again) memory.resumed.add(node);
      if (memory.resumed.size === CLIENTS) reached();
    },
  },
});

export const concurrent = sessionScenario({
  name: 'midstream/concurrent',
  title: 'many agents stream while one event hits the network of all',
  sometimes: [resumed, replayed, cutMidStream, movedServer, allHit, allMoved],
  dimensions: { condition: CONDITIONS, moment: MOMENTS, network: ACCESS },
  targets: usualTargets({ besides: [{ name: 'overhead' }] }),
  world: (setting) =>
    buildWorld({
      clients: CLIENTS,
      servers: 3,
      network: networkOf(setting),
      contents: contentsOf(setting, ['brief', 'brief-b', 'brief-json']),
      turns: (client) => conversation(1, () => client % 3, ms(50)),
      agent: { chunkInterval: ms(90) },
    }),
  plan({ dice, cell }, world): FaultPlan {
    const first = world.clients[0]?.node ?? 'c1';
    const at = instantOf(dice, cell.moment, answerOf(world, first));
    // Faults of one link, the same on all: a cell tower, a street's cable. Or the line to one of the servers.
    const inner = dice.chance('plan/inner', 1, 5);
    const targets = inner
      ? [`lb-${dice.pick('plan/server', ['s1', 's2', 's3'])}`]
      : world.clients.map(({ node }) => `${node}-lb`);
    if (!inner && cell.condition === 'outage' && dice.chance('plan/swizzle', 1, 2)) {
      // Staggered by up to 20 ms a link, and healed in the opposite order: who comes back first went last.
      const heals = targets.map((_, i) => targets.length - 1 - i);
      const stagger = us(dice.between('plan/swizzle', 0, 20_000));
      const lasts = us(dice.between('plan/swizzle', 500_000, 15_000_000));
      return [{ kind: 'swizzle', target: targets[0] as string, at, links: targets, heals, stagger, lasts }];
    }
    const event = faultsOf(dice, cell.condition, first, at);
    return event.flatMap((fault) => targets.map((target): Fault => ({ ...fault, target, at: fault.at as Instant })));
  },
});
