/** Reading a policy: total on whatever JSON comes in, exact on what was printed, and frank about every mistake. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePolicy, policyProblems, printPolicy, problemText } from '../src/backoff/parse.ts';
import { POLICY_DEFAULTS, type Policy } from '../src/backoff/policy.ts';
import { PRESET_NAMES, policyNamed } from '../src/backoff/presets.ts';
import { type Duration, seconds } from '../src/time.ts';
import { policy, ratio } from './arbitraries/policies.ts';

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
  [{ delay: { kind: 'constant', base: 250 } }, ['`retry.delay.base`: expected a duration such as `250ms`, got `250`']],
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

const steady = { kind: 'constant', base: '2s' };
const listed = (delays: readonly string[]) => ({ delay: { kind: 'table', delays } });
test.each<[path: string, policy: object]>([
  ['delay.base', { delay: steady, ceiling: '1s' }],
  ['delay.factor', { delay: { ...exponential, factor: ratio(1, 0) } }],
  ['delay.factor', { delay: { ...exponential, factor: ratio(1001, 1) } }],
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
])('an unsound `%s` is the one problem of a policy that is sound otherwise', (path, json) => {
  const read = parsePolicy(json);
  expect(read.ok ? [] : read.problems.map((problem) => problem.path)).toEqual([path]);
});

test('a table may be as long as the limit', () => {
  expect(parsePolicy(listed(new Array(1000).fill('1s'))).ok).toBe(true);
});

test.each([-1, 0.5, Number.NaN, 2_147_483_647_001])('a policy built in code has no cap of %d us', (cap) => {
  const built: Policy = { ...POLICY_DEFAULTS, delay: { kind: 'constant', base: seconds(0) }, cap: cap as Duration };
  expect(policyProblems(built, 'retry').map(({ path }) => path)).toEqual(['retry.cap']);
});
