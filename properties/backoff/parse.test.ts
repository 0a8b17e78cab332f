/** Reading a policy: total on whatever JSON comes in, exact on what was printed, and frank about every mistake. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextDelay } from '../../src/backoff/delay.ts';
import { envelope } from '../../src/backoff/envelope.ts';
import { parsePolicy, policyProblems, printPolicy, problemText } from '../../src/backoff/parse.ts';
import { ATTEMPT_MAX, LONGEST, POLICY_DEFAULTS, type Policy } from '../../src/backoff/policy.ts';
import { PRESET_NAMES, policyNamed } from '../../src/backoff/presets.ts';
import { type Duration, seconds, us, ZERO } from '../../src/time.ts';
import { policy, ratio } from '../arbitraries/retries.ts';

const runs = { numRuns: 2000, seed: 20_260_101 };

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

test('a kind that names only what it must grows by the ideal curve, repeats its last entry, and has no floor', () => {
  const jitter = { kind: 'full' };
  const read = (delay: object) => parsePolicy({ delay, jitter });
  const growing = { kind: 'exponential', base: '1s', factor: ratio(2, 1) };
  expect(read(growing)).toMatchObject({ policy: { delay: { compounds: false }, jitter: { floor: 0 } } });
  expect(read({ kind: 'table', delays: ['1s'] })).toMatchObject({ policy: { delay: { afterLast: 'repeat' } } });
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
  [{ delay: { kind: 'constant', base: -1 } }, ['`retry.delay.base`: expected a duration such as `250ms`, got `-1`']],
  [
    { delay: exponential, jitter: { kind: 'equal', floor: 0 } },
    ['`retry.jitter.floor`: expected no knob besides kind, got `"floor"`'],
  ],
  [{}, ['`retry.delay`: expected an object with a `kind`, got nothing']],
  [
    { delay: { kind: 'expo', base: '1s' }, cap: '99w', attemptsMax: -1 },
    [
      '`retry.delay.kind`: expected one of `constant`, `linear`, `exponential`, `table`, got `"expo"`',
      '`retry.cap`: expected a duration such as `250ms`, got `"99w"`',
      '`retry.attemptsMax`: expected a whole number from 0 to 2147483647, got `-1`',
    ],
  ],
  [
    { delay: exponential, retryAfterSpread: '1000h' },
    [
      '`retry.retryAfterSpread`: expected a duration of at most 2147483647ms (a setTimeout fires at once beyond), got `"1000h"`',
    ],
  ],
  [{ delay: exponential, cap: '100ms' }, ['`retry.delay.base`: expected at most `cap` (100 ms), got `"500ms"`']],
  [
    { delay: { ...exponential, factor: ratio(1, 2) }, jitter: { kind: 'decorrelated', factor: ratio(1, 2) } },
    [
      '`retry.delay.factor`: expected 1, or a ratio that makes `base` grow by 100 us or more, got `{"num":1,"of":2}`',
      '`retry.jitter.factor`: expected a ratio above 1 such as { "num": 3, "of": 1 }, got `{"num":1,"of":2}`',
      '`retry.delay`: expected `constant` with a `base` above 0, because decorrelated jitter grows by itself, got `"exponential"`',
    ],
  ],
])('%j is refused with every problem, its path and the expected form', (json, lines) => {
  const read = parsePolicy(json, 'retry');
  expect(read.ok ? [] : read.problems.map(problemText)).toEqual(lines);
});

test.each([
  [{ capp: '5s' }, 'did you mean cap?'],
  [{ retryafter: 'ignore' }, 'did you mean retryAfter?'],
  [{ stableafter: 0 }, 'did you mean stableAfter?'],
  [{ atempts_max: 3 }, 'did you mean attemptsMax?'],
  [{ modes: [{ afer: '1s', on: 'down' }] }, 'did you mean after?'],
  [{ budget: { tokens: 1, refil: 1 } }, 'expected one of tokens'],
  [{ colour: 'red' }, 'retryAfterMost, overflow, got'],
])('an unknown knob in %j is told with the one that was meant, if one is near', (knobs, words) => {
  const read = parsePolicy({ delay: exponential, ...knobs });
  expect(read.ok ? '' : read.problems.map(problemText).join('; ')).toContain(words);
});

const steady = { kind: 'constant', base: '2s' };
const listed = (delays: readonly string[]) => ({ delay: { kind: 'table', delays } });
test.each<[path: string, policy: object]>([
  ['delay.base', { delay: steady, ceiling: '1s' }],
  ['delay.factor', { delay: { ...exponential, factor: ratio(1, 0) } }],
  ['delay.factor', { delay: { ...exponential, factor: ratio(4001, 1) } }],
  ['delay.factor.per', { delay: { ...exponential, factor: { ...ratio(2, 1), per: 1 } } }],
  ['cap', { delay: steady, cap: '2000000.5us' }],
  ['jitter.above', { delay: steady, jitter: { kind: 'proportional', below: ratio(1, 2), above: ratio(-1, 2) } }],
  ['delay.compounds', { delay: { ...exponential, compounds: 'yes' } }],
  ['delay.delays', listed([])],
  ['delay.delays', listed(new Array(1001).fill('1s'))],
  ['delay.delays[1]', listed(['1s', '21s'])],
  ['delay.bsae', { delay: { ...steady, bsae: '1s' } }],
  ['delay', { delay: { kind: 'constant', base: '0s' }, jitter: { kind: 'decorrelated', factor: ratio(3, 1) } }],
  ['jitter.factor', { delay: steady, jitter: { kind: 'decorrelated', factor: ratio(3, 3) } }],
  ['jitter.floor', { delay: steady, jitter: { kind: 'full', floor: '21s' } }],
  ['jitter.least', { delay: steady, jitter: { kind: 'additive', least: '2s', most: '1s' } }],
  ['jitter.most', { delay: steady, jitter: { kind: 'additive', least: '1s', most: '21s' } }],
  ['jitter.below', { delay: steady, jitter: { kind: 'proportional', below: ratio(11, 10), above: ratio(1, 1) } }],
  ['first.least', { delay: steady, first: { least: '2s', most: '1s' } }],
  ['first.most', { delay: steady, first: { least: '1s', most: '21s' } }],
  ['attemptsMax', { delay: steady, attemptsMax: 2_147_483_648 }],
  ['capOn', { delay: { kind: 'constant', base: '30s' }, capOn: 'both' }],
  ['rounding.to', { delay: steady, rounding: { to: 0, by: 'down' } }],
  ['rounding.by', { delay: steady, rounding: { to: 1, by: 'up' } }],
  ['jitter.share', { delay: steady, jitter: { kind: 'comb', share: 1.5, teeth: 10 } }],
  ['jitter.teeth', { delay: steady, jitter: { kind: 'comb', share: 0.5, teeth: 0 } }],
  ['delay', { delay: steady, jitter: { kind: 'decorrelated-v2' } }],
  ['delay.steepens', { delay: { ...exponential, steepens: true } }],
  ['delay.factor', { delay: { ...exponential, factor: 1.5, compounds: true, steepens: true } }],
  ['modes', { delay: steady, modes: 'down' }],
  ['modes[0]', { delay: steady, modes: [{ cap: '5s' }] }],
  ['modes[0].on', { delay: steady, modes: [{ on: 'busy' }] }],
  ['modes[0].cuts', { delay: steady, modes: [{ on: 'down', cuts: true }] }],
  ['modes[0].delay.base', { delay: steady, modes: [{ on: 'down', cap: '1s' }] }],
  ['redraws', { delay: steady, redraws: true }],
  ['overflow', { delay: steady, overflow: 'at-once' }],
  ['budget.tokens', { delay: steady, budget: { tokens: 0 } }],
  ['budget.cost', { delay: steady, budget: { tokens: 5, cost: 6 } }],
  ['budget.reserve', { delay: steady, budget: { tokens: 5, reserve: 5 } }],
  ['budget.perSecond', { delay: steady, budget: { tokens: 5, perSecond: -1 } }],
  ['window.within', { delay: steady, window: { dials: 5, within: 0 } }],
  ['window.dials', { delay: steady, window: { dials: 1.5, within: '1m' } }],
  ['throttle.most', { delay: steady, throttle: { most: 1 } }],
  ['throttle.k', { delay: steady, throttle: { k: 0.5 } }],
  ['resetOn', { delay: steady, resetOn: 'welcome' }],
  ['idleAfter', { delay: steady, idleAfter: Number.NaN }],
  ['retryAfterMost', { delay: steady, retryAfterMost: '-1s' }],
])('an unsound `%s` is the one problem of a policy that is sound otherwise', (path, json) => {
  const read = parsePolicy(json);
  expect(read.ok ? [] : read.problems.map((problem) => problem.path)).toEqual([path]);
});

describe('what people write', () => {
  const factor = (written: unknown) => {
    const read = parsePolicy({ delay: { ...exponential, factor: written } });
    return read.ok && read.policy.delay.kind === 'exponential' ? read.policy.delay.factor : undefined;
  };
  test.each<[unknown, { num: number; of: number } | undefined]>([
    [1.6, ratio(8, 5)],
    ['1.6', ratio(8, 5)],
    [2, ratio(2, 1)],
    ['1618/1000', ratio(809, 500)],
    [1.333, ratio(1333, 1000)],
    [{ num: 16, of: 10 }, ratio(16, 10)],
    [1, ratio(1, 1)],
    ['3/0', undefined],
    ['1/2/3', undefined],
    ['-1.6', undefined],
    [0.5, undefined],
    [1e-7, undefined],
    [Number.MAX_VALUE, undefined],
    ['1.61803398875', undefined],
  ])('a factor of %j is that ratio, or none', (written, expected) => {
    expect(factor(written)).toEqual(expected);
  });

  const outage = (written: unknown) => {
    const read = parsePolicy({ delay: exponential, elapsedMax: written });
    return read.ok ? read.policy.elapsedMax : undefined;
  };
  test.each<[unknown, number | undefined]>([
    [250, 250_000],
    ['250', 250_000],
    [0.1, 100],
    ['0.1', 100],
    [1.5, 1500],
    ['1m30s', 90_000_000],
    ['2 m 5 s', 125_000_000],
    ['9 min 7 s', 547_000_000],
    ['1h0.5ms', 3_600_000_500],
    ['PT1S', 1_000_000],
    ['PT1.5S', 1_500_000],
    ['P1DT2H3M4S', 93_784_000_000],
    ['30d', 2_592_000_000_000],
    ['36501d', undefined],
    [0.0001, undefined],
    [1e300, undefined],
    ['PT', undefined],
    ['P', undefined],
    ['P1DT', undefined],
    ['P1Y', undefined],
    ['30s1m', undefined],
    ['1m1m', undefined],
    ['1m30', undefined],
    [' 1s', undefined],
    ['1s ', undefined],
    ['', undefined],
  ])('%j is that many microseconds, or no duration', (written, expected) => {
    expect(outage(written)).toBe(expected);
  });

  test.each([null, '30d', '1000h', 2_147_483_647, 1e12])('a cap of %j is what a timer can wait', (cap) => {
    for (const knob of ['cap', 'ceiling'].slice(0, cap === null ? 1 : 2))
      expect(parsePolicy({ delay: exponential, [knob]: cap })).toMatchObject({ ok: true, policy: { [knob]: LONGEST } });
  });

  test('an exponential delay that is multiplied by 1 is a constant one, for the client and for its law', () => {
    const read = parsePolicy({ delay: { ...exponential, factor: 1 }, jitter: { kind: 'none' } });
    if (!read.ok) throw new Error('is refused');
    for (const attempt of [0, 1, 2, 1000, ATTEMPT_MAX]) {
      const previous = us(500_000);
      const range = envelope(read.policy, attempt, previous);
      expect(range).toEqual({ least: 500_000, most: 500_000 });
      const next = nextDelay(read.policy, { attempt, previous }, 7, { retryAfter: null, elapsed: ZERO });
      expect(next).toMatchObject({ delay: 500_000, ...range });
    }
  });
});

test('a table may be as long as the limit', () => {
  expect(parsePolicy(listed(new Array(1000).fill('1s'))).ok).toBe(true);
});

test.each([-1, 0.5, Number.NaN, 2_147_483_647_001])('a policy built in code has no cap of %d us', (cap) => {
  const built: Policy = { ...POLICY_DEFAULTS, delay: { kind: 'constant', base: seconds(0) }, cap: cap as Duration };
  expect(policyProblems(built, 'retry').map(({ path }) => path)).toEqual(['retry.cap']);
});
