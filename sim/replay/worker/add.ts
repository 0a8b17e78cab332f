/** Faults that a reader may add: kinds that hit something of this world, their other parameters drawn by the seed. */
import { type Instant, seconds } from '../../../src/time.ts';
import { settingOf } from '../../core/setting.ts';
import type { World } from '../../core/world.ts';
import { faultsOf, kindOf } from '../../faults/catalogue.ts';
import { applicable } from '../../faults/check.ts';
import { menuOf } from '../../faults/menu.ts';
import type { Fault } from '../../faults/plan.ts';
import type { Runs } from './runs.ts';
import type { Addable, Edit } from './words.ts';

/** So many targets are offered; worlds may have ten thousand clients. */
const TARGETS = 40;

export function addableOf(runs: Runs, edit: Edit | null): readonly Addable[] {
  const world = runs.world(edit);
  const faults = faultsOf(runs.scenario);
  return applicable(faults, world).map((name) => {
    const { about, hits } = kindOf(faults, name);
    return { kind: name, about, targets: targetsOf(world, hits).slice(0, TARGETS) };
  });
}

const targetsOf = ({ nodes, links }: World, hits: string): readonly string[] =>
  hits === 'link' ? links.map(({ node }) => node) : nodes.filter(({ role }) => role === hits).map(({ id }) => id);

/** A fault of a kind as its own dice would draw it, on that target, from then on. */
export function drawnFault(runs: Runs, edit: Edit | null, kind: string, target: string, at: number): Fault {
  const { seed, options } = runs.of(edit);
  const setting = settingOf(runs.scenario, seed, options);
  const world = runs.world(edit);
  const menu = menuOf(world, [kind]);
  const only = { ...menu, links: [target], clients: [target], servers: [target], balancers: [target] };
  const drawn = kindOf(faultsOf(runs.scenario), kind).draw(
    setting.dice,
    { ...only, parts: menu.parts ?? {} },
    seconds(2),
  );
  return { kind, at: Math.round(at) as Instant, ...drawn, target } as Fault;
}
