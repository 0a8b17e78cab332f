/**
 * The laws of backoff over the whole space of sound policies, up to attempt 2^31 - 1.
 *
 * Each law is a factory over an implementation, so that the same law is shown to hold for ours and to catch a planted
 * breach: a law that can't fail proves nothing.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, type BackoffMemory, freshMemory, nextDelay } from '../src/backoff/delay.ts';
import { type Envelope, envelope, retriesMost } from '../src/backoff/envelope.ts';
import { parsePolicy, policyProblems, printPolicy, problemText } from '../src/backoff/parse.ts';
import { ATTEMPT_MAX, type Delay, type Jitter, LONGEST, POLICY_DEFAULTS, type Policy } from '../src/backoff/policy.ts';
import { PRESET_NAMES, PRESETS, type PresetName, policyNamed } from '../src/backoff/presets.ts';
import { type Duration, minutes, ms, seconds, us, ZERO } from '../src/time.ts';
import golden from './fixtures/golden-delays.json' with { type: 'json' };

type Next = typeof nextDelay;
type Law<Subject> = (subject: Subject) => fc.IRawProperty<unknown>;

const UINT32_MAX = 4_294_967_295;
const calm = { retryAfter: null, elapsed: ZERO };

const ratio = (num: number, of: number) => ({ num, of });
const upTo = (most: number): fc.Arbitrary<Duration> => fc.integer({ min: 0, max: most }).map(us);
const draw = fc.oneof(fc.integer({ min: 0, max: UINT32_MAX }), fc.constantFrom(0, 1, UINT32_MAX));
const attempt = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: ATTEMPT_MAX }),
  fc.constantFrom(10_000, ATTEMPT_MAX - 1, ATTEMPT_MAX),
);
const hint = fc.option(upTo(LONGEST));
const factor = fc.oneof(
  fc.constantFrom(ratio(2, 1), ratio(16, 10), ratio(13, 10), ratio(115, 100), ratio(101, 100), ratio(1000, 1)),
  fc.integer({ min: 1, max: 50 }).chain((of) => fc.integer({ min: of + 1, max: 1000 }).map((num) => ratio(num, of))),
);
const cap = fc.oneof(fc.integer({ min: 10_000, max: 60_000_000 }), fc.constantFrom(10_000, LONGEST)).map(us);

const jitters = (most: number): fc.Arbitrary<Jitter> =>
  fc.oneof(
    fc.constant<Jitter>({ kind: 'none' }),
    upTo(most).map((floor): Jitter => ({ kind: 'full', floor })),
    fc.constant<Jitter>({ kind: 'full', floor: ZERO }),
    fc.constant<Jitter>({ kind: 'equal' }),
    fc
      .tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 1000 }))
      .map(
        ([below, above, of]): Jitter => ({ kind: 'proportional', below: ratio(below, 10), above: ratio(above, of) }),
      ),
    fc
      .tuple(upTo(most), upTo(most))
      .map(([a, b]): Jitter => ({ kind: 'additive', least: us(Math.min(a, b)), most: us(Math.max(a, b)) })),
  );

const delays = (most: number): fc.Arbitrary<Delay> =>
  fc.oneof(
    upTo(most).map((base): Delay => ({ kind: 'constant', base })),
    fc.tuple(upTo(most), upTo(LONGEST)).map(([base, step]): Delay => ({ kind: 'linear', base, step })),
    fc
      .record({ kind: fc.constant('exponential' as const), base: upTo(most), factor, compounds: fc.boolean() })
      .map((delay) => ({ ...delay, base: us(Math.max(delay.base, 10_000)) })),
    fc.record({
      kind: fc.constant('table' as const),
      delays: fc.array(upTo(most), { minLength: 1, maxLength: 12 }),
      afterLast: fc.constantFrom('repeat' as const, 'stop' as const),
    }),
  );

/** Every kind of delay with every kind of jitter that a sound policy may combine. */
const policy: fc.Arbitrary<Policy> = cap.chain((limit) =>
  fc
    .record({
      shape: fc.oneof(
        { weight: 5, arbitrary: fc.record({ delay: delays(limit), jitter: jitters(limit) }) },
        {
          weight: 1,
          arbitrary: fc.record({
            delay: fc.record({ kind: fc.constant('constant' as const), base: upTo(limit - 1).map((n) => us(n + 1)) }),
            jitter: fc.record({ kind: fc.constant('decorrelated' as const), factor }),
          }),
        },
      ),
      first: fc.option(fc.tuple(upTo(limit), upTo(limit))),
      ceiling: fc.option(fc.oneof(upTo(limit), upTo(LONGEST))),
      capOn: fc.constantFrom('range' as const, 'draw' as const),
      attemptsMax: fc.option(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: ATTEMPT_MAX }))),
      elapsedMax: fc.option(upTo(LONGEST)),
      stableAfter: upTo(60_000_000),
      retryAfter: fc.constantFrom('honour' as const, 'ignore' as const),
      retryAfterSpread: upTo(60_000_000),
    })
    .map(({ shape, first, ceiling, ...rest }) => ({
      ...rest,
      ...shape,
      cap: limit,
      ceiling: ceiling === null || shape.delay.kind === 'table' ? ceiling : us(Math.max(ceiling, shape.delay.base)),
      first: first === null ? null : { least: us(Math.min(...first)), most: us(Math.max(...first)) },
    })),
);
const endless = policy.map(
  (p): Policy => ({
    ...p,
    delay: p.delay.kind === 'table' ? { ...p.delay, afterLast: 'repeat' } : p.delay,
    attemptsMax: null,
    elapsedMax: null,
  }),
);

const memory: fc.Arbitrary<BackoffMemory> = fc.record({ attempt, previous: fc.oneof(upTo(60_000_000), upTo(LONGEST)) });

/** One retry anywhere in the space of parameters, of a policy that doesn't give up. */
const retry = fc.record({ policy: endless, memory, draw, retryAfter: hint });

const waits = (
  next: Next,
  of: { policy: Policy; memory: BackoffMemory; draw: number; retryAfter: Duration | null },
) => {
  const result = next(of.policy, of.memory, of.draw, { retryAfter: of.retryAfter, elapsed: ZERO });
  if ('stop' in result) throw new Error(`stopped by ${result.stop}`);
  return result;
};

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
    return (
      heard.delay >= retryAfter &&
      deaf.delay === alone.delay &&
      // A hint never shortens a delay's range, and a hint that raises it leaves room for the herd to spread.
      heard.least === Math.max(retryAfter, alone.least) &&
      heard.most - heard.least >= alone.most - alone.least &&
      (!raised || heard.most - heard.least >= kind.retryAfterSpread)
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
    const slack = (n: number): number => 2 + n / 50;
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
    { 'an envelope that permits everything': () => ({ least: ZERO, most: LONGEST }) },
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

/** A published package as it was executed, or two formulas of AWS: see the note in the fixture. */
interface Golden {
  readonly preset: PresetName;
  readonly source: string;
  readonly match: 'draws' | 'range';
  readonly tolerance_us?: number;
  readonly delays_ms: Readonly<Record<string, readonly (number | null)[]>>;
}
const published = (golden as { policies: unknown }).policies as readonly Golden[];
// The recorded sequences go on past the limit of retries, which those libraries keep elsewhere.
const unlimited = (name: PresetName): Policy => ({ ...PRESETS[name].policy, attemptsMax: null });

test.each(published)(
  'the envelope of $preset permits every delay of $source',
  ({ preset, tolerance_us, delays_ms }) => {
    for (const delays of Object.values(delays_ms)) {
      let previous = ZERO;
      for (const [n, delay] of delays.entries()) {
        if (delay === null) break;
        const bound = envelope(unlimited(preset), n, previous);
        expect(delay * 1000).toBeGreaterThanOrEqual(bound.least - (tolerance_us ?? 0));
        expect(delay * 1000).toBeLessThanOrEqual(bound.most + (tolerance_us ?? 0));
        previous = ms(delay);
      }
    }
  },
);

const drawn = published.filter((of) => of.match === 'draws');
test.each(drawn)('$preset waits as $source does for the same draw', ({ preset, tolerance_us, delays_ms }) => {
  for (const [u, delays] of Object.entries(delays_ms)) {
    let memory = freshMemory();
    for (const delay of delays) {
      const result = nextDelay(unlimited(preset), memory, Math.trunc(Number(u) * (UINT32_MAX + 1)), calm);
      expect('stop' in result).toBe(delay === null);
      if ('stop' in result || delay === null) break;
      expect(Math.abs(result.delay - delay * 1000)).toBeLessThanOrEqual(tolerance_us ?? 0);
      memory = advance(memory, result.delay);
    }
  }
});

test('a published limit ends an outage where the library gave up', () => {
  const retries = (name: PresetName): number | null => retriesMost(PRESETS[name].policy);
  expect([retries('signalr'), retries('graphql-ws'), retries('aws-sdk'), retries('socket.io')]).toEqual([
    4,
    5,
    2,
    null,
  ]);
});

test('socket.io waits exactly its cap from the fifth retry, whatever the draw', () => {
  const fifth = { policy: PRESETS['socket.io'].policy, memory: { attempt: 4, previous: seconds(5) }, retryAfter: null };
  fc.assert(fc.property(draw, (u) => waits(nextDelay, { ...fifth, draw: u }).delay === seconds(5)));
});

describe('reading a policy', () => {
  test.each(PRESET_NAMES)('the preset %s is sound and survives printing and reading', (name) => {
    const preset = policyNamed(name) as Policy;
    expect(policyProblems(preset)).toEqual([]);
    expect(parsePolicy(printPolicy(preset))).toEqual({ ok: true, policy: preset });
  });

  test('every sound policy survives printing and reading', () => {
    const survives = (kind: Policy): void => {
      expect(policyProblems(kind)).toEqual([]);
      expect(parsePolicy(printPolicy(kind))).toEqual({ ok: true, policy: kind });
    };
    fc.assert(fc.property(policy, survives), { ...runs, numRuns: 500 });
  });

  test('reading is total: whatever JSON comes in, a policy or at least one problem comes out', () => {
    const part = fc.record({
      delay: fc.jsonValue(),
      jitter: fc.jsonValue(),
      cap: fc.jsonValue(),
      first: fc.jsonValue(),
    });
    const total = (json: unknown): boolean => {
      const read = parsePolicy(json);
      return read.ok ? policyProblems(read.policy).length === 0 : read.problems.length > 0;
    };
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), part), total), runs);
  });

  test('a policy that names only its delay takes every default', () => {
    const read = parsePolicy({ delay: { kind: 'constant', base: '1s' } });
    expect(read).toEqual({ ok: true, policy: { ...POLICY_DEFAULTS, delay: { kind: 'constant', base: seconds(1) } } });
  });

  test('no preset has the name of a property that every object inherits', () => {
    expect([policyNamed('toString'), policyNamed('__proto__'), policyNamed('')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  const exponential = { kind: 'exponential', base: '500ms', factor: ratio(2, 1) };
  test.each<[unknown, string[]]>([
    [
      { delay: { kind: 'constant', base: 250 } },
      ['`retry.delay.base`: expected a duration such as `250ms`, got `250`'],
    ],
    [{}, ['`retry.delay`: expected an object with a `kind`, got nothing']],
    [
      { delay: { kind: 'expo', base: '1s' }, cap: '99d', attemptsMax: -1 },
      [
        '`retry.delay.kind`: expected one of `constant`, `linear`, `exponential`, `table`, got `"expo"`',
        '`retry.cap`: expected a duration such as `250ms`, got `"99d"`',
        '`retry.attemptsMax`: expected a whole number from 0 to 2147483647, got `-1`',
      ],
    ],
    [
      { delay: exponential, cap: '1000h' },
      ['`retry.cap`: expected a duration of at most 2147483647ms (a setTimeout fires at once beyond), got `"1000h"`'],
    ],
    [{ delay: exponential, cap: '100ms' }, ['`retry.delay.base`: expected at most `cap` (100 ms), got `"500ms"`']],
    [
      { delay: { ...exponential, factor: ratio(1, 1) }, jitter: { kind: 'decorrelated', factor: ratio(1, 2) } },
      [
        '`retry.delay.factor`: expected a ratio that makes `base` grow by 100 us or more, got `{"num":1,"of":1}`',
        '`retry.jitter.factor`: expected a ratio above 1 such as { "num": 3, "of": 1 }, got `{"num":1,"of":2}`',
        '`retry.delay`: expected `constant` with a `base` above 0, because decorrelated jitter grows by itself, got `"exponential"`',
      ],
    ],
  ])('%j is refused with every problem, its path and the expected form', (json, lines) => {
    const read = parsePolicy(json, 'retry');
    expect(read.ok ? [] : read.problems.map(problemText)).toEqual(lines);
  });
});
