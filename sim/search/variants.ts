/**
 * Every fault that may happen at a moment: each kind, on each target of its sort, in every way that makes it another fault.
 *
 * A length of time that the fault lasts has every value that matters in this world, a choice of a few words each of them,
 * and the name of another node each node. All other numbers (how much slower, which close code) a kind draws itself, with
 * dice that depend on the fault alone: the same search makes the same faults on every machine.
 */
import type { Instant } from '../../src/time.ts';
import { dice } from '../core/dice.ts';
import { namesOf, type World } from '../core/world.ts';
import type { AnyKind, Menu } from '../faults/kind.ts';
import type { Parameter } from '../faults/parameter.ts';
import type { Fault } from '../faults/plan.ts';
import { type Ground, isSound } from './ground.ts';
import { lengthsFor } from './lengths.ts';

/** A fault without its moment. */
export type Variant = Omit<Fault, 'at'>;

export const faultAt = (variant: Variant, at: Instant): Fault => ({ ...variant, at }) as Fault;

/** Choices of more words than that (a network, a drive that was measured) are drawn. */
const FEW = 4;

/** All of them, in a fixed order, each once. */
export function variantsOf(ground: Ground): readonly Variant[] {
  const found = new Map<string, Variant>();
  for (const kind of ground.kinds)
    for (const target of targetsOf(kind, ground))
      for (const variant of waysOf(kind, target, ground)) found.set(JSON.stringify(variant), variant);
  return [...found.values()];
}

/** The nodes or links that a kind can hit: those on which plans are drawn. */
const targetsOf = ({ hits }: AnyKind, { menu, world }: Ground): readonly string[] =>
  hits === 'link' ? menu.links : namesOf(world, hits);

function waysOf(kind: AnyKind, target: string, { menu, world, faults, thresholds }: Ground): readonly Variant[] {
  const only = menuFor(menu, target, kind.hits);
  const parameters = Object.entries<Parameter>(kind.parameters);
  const lasts = parameters.some(([name]) => name === 'lasts') ? lengthsFor(thresholds) : [menu.lasts[0]];
  const ways: Variant[] = [];
  for (const length of lasts) {
    // What is drawn depends on the fault alone, and not on its length: a longer one is the same, but for that.
    const drawn = { kind: kind.name, ...kind.draw(dice(`search/${kind.name}/${target}`), only, length) } as Variant;
    const given = { ...drawn, target, ...(Object.hasOwn(drawn, 'lasts') ? { lasts: longEnough(drawn, length) } : {}) };
    ways.push(...choices(given as Variant, parameters, world));
  }
  return ways.filter((way) => isSound([faultAt(way, menu.from)], world, faults));
}

/** A kind may draw its own length (a restart takes half a second at the most); what it was offered is taken where it does not. */
const longEnough = (drawn: Variant, offered: number): unknown =>
  drawn.lasts === offered ? offered : (drawn.lasts as number);

/** The same fault with every choice of a few. */
function choices(
  variant: Variant,
  parameters: readonly (readonly [string, Parameter])[],
  world: World,
): readonly Variant[] {
  let ways: readonly Variant[] = [variant];
  for (const [name, parameter] of parameters) {
    const values = parameter.values ?? (parameter.names === undefined ? [] : nodesNamed(parameter.names, world));
    // A list of nodes has an order, which is drawn.
    if (values.length === 0 || values.length > FEW || Array.isArray(variant[name])) continue;
    ways = ways.flatMap((way) => values.map((value) => ({ ...way, [name]: value }) as Variant));
  }
  return ways;
}

const nodesNamed = (sort: string, world: World): readonly string[] =>
  sort === 'link' ? world.links.map(({ node }) => node) : namesOf(world, sort);

/** The menu on which there is only that target to pick. */
function menuFor(menu: Menu, target: string, hits: string): Menu {
  if (hits === 'link') return { ...menu, links: [target, ...menu.links.filter((each) => each !== target)] };
  if (hits === 'client') return { ...menu, clients: [target] };
  if (hits === 'server') return { ...menu, servers: [target] };
  if (hits === 'balancer') return { ...menu, balancers: [target] };
  return { ...menu, parts: { ...menu.parts, [hits]: [target] } };
}
