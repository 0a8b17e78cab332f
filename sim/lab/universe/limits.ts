/** What the universe cannot do of a storm, in one line; null where it can do all of it. */
import type { Storm } from '../storm/storm.ts';

/** Names of connections are numbers below 2^53, and a node has so many of them; more clients are for the lean kernel. */
const CLIENTS_MOST = 100_000;

export function flawOf(storm: Storm, hasNetwork: boolean): string | null {
  const { clients, outages, roundTrip, refusalCost, capacity, queue, dialTimeout } = storm;
  if (clients > CLIENTS_MOST)
    return `the universe takes storms of at most ${CLIENTS_MOST} clients, got ${clients}: the lean kernel takes more`;
  if (hasNetwork && roundTrip.most > 0)
    return 'the universe takes either a network or a storm with a round trip of its own, got both';
  const cost = (refusalCost.num * 1_000_000) / (refusalCost.of * capacity);
  if (cost !== Math.trunc(cost))
    return `the universe counts the cost of a refusal in whole microseconds of its server, got ${cost}`;
  if (outages.some(({ dials, remains }) => dials === 'silent' && remains.num > 0))
    return 'the universe has no servers that answer some dials of an outage and leave others without an answer';
  if (queue !== null && queue.length * 1_000_000 > capacity * least(outages) * dialTimeout)
    return 'the universe has no queue that is longer than dials wait: its server spends nothing on whoever has given up there';
  return null;
}

/** The least share of its capacity at which a server goes on. */
const least = (outages: Storm['outages']): number =>
  outages.reduce((share, { remains: { num, of } }) => (num === 0 ? share : Math.min(share, num / of)), 1);
