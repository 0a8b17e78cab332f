/**
 * The usual shape of a deployment, whatever is spoken in it: clients on access networks, a balancer, servers in one
 * datacentre. Each client `c1` reaches the balancer by a link `c1-lb`, and the balancer each server `s1` by `lb-s1`.
 */
import { balancer } from '../../src/balancer/balancer.ts';
import type { BalancerConfig } from '../../src/balancer/config.ts';
import type { LinkConfig, PathConfig } from '../../src/link/config.ts';
import type { NodeId } from '../../src/machine.ts';
import { minutes, ms, seconds, us, ZERO } from '../../src/time.ts';
import { CONNS_PER_NODE } from '../../src/transport.ts';
import type { Network } from '../networks/network.ts';
import type { NodeSpec, World } from './world.ts';

/** Between machines of one datacentre: a quarter of a millisecond, 10 Gbit/s, no loss. */
export const LAN: PathConfig = {
  delay: us(250),
  jitter: ZERO,
  rate: 1_250_000_000,
  queue: 16 * 1024 * 1024,
  loss: { num: 0, of: 1 },
  bursts: null,
  trace: null,
};

/** One-way delay of messages between services. */
export const SERVICE_DELAY = us(300);

/** A balancer that probes every second, gives up a dial after a second and an idle connection after two minutes. */
export const balancerConfig = (
  node: NodeId,
  backends: readonly NodeId[],
  connBase: number,
  more: Partial<BalancerConfig> = {},
): BalancerConfig => ({
  node,
  connBase,
  backends,
  probeInterval: seconds(1),
  probeTimeout: ms(500),
  unhealthyAfter: 2,
  healthyAfter: 1,
  idleTimeout: minutes(2),
  connectTimeout: seconds(1),
  ...more,
});

/** A balancer in its place. */
export const balancerNode = (config: BalancerConfig): NodeSpec => ({
  id: config.node,
  role: 'balancer',
  machine: balancer,
  config,
  quiesces: true,
  next: (first, life) => nextLife(first as BalancerConfig, life),
});

/** Names for the dials of one life of a balancer: it dials for all its clients, each refusal of a server once more. */
const NAMES_PER_LIFE = 64 * CONNS_PER_NODE;

/** A new process cannot know how many connections the old one named; its names start where no old one can be. */
const nextLife = (config: BalancerConfig, life: number): BalancerConfig => ({
  ...config,
  connBase: config.connBase + life * NAMES_PER_LIFE,
});

/** The links of such a deployment: access links first. */
export function balancedLinks(
  clients: readonly NodeId[],
  balancer: NodeId,
  servers: readonly NodeId[],
  network: Pick<Network, 'up' | 'down'>,
): LinkConfig[] {
  const access = clients.map(
    (node): LinkConfig => ({
      node: `${node}-${balancer}`,
      ends: [node, balancer],
      up: network.up,
      down: network.down,
      handshakeRoundTrips: 2,
    }),
  );
  const inner = servers.map(
    (node): LinkConfig => ({
      node: `${balancer}-${node}`,
      ends: [balancer, node],
      up: LAN,
      down: LAN,
      handshakeRoundTrips: 2,
    }),
  );
  return [...access, ...inner];
}

/**
 * Clients and servers with a balancer `lb` between them. Every server answers `probe` with `probed`, or it counts as dead.
 */
export function balanced(
  clients: readonly NodeSpec[],
  servers: readonly NodeSpec[],
  network: Pick<Network, 'up' | 'down'>,
  more: Partial<BalancerConfig> = {},
): Pick<World, 'nodes' | 'links' | 'serviceDelay'> {
  const names = (nodes: readonly NodeSpec[]): NodeId[] => nodes.map(({ id }) => id);
  // Nodes name their connections by their place; the balancer's names begin behind all of those.
  const config = balancerConfig('lb', names(servers), (clients.length + servers.length + 2) * CONNS_PER_NODE, more);
  return {
    nodes: [...clients, balancerNode(config), ...servers],
    links: balancedLinks(names(clients), 'lb', names(servers), network),
    serviceDelay: SERVICE_DELAY,
  };
}
