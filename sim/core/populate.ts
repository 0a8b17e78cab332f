/** A world becomes machines, each in its place. */
import { link } from '../../src/link/link.ts';
import { START } from '../../src/time.ts';
import type { Universe } from './universe.ts';
import type { World } from './world.ts';

/** Puts every machine of the world in its place and starts the processes. */
export function populate(universe: Universe, world: Pick<World, 'nodes' | 'links'>): void {
  for (const spec of world.nodes) universe.wiring.add(spec);
  for (const config of world.links) universe.wiring.addLink(link, config);
  for (const { id, starts } of world.nodes)
    if (starts !== false) universe.kernel.schedule(START, universe.wiring.node(id), { type: 'started' });
}
