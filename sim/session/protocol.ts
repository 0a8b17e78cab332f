/** hangup's own protocol: resumable sessions between clients and servers behind a balancer, over a durable store. */
import { LAWS } from '../../properties/laws/session/all.ts';
import { agent } from '../../src/session/agent/agent.ts';
import { auth } from '../../src/session/auth/auth.ts';
import type { ClientConfig } from '../../src/session/client/config.ts';
import { client } from '../../src/session/client/session.ts';
import type { ClientState } from '../../src/session/client/state.ts';
import { duplicate, revive, type Stored, store as stored } from '../../src/session/client/storage.ts';
import { server } from '../../src/session/server/server.ts';
import type { StoreState } from '../../src/session/store/state.ts';
import { store } from '../../src/session/store/store.ts';
import { type Duration, type Instant, us } from '../../src/time.ts';
import { CONNS_PER_NODE } from '../../src/transport.ts';
import { balancerNode } from '../core/balanced.ts';
import type { Protocol } from '../core/protocol.ts';
import type { AnyMachine } from '../core/record.ts';
import type { Scenario } from '../core/scenario.ts';
import type { NodeSpec, Page, World } from '../core/world.ts';
import { Conversation } from './application.ts';
import { SESSION_KINDS } from './faults.ts';
import { FIGURES } from './figures/catalogue.ts';
import { measure } from './figures/measure.ts';
import type { Figures } from './figures/measured.ts';
import { knows } from './knows.ts';
import { type SessionWitness, VOCABULARY } from './observe.ts';
import { PHASES } from './phases.ts';
import { flawOfNetwork } from './scenarios/quiet.ts';
import { DEFAULTS } from './scenarios/topology.ts';
import { underPolicy } from './scenarios/under-policy.ts';
import { sizing } from './sizes.ts';
import { TARGETS } from './targets.ts';

import type { SessionWorld, Story } from './world.ts';

export const session: Protocol<SessionWorld, Figures> = {
  name: 'session',
  cast,
  laws: LAWS,
  phases: PHASES,
  faults: SESSION_KINDS,
  tested: new Set<AnyMachine>([client, server, agent, auth, store]),
  underPolicy,
  sizes: sizing,
  flawOfNetwork: (network) => flawOfNetwork(network, DEFAULTS),
  figures: Object.values(FIGURES),
  targets: TARGETS,
  vocabulary: VOCABULARY,
  knows,
  measure: (witness, world) => measure(witness as SessionWitness, world),
};

export type SessionScenario = Scenario<SessionWorld> & { readonly protocol: Protocol<SessionWorld, Figures> };

/** A scenario of a world that `buildWorld` makes. */
export const sessionScenario = (definition: Omit<Scenario<SessionWorld>, 'protocol'>): SessionScenario => ({
  ...definition,
  protocol: session,
});

/** What its machines and applications write at the boundary. */
const WRITTEN = ['submitted', 'settled', 'performed', 'produced', 'received', 'replaced', 'told', 'intent'];

function cast(world: SessionWorld): World {
  const {
    clients,
    servers,
    agents,
    stories,
    contents: _,
    balancer: proxy,
    store: log,
    auth: issuer,
    ...common
  } = world;
  const hosts = new Map(servers.map(({ node, agent }) => [agent, node]));
  const nodes: NodeSpec[] = [
    ...clients.map(
      (config): NodeSpec => ({
        id: config.node,
        role: 'client',
        machine: client,
        config,
        starts: false,
        remote: true,
        page,
      }),
    ),
    balancerNode(proxy),
    ...servers.map((config): NodeSpec => ({ id: config.node, role: 'server', machine: server, config, drains: true })),
    ...agents.map(
      (config): NodeSpec => ({
        id: config.node,
        role: 'agent',
        machine: agent,
        config,
        host: hosts.get(config.node) ?? config.node,
      }),
    ),
    { id: log.node, role: 'store', machine: store, config: log, sessions: sessionsOf, durable: true },
    { id: issuer.node, role: 'auth', machine: auth, config: issuer, starts: false, durable: true },
  ];
  return {
    ...common,
    facts: { ...common.facts, writes: WRITTEN },
    scales: scalesOf(world),
    nodes,
    applications: stories.map((story) => ({
      node: story.client,
      start: story.start,
      until: Math.max(0, endOf(story, world)) as Instant,
      open: (wishes, stayUntil) => new Conversation(story, stayUntil, wishes),
    })),
  };
}

/** Where somebody in this world stops waiting, or begins something anew. */
function scalesOf({ clients, servers, agents, store: log, auth: issuer, balancer: proxy }: SessionWorld): Duration[] {
  const [first, behind, answers] = [clients[0], servers[0], agents[0]];
  const all = [
    first?.connectTimeout,
    first?.helloTimeout,
    first?.tokenTimeout,
    first?.ackDelay,
    first?.policy.stableAfter,
    behind?.heartbeatInterval,
    behind?.deadAfter,
    behind?.stallAfter,
    behind?.callTimeout,
    behind === undefined ? undefined : us(behind.callTimeout * behind.callAttempts),
    answers?.appendTimeout,
    log.sessionTtl,
    log.windowAge,
    issuer.tokenTtl,
    proxy.probeInterval,
    proxy.idleTimeout,
  ];
  return all.filter((scale) => scale !== undefined && scale > 0) as Duration[];
}

const sessionsOf = (state: unknown): readonly number[] => Object.keys((state as StoreState).sessions).map(Number);

/** Names of connections are shared out: the first tab has the lower half, each other one a share of the upper. */
const TAB_CONNS = 2_048;
const TABS_MOST = CONNS_PER_NODE / 2 / TAB_CONNS;

const page: Page = {
  persist: (state) => stored(state as ClientState),
  /** A new page names its connections where no old one can be, and dials with numbers that no old one used. */
  revive(kept, old, now) {
    const { config, dials } = old as ClientState;
    const next = { ...config, connBase: config.connBase + dials, dialsFrom: now };
    return revive(next, kept as Stored | null);
  },
  open(config, kept, tab, now) {
    if (tab >= TABS_MOST) return null;
    const first = config as ClientConfig;
    const connBase = first.connBase + CONNS_PER_NODE / 2 + tab * TAB_CONNS;
    const own: ClientConfig = { ...first, connBase, dialsFrom: now };
    return { config: own, state: revive(own, duplicate(kept as Stored)) };
  },
};

/** When a story would end if nothing went wrong, roughly: waits, and answers at the agent's mean pace. */
function endOf({ start, turns }: Story, { agents, contents }: SessionWorld): number {
  const [agent] = agents;
  let end: number = start;
  let asked: number = start;
  for (const { ask, wait, parallel } of turns) {
    asked = (parallel ? asked : end) + wait;
    const content = ask < 0 ? undefined : contents[ask % contents.length];
    const answer =
      agent === undefined || content === undefined ? 0 : agent.firstChunk + agent.chunkInterval * content.chunks.length;
    end = Math.max(end, asked + answer);
  }
  return end;
}
