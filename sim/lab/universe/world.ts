/**
 * The world of a storm: real clients, each on a link of its own to one server that has all the capacity, with the store and
 * the token service behind it. Nobody asks for anything but to be connected, and nobody speaks while all is well, so that
 * what happens is the storm. Before it everybody connects in good order, at the pace that the server can do.
 */
import type { Policy } from '../../../src/backoff/policy.ts';
import type { LinkConfig, PathConfig } from '../../../src/link/config.ts';
import { agent } from '../../../src/session/agent/agent.ts';
import { auth } from '../../../src/session/auth/auth.ts';
import type { ClientConfig } from '../../../src/session/client/config.ts';
import { client } from '../../../src/session/client/session.ts';
import type { Facts } from '../../../src/session/facts.ts';
import type { IntakeConfig, RetryAfter } from '../../../src/session/server/intake-config.ts';
import { server } from '../../../src/session/server/server.ts';
import { store } from '../../../src/session/store/store.ts';
import { type Duration, type Instant, minutes, seconds, us, ZERO } from '../../../src/time.ts';
import { CONNS_PER_NODE } from '../../../src/transport.ts';
import type { NodeSpec, World } from '../../core/world.ts';
import type { Network } from '../../networks/network.ts';
import { findNetwork } from '../../networks/presets.ts';
import { admitsOf, buildWorld } from '../../session/scenarios/topology.ts';
import type { Storm } from '../storm/storm.ts';
import { linkOf, nameOf, SERVER } from './names.ts';
import { Patron, type Watcher } from './patron.ts';

const SECOND = 1_000_000;
/** Nothing is said for this long while all is well. */
const QUIET = minutes(60 * 24 * 30);
/** Between the last of those who connect and the first outage: every policy calls it stable by then. */
const CALM = seconds(60);

/** When the first outage begins. */
export const begins = (storm: Storm, { stableAfter }: Policy): Instant =>
  (arrives(storm, storm.clients) + CALM + stableAfter) as Instant;

/** Before it they connect at half the rate of the server. */
const arrives = ({ capacity }: Storm, client: number): Instant =>
  Math.ceil((2 * client * SECOND) / capacity) as Instant;

export function worldOf(storm: Storm, policy: Policy, network: Pick<Network, 'up' | 'down'>, watcher: Watcher): World {
  const { clients: count, dialTimeout } = storm;
  const model = buildWorld({
    clients: 1,
    servers: 1,
    network: { ...findNetwork('lan'), ...network } as Network,
    contents: [],
    turns: () => [],
    policy,
    client: { balancer: SERVER, connectTimeout: dialTimeout, helloTimeout: dialTimeout },
    server: {
      heartbeatInterval: QUIET,
      deadAfter: us(2 * QUIET),
      sessionTtl: QUIET,
      intake: intakeOf(storm),
      callTimeout: seconds(60),
      retryAfter: ZERO,
    },
    store: { sessionTtl: QUIET, fsyncDelay: ZERO },
    auth: { tokenTtl: us(2 * QUIET) },
  });
  const [one] = model.clients as [ClientConfig];
  const clients = Array.from({ length: count }, (_, i) => i);
  const configOf = (i: number): ClientConfig => ({ ...one, node: nameOf(i), connBase: (i + 1) * CONNS_PER_NODE });
  const nodes: NodeSpec[] = [
    ...clients.map(
      (i): NodeSpec => ({
        id: nameOf(i),
        role: 'client',
        machine: client,
        config: configOf(i),
        starts: false,
        remote: true,
      }),
    ),
    { id: SERVER, role: 'server', machine: server, config: model.servers[0] },
    { id: 'agent1', role: 'agent', machine: agent, config: model.agents[0], host: SERVER },
    { id: 'store', role: 'store', machine: store, config: model.store, durable: true },
    { id: 'auth', role: 'auth', machine: auth, config: model.auth, starts: false, durable: true },
  ];
  return {
    nodes,
    links: clients.map(
      (i): LinkConfig => ({ node: linkOf(i), ends: [nameOf(i), SERVER], ...network, handshakeRoundTrips: 2 }),
    ),
    serviceDelay: ZERO,
    applications: clients.map((i) => ({
      node: nameOf(i),
      start: arrives(storm, i),
      until: 0 as Instant,
      open: (wishes) => new Patron(i, wishes, watcher),
    })),
    facts: factsOf(storm, model.facts, model.servers),
    conditions: '',
    ties: 'world-first',
  };
}

/** What laws may know of it. Who is back when is what is measured, and no bound says that it happens. */
function factsOf({ clients }: Storm, facts: Facts, servers: Parameters<typeof admitsOf>[0]): Facts {
  const [one] = facts.clients as [Facts['clients'][number]];
  return {
    ...facts,
    clients: Array.from({ length: clients }, (_, i) => ({ ...one, node: nameOf(i) })),
    admits: admitsOf(servers),
  };
}

function intakeOf({ capacity, window, refusalCost, retryAfter, refuses, queue }: Storm): IntakeConfig {
  const refusal = retryAfterOf(retryAfter);
  return {
    admitRate: capacity,
    acceptQueue: queue?.length ?? 0,
    refuseWith: refuses,
    refusalCost: us((refusalCost.num * SECOND) / (refusalCost.of * capacity)),
    window,
    ...(refusal === null ? {} : { retryAfter: refusal }),
  };
}

const retryAfterOf = (asks: Storm['retryAfter']): RetryAfter | null => (asks.kind === 'none' ? null : asks);

/** A path of so much delay and no other trouble. */
const path = (delay: Duration, jitter: Duration): PathConfig => ({
  delay,
  jitter,
  rate: 0,
  queue: 0,
  loss: { num: 0, of: 1 },
  bursts: null,
  trace: null,
});

/**
 * Links whose dials take as long as those of the storm: two round trips of the link, the first of them TCP's. What is drawn
 * comes from the request and its answer, so that its sum is the same on average, and nearer to the middle.
 */
export function linkFor({ roundTrip: { least, most } }: Storm): Pick<Network, 'up' | 'down'> {
  const each = path(us(least / 4), us((most - least) / 2));
  return { up: each, down: each };
}
