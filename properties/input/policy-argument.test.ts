/** `--policy`: what it reads, what it refuses in one line, and what a run under another policy is judged by. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { settingOf } from '../../sim/core/setting.ts';
import { policyOf } from '../../sim/input/policy-argument.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { WORLD_POLICY } from '../../sim/session/scenarios/policy.ts';
import { underPolicy } from '../../sim/session/scenarios/under-policy.ts';
import { printPolicy } from '../../src/backoff/parse.ts';
import { PRESET_NAMES, PRESETS } from '../../src/backoff/presets.ts';
import { ms, seconds } from '../../src/time.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const named = (name: string): SessionScenario => scenarioNamed(name) as SessionScenario;

describe('the argument', () => {
  test.each(PRESET_NAMES)('names the preset %s', (name) => {
    expect(policyOf(name)).toEqual(PRESETS[name].policy);
  });

  test('reads a file, and changes knobs of a file or preset', () => {
    const path = join(folder, 'mine.json');
    writeFileSync(path, JSON.stringify(printPolicy(PRESETS.grpc.policy)));
    expect(policyOf(path)).toEqual(PRESETS.grpc.policy);
    expect(policyOf(`${path},attemptsMax=4`)).toEqual({ ...PRESETS.grpc.policy, attemptsMax: 4 });
    const { policy } = PRESETS.default;
    expect(policyOf('default,cap=60s,delay.base=250ms,retryAfter=ignore')).toEqual({
      ...policy,
      cap: seconds(60),
      delay: { ...policy.delay, base: ms(250) },
      retryAfter: 'ignore',
    });
  });

  test('takes another kind of delay or jitter with the knobs that both have', () => {
    const { policy } = PRESETS.default;
    expect(policyOf('default,jitter.kind=equal')).toEqual({ ...policy, jitter: { kind: 'equal' } });
    expect(policyOf('default,jitter.kind=full')).toEqual(policy);
    expect(policyOf('default,delay.kind=constant')).toEqual({ ...policy, delay: { kind: 'constant', base: ms(500) } });
    expect(policyOf('default,jitter.kind=proportional,jitter.below=0,jitter.above=1/5').jitter).toEqual({
      kind: 'proportional',
      below: { num: 0, of: 1 },
      above: { num: 1, of: 5 },
    });
    expect(() => policyOf('default,jitter.kind=constructor')).toThrow(/`jitter.kind`: expected one of/);
  });

  test('reads a file in capitals, with a byte order mark, with a comma in its path, and without .json behind a slash', () => {
    const { policy } = PRESETS.signalr;
    for (const name of ['FIB.JSON', 'a,b.json', 'plain']) {
      writeFileSync(join(folder, name), `\ufeff${JSON.stringify(printPolicy(policy))}`);
      expect(policyOf(join(folder, name))).toEqual(policy);
      expect(policyOf(`${join(folder, name)},attemptsMax=9`)).toEqual({ ...policy, attemptsMax: 9 });
    }
  });

  test.each([
    ['defualt', /did you mean default\?/],
    ['default,', /expected KNOB=VALUE/],
    ['default,cap', /expected KNOB=VALUE/],
    ['default,cap=5', /`delay.base`: expected at most `cap` \(5 ms\)/],
    ['default,cap=5w', /`cap`: expected a duration/],
    ['default,capp=5s', /expected one of delay, jitter/],
    ['default,delay.base=1h', /expected at most `cap`/],
    ['default,delay.base.x=1s', /has no "delay.base" to change/],
    ['default,__proto__.x=1s', /has no "__proto__" to change/],
    ['missing.json', /cannot be read \(ENOENT\)/],
  ])('refuses %s in one line', (text, problem) => {
    expect(() => policyOf(text)).toThrow(problem);
    try {
      policyOf(text);
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
    }
  });
});

test('a knob of a mode is named by its place', () => {
  const { modes } = policyOf('default,modes.1.delay.base=8s,modes.0.jitter.kind=none');
  expect(modes[1]?.delay).toMatchObject({ kind: 'exponential', base: 8_000_000 });
  expect(modes[0]?.jitter).toEqual({ kind: 'none' });
  for (const knob of ['modes.7.cap=1s', 'modes.__proto__.cap=1s', 'modes.length.cap=1s'])
    expect(() => policyOf(`default,${knob}`)).toThrow(/has no "modes\.(7|__proto__|length)" to change/);
});

describe('a run under another policy', () => {
  test("is the run itself when the policy is the scenario's own", () => {
    const own = run(named('midstream/text'), 'k7f3');
    const same = run(named('midstream/text'), 'k7f3', { policy: WORLD_POLICY });
    expect(same.digest).toBe(own.digest);
    expect(run(named('midstream/text'), 'k7f3', { policy: PRESETS.grpc.policy }).digest).not.toBe(own.digest);
  });

  // Every fifth of them, and ours; hunts go over all.
  test.each(PRESET_NAMES.filter((_, i) => i < 2 || i % 5 === 0))(
    'is judged by bounds that are derived from the policy: %s',
    (name) => {
      const { policy } = PRESETS[name];
      const judged = (scenario: string, seed: string, cell = {}): void =>
        expect(run(named(scenario), seed, { policy, cell })).toMatchObject({
          ...{ scenario, seed, breaches: [], verdict: 'holds' },
        });
      for (const scenario of ['midstream/text', 'restart/backoff', 'context/services'])
        for (const seed of ['1', '3', '9', 'k']) judged(scenario, seed);
      // All lose their connections at one instant, or servers at work refuse some.
      for (const condition of ['network', 'servers']) judged('restart/herd', '9', { size: '100', condition });
    },
  );

  test('ends with the error that the policy names, and no law calls that a breach', () => {
    const outcomes = ['1', '2', '3', '4', '5', '6', '7', '8'].map((seed) =>
      run(named('restart/backoff'), seed, { policy: policyOf('default,attemptsMax=2') }),
    );
    expect(outcomes.map(({ verdict }) => verdict)).not.toContain('broken');
    expect(outcomes.some(({ figures }) => (figures.errors.attempts_exhausted ?? 0) > 0)).toBe(true);
  });

  test.each(['default,cap=null', 'default,cap=null,jitter.kind=none', 'full-jitter,delay.factor=1', 'grpc'])(
    'ends with a verdict and exact bounds: %s',
    (text) => {
      for (const name of ['midstream/text', 'restart/backoff']) {
        const outcome = run(named(name), '3', { policy: policyOf(text) });
        expect([name, outcome.verdict, outcome.breaches]).toEqual([name, 'holds', []]);
      }
      const world = underPolicy(
        named('restart/backoff').world(settingOf(named('restart/backoff'), '3', {})),
        policyOf(text),
      );
      expect(Number.isSafeInteger(4 * world.facts.convergeWithin)).toBe(true);
      expect(world.facts.allowedErrors.includes('session_expired')).toBe(text.includes('cap=null'));
    },
  );
});
