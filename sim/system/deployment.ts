/** The world of a system: clients on their access, a balancer where there is one, servers, and who stands behind each client. */
import { counted } from '../../src/count.ts';
import type { Facts } from '../../src/facts.ts';
import type { LinkConfig } from '../../src/link/config.ts';
import { type Duration, type Instant, ms } from '../../src/time.ts';
import { balanced, SERVICE_DELAY } from '../core/balanced.ts';
import type { Budgets } from '../core/budgets.ts';
import type { Setting } from '../core/scenario.ts';
import type { ApplicationSpec, NodeSpec, World } from '../core/world.ts';
import type { Network } from '../networks/network.ts';
import type { Part } from './definition.ts';
import { callsOf, type Line, type Place } from './story.ts';
import { caller, visitor } from './visitor.ts';

/** A system whose fields were read. */
export interface Deployment {
  readonly client: Part;
  readonly server: Part;
  readonly clients: number;
  readonly servers: number;
  readonly balancer: boolean;
  readonly hosts: readonly string[];
  readonly lasts: Duration;
  readonly stays: Duration;
  readonly lines: readonly Line[];
  facts(clients: readonly string[]): Facts;
}

/**
 * What a run may use up: a system that works has some hundred events a client and second, so many at one instant only where
 * something calls itself for ever (`setImmediate`, a port that posts to itself), and so many in all where it does so every
 * millisecond.
 */
const MOST: Partial<Budgets> = { events: 500_000, instant: 100_000 };

/** People do not arrive at one instant; each opens its page within this time. */
const ARRIVING = ms(2000);

/** The world that a seed makes of it, on a network. */
export function deployed(of: Deployment, network: Network, { dice }: Pick<Setting, 'dice'>): World {
  const clients = placed('c', of.clients, of.client, 'client', { starts: false });
  const servers = placed('s', of.servers, of.server, 'server', {});
  const until = of.lasts as number as Instant;
  const visits = clients.map(
    ({ id }): Place => ({ node: id, start: dice.between(`start/${id}`, 0, ARRIVING) as Instant }),
  );
  const calls = callsOf(
    of.lines,
    { client: visits, server: servers.map(({ id }) => ({ node: id, start: 0 as Instant })) },
    until,
    dice,
  );
  const applications: ApplicationSpec[] = [
    ...visits.map(({ node, start }) => visitor({ node, start, until, calls: calls.get(node) ?? [], stays: of.stays })),
    ...servers.filter(({ id }) => calls.has(id)).map(({ id }) => caller(id, calls.get(id) ?? [])),
  ];
  return {
    ...(of.balancer
      ? behindBalancer(clients, servers, network, of.hosts)
      : direct(clients, servers, network, of.hosts)),
    applications,
    facts: of.facts(clients.map(({ id }) => id)),
    budgets: MOST,
    conditions: `${network.name}, ${counted(clients.length, 'client')}, ${counted(servers.length, 'server')}`,
  };
}

const placed = (
  letter: string,
  count: number,
  part: Part,
  role: string,
  more: Partial<NodeSpec>,
): readonly NodeSpec[] =>
  Array.from({ length: count }, (_, i) => {
    const id = `${letter}${i + 1}`;
    const { exports: _exports, laws: _laws, ...node } = part;
    return { ...node, ...more, id, role, config: part.config === undefined ? { node: id, index: i } : part.config };
  });

type Joined = Pick<World, 'nodes' | 'links' | 'serviceDelay'>;

function behindBalancer(
  clients: readonly NodeSpec[],
  servers: readonly NodeSpec[],
  network: Network,
  hosts: readonly string[],
): Joined {
  const world = balanced(clients, servers, network);
  return {
    ...world,
    nodes: world.nodes.map((node) => (node.role === 'balancer' ? { ...node, hosts } : node)),
    // What crosses the links is all of it: HTTP and WebSocket are bytes of TCP, and no round trips of the link's own.
    links: world.links.map((link) => ({ ...link, handshakeRoundTrips: 1 })),
  };
}

/** Every client reaches the one server by a link of its own. */
function direct(
  clients: readonly NodeSpec[],
  servers: readonly NodeSpec[],
  { up, down }: Network,
  hosts: readonly string[],
): Joined {
  const links = clients.flatMap(({ id }) =>
    servers.map(
      (server): LinkConfig => ({
        node: `${id}-${server.id}`,
        ends: [id, server.id],
        up,
        down,
        handshakeRoundTrips: 1,
      }),
    ),
  );
  const nodes = [...clients, ...servers.map((server, i) => (i === 0 ? { ...server, hosts } : server))];
  return { nodes, links, serviceDelay: SERVICE_DELAY };
}
