/**
 * How long it takes until everybody was admitted, when servers take so many connections a second: derived from the number
 * of clients, what the servers can do, and the clients' policy.
 *
 * The bound is about work, not luck. Let W be the longest that a client which is not in can leave its servers alone: an
 * attempt up to its time-outs, and the wait behind it with what a refusal asks for. Whoever dials gets in, or is told in
 * some way that a server was at work: it is refused because the queue is full, or gives up while it waits there. Those at
 * the head of the queue get in before they give up, as far as the dialler's patience reaches: so many are admitted for
 * each refusal at the least, and one where nobody can wait. A balancer asks every server before it passes a 503 on, so
 * then the queues of all of them are full; 1013 is the word of one server. In each W everybody dials who is still out, so
 * each W brings everybody in or as many as that, and the last queue is worked off behind them.
 *
 * Refusals that cost time leave less of it for admissions. Clients that dial once in m keep a server at refusals for
 * `clients * cost / m` of the time, and where that is all of it nobody gets in any more: that world does not converge,
 * and no bound says that it does.
 */
import { envelope } from '../../../src/backoff/envelope.ts';
import { longestBackoff } from '../../../src/backoff/longest.ts';
import type { LinkConfig } from '../../../src/link/config.ts';
import type { ClientConfig } from '../../../src/session/client/config.ts';
import type { Facts } from '../../../src/session/facts.ts';
import type { ServerConfig } from '../../../src/session/server/config.ts';
import type { IntakeConfig } from '../../../src/session/server/intake-config.ts';
import { type Duration, formatDuration, seconds, times, us } from '../../../src/time.ts';
import type { SessionWorld } from '../world.ts';

export interface Rush {
  readonly clients: number;
  readonly servers: number;
  readonly client: ClientConfig;
  readonly server: ServerConfig;
  /** How long whoever dials a server waits for its answer. */
  readonly patience: Duration;
  /** From a dial to the answer that refuses it. */
  readonly roundTrip: Duration;
}

/** The rush of a world in which everybody comes back at once: by its first client, server and access link. */
export function rushOf(world: Pick<SessionWorld, 'clients' | 'servers' | 'links' | 'balancer'>): Rush {
  const { up, down } = world.links[0] as LinkConfig;
  const client = world.clients[0] as ClientConfig;
  return {
    clients: world.clients.length,
    servers: world.servers.length,
    client,
    server: world.servers[0] as ServerConfig,
    patience: us(Math.min(client.connectTimeout, world.balancer.connectTimeout)),
    roundTrip: us(up.delay + down.delay),
  };
}

/** What laws must know of a rush that may never end. */
export function divergenceOf(rush: Rush): Pick<Facts, 'diverges'> {
  if (admittedWithin(rush) !== null) return {};
  const diverges = `${rush.clients} clients dial so often that ${formatDuration(rush.server.intake?.refusalCost ?? 0)} for each refusal is all of a server's time`;
  return { diverges };
}

/** The same for people, to stand among the conditions of the run. */
export const warningOf = (rush: Rush): readonly string[] => {
  const { diverges } = divergenceOf(rush);
  return diverges === undefined ? [] : [`does not converge: ${diverges}`];
};

/** A retry of a policy that has stopped growing. */
const GROWN = 64;
const SECOND = 1_000_000;

/** The bound, 0 where servers take everybody; null where it may be that nobody gets in. */
export function admittedWithin(rush: Rush): Duration | null {
  const { client, server, clients, servers, patience } = rush;
  const { intake } = server;
  if (intake === undefined) return us(0);
  const busy = refusing(rush, intake);
  if (busy >= 1) return null;
  const rate = intake.admitRate * (1 - busy);
  const reached = Math.min(intake.acceptQueue, Math.floor((rate * patience) / SECOND));
  const progress = Math.max(1, reached * (intake.refuseWith === 'http' ? servers : 1));
  const rounds = Math.ceil(clients / progress);
  const attempt = client.connectTimeout + client.helloTimeout + client.tokenTimeout;
  return us(rounds * (attempt + waitMost(client, server, clients)) + ((intake.acceptQueue + 1) * SECOND) / rate);
}

/** The share of a server's time that refusals take when everybody dials as often as the policy lets them in the long run. */
function refusing({ clients, client, server, roundTrip }: Rush, { refusalCost }: IntakeConfig): number {
  if (refusalCost === 0) return 0;
  const { least, most } = envelope(client.policy, GROWN, client.policy.cap, askedFor(server, clients));
  return (clients * refusalCost) / Math.max(1, roundTrip + (least + most) / 2);
}

/** The longest wait between two dials. */
function waitMost({ policy }: ClientConfig, server: ServerConfig, clients: number): number {
  return longestBackoff(policy) + askedFor(server, clients) + policy.retryAfterSpread;
}

/** What a refusal asks for at the most, when so many may come at once: the last slot is one behind all others. */
function askedFor({ retryAfter, intake }: ServerConfig, clients: number): Duration {
  const asks = intake?.retryAfter;
  if (asks?.kind === 'fixed') return wholeSeconds(asks.after);
  if (asks?.kind === 'uniform') return wholeSeconds(asks.most);
  if (asks?.kind === 'slot') return wholeSeconds(us((clients * SECOND) / (intake?.admitRate ?? 1) + 2 * SECOND));
  return wholeSeconds(retryAfter);
}

/** As HTTP has it. */
const wholeSeconds = (duration: Duration): Duration => times(seconds(1), Math.ceil(duration / SECOND));
