/**
 * The standard world: clients on access networks, a balancer, servers with an agent each, a store, a token service.
 * A scenario names what is special about it; everything else has the defaults below.
 */
import type { Policy } from '../../../src/backoff/policy.ts';
import type { BalancerConfig } from '../../../src/balancer/config.ts';
import type { Content } from '../../../src/content.ts';
import type { ApplicationError } from '../../../src/errors.ts';
import type { AgentConfig } from '../../../src/session/agent/config.ts';
import type { AuthConfig } from '../../../src/session/auth/config.ts';
import type { ClientConfig } from '../../../src/session/client/config.ts';
import type { Facts } from '../../../src/session/facts.ts';
import type { ServerConfig } from '../../../src/session/server/config.ts';
import { type IntakeConfig, windowOf } from '../../../src/session/server/intake-config.ts';
import type { StoreConfig } from '../../../src/session/store/config.ts';
import { LIMITS } from '../../../src/session/wire/limits.ts';
import { type Duration, type Instant, minutes, ms, seconds, us } from '../../../src/time.ts';
import { CONNS_PER_NODE } from '../../../src/transport.ts';
import { balancedLinks, SERVICE_DELAY } from '../../core/balanced.ts';
import type { Network } from '../../networks/network.ts';
import type { SessionWorld, Story, Turn } from '../world.ts';
import { divergenceOf, rushOf, warningOf } from './admission.ts';
import { convergenceOf, longestStory } from './bounds.ts';
import { apart, type Farther } from './distances.ts';
import { balancerOf, intakeOf } from './doors.ts';
import { herdFacts } from './herd.ts';
import { WORLD_POLICY } from './policy.ts';

export interface Topology {
  readonly clients: number;
  readonly servers: number;
  readonly network: Network;
  readonly contents: readonly Content[];
  /** The turns of client i (from 0). */
  readonly turns: (client: number) => readonly Turn[];
  /** When client i starts; default: 20 ms apart. */
  readonly start?: (client: number) => Instant;
  readonly policy?: Policy;
  readonly stayUntil?: Instant;
  readonly allowedErrors?: readonly ApplicationError[];
  readonly client?: Partial<ClientConfig>;
  readonly server?: Partial<ServerConfig>;
  readonly store?: Partial<StoreConfig>;
  readonly agent?: Partial<AgentConfig>;
  readonly balancer?: Partial<BalancerConfig>;
  readonly auth?: Partial<AuthConfig>;
  /** How much farther apart than others the ends of a link are; by default not at all. */
  readonly farther?: Farther;
  /** How much longer than usual a message between services may take; default not at all. */
  readonly serviceSpread?: Duration;
  /** Connections that each server can admit in a second: an integer from 1. Default: everybody at once. */
  readonly capacity?: number;
  /** What becomes of those who find no capacity; by default 511 of them wait, and the others hear 503. */
  readonly intake?: Partial<Omit<IntakeConfig, 'admitRate'>>;
  readonly harm?: SessionWorld['harm'];
  /** Said in the header of a replay, beside network and contents. */
  readonly note?: string;
}

export function buildWorld(topology: Topology): SessionWorld {
  const { network, contents } = topology;
  const policy = topology.policy ?? WORLD_POLICY;
  const servers = names('s', topology.servers);
  const clients = names('c', topology.clients).map((node, i) => clientConfig(node, i, policy, topology));
  const intake = intakeOf(topology);
  const serverConfigs = servers.map((node, i) => serverConfig(node, `agent${i + 1}`, intake, topology));
  const agents = servers.map((_, i) => agentConfig(`agent${i + 1}`, topology));
  const store = storeConfig(topology);
  const stories: Story[] = clients.map((client, i) => ({
    client: client.node,
    start: topology.start?.(i) ?? (ms(20 * i) as number as Instant),
    turns: topology.turns(i),
  }));
  const turns = longestStory(stories);
  const joined = balancedLinks(
    clients.map(({ node }) => node),
    'lb',
    servers,
    network,
  ).map((link) => apart(link, topology.farther));
  const streamsAtOnce = parallel(turns);
  const balancer = balancerOf(servers, topology, (clients[0] as ClientConfig).connectTimeout);
  const rush = rushOf({ clients, servers: serverConfigs, links: joined, balancer });
  return {
    clients,
    balancer,
    servers: serverConfigs,
    agents,
    store,
    auth: { node: 'auth', tokenTtl: minutes(60), secret: 0x5eed, leeway: DEFAULTS.leeway, ...topology.auth },
    links: joined,
    serviceDelay: SERVICE_DELAY,
    ...(topology.serviceSpread === undefined ? {} : { serviceSpread: topology.serviceSpread }),
    contents,
    stories,
    stayUntil: topology.stayUntil ?? (0 as Instant),
    conditions: [
      network.name,
      contents.map((content) => content.name).join(' + '),
      ...(topology.note === undefined ? [] : [topology.note]),
      ...warningOf(rush),
    ].join(', '),
    ...(topology.harm === undefined ? {} : { harm: topology.harm }),
    facts: {
      clients: clients.map((client) => ({
        node: client.node,
        policy,
        deadAfter: (serverConfigs[0] as ServerConfig).deadAfter,
        connectTimeout: client.connectTimeout,
        helloTimeout: client.helloTimeout,
        tokenTimeout: client.tokenTimeout,
        credit: client.credit,
        outboxBytes: client.outboxBytes,
        outboxCount: client.outboxCount,
      })),
      contents: contents.map((content) => content.chunks),
      documents: contents,
      allowedErrors: topology.allowedErrors ?? [],
      ...convergenceOf({
        clients,
        servers: serverConfigs,
        agents,
        links: joined,
        contents,
        stories,
        store,
        balancer,
      }),
      ...divergenceOf(rush),
      admits: admitsOf(serverConfigs),
      window: { count: store.windowCount, bytes: store.windowBytes, age: store.windowAge },
      server: serverFacts(serverConfigs[0] as ServerConfig),
      connBufferBytes: connBuffer(clients[0] as ClientConfig, streamsAtOnce, turns),
      // The service's own leeway, and as much again for the difference between its clock and everybody else's.
      tokenLeeway: us(2 * (topology.auth?.leeway ?? DEFAULTS.leeway)),
      herd: herdFacts({
        clients: clients.length,
        policy,
        drainSpread: (serverConfigs[0] as ServerConfig).drainSpread,
        capacity: servers.length * (intake?.admitRate ?? 0),
        roundTrip: rush.roundTrip,
      }),
      stall: stallFacts(serverConfigs[0] as ServerConfig),
    },
  };
}

/** What servers say of the rate at which they admit. */
export const admitsOf = (servers: readonly ServerConfig[]): Facts['admits'] =>
  servers.flatMap(({ node, intake }) => {
    if (intake === undefined) return [];
    const window = windowOf(intake);
    const admits = { node, rate: intake.admitRate, turnsAway: intake.refuseWith === 'close' };
    return [window === null ? admits : { ...admits, window }];
  });

const serverFacts = ({ helloTimeout, callTimeout, callAttempts }: ServerConfig): Facts['server'] => ({
  helloTimeout,
  callsWithin: us(callTimeout * callAttempts),
});

/**
 * A stream that falls silent is looked at by the next heartbeat, which may be the first to learn where it really ends; the
 * one after that may be the first to see it unmoved, and the first behind the deadline reports it. A second is for reads.
 */
const stallFacts = ({ stallAfter, heartbeatInterval }: ServerConfig): Facts['stall'] => ({
  after: stallAfter,
  within: us(stallAfter + 3 * heartbeatInterval + seconds(1)),
});

/**
 * What one direction of a connection may hold: the credit of every stream at once, for its DATA and for a snapshot of it,
 * plus a frame, the unsettled sends, and frames of control.
 */
export function connBuffer(client: ClientConfig, streams: number, turns: readonly Turn[]): number {
  const control = 64 * 1024 + 64 * turns.length;
  return streams * (2 * client.credit + LIMITS.frameBytes) + 2 * client.outboxBytes + control;
}

/** Streams that can be under way at once: those of a turn and of the parallel ones that follow it. A remark opens none. */
export function parallel(turns: readonly Turn[]): number {
  let most = 1;
  let run = 0;
  for (const turn of turns) {
    run = (turn.parallel ? run : 0) + (turn.ask < 0 ? 0 : 1);
    most = Math.max(most, run);
  }
  return most;
}

/** Bounds of the standard world that others are derived from. */
export const DEFAULTS = {
  heartbeatInterval: seconds(4),
  deadAfter: seconds(10),
  sessionTtl: minutes(5),
  connectTimeout: seconds(10),
  helloTimeout: seconds(10),
  leeway: seconds(5),
};

function clientConfig(node: string, index: number, policy: Policy, topology: Topology): ClientConfig {
  return {
    node,
    connBase: (index + 1) * CONNS_PER_NODE,
    balancer: 'lb',
    auth: 'auth',
    protoMin: 1,
    protoMax: 1,
    policy,
    credit: 256 * 1024,
    ackEvery: 16,
    ackDelay: ms(200),
    connectTimeout: DEFAULTS.connectTimeout,
    helloTimeout: DEFAULTS.helloTimeout,
    tokenTimeout: seconds(5),
    refreshBefore: minutes(2),
    outboxBytes: 256 * 1024,
    outboxCount: 256,
    ...topology.client,
  };
}

function serverConfig(node: string, agent: string, intake: IntakeConfig | undefined, topology: Topology): ServerConfig {
  return {
    node,
    store: 'store',
    auth: 'auth',
    agent,
    protoMin: 1,
    protoMax: 1,
    sessionTtl: DEFAULTS.sessionTtl,
    heartbeatInterval: DEFAULTS.heartbeatInterval,
    deadAfter: DEFAULTS.deadAfter,
    stallAfter: seconds(15),
    helloTimeout: seconds(10),
    callTimeout: ms(500),
    callAttempts: 8,
    readBytes: 128 * 1024,
    drainSpread: ms(500),
    connectionsMax: 0,
    retryAfter: seconds(1),
    ...(intake === undefined ? {} : { intake }),
    ...topology.server,
  };
}

function agentConfig(node: string, topology: Topology): AgentConfig {
  return {
    node,
    store: 'store',
    contents: topology.contents.map((content) => content.chunks),
    firstChunk: ms(150),
    chunkInterval: ms(20),
    appendsMax: 32,
    appendTimeout: ms(500),
    work: null,
    ...topology.agent,
  };
}

function storeConfig(topology: Topology): StoreConfig {
  return {
    node: 'store',
    fsyncDelay: ms(2),
    sessionTtl: DEFAULTS.sessionTtl,
    windowCount: 10_000,
    windowBytes: 64 * 1024 * 1024,
    windowAge: minutes(10),
    regenerate: false,
    contents: topology.contents.length,
    ...topology.store,
  };
}

function names(prefix: string, count: number): string[] {
  const all: string[] = [];
  for (let i = 1; i <= count; i++) all.push(`${prefix}${i}`);
  return all;
}
