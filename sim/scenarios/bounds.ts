/**
 * How soon everything must have converged once the faults are over: derived from the policy and the conditions.
 *
 * The bound is a sum of what can still lie ahead of the unluckiest client: noticing a dead connection, the backoff wait
 * under way, further dials (each up to its time-outs, with a wait in between), the answers still to be generated, and
 * their way through the narrowest path. Packet loss makes dials fail and connections stall with some probability; as many
 * of them are allowed for as bring the chance of more below one in a billion runs.
 */

import type { AgentConfig } from '../../src/agent/config.ts';
import { SPAN_MAX } from '../../src/backoff/policy.ts';
import type { ClientConfig } from '../../src/client/config.ts';
import type { Content } from '../../src/content.ts';
import type { LinkConfig, PathConfig } from '../../src/link/config.ts';
import type { ServerConfig } from '../../src/server/config.ts';
import { type Duration, us, ZERO } from '../../src/time.ts';
import type { Turn, World } from '../scenario.ts';
import { admittedWithin, rushOf } from './admission.ts';

/** A chance that no sweep meets. */
const NEVER_SEEN = 1e-9;

interface Conditions {
  readonly client: ClientConfig;
  readonly server: ServerConfig;
  readonly agent: AgentConfig;
  readonly up: PathConfig;
  readonly down: PathConfig;
  readonly contents: readonly Content[];
  /** Turns of the longest story. */
  readonly turns: readonly Turn[];
  /** Whether a takeover starts answers anew. */
  readonly regenerate: boolean;
  /** Clients that share a server's recovery: each waits for its turn only through its own policy. */
  readonly redirects: number;
  /** Until everybody was admitted, where servers admit at a rate. */
  readonly admission: Duration;
}

/** The bound of a world: by its first client, server, agent and access link, and by its longest story. */
export function convergenceOf(
  world: Pick<World, 'clients' | 'servers' | 'agents' | 'links' | 'contents' | 'stories' | 'store' | 'balancer'>,
): Duration {
  const { up, down } = world.links[0] as LinkConfig;
  return convergeWithin({
    client: world.clients[0] as ClientConfig,
    server: world.servers[0] as ServerConfig,
    agent: world.agents[0] as AgentConfig,
    up,
    down,
    contents: world.contents,
    turns: longestStory(world.stories),
    regenerate: world.store.regenerate,
    redirects: world.servers.length,
    admission: admittedWithin(rushOf(world)) ?? ZERO,
  });
}

/** The turns of the client that has most of them. */
export const longestStory = (stories: World['stories']): readonly Turn[] =>
  stories.reduce<readonly Turn[]>((most, { turns }) => (turns.length > most.length ? turns : most), []);

/** The bound in virtual time, counted from the end of the last fault. */
function convergeWithin(conditions: Conditions): Duration {
  const { client, server } = conditions;
  const loss = worstLoss(conditions);
  const life = roundsUntilRare(stallChance(loss, conditions));
  const dials = roundsUntilRare(dialChance(loss));
  const notice = server.deadAfter + server.heartbeatInterval;
  const attempt = client.connectTimeout + client.helloTimeout + client.tokenTimeout;
  const wait = client.policy.cap + server.retryAfter + client.policy.retryAfterSpread;
  const reconnect = notice + dials * (attempt + wait) + conditions.redirects * wait;
  const answers = generation(conditions) * (conditions.regenerate ? life : 1);
  // Each connection that fails is admitted anew, and in the worst case everybody's does.
  const admission = life * dials * conditions.admission;
  const whole =
    admission + life * reconnect + answers + transfer(conditions, loss) * (conditions.regenerate ? life : 1);
  // A policy without a cap may wait for weeks, and several times as long must still be an exact number.
  return us(Math.min(Math.ceil(whole), SPAN_MAX / 8));
}

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

function roundsUntilRare(chance: number): number {
  let rounds = 1;
  for (let left = chance; left > NEVER_SEEN && rounds < 1000; left *= chance) rounds++;
  return rounds;
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
function transfer({ client, down, up, contents, turns }: Conditions, loss: number): number {
  const rtt = up.delay + down.delay + up.jitter + down.jitter + 1000;
  const asked = turns.filter((turn) => turn.ask >= 0).length;
  const bytes = asked * contents.reduce((most, content) => Math.max(most, content.bytes.length), 0) * 1.1;
  let rate = (client.credit / 2 / rtt) * 1e6;
  if (down.rate > 0) rate = Math.min(rate, down.rate / 2);
  // The sustained rate of a loss-based sender: a segment per round trip and root of the loss (Mathis), with a margin of 4.
  if (loss > 0) rate = Math.min(rate, ((1448 / rtt) * 1e6) / Math.sqrt(loss) / 4);
  return (bytes / rate) * 1e6 + longestSilence(down) + longestSilence(up);
}

/** The longest outage inside a measured trace. */
function longestSilence({ trace }: PathConfig): number {
  if (trace === null) return 0;
  let gap = 0;
  let before = 0;
  for (let i = 0; i < trace.length; i++) {
    gap = Math.max(gap, (trace[i] as number) - before);
    before = trace[i] as number;
  }
  return gap * 1000;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result *= base;
  return result;
}
