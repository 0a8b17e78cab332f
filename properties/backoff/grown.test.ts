/** The whole vocabulary of policies, walked through outages: what `nextDelay` does, `envelope` permits by another road. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BackoffMemory, type Circumstances, freshMemory, nextDelay, recovered } from '../../src/backoff/delay.ts';
import { retriesAfforded, retriesLeast } from '../../src/backoff/longest.ts';
import { parsePolicy, policyProblems, printPolicy } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { at, type Duration, us } from '../../src/time.ts';
import { grown, type Meeting, walk } from '../arbitraries/grown.ts';
import { type Candidate, FRESH_ONLY } from '../laws/neutral/backoff-client.ts';
import { readingsOf, type Seen } from '../laws/neutral/permitted.ts';

type Next = typeof nextDelay;
/** One retry of a walk: what was known, and what came of it. */
interface Retry {
  readonly now: number;
  readonly told: Circumstances;
  readonly before: BackoffMemory;
  readonly result: ReturnType<Next>;
  /** A connection was good before it. */
  readonly fresh: boolean;
}

/** Every retry of a client that meets this. */
function walked(next: Next, policy: Policy, meetings: readonly Meeting[]): readonly Retry[] {
  const retries: Retry[] = [];
  let memory = freshMemory();
  let now = 0;
  let began = 0;
  for (const { draw, retryAfter, refusal, took, good } of meetings) {
    now += took;
    const fresh = good !== null;
    if (good !== null) {
      memory = recovered(policy, memory, at(now));
      now += good;
      began = now;
    }
    const sinceDial = us(took + (good ?? 0));
    const told: Circumstances = { retryAfter, elapsed: us(now - began), refusal, now: at(now), sinceDial };
    const result = next(policy, memory, draw, told);
    retries.push({ now, told, before: memory, result, fresh });
    if ('stop' in result) break;
    memory = result.memory;
    now += result.delay;
  }
  return retries;
}

type Law = (next: Next) => fc.IRawProperty<unknown>;
const over =
  (holds: (policy: Policy, retries: readonly Retry[]) => boolean): Law =>
  (next) =>
    fc.property(grown, walk, (policy, meetings) => holds(policy, walked(next, policy, meetings)));

const within = over((policy, retries) => {
  let candidates: readonly Candidate[] = FRESH_ONLY;
  let retriedAt = -1;
  for (const { now, told, result, fresh } of retries) {
    if (fresh && policy.resetOn !== 'never') candidates = FRESH_ONLY;
    if (policy.idleAfter !== null && retriedAt >= 0 && now - retriedAt >= policy.idleAfter) candidates = FRESH_ONLY;
    if ('stop' in result) return true;
    retriedAt = now;
    const { delay, least, most } = result;
    const seen: Seen = {
      hint: told.retryAfter,
      refusals: [told.refusal ?? 'down'],
      elapsed: { least: told.elapsed, most: told.elapsed },
      sinceDial: told.sinceDial ?? us(0),
    };
    const fits = candidates
      .flatMap((candidate) => readingsOf(policy, candidate, seen))
      .filter(({ range }) => range.least <= delay && delay <= range.most);
    if (fits.length === 0 || least > delay || delay > most) return false;
    candidates = [...new Map(fits.map((fit) => [JSON.stringify(fit.after(delay)), fit.after(delay)])).values()];
  }
  return true;
});

const plain = over((_, retries) =>
  retries.every(({ result }) => {
    if ('stop' in result) return true;
    const { delay, least, most, memory } = result;
    return (
      [delay, least, most].every((n) => Number.isSafeInteger(n) && n >= 0) &&
      JSON.stringify(JSON.parse(JSON.stringify(memory))) === JSON.stringify(memory)
    );
  }),
);

const ends = over((policy, retries) => {
  const last = retries.at(-1)?.result;
  if (last === undefined || !('stop' in last) || last.stop === 'elapsed') return true;
  const afforded = retriesAfforded(policy) ?? Number.POSITIVE_INFINITY;
  const least = retriesLeast(policy) ?? Number.POSITIVE_INFINITY;
  const counter = retries.at(-1)?.before.attempt ?? 0;
  return last.stop === 'budget' || last.stop === 'window' ? retries.length - 1 >= afforded : counter >= least;
});

const windowed = over(({ window }, retries) => {
  if (window === null) return true;
  const dials = retries.flatMap(({ now, result }) => ('stop' in result ? [] : [now + result.delay]));
  return dials.every((dial, i) => {
    const before = dials[i - window.dials];
    return before === undefined || dial - before >= window.within;
  });
});

const paid = over(({ budget }, retries) => {
  if (budget === null) return true;
  const { tokens, cost, perSuccess, perSecond } = budget;
  const dials = retries.flatMap(({ now, result }) => ('stop' in result ? [] : [now + result.delay]));
  const goods = retries.filter(({ fresh }) => fresh).length;
  const income =
    (perSuccess.num / perSuccess.of) * goods + ((perSecond.num / perSecond.of) * (dials.at(-1) ?? 0)) / 1e6;
  return dials.length * cost <= tokens + income + 0.001;
});

const altered =
  (change: (delay: number, policy: Policy, told: Circumstances) => number): Next =>
  (policy, memory, draw, told) => {
    const result = nextDelay(policy, memory, draw, told);
    return 'stop' in result ? result : { ...result, delay: change(result.delay, policy, told) as Duration };
  };
const deaf =
  (of: (policy: Policy) => Policy): Next =>
  (policy, memory, draw, told) =>
    nextDelay(of(policy), memory, draw, told);

const laws: readonly [title: string, law: Law, breaches: Readonly<Record<string, Next>>][] = [
  [
    'every wait of an outage lies in the envelope of its policy, whatever is known of the outage',
    within,
    {
      'modes that nobody looks at': deaf((policy) => ({ ...policy, modes: [] })),
      'a dial that is not waited from': deaf((policy) => ({ ...policy, measuredFrom: 'failure', redraws: false })),
      'a hint that is obeyed by a cap': altered((delay, { cap, retryAfter }) =>
        retryAfter === 'exact' ? Math.min(delay, cap) : delay,
      ),
      'an overflow that waits': deaf((policy) => ({ ...policy, overflow: 'longest' })),
      'one microsecond too many': altered((delay) => delay + 1),
      'a counter that never idles': deaf((policy) => ({ ...policy, idleAfter: null })),
    },
  ],
  [
    'waits are whole microseconds within their range, and what is remembered is plain JSON',
    plain,
    { 'a wait that is not cut off': altered((delay) => delay / 3) },
  ],
  [
    'nobody gives up before a limit is used up',
    ends,
    {
      'a budget that is half as large': deaf((policy) => ({
        ...policy,
        budget: policy.budget === null ? null : { ...policy.budget, tokens: Math.ceil(policy.budget.tokens / 2) },
      })),
      'one retry too few': (policy, memory, draw, told) =>
        nextDelay(policy, { ...memory, attempt: memory.attempt + 1 }, draw, told),
    },
  ],
  [
    'a window never has more dials than it permits',
    windowed,
    { 'a window that is ignored': deaf((policy) => ({ ...policy, window: null })) },
  ],
  [
    'retries cost no more tokens than there ever were',
    paid,
    {
      'a bucket that is always full': (policy, memory, draw, told) => {
        const { kept: _, ...rest } = memory;
        return nextDelay(policy, rest, draw, told);
      },
    },
  ],
];

const runs = { numRuns: 600, seed: 20_260_113 };

describe.each(laws)('%s', (_, law, breaches) => {
  test('holds', () => fc.assert(law(nextDelay), runs));
  test.each(Object.entries(breaches))('catches %s', (_name, breach) => {
    expect(() => fc.assert(law(breach), runs)).toThrow('Property failed');
  });
});

test('every policy of the whole vocabulary survives printing and reading', () => {
  const survives = (policy: Policy): void => {
    expect(policyProblems(policy)).toEqual([]);
    expect(parsePolicy(printPolicy(policy))).toEqual({ ok: true, policy });
  };
  fc.assert(fc.property(grown, survives), { ...runs, numRuns: 300 });
});
