/** The budget of dials: a client that dials for ever ends its run. */
import { counted } from '../../src/count.ts';
import type { Budgets } from './budgets.ts';
import type { Kernel } from './kernel.ts';
import type { Witness } from './witness.ts';
import { namesOf, type World } from './world.ts';

/** A balancer dials for all clients, so its dials say nothing. */
export function limitDials(witness: Witness, kernel: Kernel, budgets: Budgets, world: World): void {
  const balancers = new Set(namesOf(world, 'balancer'));
  const dials = new Map<string, number>();
  witness.listen('dialled', (entry) => {
    if (balancers.has(entry.node)) return;
    const count = (dials.get(entry.node) ?? 0) + 1;
    dials.set(entry.node, count);
    if (count > budgets.dials) kernel.halt(`${counted(budgets.dials, 'dial')} of ${entry.node}`);
  });
}
