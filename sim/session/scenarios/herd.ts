/**
 * How many clients may arrive at a recovering server within a moment: derived from the policy and the number of clients.
 *
 * The worst case is that all clients lose their connections at one instant and that their dials fail. Let a window have
 * length w. What a client adds to it on average has three parts.
 *
 * Waits below the cap. A wait is uniform over `least` to `least + width`, so from wherever it begins it ends in the window
 * with a chance of at most `share(width) = (w + 1) / (width + 1)`. While the policy grows, each retry is counted with its
 * share. Of a policy that has stopped growing, only those can end there that began in the `width + w` before it, and by
 * Lorden's inequality those are at most `(width + w) / m + E[X²] / m²`, for a wait X of mean m. Whatever else passes between
 * two dials only makes them fewer. Both ways count every retry, so the better of all places to go from one to the other is
 * taken. A refusal that asks for a wait moves the range up, at its own width or a wider one: the same densities.
 *
 * Waits of exactly the cap, where it cuts the draw: a share q of all draws. Such a client was in a window one cap earlier,
 * as all are at the fall, or as at most M, the bound itself, are later. With B for all that lands there otherwise,
 * `M <= max(q, q M) + B`, hence `M <= q + B / (1 - q)`.
 *
 * Clients that are asked to move come once more, anywhere in `drainSpread`.
 *
 * What luck adds is Chernoff's bound for independent clients, of whom one may come again within the window: it is passed in
 * fewer than one of 10^12 windows. A policy without jitter has width 0: all clients may come within one window, and the
 * bound says so.
 */
import { type Envelope, uncapped } from '../../../src/backoff/envelope.ts';
import { type Delay, LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import type { HerdFacts } from '../../../src/facts.ts';
import { type Duration, ms, us, ZERO } from '../../../src/time.ts';

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
/** Retries that are looked at one by one before the rest is bounded by what the policy grows to. */
const GROWING = 64;
/** One window in so many may have more arrivals. */
const RARE = 1e12;

export function herdFacts({ clients, policy, drainSpread, capacity, roundTrip }: Herd): HerdFacts {
  const { often, again, shortest } = paceOf(policy, drainSpread);
  // One at the beginning of the window, one after each failed dial and shortest wait, and one that was asked to move.
  const rounds = Math.min(WINDOW / Math.max(1, shortest), Math.ceil(WINDOW / Math.max(1, roundTrip + shortest)));
  const oftenest = 1 + Math.floor(rounds);
  const mean = Math.min(often, oftenest + share(drainSpread));
  return { window: WINDOW, most: mostOf(clients, mean, again, oftenest + 1), capacity };
}

/** How a client arrives by its policy. */
interface Pace {
  readonly drainSpread: Duration;
  /** Arrivals in the densest window, on average. */
  readonly often: number;
  /** The chance that an arrival is followed by another within the window. */
  readonly again: number;
  readonly shortest: number;
}

/** Nearly all runs of a sweep have one policy, and exact fractions cost. */
const paces = new WeakMap<Policy, Pace>();

function paceOf(policy: Policy, drainSpread: Duration): Pace {
  const known = paces.get(policy);
  if (known !== undefined && known.drainSpread === drainSpread) return known;
  const curves = curvesOf(policy);
  const retries = curves.flat();
  const atCap = Math.max(...retries.map((retry) => retry.atCap));
  const moved = share(drainSpread);
  const apart =
    policy.cap > WINDOW
      ? (moved + curves.reduce((sum, curve) => sum + between(curve), 0)) / (1 - atCap)
      : Number.POSITIVE_INFINITY;
  const soon = retries.map(({ least, width }) => Math.max(0, (WINDOW - least + 1) / (width + 1)));
  const pace = {
    drainSpread,
    often: atCap + apart,
    again: Math.max(...soon) + moved,
    shortest: Math.min(...retries.map(({ least }) => least)),
  };
  paces.set(policy, pace);
  return pace;
}

/** One retry: the least of all its waits, the narrowest of its ranges below the cap, and the largest share cut to the cap. */
interface Retry {
  readonly least: number;
  readonly width: number;
  readonly atCap: number;
}

/**
 * Those of the policy, and of each of its modes: whatever other curves give in between only makes the retries of one curve
 * fewer, so all of them together are at most their sum. And a dial at once, where waits count from the dial before and may be
 * over by now.
 */
function curvesOf(policy: Policy): readonly (readonly Retry[])[] {
  const { modes, measuredFrom } = policy;
  const own = retriesOf(policy);
  const others = modes.map((mode) => retriesOf({ ...policy, ...mode, atOnce: false, modes: [] }));
  return [measuredFrom === 'dial' ? [...own, { least: 0, width: 0, atCap: 0 }] : own, ...others];
}

/** Every retry until they are alike; the last one stands for all that follow. */
function retriesOf(policy: Policy): readonly Retry[] {
  const { delay, cap } = policy;
  const retries: Retry[] = [];
  const attempts = delay.kind === 'table' ? delay.delays.length + 2 : GROWING;
  // The wait before, which some policies remember: it may be any that a server asked for.
  const longest = policy.retryAfter !== 'ignore' ? LONGEST : cap;
  let shortest = ZERO;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const low = uncapped(policy, attempt, shortest);
    const retry = retryOf(policy, low, attempt === 0 ? low : uncapped(policy, attempt, longest));
    const last = retries.at(-1);
    retries.push(retry);
    const alike = last?.least === retry.least && last.width === retry.width && last.atCap === retry.atCap;
    // The first two may be retries at once, before the policy's own begin.
    if (alike && attempt > 2 && delay.kind !== 'table') return retries;
    shortest = us(Math.min(low.least, cap));
  }
  if (delay.kind === 'table') return retries;
  // It still grows. Ranges grow until the cap cuts them and shrink from there on, so none is narrower than both ends.
  const grown: Delay = { kind: 'constant', base: policy.ceiling ?? cap };
  const low = uncapped(policy, GROWING, shortest);
  return [...retries, retryOf(policy, low, uncapped({ ...policy, delay: grown }, GROWING, longest))];
}

function retryOf(policy: Policy, low: Envelope, high: Envelope): Retry {
  const { cap, capOn } = policy;
  const width = ({ least, most }: Envelope): number => Math.min(most, cap) - Math.min(least, cap);
  const cut = capOn === 'draw' ? high.most - Math.max(cap, high.least - 1) : 0;
  return {
    least: Math.min(low.least, cap),
    width: spreadOf(policy, Math.min(width(low), width(high))),
    atCap: Math.max(0, cut) / (high.most - high.least + 1),
  };
}

/** The width of the range in which an even draw would be as dense as this one is where it is densest. */
function spreadOf({ jitter, rounding, capOn, overflow }: Policy, width: number): number {
  if (jitter.kind === 'decorrelated-v2' || capOn === 'value' || overflow === 'at-once') return 0;
  // Every second tooth of a comb is empty; a memoryless wait is densest at 0, as if it were even up to its mean.
  const dense = jitter.kind === 'comb' ? width / 2 : jitter.kind === 'exponential' ? width / 22.2 : width;
  return Math.max(0, Math.trunc(dense) - 2 * (rounding?.to ?? 0));
}

/** Arrivals in the window that end waits below the cap, on average, of a client that once lost its connection. */
function between(retries: readonly Retry[]): number {
  const before = retries.map(() => 0);
  for (let i = 1; i < retries.length; i++)
    before[i] = (before[i - 1] as number) + share((retries[i - 1] as Retry).width);
  let [fewest, least, width] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = retries.length - 1; i >= 0; i--) {
    const retry = retries[i] as Retry;
    [least, width] = [Math.min(least, retry.least), Math.min(width, retry.width)];
    const mean = Math.max(1, least + width / 2);
    const begun = (width + WINDOW) / mean + 1 + (width * (width + 2)) / (12 * mean * mean);
    fewest = Math.min(fewest, (before[i] as number) + share(width) * begun);
  }
  return fewest;
}

/** The chance that a wait which is uniform over `width` ends in a given window. */
const share = (width: number): number => Math.min(1, (WINDOW + 1) / (width + 1));

/**
 * The most arrivals in a window, but for one in `RARE`. A client that is in the window comes again with a chance of
 * `again`, and at most `oftenest` times in all, so for N arrivals `E (1 + z)^N <= (1 + mean * beyond(z))^clients`.
 */
function mostOf(clients: number, mean: number, again: number, oftenest: number): number {
  let fewest = Number.POSITIVE_INFINITY;
  for (let z = 1 / 64; z < 1000; z *= 1.25) {
    const geometric =
      again < 1 && z * again < 1 - again ? z / (1 - (z * again) / (1 - again)) : Number.POSITIVE_INFINITY;
    let power = 1;
    for (let i = 0; i < oftenest; i++) power *= 1 + z;
    const factor = 1 + mean * Math.min(geometric, (power - 1) / oftenest);
    if (factor > RARE) continue;
    let [arrivals, left] = [0, RARE];
    for (let client = 0; client < clients; client++) {
      left *= factor;
      for (; left > RARE; arrivals++) left /= 1 + z;
    }
    for (; left > 1; arrivals++) left /= 1 + z;
    fewest = Math.min(fewest, arrivals);
  }
  return Math.max(1, fewest - 1);
}
