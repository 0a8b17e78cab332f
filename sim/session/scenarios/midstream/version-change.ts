/**
 * A deployment in the middle of an answer: after the reconnect the servers speak other protocol versions. Where both
 * sides share one, the session goes on in the highest of them, up or down; where they do not, the application is told so.
 */
import { ms, us } from '../../../../src/time.ts';
import { oncePer } from '../../../core/scenario.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { claim } from '../../claim.ts';
import { sessionScenario } from '../../protocol.ts';
import { cutMidStream, replayed, resumed } from '../claims.ts';
import { ACCESS, answerOf, contentOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { FAR, LOSSY, usualTargets } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { conversation } from '../turns.ts';

/** Versions that the client speaks, that the servers speak, and that they speak after the change. */
interface Versions {
  readonly client: readonly [number, number];
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}

const VERSIONS: Readonly<Record<string, Versions>> = {
  upgrade: { client: [1, 2], before: [1, 1], after: [1, 2] },
  downgrade: { client: [1, 2], before: [1, 2], after: [1, 1] },
  'server too new': { client: [1, 1], before: [1, 1], after: [2, 3] },
  'server too old': { client: [2, 2], before: [1, 2], after: [1, 1] },
};

const versionsOf = (condition: string | undefined): Versions => VERSIONS[condition ?? 'upgrade'] as Versions;

/** A session goes on in another version than before. */
const renegotiated = (name: string, states: string, direction: (before: number, now: number) => boolean) =>
  claim({
    name,
    states,
    remember: () => ({ proto: 0 }),
    on: {
      'delivered WELCOME': (memory, { node, payload }, reached) => {
        if (node !== 'c1') return;
        if (payload.resumed && direction(memory.proto, payload.proto)) reached();
        memory.proto = payload.proto;
      },
    },
  });

const refused = claim({
  name: 'refused',
  states: 'an application was told that no version is left that both sides speak',
  remember: () => ({}),
  on: {
    told: (_, { error }, reached) => {
      if (error === 'version_unsupported') reached();
    },
  },
});

export const versionChange = sessionScenario({
  name: 'midstream/version-change',
  title: 'the protocol version differs after the reconnect, in both directions',
  sometimes: [
    resumed,
    oncePer(100, replayed),
    cutMidStream,
    renegotiated('upgraded', 'a session was resumed in a higher version than before', (before, now) => now > before),
    renegotiated('downgraded', 'a session was resumed in a lower version than before', (before, now) => now < before),
    refused,
  ],
  dimensions: { condition: Object.keys(VERSIONS), moment: MOMENTS, network: ACCESS },
  builds: ['condition'],
  targets: usualTargets({
    back: [LOSSY],
    besides: [{ name: 'connect', except: [FAR, LOSSY] }, { name: 'overhead' }],
    // Everybody is answered at once, so that no deadline passes.
    without: ['timeouts'],
  }),
  world(setting) {
    const { client, before } = versionsOf(setting.cell.condition);
    return buildWorld({
      clients: 1,
      servers: 2,
      network: networkOf(setting),
      contents: contentOf(setting, 'text', ['1-10KB', '10-100KB']),
      turns: () => conversation(1, () => 0, ms(50)),
      agent: { chunkInterval: ms(90) },
      client: { protoMin: client[0], protoMax: client[1] },
      server: { protoMin: before[0], protoMax: before[1] },
    });
  },
  plan({ dice, cell }, world): FaultPlan {
    const [min, max] = versionsOf(cell.condition).after;
    const at = instantOf(dice, cell.moment, answerOf(world));
    const lasts = us(dice.between('plan/lasts', 1_000_000, 15_000_000));
    // The deployment is rolled back in the end: the same change in the other direction.
    return ['s1', 's2'].map((target) => ({ kind: 'versionChange', target, at, lasts, min, max }));
  },
});
