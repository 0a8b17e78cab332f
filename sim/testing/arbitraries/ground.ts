/** What plans are drawn over: the nodes of a scenario's world, and the kinds of faults that hit something there. */
import type { Instant } from '../../../src/time.ts';
import type { Overrides } from '../../core/overrides.ts';
import type { Scenario } from '../../core/scenario.ts';
import { settingOf } from '../../core/setting.ts';
import type { World } from '../../core/world.ts';
import { worldOf } from '../../core/worlds.ts';
import { type Faults, faultsOf } from '../../faults/catalogue.ts';
import { applicable, flawOf, mustBeKinds, strangerIn } from '../../faults/check.ts';
import type { AnyKind, Menu } from '../../faults/kind.ts';
import { menuOf } from '../../faults/menu.ts';
import type { Fault } from '../../faults/plan.ts';
import { chosenDice } from './choices.ts';

/** Conditions of a run by which its world is built. */
export type Conditions = Omit<Overrides, 'faults'>;

export interface Ground {
  readonly kinds: readonly AnyKind[];
  readonly menu: Menu;
}

/** The world of that seed. */
const worldAt = (scenario: Scenario, seed: string, conditions: Conditions): World =>
  worldOf(scenario, settingOf(scenario, seed, conditions)).world;

/** What there is in the world of one seed. Throws in one line for a kind that the scenario does not know. */
export function groundAt(
  scenario: Scenario,
  seed: string,
  conditions: Conditions,
  kinds: readonly string[] | undefined,
): Ground {
  return groundOf(scenario, worldAt(scenario, seed, conditions), kinds);
}

/** So many worlds are looked at for what all of them have. */
const WORLDS = 24;

/** What there is in the worlds of all seeds, as far as those of the first ones tell. */
export function commonGround(scenario: Scenario, conditions: Conditions, kinds: readonly string[] | undefined): Ground {
  const worlds = Array.from({ length: WORLDS }, (_, i) => worldAt(scenario, (i + 1).toString(36), conditions));
  const [first, ...others] = worlds as [World, ...World[]];
  const nodes = first.nodes.filter(({ id, role }) =>
    others.every((world) => world.nodes.some((node) => node.id === id && node.role === role)),
  );
  const links = first.links.filter(({ node }) =>
    others.every((world) => world.links.some((link) => link.node === node)),
  );
  return groundOf(scenario, { ...first, nodes, links }, kinds);
}

function groundOf(scenario: Scenario, world: World, names: readonly string[] | undefined): Ground {
  const faults = faultsOf(scenario);
  if (names !== undefined) mustBeKinds(names, faults, 'kinds');
  const hitting = applicable(faults, world).filter((name) => names?.includes(name) ?? true);
  const menu = menuOf(world, hitting);
  const kinds = hitting
    .map((name) => faults.get(name) as AnyKind)
    .filter((kind) => canBeDrawn(kind, world, menu, faults));
  if (kinds.length === 0)
    throw new Error(
      `\`kinds\`: expected kinds of fault that hit something of the world of ${scenario.name}, got ${(names ?? []).join(', ') || 'none'}`,
    );
  return { kinds, menu };
}

/** Whether a kind finds all that it names in a world: a partition of a store needs a server, too. */
function canBeDrawn(kind: AnyKind, world: World, menu: Menu, faults: Faults): boolean {
  try {
    const plan = [faultOf(kind, menu, menu.from, menu.lasts[0], [])];
    return flawOf(plan, faults) === null && strangerIn(plan, world, faults) === null;
  } catch {
    return false;
  }
}

/** One fault of a kind, as the kind itself draws it. */
export const faultOf = (kind: AnyKind, menu: Menu, at: Instant, lasts: number, choices: readonly number[]): Fault =>
  ({ kind: kind.name, at, ...kind.draw(chosenDice(choices), menu, lasts as Parameters<AnyKind['draw']>[2]) }) as Fault;
