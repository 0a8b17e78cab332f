/**
 * The servers admit other origins from the middle of an answer on. Streams that are open go on unaffected; who has to
 * connect again is judged by the new policy, told when it is refused, and back when the policy is lifted.
 */
import { type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cameBack, cutMidStream, replayed, resumed } from '../claims.ts';
import { ACCESS, answerOf, contentOf, faultsOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { backWithin, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

/** Of the two clients one is admitted all the time, and one is not while the new policy is in force. */
const ORIGINS: Readonly<Record<string, string>> = { c1: 'https://app.example', c2: 'https://partner.example' };

/** What a client with that name lives through while the policy is in force. */
const underPolicy = (name: string, states: string, client: string, what: 'undisturbed' | 'admitted' | 'refused') =>
  claim({
    name,
    states,
    remember: () => ({ policies: 0, conn: -1, before: -1 }),
    on: {
      fault: (memory, { name: kind, begins }) => {
        if (kind !== 'originPolicy') return;
        memory.policies += begins ? 1 : -1;
        memory.before = memory.conn;
      },
      received: (memory, { node, conn }, reached) => {
        if (node !== client) return;
        memory.conn = conn;
        if (what === 'undisturbed' && memory.policies === 2 && conn === memory.before) reached();
      },
      restored: ({ policies }, { node, resumed: again }, reached) => {
        if (what === 'admitted' && node === client && again && policies === 2) reached();
      },
      told: (_, { node, error }, reached) => {
        if (what === 'refused' && node === client && error === 'origin_refused') reached();
      },
    },
  });

export const originChange = sessionScenario({
  name: 'midstream/origin-change',
  title: 'the servers admit other origins: open streams go on, new connections are judged anew',
  sometimes: [
    resumed,
    replayed,
    cutMidStream,
    cameBack,
    underPolicy('undisturbed', 'a stream of a client that is not admitted any more went on', 'c2', 'undisturbed'),
    underPolicy('admitted', 'a client of an admitted origin resumed under the new policy', 'c1', 'admitted'),
    underPolicy('refused', 'a client of another origin was told that it is not admitted', 'c2', 'refused'),
  ],
  dimensions: { condition: ['clean', 'intermittent', 'outage'], moment: MOMENTS, network: ACCESS },
  targets: usualTargets({
    back: [
      {
        cells: {},
        bound: backWithin(seconds(21.5), 20),
        reason: 'The policy is in force for up to 20 s, and each refusal doubles the wait; an outage may outlast it.',
      },
    ],
    besides: [{ name: 'overhead' }],
  }),
  world(setting) {
    const world = buildWorld({
      clients: 2,
      servers: 2,
      network: networkOf(setting),
      contents: contentOf(setting, 'text', ['1-10KB', '10-100KB']),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(120) },
    });
    const clients = world.clients.map((client) => ({ ...client, origin: ORIGINS[client.node] ?? '' }));
    return { ...world, clients };
  },
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, answerOf(world));
    const lasts = us(dice.between('plan/lasts', 2_000_000, 20_000_000));
    const plan: Fault[] = ['s1', 's2'].map((target) => ({
      kind: 'originPolicy',
      target,
      at,
      lasts,
      allowed: [ORIGINS.c1 as string],
    }));
    // In most runs both lose their connection a little later, and have to be judged.
    if (dice.chance('plan/lost', 3, 4)) {
      const lost = (at + dice.between('plan/lost', 100_000, 1_500_000)) as Instant;
      for (const { node } of world.clients) plan.push(...faultsOf(dice, cell.condition, `${node}-lb`, lost));
    }
    return plan.sort((a, b) => a.at - b.at);
  },
});
