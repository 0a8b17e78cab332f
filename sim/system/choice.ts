/** Which kinds of faults a system asks for: those of a list, or all that hit something of it, without some. */
import type { Scenario, Setting } from '../core/scenario.ts';
import type { World } from '../core/world.ts';
import { faultsOf } from '../faults/catalogue.ts';
import { applicable, mustBeKinds } from '../faults/check.ts';
import type { AnyKind } from '../faults/kind.ts';
import type { SystemDefinition } from './definition.ts';

type Named = string | AnyKind;

export interface Choice {
  /** Kinds of the system's own. */
  readonly own: readonly AnyKind[];
  /** Null for all, without these. */
  readonly names: readonly string[] | null;
  readonly without: readonly string[];
}

const nameOf = (kind: Named): string => (typeof kind === 'string' ? kind : kind.name);

/** Without a word about it: all. */
export function choiceOf(given: SystemDefinition['faults']): Choice {
  const isAll = given === undefined || !Array.isArray(given);
  const named = (given ?? []) as readonly Named[];
  return {
    own: isAll ? [] : named.filter((kind): kind is AnyKind => typeof kind !== 'string'),
    names: isAll ? null : named.map(nameOf),
    without: given !== undefined && isAll ? (given as { readonly without: readonly string[] }).without : [],
  };
}

/** Throws in one line for a kind that there is none of, or that hits what this system has none of. */
export function mustChoose(
  { names, without }: Choice,
  scenario: Scenario<World>,
  has: { readonly balancer: boolean; readonly pages: boolean },
): void {
  const known = faultsOf(scenario);
  const all = [...(names ?? []), ...without];
  if (all.length > 0) mustBeKinds(all, known);
  for (const name of names ?? []) {
    const { hits } = known.get(name) as AnyKind;
    if (hits === 'balancer' && !has.balancer)
      throw new Error(`\`faults\`: ${name} hits a balancer; expected \`balancer: true\` with it`);
    if (hits === 'client' && !has.pages)
      throw new Error(`\`faults\`: ${name} hits a page; expected a module as \`client\` with it`);
  }
}

/** What a seed draws from. What hits pages is left out where there are none. */
export function kindsFor(
  { names, without }: Choice,
  { faults }: Setting,
  world: World,
  pages: boolean,
): readonly string[] {
  if (names !== null) return names;
  return applicable(faults, world).filter(
    (kind) => !without.includes(kind) && (pages || faults.get(kind)?.hits !== 'client'),
  );
}
