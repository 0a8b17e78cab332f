/**
 * The laws of backoff over the whole space of sound policies, up to attempt 2^31 - 1.
 *
 * Each law is a factory over an implementation, so that the same law is shown to hold for ours and to catch a planted
 * breach: a law that can't fail proves nothing.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, type BackoffMemory, freshMemory, nextDelay } from '../../src/backoff/delay.ts';
import { type Envelope, envelope, retriesMost } from '../../src/backoff/envelope.ts';
import { ATTEMPT_MAX, type Delay, LONGEST, POLICY_DEFAULTS, type Policy } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { type Duration, minutes, ms, seconds, us, ZERO } from '../../src/time.ts';
import {
  attempt,
  draw,
  endless,
  hint,
  memory,
  policy,
  ratio,
  retry,
  UINT32_MAX,
  upTo,
  waits,
} from '../arbitraries/retries.ts';

type Next = typeof nextDelay;
type Law<Subject> = (subject: Subject) => fc.IRawProperty<unknown>;

const withinEnvelope: Law<Next> = (next) =>
  fc.property(retry, (of) => {
    const { delay, least, most } = waits(next, of);
    const bound = envelope(of.policy, of.memory.attempt, of.memory.previous, of.retryAfter);
    return bound.least <= least && least <= delay && delay <= most && most <= bound.most;
  });

const withinCap: Law<Next> = (next) =>
  fc.property(retry, (of) => waits(next, { ...of, retryAfter: null }).delay <= of.policy.cap);

const whole: Law<Next> = (next) =>
  fc.property(retry, (of) => {
    const { delay, least, most } = waits(next, of);
    return [delay, least, most].every((n) => Number.isSafeInteger(n) && n >= 0);
  });

const endsReached: Law<Next> = (next) =>
  fc.property(retry, (of) => {
    const lowest = waits(next, { ...of, draw: 0 });
    const highest = waits(next, { ...of, draw: UINT32_MAX });
    // A draw of 32 bits steps over a range that is wider than 2^32 us; no range is wider than cap or spread.
    return lowest.delay === lowest.least && highest.most - highest.delay <= 3 + of.policy.cap / 2 ** 31;
  });

const evenlySpread: Law<Next> = (next) =>
  fc.property(retry, (of) => {
    const { delay, least, most } = waits(next, { ...of, policy: { ...of.policy, capOn: 'range' } });
    const place = least + ((most - least + 1) / (UINT32_MAX + 1)) * of.draw;
    return Math.abs(delay - place) <= 1;
  });

const hintHonoured: Law<Next> = (next) =>
  fc.property(retry, upTo(LONGEST), (of, retryAfter) => {
    const kind = of.policy;
    const heard = waits(next, { ...of, policy: { ...kind, retryAfter: 'honour' }, retryAfter });
    const deaf = waits(next, { ...of, policy: { ...kind, retryAfter: 'ignore' }, retryAfter });
    const alone = waits(next, { ...of, retryAfter: null });
    const raised = retryAfter > alone.least;
    // Up to what a timer can wait: a longer `setTimeout` fires at once.
    const room = (width: number): boolean => heard.most - heard.least >= Math.min(width, LONGEST - heard.least);
    return (
      heard.most <= LONGEST &&
      heard.delay >= retryAfter &&
      deaf.delay === alone.delay &&
      // A hint never shortens a delay's range, and a hint that raises it leaves room for the herd to spread.
      heard.least === Math.max(retryAfter, alone.least) &&
      room(alone.most - alone.least) &&
      (!raised || room(kind.retryAfterSpread))
    );
  });

const limitsExact: Law<Next> = (next) =>
  fc.property(policy, memory, draw, hint, upTo(LONGEST), (kind, at, luck, retryAfter, elapsed) => {
    const result = next(kind, at, luck, { retryAfter, elapsed });
    const limit = retriesMost(kind);
    const spent = limit !== null && at.attempt >= limit;
    if ('stop' in result && result.stop !== 'elapsed') return spent;
    if (spent) return false;
    const most = kind.elapsedMax ?? Number.POSITIVE_INFINITY;
    if ('delay' in result) return elapsed + result.delay <= most;
    return elapsed + envelope(kind, at.attempt, at.previous, retryAfter).most > most;
  });

const ordered = (delay: Delay): boolean => delay.kind !== 'table' && !(delay.kind === 'exponential' && delay.compounds);

const monotone: Law<typeof envelope> = (judge) =>
  fc.property(endless, attempt, attempt, upTo(LONGEST), upTo(LONGEST), (kind, a, b, p, q) => {
    const one = { ...kind, first: null };
    const [few, many] = a < b ? [a, b] : [b, a];
    const [short, long] = p < q ? [p, q] : [q, p];
    const grows = (x: Envelope, y: Envelope): boolean => x.least <= y.least && x.most <= y.most && x.least <= x.most;
    return (
      (!ordered(one.delay) || grows(judge(one, few, short), judge(one, many, short))) &&
      grows(judge(one, few, short), judge(one, few, long))
    );
  });

const tight: Law<typeof envelope> = (judge) =>
  fc.property(retry, (of) => {
    const { least, most } = waits(nextDelay, of);
    const bound = judge(of.policy, of.memory.attempt, of.memory.previous, of.retryAfter);
    // The slowest factor that is drawn here, 101/100, may lose 1/(0.01 * 10,000 us) = 1 % of a value; jitter adds to it.
    // Every other curve is known exactly.
    const { delay } = of.policy;
    const climbs = delay.kind === 'exponential' && !delay.compounds;
    const slack = (n: number): number => (climbs ? 2 + n / 50 : 0);
    return least - bound.least <= slack(most) && bound.most - most <= slack(bound.most);
  });

const outageBounded: Law<Next> = (next) =>
  fc.property(policy, fc.array(draw, { minLength: 40, maxLength: 40 }), hint, (kind, luck, retryAfter) => {
    let memory = freshMemory();
    let elapsed = 0;
    for (const u of luck) {
      const result = next(kind, memory, u, { retryAfter, elapsed: us(elapsed) });
      if ('stop' in result) break;
      const bound = envelope(kind, memory.attempt, memory.previous, retryAfter);
      if (result.delay < bound.least || result.delay > bound.most) return false;
      elapsed += result.delay;
      memory = advance(memory, result.delay);
    }
    return memory.attempt <= (retriesMost(kind) ?? luck.length) && elapsed <= (kind.elapsedMax ?? elapsed);
  });

/** Our result with the delay changed; the planted breaches are made of it. */
const altered =
  (change: (delay: number, kind: Policy, at: BackoffMemory, hint: number | null) => number): Next =>
  (kind, at, luck, options) => {
    const result = nextDelay(kind, at, luck, options);
    return 'stop' in result
      ? result
      : { ...result, delay: change(result.delay, kind, at, options.retryAfter) as Duration };
  };
/** Our result for other circumstances. */
const misled =
  (change: (at: BackoffMemory, kind: Policy) => [Policy, BackoffMemory]): Next =>
  (kind, at, luck, options) =>
    nextDelay(...change(at, kind), luck, options);

const laws: readonly [title: string, law: Law<Next>, breaches: Readonly<Record<string, Next>>][] = [
  [
    'every delay lies in the envelope of its policy, at every attempt',
    withinEnvelope,
    {
      'an exponent that wraps at 32': misled((at, kind) => [kind, { ...at, attempt: at.attempt % 32 }]),
      'jitter that is subtracted twice': altered((delay) => Math.trunc(delay / 2)),
      'an overflow that turns into 0': altered((delay, _, at) => (at.attempt > 1015 ? 0 : delay)),
    },
  ],
  [
    'no delay is longer than the cap unless the server asked for it',
    withinCap,
    { 'jitter added after the cap': altered((delay) => Math.trunc(delay * 1.2)) },
  ],
  [
    'delays are whole microseconds, never negative, never NaN',
    whole,
    {
      'a share that is not cut off': altered((delay) => delay / 3),
      'an infinite exponent': altered((delay, _, at) => (delay * 2 ** at.attempt) / 2 ** at.attempt),
    },
  ],
  [
    'the draw reaches both ends of the range',
    endsReached,
    { 'a draw of 31 bits': (kind, at, luck, options) => nextDelay(kind, at, Math.trunc(luck / 2), options) },
  ],
  [
    'a draw lands in the same place of every range, so clients at the cap do not pile up',
    evenlySpread,
    { 'a cap that cuts the draw': misled((at, kind) => [{ ...kind, capOn: 'draw' }, at]) },
  ],
  [
    'a retry-after is honoured above the cap, spread, and heard by nobody who ignores it',
    hintHonoured,
    {
      'a hint cut at the cap': altered((delay, kind) => Math.min(delay, kind.cap)),
      'a hint that everyone meets at once': misled((at, kind) => [{ ...kind, retryAfterSpread: ZERO }, at]),
      'a hint forced on a policy that ignores it': altered((delay, _, __, asked) => Math.max(delay, asked ?? 0)),
    },
  ],
  [
    'a policy stops at its limits and not one retry earlier',
    limitsExact,
    {
      'one retry too many': misled((at, kind) => [kind, { ...at, attempt: Math.max(0, at.attempt - 1) }]),
      'one retry too few': misled((at, kind) => [kind, { ...at, attempt: at.attempt + 1 }]),
      'elapsed time checked before the wait instead of after it': (kind, at, luck, options) =>
        kind.elapsedMax !== null && options.elapsed > kind.elapsedMax
          ? { stop: 'elapsed' }
          : nextDelay({ ...kind, elapsedMax: null }, at, luck, options),
    },
  ],
  [
    'a whole outage keeps to its envelope, its retries and its time',
    outageBounded,
    {
      'a limit of retries that is forgotten': misled((at, kind) => [{ ...kind, attemptsMax: null }, at]),
      'a limit of time that is forgotten': misled((at, kind) => [{ ...kind, elapsedMax: null }, at]),
      'a counter that is reset by every dial': misled((at, kind) => [kind, { ...at, attempt: 0 }]),
    },
  ],
];

const bounds: readonly [
  title: string,
  law: Law<typeof envelope>,
  breaches: Readonly<Record<string, typeof envelope>>,
][] = [
  [
    'the envelope never shrinks as attempts or the previous delay grow',
    monotone,
    { 'an exponent that wraps at 32': (kind, at, previous, asked) => envelope(kind, at % 32, previous, asked) },
  ],
  [
    'the envelope is as narrow as the range that delays are drawn from, but for rounding',
    tight,
    {
      'an envelope that permits everything': () => ({ least: ZERO, most: LONGEST }),
      'a share that is rounded the wrong way': (...of) => {
        const { least, most } = envelope(...of);
        return { least: us(Math.max(0, least - 1)), most };
      },
    },
  ],
];

const runs = { numRuns: 2000, seed: 20_260_101 };

describe.each(laws)('%s', (_, law, breaches) => {
  test('holds', () => fc.assert(law(nextDelay), runs));
  test.each(Object.entries(breaches))('catches %s', (_name, breach) => {
    expect(() => fc.assert(law(breach), runs)).toThrow('Property failed');
  });
});

describe.each(bounds)('%s', (_, law, breaches) => {
  test('holds', () => fc.assert(law(envelope), runs));
  test.each(Object.entries(breaches))('catches %s', (_name, breach) => {
    expect(() => fc.assert(law(breach), runs)).toThrow('Property failed');
  });
});

test('growth by the slowest factor stays within an envelope of 1 %', () => {
  const delay: Delay = { kind: 'exponential', base: ms(100), factor: ratio(1001, 1000), compounds: false };
  const slow: Policy = { ...POLICY_DEFAULTS, delay, jitter: { kind: 'none' }, cap: minutes(10) };
  for (const n of [1, 100, 5000, 10_000, ATTEMPT_MAX]) {
    const wait = waits(nextDelay, { policy: slow, memory: { attempt: n, previous: ZERO }, draw: 0, retryAfter: null });
    const bound = envelope(slow, n, ZERO);
    expect(bound.least).toBeLessThanOrEqual(wait.delay);
    expect(bound.most).toBeGreaterThanOrEqual(wait.delay);
    expect(bound.most - bound.least).toBeLessThanOrEqual(bound.most / 100);
  }
});

test('the attempt counter saturates instead of wrapping', () => {
  expect(advance({ attempt: ATTEMPT_MAX, previous: ZERO }, ms(5))).toEqual({ attempt: ATTEMPT_MAX, previous: ms(5) });
});

test('a retry-after beyond the longest duration counts as the longest', () => {
  const { policy } = PRESETS.default;
  const asked = (retryAfter: number) => ({
    wait: nextDelay(policy, freshMemory(), UINT32_MAX, { retryAfter: us(retryAfter), elapsed: ZERO }),
    bound: envelope(policy, 0, ZERO, us(retryAfter)),
  });
  expect(asked(LONGEST + 1)).toEqual(asked(LONGEST));
  expect(asked(Number.MAX_SAFE_INTEGER)).toEqual(asked(LONGEST));
  // No spread goes beyond it: a `setTimeout` that is longer fires at once.
  expect(asked(LONGEST - 1).wait).toMatchObject({ delay: LONGEST, least: LONGEST - 1, most: LONGEST });
  expect(asked(LONGEST - 1).bound).toEqual({ least: LONGEST - 1, most: LONGEST });
});

test('the last dial may start when the elapsed time is just used up, and no microsecond later', () => {
  const tick: Policy = { ...PRESETS.constant.policy, elapsedMax: seconds(3) };
  const next = (elapsed: number) => nextDelay(tick, freshMemory(), 0, { retryAfter: null, elapsed: us(elapsed) });
  expect(next(2_000_000)).toMatchObject({ delay: seconds(1) });
  expect(next(2_000_001)).toEqual({ stop: 'elapsed' });
});
