/**
 * A world in which every client follows another backoff policy, with all that is derived from the policy derived anew: the
 * bound of convergence, the herd, and which errors end a client whose policy gives up.
 */
import { givesUp, longestBackoff } from '../../../src/backoff/longest.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import type { ApplicationError } from '../../../src/errors.ts';
import type { ServerConfig } from '../../../src/session/server/config.ts';
import type { Duration } from '../../../src/time.ts';
import type { SessionWorld } from '../world.ts';
import { divergenceOf, rushOf, warningOf } from './admission.ts';
import { convergenceOf } from './bounds.ts';
import { herdFacts } from './herd.ts';

export function underPolicy(world: SessionWorld, policy: Policy): SessionWorld {
  const clients = world.clients.map((client) => ({ ...client, policy }));
  const rush = rushOf({ ...world, clients });
  // What was said of the scenario's own policy is not true of this one.
  const { diverges: _, ...facts } = world.facts;
  const own = warningOf(rushOf(world)).reduce((text, warning) => text.replace(`, ${warning}`, ''), world.conditions);
  const conditions = [own, 'under --policy', ...warningOf(rush)].join(', ');
  const under: SessionWorld = { ...world, clients, conditions };
  return {
    ...under,
    facts: {
      ...facts,
      clients: facts.clients.map((client) => ({ ...client, policy })),
      allowedErrors: [...new Set([...facts.allowedErrors, ...endsOf(policy, world.store.sessionTtl)])],
      ...convergenceOf(under),
      ...divergenceOf(rush),
      herd: herdFacts({
        clients: clients.length,
        policy,
        drainSpread: (under.servers[0] as ServerConfig).drainSpread,
        capacity: facts.herd.capacity,
        roundTrip: rush.roundTrip,
      }),
    },
  };
}

/** The errors in which a client of that policy may end. */
function endsOf(policy: Policy, sessionTtl: Duration): readonly ApplicationError[] {
  return [
    // Nobody keeps the session of a client that waits for longer than sessions are kept.
    ...(longestBackoff(policy) > sessionTtl ? (['session_expired'] as const) : []),
    ...(givesUp(policy) ? (['attempts_exhausted'] as const) : []),
    ...(policy.elapsedMax === null ? [] : (['elapsed_exhausted'] as const)),
  ];
}
