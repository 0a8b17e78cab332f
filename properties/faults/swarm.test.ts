/** Plans drawn by swarm: sound in their worlds, each run with features of its own, and all of them met in many runs. */
import { expect, test } from 'vitest';
import { dice } from '../../sim/core/dice.ts';
import { settingOf } from '../../sim/core/setting.ts';
import { worldOf } from '../../sim/core/worlds.ts';
import { durationOf } from '../../sim/faults/catalogue.ts';
import { applicable, mustBeSound } from '../../sim/faults/check.ts';
import { drawPlan } from '../../sim/faults/draw.ts';
import { menuOf } from '../../sim/faults/menu.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { SESSION_FAULTS as faults } from '../../sim/session/faults.ts';
import { PHASES } from '../../sim/session/phases.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { minutes, seconds } from '../../src/time.ts';

const scenario = scenarioNamed('restart/rolling');
if (scenario === undefined) throw new Error('no restart/rolling');
const { world } = worldOf(scenario, settingOf(scenario, '1'));
const menu = menuOf(world, applicable(faults, world), PHASES);
const plans: readonly FaultPlan[] = Array.from({ length: 2000 }, (_, seed) =>
  drawPlan({ dice: dice(`${seed}`), faults }, menu),
);
const all = plans.flat();
const share = (of: (plan: FaultPlan) => boolean): number => plans.filter(of).length / plans.length;

test('every plan can be carried out in its world, and is over in time', () => {
  for (const plan of plans) {
    mustBeSound(plan, world, faults, PHASES);
    expect(plan.length).toBeGreaterThanOrEqual(1);
    expect(plan.length).toBeLessThanOrEqual(40);
    for (const fault of plan) expect(durationOf(faults, fault)).toBeLessThan(minutes(60));
  }
});

test('no kind is left out of all plans, and most plans have few of them', () => {
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(menu.kinds));
  expect(share((plan) => new Set(plan.map(({ kind }) => kind)).size <= 2)).toBeGreaterThan(0.4);
});

test('about half of the faults wait for a moment, of every phase that somebody may be met in', () => {
  const waits = all.flatMap(({ upon }) => (upon === undefined ? [] : [upon]));
  expect(waits.length / all.length).toBeGreaterThan(0.4);
  expect(waits.length / all.length).toBeLessThan(0.65);
  expect(share((plan) => plan.every(({ upon }) => upon === undefined))).toBeGreaterThan(0.25);
  const places = menu.places?.flatMap(({ node, phases }) => phases.map(({ phase }) => `${node} ${phase}`));
  expect(new Set(waits.map(({ node, phase }) => `${node} ${phase}`))).toEqual(new Set(places));
});

test('faults come at one instant, again and again, and on everybody of a sort', () => {
  const same = (plan: FaultPlan, alike: (a: FaultPlan[number], b: FaultPlan[number]) => boolean): boolean =>
    plan.some((a, i) => plan.some((b, j) => i < j && alike(a, b)));
  const at = (a: FaultPlan[number], b: FaultPlan[number]): boolean =>
    a.at === b.at && JSON.stringify(a.upon) === JSON.stringify(b.upon);
  expect(share((plan) => same(plan, (a, b) => at(a, b) && a.kind !== b.kind))).toBeGreaterThan(0.02);
  expect(
    share((plan) => same(plan, (a, b) => a.kind === b.kind && a.target === b.target && !at(a, b))),
  ).toBeGreaterThan(0.1);
  const links = menu.links.length;
  const everybody = (plan: FaultPlan): boolean =>
    plan.some(
      (a) => new Set(plan.filter((b) => a.kind === b.kind && at(a, b)).map(({ target }) => target)).size === links,
    );
  expect(share(everybody)).toBeGreaterThan(0.03);
});

test('faults last about as long as something in the world waits, by a hair more or less', () => {
  const near = (scale: number, hair: number): number =>
    all.filter(({ lasts }) => typeof lasts === 'number' && Math.abs(lasts - scale) <= scale * hair).length;
  // The heartbeat, the dead-peer bound, and a session's time to live, which is 5 min.
  for (const scale of [seconds(4), seconds(10), minutes(5)]) {
    expect(near(scale, 0.001)).toBeGreaterThan(5);
    expect(near(scale, 0.1)).toBeGreaterThan(20);
  }
  expect(all.some(({ lasts }) => Number(lasts) > minutes(5))).toBe(true);
});
