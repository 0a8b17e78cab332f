/**
 * Worlds that are drawn whole: who there is, how long everything lives, how much fits, how fast anything goes, and what people do.
 * Each number alone is one that somebody runs in production, or the smallest with which the protocol still can keep its promises;
 * what all of them come to together (how soon everything has converged, how dense a herd is) is derived from what was drawn.
 */
import { POLICY_DEFAULTS, type Policy } from '../../../../src/backoff/policy.ts';
import { PRESETS } from '../../../../src/backoff/presets.ts';
import { type Content, chunkBytes } from '../../../../src/content.ts';
import type { AgentConfig } from '../../../../src/session/agent/config.ts';
import type { ClientConfig } from '../../../../src/session/client/config.ts';
import type { ServerConfig } from '../../../../src/session/server/config.ts';
import type { StoreConfig } from '../../../../src/session/store/config.ts';
import {
  type Duration,
  formatDuration,
  type Instant,
  minutes,
  ms,
  plus,
  seconds,
  times,
  us,
  ZERO,
} from '../../../../src/time.ts';
import type { Setting } from '../../../core/scenario.ts';
import type { Network } from '../../../networks/network.ts';
import type { SessionWorld } from '../../world.ts';
import { contentsOf, drawNetwork } from '../conditions.ts';
import { WORLD_POLICY } from '../policy.ts';
import { flawOfNetwork } from '../quiet.ts';
import { buildWorld, DEFAULTS, type Topology } from '../topology.ts';
import { distancesOf } from './distances.ts';
import { Luck } from './luck.ts';
import { startOf, storyOf } from './stories.ts';

/** How large worlds are, both included. */
export interface Sizes {
  readonly clients: readonly [number, number];
  readonly servers: readonly [number, number];
  /** Turns of one client. */
  readonly turns: readonly [number, number];
  /** Whether servers limit how fast they take connections, in every run or in those that have the feature. */
  readonly limited: boolean;
}

export function drawnWorld(setting: Setting, sizes: Sizes): SessionWorld {
  const luck = new Luck(setting.dice);
  const { network, trip, ...distances } = distancesOf(luck, drawNetwork(setting));
  const contents = contentsOf(
    setting,
    luck.pick('contents', [
      ['brief', 'brief-b'],
      ['remark', 'remark-b'],
    ]),
  );
  const clients = luck.between('clients', ...sizes.clients);
  const servers = luck.between('servers', ...sizes.servers);
  const clocks = clocksOf(luck, network, trip);
  const sessionTtl = luck.of('session-ttl', DEFAULTS.sessionTtl, TTLS);
  const { auth, refreshBefore } = tokensOf(luck, network);
  const stories = Array.from({ length: clients }, () => storyOf(luck, luck.between('turns', ...sizes.turns)));
  const topology: Topology = {
    clients,
    servers,
    network,
    contents,
    turns: (client) => stories[client] ?? [],
    start: startOf(luck),
    policy: setting.policy ?? policyOf(luck),
    stayUntil: luck.of('stay', 0, [seconds(5), seconds(20), plus(sessionTtl, seconds(15))].map(Number)) as Instant,
    client: { ...clientOf(luck, contents), refreshBefore },
    server: { ...serverOf(luck), ...clocks, sessionTtl },
    store: { ...storeOf(luck), sessionTtl },
    agent: agentOf(luck),
    balancer: {
      sticky: luck.isOdd('sticky'),
      idleTimeout: luck.of('idle', minutes(2), [times(clocks.deadAfter, 3)]),
      probeInterval: luck.of('probes', seconds(1), [ms(250), seconds(5)]),
    },
    auth,
    ...admissionOf(luck, sizes),
    ...distances,
  };
  const world = buildWorld({ ...topology, note: noteOf(topology, sessionTtl, clocks.heartbeatInterval) });
  // Who is first at one instant is luck, too.
  return luck.dice.chance('world/ties', 1, 2) ? { ...world, ties: 'shuffled' } : world;
}

/** What is odd about this world, as far as it decides what can happen. */
function noteOf({ clients, servers, store, balancer }: Topology, sessionTtl: Duration, heartbeat: Duration): string {
  const answers = store?.regenerate === true ? 'answers begin anew' : 'answers continue';
  const sticky = balancer?.sticky === true ? ', sticky' : '';
  return `${clients} to ${servers}${sticky}, sessions of ${formatDuration(sessionTtl)}, heartbeats of ${formatDuration(heartbeat)}, ${answers}`;
}

/** From sessions that hardly outlive a reconnection to those of hours. */
const TTLS = [seconds(3), seconds(8), seconds(20), seconds(60)];

/** A connection that loses packets is silent for as long as they are repeated, which takes seconds. */
const isLossy = ({ up, down }: Network): boolean =>
  [up, down].some(({ loss, bursts }) => loss.num > 0 || bursts !== null);

/** When a quiet connection is asked, and when it counts as dead: never before an answer could have come. */
function clocksOf(luck: Luck, network: Network, trip: Duration): Pick<ServerConfig, 'heartbeatInterval' | 'deadAfter'> {
  const { heartbeatInterval, deadAfter } = DEFAULTS;
  const usual = { heartbeatInterval, deadAfter };
  if (!luck.isOdd('heartbeat')) return usual;
  const beat = isLossy(network)
    ? luck.pick('heartbeat', [seconds(2), seconds(6), seconds(15)])
    : luck.pick('heartbeat', [ms(400), seconds(1), seconds(2), seconds(15)]);
  const quiet = isLossy(network) ? seconds(8) : us(4 * trip + 600_000);
  const drawn = { heartbeatInterval: beat, deadAfter: plus(times(beat, luck.pick('dead', [1, 2])), quiet) };
  return flawOfNetwork(network, { ...DEFAULTS, ...drawn }) === null && drawn.deadAfter > drawn.heartbeatInterval + trip
    ? drawn
    : usual;
}

/** A token outlives the way to a connection several times over. */
function tokensOf(
  luck: Luck,
  network: Network,
): { readonly auth: NonNullable<Topology['auth']>; readonly refreshBefore: Duration } {
  if (!luck.isOdd('token-ttl')) return { auth: {}, refreshBefore: minutes(2) };
  const tokenTtl = luck.pick(
    'token-ttl',
    isLossy(network) ? [seconds(20), seconds(60)] : [seconds(6), seconds(12), seconds(60)],
  );
  const refreshBefore = times(tokenTtl, luck.pick('token-ttl', [0.2, 0.4, 0.6]));
  return { auth: { tokenTtl, leeway: luck.pick('leeway', [seconds(1), seconds(5)]) }, refreshBefore };
}

/** Ours, those of libraries, and curves that somebody might write; all of them go on for ever. */
function policyOf(luck: Luck): Policy {
  if (!luck.isOdd('policy')) return WORLD_POLICY;
  if (luck.isOdd('preset'))
    return PRESETS[luck.pick('policy', ['full-jitter', 'equal-jitter', 'decorrelated-jitter', 'table'] as const)]
      .policy;
  const base = luck.pick('policy', [ms(20), ms(250), seconds(1), seconds(3)]);
  const proportional = { kind: 'proportional', below: { num: 1, of: 2 }, above: { num: 1, of: 2 } } as const;
  return {
    ...POLICY_DEFAULTS,
    delay: {
      kind: 'exponential',
      base,
      factor: luck.pick('policy', [
        { num: 3, of: 2 },
        { num: 2, of: 1 },
        { num: 3, of: 1 },
      ]),
      compounds: false,
    },
    jitter: luck.pick('policy', [{ kind: 'equal' }, { kind: 'full', floor: ms(20) }, proportional] as const),
    cap: us(Math.max(base, luck.pick('policy', [seconds(1), seconds(5), seconds(20)]))),
    atOnce: luck.isOdd('at-once'),
    stableAfter: luck.pick('policy', [POLICY_DEFAULTS.stableAfter, ZERO, seconds(2)]),
  };
}

/** What is under way to a client, and when it says what it has. */
function clientOf(luck: Luck, contents: readonly Content[]): Partial<ClientConfig> {
  const largest = Math.max(...contents.flatMap(({ chunks }) => chunks.map(chunkBytes)));
  // With less than two of them the server keeps one back that does not fit, for as long as half of the credit is not used.
  const credit = luck.of('credit', 256 * 1024, [2 * largest, 4 * largest, 16 * largest]);
  return {
    credit,
    ...(luck.isOdd('pacing') ? { pacing: { stretch: ms(500), least: Math.min(credit, 2 * largest) } } : {}),
    ackEvery: luck.of('ack-every', 16, [1, 2, 5, 100]),
    ackDelay: luck.of('ack-delay', ms(200), [ms(10), seconds(1)]),
    connectTimeout: luck.of('connect', DEFAULTS.connectTimeout, [seconds(6), seconds(20)]),
    helloTimeout: luck.of('hello', DEFAULTS.helloTimeout, [seconds(6), seconds(20)]),
  };
}

/** How patient a server is with those behind it, and how much it asks of them at once. */
function serverOf(luck: Luck): Partial<ServerConfig> {
  return {
    callTimeout: luck.of('call', ms(500), [ms(100), seconds(1)]),
    callAttempts: luck.of('attempts', 8, [3, 20]),
    readBytes: luck.of('read', 128 * 1024, [2048, 8192]),
    drainSpread: luck.of('spread', ms(500), [ms(1), seconds(3)]),
    retryAfter: luck.of('retry-after', seconds(1), [ms(100), seconds(3)]),
  };
}

/** What is kept for whoever was away, and how soon it is safe. */
function storeOf(luck: Luck): Partial<StoreConfig> {
  return {
    regenerate: luck.isOdd('regenerate'),
    fsyncDelay: luck.of('fsync', ms(2), [us(100), ms(10), ms(40)]),
    ...(luck.isOdd('window')
      ? luck.pick('window', [
          { windowCount: 1 },
          { windowCount: 4 },
          { windowCount: 12 },
          { windowBytes: 2_000 },
          { windowAge: seconds(1) },
          { windowAge: seconds(5) },
        ])
      : {}),
  };
}

/** How fast an answer is thought of. */
function agentOf(luck: Luck): Partial<AgentConfig> {
  return {
    firstChunk: luck.of('first', ms(150), [ms(1), seconds(1)]),
    chunkInterval: luck.of('chunks', ms(120), [ms(1), ms(20), ms(60), ms(300)]),
    appendsMax: luck.of('appends', 32, [1, 3]),
    appendTimeout: luck.of('append', ms(500), [ms(150), seconds(2)]),
    work: luck.isOdd('work') ? { toolEvery: 3, toolTime: ms(80), memoryEvery: 2, memoryKeys: 3 } : null,
  };
}

/** How many connections a server takes in a second, how many wait for that, and what the others hear. */
function admissionOf(luck: Luck, { limited }: Sizes): Pick<Topology, 'capacity' | 'intake'> {
  if (!limited && !(luck.isOdd('capacity') && luck.isOdd('capacity'))) return {};
  return {
    capacity: luck.pick('capacity', [3, 10, 40]),
    intake: {
      acceptQueue: luck.pick('queue', [511, 4, 1]),
      refuseWith: luck.pick('refuse', ['http', 'close'] as const),
    },
  };
}
