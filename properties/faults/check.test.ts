/** Plans that somebody wrote by hand: what is no fault is named, and everything that is drawn passes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingOf } from '../../sim/core/setting.ts';
import { worldOf } from '../../sim/core/worlds.ts';
import { kindOf } from '../../sim/faults/catalogue.ts';
import { flawOf, strangerIn } from '../../sim/faults/check.ts';
import { drawPlan } from '../../sim/faults/draw.ts';
import { menuOf } from '../../sim/faults/menu.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import { PHASES } from '../../sim/session/phases.ts';
import { SCENARIOS } from '../../sim/session/scenarios/catalogue.ts';

const flap = { kind: 'flap', target: 'c1-lb', at: 0, times: 2, off: 1000, on: 1000 };
const swizzle = { kind: 'swizzle', target: 'a', at: 0, links: ['a', 'b'], heals: [1, 0], stagger: 1, lasts: 1 };

describe('a plan from a file', () => {
  test.each<[unknown, string, string]>([
    [{}, 'plan', 'a list of faults'],
    [[null], 'plan[0]', 'a fault with kind, target and at'],
    [[flap, { ...flap, kind: 'flood' }], 'plan[1].kind', 'a kind of fault (hangup list faults)'],
    [[{ ...flap, target: 7 }], 'plan[0].target', 'the name of a link'],
    [[{ ...flap, at: -1 }], 'plan[0].at', 'whole microseconds from 0 to 2592000000000'],
    [[{ ...flap, at: 1e300 }], 'plan[0].at', 'whole microseconds from 0 to 2592000000000'],
    [[{ ...flap, times: 1e9 }], 'plan[0].times', 'a whole number from 1 to 1000'],
    [[{ ...flap, at: 86_400_000_000 }], 'plan[0]', 'a fault that is over within 86400000000 microseconds of the run'],
    [
      [{ ...flap, times: 1000, off: 1e9 }],
      'plan[0]',
      'a fault that is over within 86400000000 microseconds of the run',
    ],
    [[{ ...flap, off: 0.5 }], 'plan[0].off', 'whole microseconds from 0 to 2592000000000'],
    [[{ ...swizzle, heals: [0, 0] }], 'plan[0].heals', 'each position in `links` once, from 0'],
    [[{ ...swizzle, heals: [0] }], 'plan[0].heals', 'each position in `links` once, from 0'],
    [[{ ...swizzle, links: ['a', 'a'] }], 'plan[0].links', 'a list of names of links, each once'],
    [[{ ...flap, kind: 'stall', lasts: 1, direction: 'left' }], 'plan[0].direction', 'one of both, up, down'],
  ])('%j has its flaw named', (plan, field, expected) => {
    expect(flawOf(plan, SESSION_FAULTS)).toMatchObject({ field, expected });
  });

  test('needs every parameter of its kinds', () => {
    for (const kind of SESSION_FAULTS.keys())
      for (const name of Object.keys(kindOf(SESSION_FAULTS, kind).parameters)) {
        const [fault] = plansOf('midstream/text', 1, [kind]).plan;
        expect(flawOf([{ ...fault, [name]: undefined }], SESSION_FAULTS)?.field).toBe(`plan[0].${name}`);
      }
  });

  test('names nodes of its world, each of the sort that is meant', () => {
    const { world } = plansOf('midstream/text', 1, ['flap']);
    const at = 0 as never;
    const lasts = 1 as never;
    const names = (fault: object): unknown => strangerIn([fault as never], world, SESSION_FAULTS)?.field ?? null;
    expect(names({ ...flap })).toBeNull();
    expect(names({ ...flap, target: 'c1' })).toBe('plan[0].target');
    expect(names({ kind: 'offline', target: 'c1-lb', at, lasts })).toBe('plan[0].target');
    expect(names({ kind: 'crash', target: 'lb', at, lasts, how: 'host' })).toBe('plan[0].target');
    expect(names({ kind: 'storePartition', target: 'store', at, lasts, server: 's9' })).toBe('plan[0].server');
    expect(names({ ...swizzle, target: 'c1-lb', links: ['c1-lb', 'b'] })).toBe('plan[0].links');
  });
});

describe('a plan that was drawn', () => {
  const names = SCENARIOS.map(({ name }) => name).filter((name) => !name.endsWith('/herd'));

  test('has no flaw, whatever scenario and kinds it was drawn from', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(1_000_000), fc.boolean(), (name, seed, own) => {
        const { plan, world } = plansOf(name, seed, own ? null : [...SESSION_FAULTS.keys()]);
        expect(flawOf(JSON.parse(JSON.stringify(plan)), SESSION_FAULTS)).toBeNull();
        expect(strangerIn(plan, world, SESSION_FAULTS, PHASES)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});

/** A scenario's world of that seed, and a plan for it: its own, or one that is drawn from these kinds. */
function plansOf(name: string, seed: number, kinds: readonly string[] | null) {
  const scenario = SCENARIOS.find((each) => each.name === name) as (typeof SCENARIOS)[number];
  const setting = settingOf(scenario, String(seed));
  const { described, world } = worldOf(scenario, setting);
  const plan =
    kinds === null ? scenario.plan(setting, described as never) : drawPlan(setting, menuOf(world, kinds, PHASES));
  return { world, plan };
}
