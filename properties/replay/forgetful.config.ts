/**
 * A client with a bug, for pages of a run that breaks a law: when it resumes for the second time it asks for the last chunk
 * again that it has given to its application already. So it takes two lost connections, and other faults play no part.
 */
import type { Fault } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { contentsOf } from '../../sim/session/scenarios/conditions.ts';
import { buildWorld } from '../../sim/session/scenarios/topology.ts';
import { conversation } from '../../sim/session/scenarios/turns.ts';
import { client } from '../../src/session/client/session.ts';
import type { ClientState } from '../../src/session/client/state.ts';
import { type Instant, ms, seconds } from '../../src/time.ts';

const SECOND_RESUME = 3;

const forgetful: typeof client = {
  ...client,
  step(state: ClientState, event, context) {
    if (event.type === 'opened' && state.dials === SECOND_RESUME)
      for (const cursor of Object.values(state.streams)) if (cursor.lastSeq > 0) cursor.lastSeq--;
    return client.step(state, event, context);
  },
};

const at = (n: number): Instant => ms(n) as number as Instant;

export const PLAN: readonly Fault[] = [
  { kind: 'reset', target: 'c1-lb', at: at(2_100) },
  { kind: 'serverPause', target: 's1', at: at(2_900), lasts: ms(300) },
  { kind: 'cut', target: 'c1-lb', at: at(4_100), lasts: seconds(11), direction: 'both' },
];

const scenario = (name: string, plan: readonly Fault[], chunkMs: number, clients = 2, turns = 1): SessionScenario => ({
  protocol: {
    ...session,
    cast: (world) => {
      const cast = session.cast(world);
      return {
        ...cast,
        nodes: cast.nodes.map((node) => (node.role === 'client' ? { ...node, machine: forgetful } : node)),
      };
    },
  },
  name,
  title: 'a client that has forgotten what it gave to its application',
  sometimes: [],
  world: (setting) =>
    buildWorld({
      clients,
      servers: 2,
      network: networkNamed('wifi'),
      contents: contentsOf(setting, ['text']),
      turns: () => conversation(turns, () => 0, ms(50)),
      agent: { chunkInterval: ms(chunkMs) },
      allowedErrors: [],
    }),
  plan: () => plan,
});

export default scenario('page/forgetful', PLAN, 100);

/** A run of more than a hundred thousand events. */
export const long = scenario('page/long', PLAN, 40, 8, 9);
