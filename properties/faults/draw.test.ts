/** Plans that are drawn: many of them, and what they have in common. */
import { expect, test } from 'vitest';
import { dice } from '../../sim/core/dice.ts';
import { drawPlan } from '../../sim/faults/draw.ts';
import type { Menu } from '../../sim/faults/kind.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import { at, seconds } from '../../src/time.ts';

const menu: Menu = {
  kinds: ['cut', 'offline', 'crash', 'storeSlow'],
  count: [2, 6],
  from: at(1_000_000),
  until: at(9_000_000),
  lasts: [seconds(1), seconds(9)],
  links: ['c1-lb'],
  clients: ['c1'],
  servers: ['s1'],
};
const plans: readonly FaultPlan[] = Array.from({ length: 500 }, (_, seed) =>
  drawPlan({ dice: dice(`${seed}`), faults: SESSION_FAULTS }, menu),
);
const faults = plans.flat();

test('a plan has as many faults as its menu says, within its time, in the order of their beginnings', () => {
  expect([...new Set(plans.map(({ length }) => length))].sort()).toEqual([2, 3, 4, 5, 6]);
  for (const plan of plans) {
    const times = plan.map((fault) => fault.at as number);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every((time) => time >= menu.from && time <= menu.until)).toBe(true);
  }
});

test('most faults are short and a few are long, all within the bounds', () => {
  const lasts = faults.map((fault) => fault.lasts as number);
  expect(lasts.every((time) => time >= seconds(1) && time <= seconds(9))).toBe(true);
  // Of two uniform draws the product is below a quarter six times of ten, and above three quarters hardly ever.
  const share = (of: (time: number) => boolean): number => lasts.filter(of).length / lasts.length;
  expect(share((time) => time < seconds(3))).toBeGreaterThan(0.5);
  expect(share((time) => time > seconds(7))).toBeLessThan(0.1);
  expect(share((time) => time > seconds(7))).toBeGreaterThan(0);
});

test('a run leaves whole kinds out, often all but one, and no kind is left out of all', () => {
  const kinds = plans.map((plan) => new Set(plan.map(({ kind }) => kind)).size);
  // Four coins leave one kind in six runs of sixteen, counting that in which none was left and one is drawn.
  const alone = kinds.filter((count) => count === 1).length / plans.length;
  expect(alone).toBeGreaterThan(0.25);
  expect(alone).toBeLessThan(0.5);
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(menu.kinds));
});
