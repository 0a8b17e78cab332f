/** A policy that is a function of somebody's own: it meets the storms that others meet, and is held to what it declares. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { configOf } from '../../sim/input/config-argument.ts';
import { policiesOf, policyOf } from '../../sim/input/policy-argument.ts';
import { loadFunction } from '../../sim/input/policy-function.ts';
import { know } from '../../sim/lab/storm/function-pacer.ts';
import { runStorm } from '../../sim/lab/storm/kernel.ts';
import { readStorm } from '../../sim/lab/storm/read.ts';
import {
  CheckedPolicy,
  type FunctionReference,
  type PolicyFunction,
  policyFunction,
} from '../../src/backoff/function.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { at, ms, seconds, us, ZERO } from '../../src/time.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-own-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Full jitter as a function: 1 s doubling to 30 s. */
const value = (attempt: number): number => Math.min(30_000_000, 1_000_000 * 2 ** Math.min(attempt, 20));
const doubling = policyFunction<{ readonly attempt: number }>({
  about: '0 to 1 s, doubling to 30 s',
  memory: { attempt: 0 },
  next: ({ attempt }, luck) => ({ delay: us(luck * (value(attempt) + 1)), memory: { attempt: attempt + 1 } }),
  envelope: ({ attempt }) => ({ least: ZERO, most: us(value(attempt)) }),
});

const calm = { retryAfter: null, elapsed: ZERO, refusal: 'down', now: at(0), sinceDial: ZERO } as const;
const reference = (name: string): FunctionReference => ({ kind: 'function', name, module: 'here' });

test('a function that says what a preset says meets the same storm in the same way', () => {
  know(reference('doubling'), doubling as unknown as PolicyFunction);
  const read = readStorm({ clients: 300, capacity: 50, outage: '10s' });
  if (!read.ok) throw new Error(JSON.stringify(read));
  const options = { seed: 'k', replication: 0 };
  const mine = runStorm(read.storm, reference('doubling'), options);
  const theirs = runStorm(read.storm, { ...PRESETS['full-jitter'].policy, retryAfter: 'ignore' }, options);
  expect([...mine.recoveredAt]).toEqual([...theirs.recoveredAt]);
  expect([...mine.attemptsDuring]).toEqual([...theirs.attemptsDuring]);
});

describe('each call is held to what was declared', () => {
  const with_ = (over: Partial<PolicyFunction<never>>): CheckedPolicy =>
    new CheckedPolicy({ ...(doubling as unknown as PolicyFunction), ...(over as Partial<PolicyFunction>) });
  const ask = (over: Partial<PolicyFunction<never>>) => () =>
    with_(over).next({ attempt: 2 }, 0.5, { ...calm, elapsed: seconds(6) });

  test('a wait within the envelope is the wait', () => {
    expect(ask({})()).toEqual({ delay: 2_000_000, memory: { attempt: 3 } });
  });

  let calls = 0;
  test.each([
    [
      'outside of its envelope',
      { envelope: () => ({ least: ZERO, most: seconds(1) }) },
      /^next\({"attempt":2}, 0.5, { elapsed 6 s, refusal down, retry-after none }\) answers a delay of 2 s, outside of its envelope of 0 s to 1 s$/,
    ],
    [
      'below its envelope',
      { envelope: () => ({ least: seconds(3), most: seconds(9) }) },
      /outside of its envelope of 3 s to 9 s/,
    ],
    [
      'no number',
      { next: () => ({ delay: Number.NaN, memory: 0 }) },
      /answers a delay of null: expected whole microseconds/,
    ],
    ['negative', { next: () => ({ delay: -1, memory: 0 }) }, /answers a delay of -1/],
    ['a fraction', { next: () => ({ delay: 0.5, memory: 0 }) }, /answers a delay of 0.5/],
    ['nothing', { next: () => undefined }, /expected { delay, memory } or { stop }/],
    [
      'a memory that holds a function',
      { next: () => ({ delay: ms(1), memory: () => 1 }) },
      /a memory that is no plain data/,
    ],
    ['dice of its own', { next: () => ({ delay: us(++calls), memory: 0 }) }, /it must be pure/],
    [
      'a memory that it changes',
      { next: (memory: { attempt: number }) => ({ delay: ms(++memory.attempt), memory }) },
      /it must be pure|throws TypeError/,
    ],
    [
      'what it throws',
      {
        next: () => {
          throw new Error('no idea');
        },
      },
      /throws Error: no idea/,
    ],
  ] as const)('%s is an error that names the call', (_, over, problem) => {
    expect(ask(over as never)).toThrow(problem);
    expect(ask(over as never)).toThrow(/^[^\n]*$/);
  });

  test('it may end the outage', () => {
    expect(ask({ next: () => ({ stop: 'tired' }) } as never)()).toEqual({ stop: 'tired' });
  });
});

describe('in a config', () => {
  const config = (body: string): string => {
    const path = join(folder, `own-${Math.abs(body.length * 7919)}.config.mjs`);
    writeFileSync(path, `export default { scenarios: [], policies: { ${body} } };`);
    return path;
  };
  const sound =
    "mine: { kind: 'function', about: 'a', memory: 0, stableAfter: 0, next: () => ({ delay: 5, memory: 0 }), envelope: () => ({ least: 0, most: 9 }) }";

  test('it is a contender of the lab under its name, and found again by its module', async () => {
    const given = await configOf(config(sound));
    const policies = given?.policies ?? {};
    const [own] = policiesOf('mine,full-jitter', undefined, policies);
    expect(own).toEqual({ name: 'mine', policy: { kind: 'function', name: 'mine', module: given?.source.url } });
    expect((await loadFunction(own?.policy as FunctionReference)).about).toBe('a');
    await expect(loadFunction({ ...(own?.policy as FunctionReference), name: 'other' })).rejects.toThrow(
      /has no such function/,
    );
  });

  test('it has no knobs, and no machine is configured by it', async () => {
    const policies = (await configOf(config(sound)))?.policies ?? {};
    expect(() => policiesOf('mine,cap=3s', undefined, policies)).toThrow(
      /mine is a function, which has no knobs to change/,
    );
    expect(() => policyOf('mine', undefined, policies)).toThrow(/policy "mine" is a function, which the lab runs/);
  });

  test.each([
    [
      "mine: { kind: 'function', memory: 0, stableAfter: 0, envelope: () => 0 }",
      /`policies.mine.next`: expected a function/,
    ],
    [
      "mine: { kind: 'function', memory: new Map(), stableAfter: 0, next: () => 0, envelope: () => 0 }",
      /`policies.mine.memory`: expected plain data/,
    ],
    [
      "mine: { kind: 'function', memory: 0, stableAfter: 'x', next: () => 0, envelope: () => 0 }",
      /`policies.mine.stableAfter`: expected a duration/,
    ],
  ])('%s is refused', async (body, problem) => {
    await expect(configOf(config(body))).rejects.toThrow(problem);
  });
});
