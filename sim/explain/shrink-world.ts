/**
 * Smaller worlds and plainer conditions for a case that fails: fewer clients, servers, turns and chunks, a path without
 * loss, the scenario's own contents and policy. Each pass proposes cases, the smallest first, and is told of each whether
 * it still fails.
 */
import { valuesOf } from '../core/cells.ts';
import type { Overrides } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { settingOf } from '../core/setting.ts';
import { type Sizes, sizingOf } from '../core/sizes.ts';
import type { World } from '../core/world.ts';
import { worldOf } from '../core/worlds.ts';
import { faultsOf, kindOf } from '../faults/catalogue.ts';
import { nodesOfSort } from '../faults/check.ts';
import type { Fault, FaultPlan } from '../faults/plan.ts';
import { NETWORKS } from '../networks/presets.ts';
import type { Case } from './attempt.ts';

/** Proposes cases; what it is sent is whether the last one still fails, and becomes the case to go on with. */
export type Cases = Generator<Case, Case, boolean>;

/** How large the world of a case is; empty where nobody can say. */
export function sizesOf(scenario: Scenario, seed: string, { overrides }: Pick<Case, 'overrides'>): Sizes {
  try {
    const { described } = worldOf(scenario, settingOf(scenario, seed, overrides), overrides.sizes ?? null);
    return sizingOf(scenario.protocol, described)?.of(described) ?? {};
  } catch {
    return {};
  }
}

/** Few are tried one by one, and many by ever larger steps. */
const COUNTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192];

/** A smaller world, size by size. A fault of somebody who is gone hits another of the same sort. */
export function* smallerWorlds(scenario: Scenario, seed: string, given: Case): Cases {
  let best = given;
  for (const name of Object.keys(sizesOf(scenario, seed, best))) {
    const present = sizesOf(scenario, seed, best)[name] as number;
    for (const count of COUNTS.filter((each) => each < present)) {
      const sizes = { ...best.overrides.sizes, [name]: count };
      const overrides: Overrides = { ...best.overrides, sizes };
      const plan = fitted(scenario, seed, best, overrides);
      if (plan === null) continue;
      const smaller = { plan, overrides };
      if (yield smaller) {
        best = smaller;
        break;
      }
    }
  }
  return best;
}

/** The plan in another world: whoever it hits and is not there has another of that sort in its place; null where none is. */
function fitted(scenario: Scenario, seed: string, from: Case, overrides: Overrides): FaultPlan | null {
  if (from.plan.length === 0) return from.plan;
  try {
    const [before, after] = [from.overrides, overrides].map(
      (each) => worldOf(scenario, settingOf(scenario, seed, each), each.sizes ?? null).world,
    ) as [World, World];
    const faults = faultsOf(scenario);
    const plan = from.plan.map((fault) => {
      const { hits, parameters } = kindOf(faults, fault.kind);
      const named = Object.entries(parameters as Readonly<Record<string, { readonly names?: string }>>).flatMap(
        ([name, { names }]) => (names === undefined ? [] : [[name, names] as const]),
      );
      const moved: Record<string, unknown> = { ...fault };
      for (const [name, sort] of [['target', hits] as const, ...named]) {
        const value = other(fault[name as keyof Fault], nodesOfSort(before, sort), nodesOfSort(after, sort));
        if (value === null) return null;
        moved[name] = value;
      }
      if (fault.upon !== undefined) {
        const names = (world: World): readonly string[] => world.nodes.map(({ id }) => id);
        const role = before.nodes.find(({ id }) => id === fault.upon?.node)?.role;
        const node = other(
          fault.upon.node,
          role === undefined ? names(before) : nodesOfSort(before, role),
          role === undefined ? names(after) : nodesOfSort(after, role),
        );
        if (node === null) return null;
        moved.upon = { ...fault.upon, node };
      }
      return moved as unknown as Fault;
    });
    return plan.some((each) => each === null) ? null : (plan as FaultPlan);
  } catch {
    return null;
  }
}

/** A name, or a list of names, in a world that has fewer of them; null where there is none. */
function other(value: unknown, before: readonly string[], after: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const names = [...new Set(value.map((each) => other(each, before, after)))];
    return names.includes(null) ? null : names;
  }
  if (typeof value !== 'string' || after.includes(value)) return value;
  const place = before.indexOf(value);
  return place < 0 ? null : (after[place % Math.max(1, after.length)] ?? null);
}

/** A path that has no luck of its own, whatever is drawn or chosen. */
const PLAIN = 'wifi';

/**
 * Plainer conditions: the scenario's own contents and policy, a network without loss, the first values of dimensions that
 * the world is built by. Dimensions that only a plan is drawn by say nothing any more, and stay.
 */
export function* plainerConditions(scenario: Scenario, seed: string, given: Case): Cases {
  let best = given;
  for (const name of ['input', 'policy', 'network'] as const) {
    const { [name]: chosen, ...without } = best.overrides;
    if (chosen === undefined || chosen === null) continue;
    const plainer = { ...best, overrides: without };
    if (yield plainer) best = plainer;
  }
  const network = NETWORKS.find((each) => each.name === PLAIN);
  const { dimensions = {}, builds = [], protocol } = scenario;
  const isChosen = best.overrides.network !== undefined && best.overrides.network !== null;
  const isOpen = Object.hasOwn(dimensions, 'network') && !isChosen;
  if (network !== undefined && !isOpen && best.overrides.network?.name !== PLAIN) {
    const overrides: Overrides = { ...best.overrides, network };
    const takes = (protocol?.flawOfNetwork?.(network) ?? null) === null && asksForNetwork(scenario, seed, overrides);
    if (takes && (yield { ...best, overrides })) best = { ...best, overrides };
  }
  for (const [dimension, values] of valuesOf(dimensions)) {
    const present = best.overrides.cell?.[dimension];
    if (
      present === undefined ||
      !(dimension === 'size' || builds.includes(dimension) || (dimension === 'network' && isOpen))
    )
      continue;
    for (const value of values.slice(0, Math.max(0, values.indexOf(present)))) {
      const plainer: Case = {
        ...best,
        overrides: { ...best.overrides, cell: { ...best.overrides.cell, [dimension]: value } },
      };
      if (yield plainer) {
        best = plainer;
        break;
      }
    }
  }
  return best;
}

/** Whether the world of a case is built on the network that somebody chose: one that is not asked for would change nothing. */
function asksForNetwork(scenario: Scenario, seed: string, overrides: Overrides): boolean {
  let asked = false;
  const setting = new Proxy(settingOf(scenario, seed, overrides), {
    get(target, name) {
      if (name === 'network') asked = true;
      return Reflect.get(target, name);
    },
  });
  try {
    scenario.world(setting);
  } catch {
    return false;
  }
  return asked;
}
