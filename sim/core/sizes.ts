/**
 * Sizes: how large a world is by what there could be fewer of, such as clients, servers and turns. A smaller world shows the
 * same failure with less beside it. Which sizes there are, and how a described world is made smaller, its protocol says.
 */
import { isName, NAME_EXPECTED } from './name.ts';
import type { Protocol } from './protocol.ts';
import { shown } from './shown.ts';
import { namesOf, type World } from './world.ts';

/** At most so many of each, by name: `{ clients: 1, turns: 2 }`. Whole numbers from 1; a name that is missing stays as it is. */
export type Sizes = Readonly<Record<string, number>>;

/** The sizes of the worlds of a protocol; `W`: how its scenarios describe one. */
export interface Sizing<W> {
  /** How many of each there are, in the order in which they are best made fewer. */
  of(world: W): Sizes;
  /** The same world with at most so many of each, and with everything that is derived from their number derived anew. */
  smaller(world: W, sizes: Sizes): W;
}

/** The most of anything: as many as there may be nodes in a world. */
const MOST = 1_000_000;

/** Throws in one line for what is no sizes. */
export function mustBeSizes(sizes: unknown, field = 'sizes'): void {
  if (sizes === null || typeof sizes !== 'object' || Array.isArray(sizes))
    throw new Error(`\`${field}\`: expected whole numbers by name, such as { clients: 1 }, got ${shown(sizes)}`);
  for (const [name, value] of Object.entries(sizes)) {
    if (!isName(name)) throw new Error(`\`${field}\`: expected ${NAME_EXPECTED}, got ${shown(name)}`);
    if (!Number.isInteger(value) || value < 1 || value > MOST)
      throw new Error(`\`${field}.${name}\`: expected a whole number from 1 to ${MOST}, got ${shown(value)}`);
  }
}

/** `clients=1,turns=2`, as on the command line; null for none. */
export const sizesText = (sizes: Sizes | null | undefined): string | null =>
  Object.entries(sizes ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(',') || null;

/** The sizes of any world: how many clients there are, each with its links and its application. */
export const WORLD_SIZING: Sizing<World> = {
  of: (world): Sizes => ({ clients: namesOf(world, 'client').length }),
  smaller(world, { clients }) {
    const all = namesOf(world, 'client');
    if (clients === undefined || clients >= all.length) return world;
    const gone = new Set(all.slice(clients));
    const stays = (node: string): boolean => !gone.has(node);
    const { facts } = world;
    return {
      ...world,
      nodes: world.nodes.filter(({ id }) => stays(id)),
      links: world.links.filter(({ ends }) => ends.every(stays)),
      applications: world.applications.filter(({ node }) => stays(node)),
      facts: { ...facts, clients: facts.clients.filter(({ node }) => stays(node)) },
    };
  },
};

/**
 * How worlds of a scenario are made smaller: as its protocol says; without a word of it, or without a protocol, as any
 * world is. Null for a protocol whose worlds are described in its own way and that says nothing.
 */
export function sizingOf(protocol: Protocol<unknown> | undefined, described: unknown): Sizing<unknown> | null {
  if (protocol?.sizes !== undefined) return protocol.sizes as Sizing<unknown>;
  return isWorld(described) ? (WORLD_SIZING as Sizing<unknown>) : null;
}

const isWorld = (described: unknown): boolean => {
  const { nodes, links, applications, facts } = (described ?? {}) as Partial<World>;
  return [nodes, links, applications, facts?.clients].every(Array.isArray);
};
