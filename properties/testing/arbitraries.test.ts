/** What `hangup/arbitraries` draws: all of it is sound, every kind of fault is among it, and failing properties shrink. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { Scenario } from '../../sim/core/scenario.ts';
import { settingOf } from '../../sim/core/setting.ts';
import { worldOf } from '../../sim/core/worlds.ts';
import { faultsOf } from '../../sim/faults/catalogue.ts';
import { applicable, mustBeSound } from '../../sim/faults/check.ts';
import type { AnyKind } from '../../sim/faults/kind.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { NETWORK_SHAPE } from '../../sim/networks/check.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { cases, networks, plans, policies, seeds } from '../../sim/testing/arbitraries/index.ts';
import { policyProblems } from '../../src/backoff/parse.ts';
import { at, type Duration, ms, seconds } from '../../src/time.ts';
import { LAWS } from '../laws/session/all.ts';
import { echo as typed } from './echo.ts';
import { fewDials } from './few-dials.ts';

const text = scenarioNamed('midstream/text') as Scenario;
const rolling = scenarioNamed('restart/rolling') as Scenario;
const echo = typed as Scenario;
const worldAt = (scenario: Scenario, seed: string) => worldOf(scenario, settingOf(scenario, seed)).world;

/** What fast-check found in a property that does not hold. */
function found<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean, numRuns = 1000): T {
  const { counterexample } = fc.check(fc.property(arbitrary, holds), { numRuns, seed: 1 });
  if (counterexample === null) throw new Error('expected a property that does not hold');
  return counterexample[0];
}

/** A kind that a scenario brings along. */
const wave: AnyKind = {
  name: 'wave',
  hits: 'server',
  about: 'server: nothing happens',
  parameters: {},
  draw: (dice, { servers }) => ({ target: dice.pick('plan/server', servers) }),
  duration: () => ms(1),
  begin: () => 'over',
  end() {},
};

describe('a drawn plan', () => {
  for (const scenario of SCENARIOS.filter((_, i) => i % 5 === 0))
    test(`${scenario.name}: is sound in the world of its seed`, () =>
      fc.assert(
        fc.property(cases(scenario, { faults: [0, 6] }), ({ seed, plan }) =>
          mustBeSound(plan, worldAt(scenario, seed), faultsOf(scenario)),
        ),
        { numRuns: 60 },
      ));

  test('is sound in the world of every seed when it was drawn for none', () => {
    const drawn = plans(echo, { faults: [1, 6] });
    // Half of these worlds have a second client, which is in no such plan.
    fc.assert(fc.property(seeds(), drawn, (seed, plan) => mustBeSound(plan, worldAt(echo, seed), faultsOf(echo))));
    expect(JSON.stringify(fc.sample(drawn, { numRuns: 200, seed: 1 }))).not.toContain('c2');
    expect(JSON.stringify(fc.sample(cases(echo), { numRuns: 200, seed: 1 }))).toContain('c2');
  });

  test('has every kind that hits something of its world, also one that the scenario brings along', () => {
    const scenario = { ...text, faults: [wave] };
    const kinds = new Set(
      fc
        .sample(plans(scenario, { faults: [8, 8] }), { numRuns: 200, seed: 1 })
        .flatMap((plan) => plan.map(({ kind }) => kind)),
    );
    expect([...kinds].sort()).toEqual([...applicable(faultsOf(scenario), worldAt(scenario, '1'))].sort());
    expect(kinds).toContain('wave');
    expect(kinds).toContain('storePartition');
  });

  test('has the kinds, the number, the beginnings and the lengths that were asked for, in order of time', () => {
    const [from, until] = [at(ms(500)), at(seconds(3))];
    const [least, most] = [ms(100), ms(900)];
    const drawn = plans(text, {
      kinds: ['cut', 'offline'],
      faults: [1, 3],
      begin: [from, until],
      lasts: [least, most],
    });
    fc.assert(
      fc.property(drawn, (plan) => {
        expect([1, 2, 3]).toContain(plan.length);
        for (const [i, fault] of plan.entries()) {
          expect(['cut', 'offline']).toContain(fault.kind);
          expect(fault.at).toBeGreaterThanOrEqual(plan[i - 1]?.at ?? from);
          expect(fault.at).toBeLessThanOrEqual(until);
          expect(fault.lasts).toBeGreaterThanOrEqual(least);
          expect(fault.lasts).toBeLessThanOrEqual(most);
        }
      }),
    );
    const long = fc.sample(drawn, { numRuns: 300, seed: 1 }).flat();
    for (const end of [least, most]) expect(long.some(({ lasts }) => lasts === end)).toBe(true);
  });
});

describe('a plan shrinks', () => {
  const longCut = (plan: FaultPlan): boolean =>
    plan.some(({ kind, lasts, at }) => kind === 'cut' && (lasts as Duration) > seconds(3) && at > seconds(1));

  test('to the one fault that matters, as early and as short as it may be', () => {
    const plan = found(plans(text, { faults: [0, 8] }), (each) => !longCut(each));
    expect(plan).toHaveLength(1);
    const [cut] = plan as [FaultPlan[number]];
    expect(cut).toMatchObject({ kind: 'cut', target: 'c1-lb', direction: 'both' });
    expect(cut.at).toBeLessThan(seconds(1) + ms(1));
    expect(cut.lasts).toBeLessThan(seconds(3) + ms(2));
  });

  test('of a kind whose parameters depend on each other, without ever being unsound', () => {
    const swizzled = (plan: FaultPlan): boolean =>
      plan.some(({ links }) => (links as string[] | undefined)?.length === 3);
    const plan = found(plans(rolling, { kinds: ['swizzle'] }), (each) => {
      mustBeSound(each, worldAt(rolling, '1'), faultsOf(rolling));
      return !swizzled(each);
    });
    expect(plan).toHaveLength(1);
    expect(plan[0]).toMatchObject({ at: 0, lasts: 0, stagger: ms(1) });
  });

  test('with the run that breaks a law, which it still does', () => {
    const breaks = (seed: string, plan: FaultPlan): boolean =>
      run(text, seed, { plan, laws: [...LAWS, fewDials] }).breaches.some((breach) => breach.law === 'few-dials');
    const { seed, plan } = found(cases(text, { faults: [0, 8] }), (one) => !breaks(one.seed, one.plan), 100);
    expect(breaks(seed, plan)).toBe(true);
    // Without any of them it holds.
    for (const fault of plan)
      expect(
        breaks(
          seed,
          plan.filter((each) => each !== fault),
        ),
      ).toBe(false);
    expect(plan.length).toBeLessThanOrEqual(2);
  });
});

describe('a drawn policy', () => {
  test('is sound, never gives up and waits no longer than was asked for', () => {
    const longest = seconds(5);
    fc.assert(
      fc.property(policies({ longest }), (policy) => {
        expect(policyProblems(policy, 'policy')).toEqual([]);
        expect(policy.cap).toBeLessThanOrEqual(longest);
        expect(policy).toMatchObject({ attemptsMax: null, elapsedMax: null });
      }),
    );
  });

  test('is one with which a client recovers', () =>
    fc.assert(
      fc.property(seeds(), policies(), (seed, policy) => {
        expect(run(text, seed, { policy }).breaches).toEqual([]);
      }),
      { numRuns: 40 },
    ));

  test('gives up now and then when that is asked for', () =>
    expect(
      fc.sample(policies({ givesUp: true }), { numRuns: 60, seed: 1 }).some((each) => each.attemptsMax !== null),
    ).toBe(true));
});

describe('a drawn network', () => {
  test('has the shape of one, and is one on which a scenario holds', () =>
    fc.assert(
      fc.property(seeds(), networks(text), (seed, network) => {
        expect(NETWORK_SHAPE(network, 'network')).toBeNull();
        expect(run(text, seed, { network }).verdict).toBe('holds');
      }),
      { numRuns: 40 },
    ));

  test('shrinks to a fast one that loses nothing', () => {
    const { up, down } = found(networks(), (each) => each.up.delay < ms(100));
    expect(up).toEqual({ ...down, delay: ms(100) });
    expect(down).toMatchObject({ delay: 250, jitter: 0, rate: 12_500_000, loss: { num: 0 }, bursts: null });
  });
});

test('a drawn seed is one', () =>
  fc.assert(
    fc.property(seeds(), (seed) => {
      expect(settingOf(text, seed).dice.seed).toBe(seed);
    }),
  ));

test.each<[string, () => unknown, string]>([
  ['no scenario', () => plans(undefined as never), '`scenario`: expected a scenario'],
  [
    'no kind',
    () => plans(text, { kinds: ['flood'] }),
    '`kinds`: expected kinds of fault (hangup list faults), got "flood"',
  ],
  ['a kind that hits nothing', () => plans(echo, { kinds: ['page'] }), '`kinds`: expected kinds of fault'],
  ['no option', () => plans(text, { kind: 'cut' } as never), 'plans: expected options of kinds, faults, begin, '],
  ['a pair of none', () => plans(text, { faults: [3, 2] }), '`faults`: expected [least, most] in faults'],
  ['a cell of none', () => plans(text, { cell: { moment: 'late' } }), '`cell`: expected none'],
  ['a wait of none', () => policies({ longest: 1 as Duration }), '`longest`: expected whole microseconds from 10,000'],
  ['no scenario', () => networks({} as never), '`scenario.name`: expected a name'],
])('%s is refused in one line', (_, draw, line) => expect(draw).toThrow(line));
