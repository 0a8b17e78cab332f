/**
 * The menu of any world: for plans that are drawn from kinds which the scenario itself never thought of.
 *
 * What can be hit are the world's own clients, their access links and its servers; faults begin at any moment of the
 * longest story, or when somebody is in the middle of something, and last as long as people have seen outages last without giving
 * up, or about as long as something in this world waits.
 */
import { type Duration, type Instant, latest, minutes, ms, seconds, us } from '../../src/time.ts';
import { NEUTRAL_PHASES, type Phases, phasesOf } from '../core/phases.ts';
import type { Setting } from '../core/scenario.ts';
import { namesOf, type World } from '../core/world.ts';
import { drawPlan } from './draw.ts';
import type { Menu, Place } from './kind.ts';
import type { FaultPlan } from './plan.ts';

/** Of so many nodes of a part faults wait for the phases; a world may have ten thousand. */
const WATCHED = 32;
/** Nobody waits longer for a world to change its mind; a session may. */
const LONGEST = minutes(10);

/** One to four faults of these kinds, anywhere in the world and in its stories; in one run of eight more of them. */
export const menuOf = (world: World, kinds: readonly string[], phases: Phases = NEUTRAL_PHASES): Menu => ({
  ...anyTimeMenuOf(world, kinds),
  places: placesIn(world, phases, kinds),
  scales: scalesOf(world),
  trips: tripsOf(world),
});

/** The same without moments of the protocol and lengths that matter to it: faults begin at any time. */
export function anyTimeMenuOf(world: World, kinds: readonly string[]): Menu {
  const clients = namesOf(world, 'client');
  const known = new Set(clients);
  const busyUntil = world.applications.reduce<Instant>(
    (until, each) => latest(until, each.until),
    seconds(1) as number as Instant,
  );
  return {
    kinds,
    count: [1, 4],
    from: ms(50) as number as Instant,
    until: latest(busyUntil, world.stayUntil ?? busyUntil),
    busyUntil,
    lasts: [ms(20), seconds(20)],
    links: world.links.filter(({ ends }) => known.has(ends[0])).map(({ node }) => node),
    clients,
    servers: namesOf(world, 'server'),
    balancers: namesOf(world, 'balancer'),
    parts: Object.fromEntries(world.nodes.map(({ role }) => [role, namesOf(world, role)])),
  };
}

/** Everybody, with the phases in which they may be met: not at the start, which is a time, and not behind their end. */
function placesIn({ nodes }: World, phases: Phases, kinds: readonly string[]): readonly Place[] {
  const seen = new Map<string, number>();
  const places: Place[] = [];
  const steadyOf = (role: string): Pick<Place, 'steady'> => {
    const steady = phases.steady?.[role];
    return steady === undefined ? {} : { steady };
  };
  for (const { id, role, host } of nodes) {
    // It dies with whoever has that host, and comes back with it.
    if (host !== undefined && host !== id) continue;
    const count = (seen.get(role) ?? 0) + 1;
    seen.set(role, count);
    if (count > WATCHED) continue;
    const [begins, ...others] = phasesOf(phases, role).filter((phase) => phase !== 'ended');
    const place = (phase: string, first: number): Place['phases'][number] => ({
      phase,
      first,
      often: phases.often?.includes(phase) === true,
      leads: (phases.leads?.[phase] ?? []).filter((kind) => kinds.includes(kind)),
    });
    const met = others.map((phase) => place(phase, 1));
    // Who is up a second time has just come back.
    if (begins === 'up') met.push(place(begins, 2));
    if (met.length > 0) places.push({ node: id, role, ...steadyOf(role), phases: met });
  }
  return places;
}

/** At these lengths something changes its mind, as far as the world says. */
function scalesOf({ scales = [], facts }: World): readonly Duration[] {
  const { deadAfter, policy } = facts.clients[0] ?? {};
  const all = [...scales, deadAfter, policy?.cap, facts.promises?.backWithin];
  return all.filter((scale) => scale !== undefined && scale > 0 && scale <= LONGEST) as Duration[];
}

/** A trip of the first link of each sort, a message between services, and a moment of a person. */
function tripsOf({ links, serviceDelay }: World): readonly Duration[] {
  const [access, inner] = [links[0], links.at(-1)];
  const trips = [access, inner].flatMap((link) => (link === undefined ? [] : [us(link.up.delay + link.down.delay)]));
  return [...trips, us(4 * serviceDelay), ms(200)];
}

/** The plan of a scenario whose world is a `World`: one to four faults of these kinds. */
export const drawn =
  (kinds: readonly string[]) =>
  (setting: Setting, world: World): FaultPlan =>
    drawPlan(setting, menuOf(world, kinds, setting.phases));
