/**
 * How soon everything must have converged once the faults are over: derived from the policy and the conditions.
 *
 * The bound is a sum of what can still lie ahead of the unluckiest client: noticing a dead connection, the backoff wait
 * under way, further dials (each up to its time-outs, with a wait in between), the answers still to be generated, and
 * their way through the narrowest path. Packet loss makes dials fail and connections stall with some probability; as many
 * of them are allowed for as bring the chance of more below one in a billion runs. What quiet parts of a measured link add
 * is derived in quiet.ts.
 */
import { longestBackoff } from '../../../src/backoff/longest.ts';
import { SPAN_MAX } from '../../../src/backoff/policy.ts';
import type { Content } from '../../../src/content.ts';
import type { LinkConfig, PathConfig } from '../../../src/link/config.ts';
import type { AgentConfig } from '../../../src/session/agent/config.ts';
import type { ClientConfig } from '../../../src/session/client/config.ts';
import type { Facts } from '../../../src/session/facts.ts';
import type { ServerConfig } from '../../../src/session/server/config.ts';
import type { StoreConfig } from '../../../src/session/store/config.ts';
import { type Duration, us, ZERO } from '../../../src/time.ts';
import { LAN } from '../../core/balanced.ts';
import { BUDGETS } from '../../core/budgets.ts';
import { longestPass, longestWait } from '../../networks/stretches.ts';
import type { SessionWorld, Turn } from '../world.ts';
import { admittedWithin, rushOf } from './admission.ts';
import { heldUpBy, type TimeOuts } from './quiet.ts';
import { roundsUntilRare } from './rare.ts';

interface Conditions {
  readonly client: ClientConfig;
  readonly server: ServerConfig;
  readonly agent: AgentConfig;
  readonly store: StoreConfig;
  readonly up: PathConfig;
  readonly down: PathConfig;
  readonly contents: readonly Content[];
  /** Turns of the longest story. */
  readonly turns: readonly Turn[];
  /** Clients that share a server's recovery: each waits for its turn only through its own policy. */
  readonly redirects: number;
  /** Until everybody was admitted, where servers admit at a rate. */
  readonly admission: Duration;
  /** Until a balancer that had given a backend up knows that it is back. */
  readonly known: number;
}

/** The bounds of a world: by its first client, server, agent and access link, and by its longest story. */
export function convergenceOf(
  world: Pick<SessionWorld, 'clients' | 'servers' | 'agents' | 'links' | 'contents' | 'stories' | 'store' | 'balancer'>,
): Pick<Facts, 'convergeWithin' | 'absence' | 'diverges' | 'fresh'> {
  const { up, down } = farthest(world.links);
  const conditions: Conditions = {
    client: world.clients[0] as ClientConfig,
    server: world.servers[0] as ServerConfig,
    agent: world.agents[0] as AgentConfig,
    store: world.store,
    up,
    down,
    contents: world.contents,
    turns: longestStory(world.stories),
    redirects: world.servers.length,
    admission: admittedWithin(rushOf(world)) ?? ZERO,
    known: world.balancer.probeInterval * world.balancer.healthyAfter + world.balancer.probeTimeout,
  };
  // Connections that luck may need; all answers, and their way to the client; and how long one reconnection takes.
  const loss = worstLoss(conditions);
  const lives = roundsUntilRare(stallChance(loss, conditions));
  const work = (generation(conditions) + transfer(conditions, loss)) * (conditions.store.regenerate ? lives : 1);
  const held = heldUp(conditions, work);
  const back = reconnect(conditions, loss);
  return {
    convergeWithin: bounded(lives * back + work + held),
    absence: { sessionTtl: world.store.sessionTtl, backWithin: bounded(back + heldUp(conditions, 0)) },
    ...(up.trace === null && down.trace === null ? { fresh: freshness(conditions, loss) } : {}),
    ...(Number.isFinite(held)
      ? {}
      : { diverges: 'no stretch of the link is long enough for the time-outs of this client' }),
  };
}

/**
 * The longest way from a client to a server, as one path: where distances differ, that of the client which is farthest away, with
 * what the farthest server adds.
 */
function farthest(links: readonly LinkConfig[]): Pick<LinkConfig, 'up' | 'down'> {
  const [first] = links as [LinkConfig];
  if (links.every(({ up, down }) => (up === first.up && down === first.down) || (up === LAN && down === LAN)))
    return first;
  const way = ({ up, down }: LinkConfig): number => up.delay + down.delay;
  const proxy = first.ends[1];
  const longest = (of: readonly LinkConfig[]): LinkConfig =>
    of.reduce((most, each) => (way(each) > way(most) ? each : most));
  const access = longest(links.filter(({ ends }) => ends[1] === proxy));
  const inner = longest(links.filter(({ ends }) => ends[0] === proxy));
  const plus = (path: PathConfig, more: PathConfig): PathConfig => ({ ...path, delay: us(path.delay + more.delay) });
  return { up: plus(access.up, inner.up), down: plus(access.down, inner.down) };
}

/** The turns of the client that has most of them. */
export const longestStory = (stories: SessionWorld['stories']): readonly Turn[] =>
  stories.reduce<readonly Turn[]>((most, { turns }) => (turns.length > most.length ? turns : most), []);

/**
 * Where there is no bound, nothing is judged by it (`diverges`). A policy without a cap may wait for weeks, and several
 * times as long must still be an exact number.
 */
const bounded = (duration: number): Duration =>
  Number.isFinite(duration) ? us(Math.min(Math.ceil(duration), SPAN_MAX / 8)) : (BUDGETS.time as number as Duration);

/** Noticing the loss, and as many dials as luck may need, with a wait behind each. */
function reconnect(conditions: Conditions, loss: number): number {
  const { server, redirects, admission, known } = conditions;
  const dials = roundsUntilRare(dialChance(loss));
  const notice = server.deadAfter + server.heartbeatInterval;
  // Each connection that fails is admitted anew, and in the worst case everybody's does.
  return notice + known + dials * (spacing(conditions) + admission) + redirects * wait(conditions);
}

/**
 * How soon what is durable is with its application while its connection lives: the way of everything through the narrowest
 * part of the path, and the last ACK that credit may wait for. Loss stalls either direction, for as long as an end may hear
 * nothing before it gives the connection up.
 */
function freshness(conditions: Conditions, loss: number): NonNullable<Facts['fresh']> {
  const { client, server, up, down } = conditions;
  const { deadAfter, heartbeatInterval, callTimeout } = server;
  const stalls = loss > 0 ? 2 * (deadAfter + heartbeatInterval) : 0;
  const trips = 4 * (up.delay + up.jitter + down.delay + down.jitter);
  const within = bounded(transfer(conditions, loss) + stalls + trips + client.ackDelay + callTimeout);
  return { within, settle: us(heartbeatInterval + 2 * callTimeout) };
}

const wait = ({ client, server }: Conditions): number =>
  longestBackoff(client.policy) + server.retryAfter + client.policy.retryAfterSpread;

/** From one attempt to the next, at the most. */
const spacing = (conditions: Conditions): number => {
  const { connectTimeout, helloTimeout, tokenTimeout } = conditions.client;
  return connectTimeout + helloTimeout + tokenTimeout + wait(conditions);
};

/** What quiet parts of the link add to so much work. */
const heldUp = (conditions: Conditions, work: number): number =>
  heldUpBy(conditions, timeOutsOf(conditions), { work, spacing: spacing(conditions) });

const timeOutsOf = ({ client, server }: Conditions): TimeOuts => ({
  connectTimeout: client.connectTimeout,
  helloTimeout: client.helloTimeout,
  deadAfter: server.deadAfter,
  heartbeatInterval: server.heartbeatInterval,
});

/** Loss per packet in the worst state of either direction. */
function worstLoss({ up, down }: Conditions): number {
  const of = (path: PathConfig): number => {
    const steady = path.loss.num / path.loss.of;
    const burst = path.bursts === null ? 0 : path.bursts.loss.num / path.bursts.loss.of;
    return Math.max(steady, Math.min(burst, 0.5));
  };
  return Math.max(of(up), of(down));
}

/** A retransmission ladder of 0.2, 0.4, … s gets five tries into the ten seconds of a time-out or of a dead-peer bound. */
const TRIES = 5;

/** The chance that a dial fails although both ends are well: one of its exchanges loses every try. */
function dialChance(loss: number): number {
  return Math.min(0.9, 4 * power(1 - (1 - loss) * (1 - loss), TRIES));
}

/** The chance that a connection stalls so long during the rest of the story that its client gives it up. */
function stallChance(loss: number, { contents, turns }: Conditions): number {
  let messages = 10;
  for (const turn of turns)
    messages += turn.ask < 0 ? 4 : (contents[turn.ask % contents.length]?.chunks.length ?? 0) + 4;
  const one = power(1 - (1 - loss) * (1 - loss), TRIES + 1);
  return Math.min(0.95, 1 - power(1 - one, messages));
}

/** All answers of the story one after the other, each gap at its longest. */
function generation({ agent, contents, turns }: Conditions): number {
  let total = 0;
  for (const turn of turns) {
    const chunks = turn.ask < 0 ? 0 : longest(contents);
    total += turn.wait + 2 * agent.firstChunk + chunks * 2 * agent.chunkInterval + agent.appendTimeout;
  }
  return total;
}

const longest = (contents: readonly Content[]): number =>
  contents.reduce((most, content) => Math.max(most, content.chunks.length), 0);

/** Every byte of the story through the narrower of bottleneck, credit per round trip, and what loss lets TCP sustain. */
function transfer(conditions: Conditions, loss: number): number {
  const { client, server, down, up, contents, turns } = conditions;
  const rtt =
    up.delay +
    down.delay +
    up.jitter +
    down.jitter +
    (up.tail?.delay ?? 0) +
    (down.tail?.delay ?? 0) +
    1000 +
    Math.min(server.deadAfter, longestWait(down) + longestWait(up));
  const asked = turns.filter((turn) => turn.ask >= 0).length;
  const bytes = asked * contents.reduce((most, content) => Math.max(most, content.bytes.length), 0) * 1.1;
  const sent = turns.reduce((total, turn) => total + turn.bytes, 0) * 1.1;
  let rate = (client.credit / 2 / rtt) * 1e6;
  if (down.rate > 0) rate = Math.min(rate, down.rate / 2);
  // The sustained rate of a loss-based sender: a segment per round trip and root of the loss (Mathis), with a margin of 4.
  const lossy = loss > 0 ? ((1448 / rtt) * 1e6) / Math.sqrt(loss) / 4 : Number.POSITIVE_INFINITY;
  const upRate = Math.min(lossy, up.rate > 0 ? up.rate / 2 : Number.POSITIVE_INFINITY);
  const through = (bytes / Math.min(rate, lossy)) * 1e6 + (sent / upRate) * 1e6;
  return through + 2 * longestPass(down, bytes) + 2 * longestPass(up, sent);
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result *= base;
  return result;
}
