/**
 * The menu of any world: for plans that are drawn from kinds which the scenario itself never thought of.
 *
 * What can be hit are the world's own clients, their access links and its servers; faults begin at any moment of the
 * longest story, and last as long as people have seen outages last without giving up.
 */
import { type Instant, ms, seconds } from '../../src/time.ts';
import type { Setting } from '../core/scenario.ts';
import { namesOf, type World } from '../core/world.ts';
import { drawPlan } from './draw.ts';
import type { Menu } from './kind.ts';
import type { FaultPlan } from './plan.ts';

/** One to four faults of these kinds, anywhere in the world and in its stories. */
export function menuOf(world: World, kinds: readonly string[]): Menu {
  const clients = namesOf(world, 'client');
  const known = new Set(clients);
  return {
    kinds,
    count: [1, 4],
    from: ms(50) as number as Instant,
    until: Math.max(seconds(1), world.stayUntil ?? 0, ...world.applications.map(({ until }) => until)) as Instant,
    lasts: [ms(20), seconds(20)],
    links: world.links.filter(({ ends }) => known.has(ends[0])).map(({ node }) => node),
    clients,
    servers: namesOf(world, 'server'),
    balancers: namesOf(world, 'balancer'),
    parts: Object.fromEntries(world.nodes.map(({ role }) => [role, namesOf(world, role)])),
  };
}

/** The plan of a scenario whose world is a `World`: one to four faults of these kinds. */
export const drawn =
  (kinds: readonly string[]) =>
  (setting: Setting, world: World): FaultPlan =>
    drawPlan(setting, menuOf(world, kinds));
