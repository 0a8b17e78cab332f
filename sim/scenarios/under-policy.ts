/**
 * A world in which every client follows another backoff policy, with all that is derived from the policy derived anew: the
 * bound of convergence, the herd, and which errors end a client whose policy gives up.
 */
import type { ApplicationError } from '../../src/application.ts';
import { retriesMost } from '../../src/backoff/envelope.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import type { LinkConfig } from '../../src/link/config.ts';
import type { ServerConfig } from '../../src/server/config.ts';
import { us } from '../../src/time.ts';
import type { World } from '../scenario.ts';
import { convergenceOf } from './bounds.ts';
import { herdFacts } from './herd.ts';

export function underPolicy(world: World, policy: Policy): World {
  const clients = world.clients.map((client) => ({ ...client, policy }));
  const under: World = { ...world, clients, conditions: `${world.conditions}, under --policy` };
  const { facts } = under;
  const { up, down } = under.links[0] as LinkConfig;
  return {
    ...under,
    facts: {
      ...facts,
      clients: facts.clients.map((client) => ({ ...client, policy })),
      allowedErrors: [...new Set([...facts.allowedErrors, ...endsOf(policy)])],
      ...convergenceOf(under),
      herd: herdFacts({
        clients: clients.length,
        policy,
        drainSpread: (under.servers[0] as ServerConfig).drainSpread,
        capacity: facts.herd.capacity,
        roundTrip: us(up.delay + down.delay),
      }),
    },
  };
}

/** The errors in which a client of that policy may end. */
function endsOf(policy: Policy): readonly ApplicationError[] {
  return [
    ...(retriesMost(policy) === null ? [] : (['attempts_exhausted'] as const)),
    ...(policy.elapsedMax === null ? [] : (['elapsed_exhausted'] as const)),
  ];
}
