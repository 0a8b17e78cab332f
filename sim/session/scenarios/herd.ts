/**
 * How many clients may arrive at a recovering server within a moment: derived from the policy and the number of clients.
 *
 * The worst case is that all clients lose their connections at one instant and every dial fails at once. A client's
 * retry n falls uniformly into a range whose width the policy states, so it adds at most 1/width to the density of
 * arrivals, wherever it begins; and retries that no longer grow come once in half of their width on average. The sum over
 * all clients is the mean. What luck adds to it is bounded as for independent arrivals (Bernstein): the margin below is
 * exceeded less than once in ten million windows. A policy without jitter has width 0: then all clients may come within
 * one window, and the bound says so.
 *
 * Servers that admit at a rate refuse some of them, and a refusal is one more dial that failed. What it asks for moves the
 * range of the next retry up, at its own width or a wider one: the densities above hold for it too.
 */
import { envelope } from '../../../src/backoff/envelope.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import type { HerdFacts } from '../../../src/facts.ts';
import { type Duration, ms, ZERO } from '../../../src/time.ts';

export interface Herd {
  readonly clients: number;
  readonly policy: Policy;
  /** Clients that are asked to move wait a random time in it. */
  readonly drainSpread: Duration;
  /** Connections that all servers can admit in a second; 0 for no limit. */
  readonly capacity: number;
  /** From a dial to the answer that refuses it: a client arrives no oftener than this and its shortest wait allow. */
  readonly roundTrip: Duration;
}

/** Short enough to see a herd, long enough that a few clients do not look like one. */
const WINDOW = ms(20);
/** Retries that are looked at before the rest count as all alike. */
const GROWING = 64;

export function herdFacts(herd: Herd): HerdFacts {
  const { often, shortest } = paceOf(herd);
  const mean = herd.clients * Math.min(often, oftenest(shortest, herd));
  const most = Math.ceil(mean + 8 * Math.sqrt(mean) + 12);
  return { window: WINDOW, most, capacity: herd.capacity };
}

/** How often one client arrives by its policy: on average at the densest moment, and its shortest wait. */
interface Pace {
  readonly drainSpread: Duration;
  readonly often: number;
  readonly shortest: number;
}

/** Nearly all runs of a sweep have one policy, and exact fractions cost. */
const paces = new WeakMap<Policy, Pace>();

function paceOf({ policy, drainSpread }: Herd): Pace {
  const known = paces.get(policy);
  if (known !== undefined && known.drainSpread === drainSpread) return known;
  const shortest = Math.min(...[0, 1, GROWING].map((attempt) => envelope(policy, attempt, ZERO, null).least));
  const pace = { drainSpread, often: arrivals(policy, drainSpread), shortest };
  paces.set(policy, pace);
  return pace;
}

/** Arrivals of one client within the window, on average, at the densest moment. */
function arrivals(policy: Policy, drainSpread: Duration): number {
  let total = share(drainSpread);
  let previous: Duration = ZERO;
  let before = { least: -1, most: -1 };
  for (let attempt = 0; attempt < GROWING; attempt++) {
    const { least, most } = envelope(policy, attempt, previous, null);
    // From here on a retry is like the one before: they come once in the middle of their range.
    if (least === before.least && most === before.most) return total + (2 * WINDOW) / Math.max(1, least + most);
    total += share(most - least);
    before = { least, most };
    previous = most;
  }
  return total;
}

/** Most arrivals of one client within the window: one at its beginning, and one after each failed dial and shortest wait. */
function oftenest(shortest: number, { roundTrip }: Herd): number {
  return 1 + Math.ceil(WINDOW / Math.max(1, roundTrip + shortest));
}

/** The chance that an arrival which is uniform over `width` falls into a given window. */
const share = (width: number): number => Math.min(1, WINDOW / Math.max(1, width));
