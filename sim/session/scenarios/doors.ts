/** The doors of the standard world: how fast its servers take connections, and the balancer before them. */
import type { BalancerConfig } from '../../../src/balancer/config.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { IntakeConfig } from '../../../src/session/server/intake-config.ts';
import { type Duration, seconds, us, ZERO } from '../../../src/time.ts';
import { CONNS_PER_NODE } from '../../../src/transport.ts';
import { balancerConfig } from '../../core/balanced.ts';
import type { Topology } from './topology.ts';

/** A listen backlog as Node makes it. */
const ACCEPT_QUEUE = 511;
/** A host that is there answers a SYN sooner. */
const ANSWERS = seconds(1);

/** How each server takes connections; undefined for everybody at once. */
export function intakeOf({ capacity, intake }: Topology): IntakeConfig | undefined {
  if (capacity === undefined) return undefined;
  return { admitRate: capacity, acceptQueue: ACCEPT_QUEUE, refuseWith: 'http', refusalCost: ZERO, ...intake };
}

/**
 * A balancer takes a backend for dead that does not answer a dial within a second. One that is full answers when a slot
 * comes, so the balancer waits for that as well, though not longer than its client would.
 */
export function balancerOf(backends: readonly NodeId[], topology: Topology, patience: Duration): BalancerConfig {
  const intake = intakeOf(topology);
  const queued = intake === undefined ? 0 : Math.ceil((intake.acceptQueue * 1_000_000) / intake.admitRate);
  const connectTimeout = us(Math.min(ANSWERS + queued, patience));
  return balancerConfig('lb', backends, (topology.clients + 1) * CONNS_PER_NODE, {
    connectTimeout,
    ...topology.balancer,
  });
}
