/** What a search over plans stands on: the world of one seed, what may go wrong in it, and a menu to draw from. */
import { dice } from '../core/dice.ts';
import type { Overrides } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { settingOf } from '../core/setting.ts';
import type { World } from '../core/world.ts';
import { worldOf } from '../core/worlds.ts';
import { type Faults, faultsOf } from '../faults/catalogue.ts';
import { applicable, flawOf, strangerIn } from '../faults/check.ts';
import type { AnyKind, Menu } from '../faults/kind.ts';
import { menuOf } from '../faults/menu.ts';
import type { FaultPlan } from '../faults/plan.ts';

export interface Ground {
  readonly scenario: Scenario;
  readonly seed: string;
  /** What its runs are run under; the kinds of faults are the search's own, so none are chosen here. */
  readonly overrides: Overrides;
  readonly world: World;
  readonly faults: Faults;
  /** Kinds that hit something of this world, and find all that they name there. */
  readonly kinds: readonly AnyKind[];
  readonly menu: Menu;
  /** Lengths of time that decide something in this world, the shortest first. */
  readonly thresholds: readonly number[];
}

/** The ground of one seed; `faults` among the overrides says which kinds are searched, all of them by default. */
export function groundOf(scenario: Scenario, seed: string, { faults: chosen, ...overrides }: Overrides): Ground {
  const setting = settingOf(scenario, seed, overrides);
  const { world } = worldOf(scenario, setting);
  const faults = faultsOf(scenario);
  const names = applicable(faults, world).filter(
    (name) => chosen === undefined || chosen === null || chosen === 'all' || chosen.includes(name),
  );
  const menu = menuOf(world, names, setting.phases);
  const kinds = names
    .map((name) => faults.get(name) as AnyKind)
    .filter((kind) => canBeDrawn(kind, world, menu, faults));
  return {
    scenario,
    seed,
    overrides,
    world,
    faults,
    kinds,
    menu,
    thresholds: thresholdsOf(world, menu),
  };
}

/** Whether a kind finds all that it names: a partition of a store needs a server, too. */
function canBeDrawn(kind: AnyKind, world: World, menu: Menu, faults: Faults): boolean {
  try {
    const drawn = kind.draw(dice('search'), menu, menu.lasts[0]);
    return isSound([{ kind: kind.name, at: menu.from, ...drawn } as FaultPlan[number]], world, faults);
  } catch {
    return false;
  }
}

/** Whether a plan can be carried out in a world. */
export const isSound = (plan: FaultPlan, world: World, faults: Faults): boolean =>
  flawOf(plan, faults) === null && strangerIn(plan, world, faults) === null;

/**
 * The bounds by which its clients call a connection dead, and at what longer times something in this world changes its mind: the
 * lives of sessions, of what is kept for them, of silent connections. What waits for less is repeated so often in a run that some moment lies behind it.
 */
function thresholdsOf({ facts }: World, { scales = [] }: Menu): readonly number[] {
  const dead = facts.clients.flatMap(({ deadAfter }) => deadAfter ?? []);
  const last = Math.max(0, ...dead);
  const said: readonly number[] = [...dead, ...scales.filter((each) => each > last)];
  return [...new Set(said)].filter((each) => each > 0).sort((a, b) => a - b);
}
