/**
 * What bounds dials beyond the curve: throttling by what was accepted of late, so many dials in a sliding window, a bucket of
 * tokens. Asked in this order, for the instant at which the dial would begin; each may make it later, or end the outage.
 */
import { DRAWS, derived } from './draws.ts';
import type { Kept } from './memory.ts';
import { type Budget, LONGEST, type Policy, type Throttle } from './policy.ts';
import type { Drawn } from './range.ts';

type Calls = Kept['calls'];

/** A token, as it is counted: in millionths. */
const TOKEN = 1_000_000;

/** What a policy remembers before its first retry. */
export const newKept = ({ budget }: Policy, now: number): Kept => ({
  at: -1,
  places: [],
  tokens: (budget?.tokens ?? 0) * TOKEN,
  refilledAt: now,
  dials: [],
  calls: [],
});

export type Limited = { readonly stop: 'budget' | 'window' } | { readonly wait: Drawn; readonly kept: Kept };

/** The wait, as the limits permit it. `again` is the nth further wait of a dial that was given up locally. */
export function limited(
  policy: Policy,
  kept: Kept,
  now: number,
  own: Drawn,
  draw: number,
  again: (n: number) => number,
): Limited {
  const { throttle, window, budget } = policy;
  let wait = own;
  let { calls, dials, tokens, refilledAt } = kept;
  if (throttle !== null) {
    let skipped = 0;
    let { delay } = own;
    calls = called(throttle, calls, now + delay, 1, 0);
    // Locally given up are those whose luck is below the probability; they count as asked for, not as accepted.
    while (skipped < SKIPS && derived(draw, SKIPS + skipped) < DRAWS * refusal(throttle, calls)) {
      delay = Math.min(delay + again(++skipped), LONGEST);
      calls = called(throttle, calls, now + delay, 1, 0);
    }
    wait = { delay, least: own.least, most: Math.max(own.most, delay) };
  }
  if (window !== null) {
    const free = dials.length < window.dials ? now : (dials[0] ?? now) + window.within;
    if (now + wait.delay < free && window.full === 'stop') return { stop: 'window' };
    wait = notBefore(wait, free - now);
    dials = [...dials, now + wait.delay].slice(-window.dials);
  }
  if (budget !== null) {
    const free = affordableAt(budget, tokens, refilledAt);
    if (now + wait.delay < free && (budget.empty === 'stop' || free - now > LONGEST)) return { stop: 'budget' };
    wait = notBefore(wait, free - now);
    tokens = refilled(budget, tokens, refilledAt, now + wait.delay) - budget.cost * TOKEN;
    refilledAt = Math.max(refilledAt, now + wait.delay);
  }
  return { wait, kept: { ...kept, calls, dials, tokens, refilledAt } };
}

/** The most dials that are given up locally for one that is made. */
const SKIPS = 1000;

/** A range that begins not before this delay. */
const notBefore = ({ delay, least, most }: Drawn, from: number): Drawn => ({
  delay: Math.min(Math.max(delay, from), LONGEST),
  least: Math.min(Math.max(least, from), LONGEST),
  most: Math.min(Math.max(most, from), LONGEST),
});

/** What was kept, once a connection has proved to be good: it counts as accepted, and it pays into the bucket. */
export function credited({ budget, throttle }: Policy, kept: Kept, now: number): Kept {
  return {
    ...kept,
    ...(budget === null
      ? {}
      : {
          tokens: Math.min(
            refilled(budget, kept.tokens, kept.refilledAt, now) + rated(budget.perSuccess, TOKEN),
            budget.tokens * TOKEN,
          ),
          refilledAt: Math.max(now, kept.refilledAt),
        }),
    calls: throttle === null ? kept.calls : called(throttle, kept.calls, now, 0, 1),
  };
}

const rated = ({ num, of }: { readonly num: number; readonly of: number }, value: number): number =>
  Math.floor((value * num) / of);

const refilled = ({ tokens: most, perSecond }: Budget, tokens: number, since: number, now: number): number =>
  // A microsecond brings a millionth of what a second does.
  Math.min(tokens + rated(perSecond, Math.max(0, now - since)), most * TOKEN);

/** When the bucket holds enough for a retry; Infinity if never. */
function affordableAt({ cost, reserve, perSecond }: Budget, tokens: number, since: number): number {
  const short = cost * TOKEN + (reserve === null ? 0 : reserve * TOKEN + 1) - tokens;
  if (short <= 0) return 0;
  return perSecond.num === 0 ? Number.POSITIVE_INFINITY : since + Math.ceil((short * perSecond.of) / perSecond.num);
}

/** The calls of the last stretch, with one more at an instant. */
function called({ within }: Throttle, calls: Calls, at: number, requests: number, accepts: number): Calls {
  const tenth = Math.floor(at / (within / TENTHS));
  const [first, ...older] = calls;
  const isSame = first !== undefined && first[0] >= tenth;
  const newest = isSame
    ? ([first[0], first[1] + requests, first[2] + accepts] as const)
    : ([tenth, requests, accepts] as const);
  return [newest, ...(isSame ? older : calls)].filter(([number]) => number > newest[0] - TENTHS);
}

const TENTHS = 10;

/** The probability with which a dial is given up locally; the last request is the one in question. */
function refusal({ k, most }: Throttle, calls: Calls): number {
  let requests = -1;
  let accepts = 0;
  for (const [, asked, taken] of calls) {
    requests += asked;
    accepts += taken;
  }
  const share = (requests - (k.num / k.of) * accepts) / (requests + 1);
  return Math.min(Math.max(0, share), most.num / most.of);
}
