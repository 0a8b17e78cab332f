/**
 * Drawing plans. Swarm: a run first turns whole kinds of faults off, because a run in which everything goes wrong at once
 * explores less than many runs in which few kinds do, each in depth.
 */
import { type Instant, us } from '../../src/time.ts';
import type { Dice } from '../core/dice.ts';
import type { Setting } from '../core/scenario.ts';
import { type Faults, kindOf } from './catalogue.ts';
import type { Menu } from './kind.ts';
import type { Fault, FaultPlan } from './plan.ts';
import { swarmPlan } from './swarm.ts';

/**
 * A plan drawn from the dice, sorted by time: of kinds that the scenario of this setting knows. A menu that says where the world
 * can be met in the middle of something has a swarm of its own; from one that does not, faults begin at any time of it.
 */
export function drawPlan({ dice, faults }: Pick<Setting, 'dice' | 'faults'>, menu: Menu): FaultPlan {
  if (menu.places !== undefined) return swarmPlan(dice, faults, menu);
  const enabled = swarm(dice, menu.kinds);
  const count = dice.between('plan/count', menu.count[0], menu.count[1]);
  const plan: Fault[] = [];
  for (let i = 0; i < count; i++) plan.push(drawFault(dice, faults, dice.pick('plan/kind', enabled), menu));
  // Stable: equal times keep the order in which they were drawn.
  return plan.sort((a, b) => a.at - b.at);
}

/** Each kind stays with one chance in two; at least one does. */
function swarm(dice: Dice, kinds: readonly string[]): readonly string[] {
  const enabled = kinds.filter(() => dice.chance('plan/swarm', 1, 2));
  return enabled.length > 0 ? enabled : [dice.pick('plan/swarm', kinds)];
}

function drawFault(dice: Dice, faults: Faults, kind: string, menu: Menu): Fault {
  const at = dice.between('plan/at', menu.from, menu.until) as Instant;
  const lasts = us(skewed(dice, menu.lasts[0], menu.lasts[1]));
  return { kind, at, ...kindOf(faults, kind).draw(dice, menu, lasts) } as Fault;
}

/** Most faults are short and a few are long: the product of two uniform draws. */
function skewed(dice: Dice, least: number, most: number): number {
  const a = dice.between('plan/lasts', 0, 1000);
  const b = dice.between('plan/lasts', 0, 1000);
  return least + Math.floor(((most - least) * a * b) / 1_000_000);
}
