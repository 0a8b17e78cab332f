/**
 * Swarm: plans for a world of which the seed also decides what kind of trouble it has at all. A run turns whole kinds of faults and
 * whole features of plans off, because a run in which everything happens explores less than many in which few things do, each in
 * depth (Groce and others, "Swarm Testing", 2012).
 *
 * Features: faults at moments of the protocol instead of at any time; lengths about those at which something in this world changes
 * its mind (heartbeats, time-outs, lives) instead of any; faults of one instant; the same fault again and again; the same fault on
 * everybody of a sort. Numbers are drawn so that small ones come most often and large ones come at all.
 */
import { clientOf } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import { type Instant, us } from '../../src/time.ts';
import type { Dice } from '../core/dice.ts';
import { type Faults, kindOf } from './catalogue.ts';
import type { Menu } from './kind.ts';
import type { Upon } from './moment.ts';
import type { Fault, FaultPlan } from './plan.ts';

/** No plan is longer, whatever was repeated. */
const MOST = 40;

/** What the plans of a run are made with: each is on or off. */
interface Features {
  readonly moments: boolean;
  readonly scales: boolean;
  readonly together: boolean;
  readonly again: boolean;
  readonly everybody: boolean;
}

/** A plan for a menu that says where this world can be hit in the middle of something. */
export function swarmPlan(dice: Dice, faults: Faults, menu: Menu): FaultPlan {
  const kinds = few(dice, menu.kinds);
  const on = (num: number, of: number): boolean => dice.chance('plan/features', num, of);
  const features: Features = {
    moments: on(3, 4),
    scales: on(1, 2),
    together: on(1, 4),
    again: on(1, 4),
    everybody: on(1, 4),
  };
  const [least, most] = menu.count;
  const count = least + low(dice, 'plan/count', 0, on(1, 8) ? 4 * (most - least) : most - least);
  const plan: Fault[] = [];
  for (let i = 0; i < count; i++) {
    const last = plan.at(-1);
    const drawn = drawFault(dice, faults, dice.pick('plan/kind', kinds), menu, features);
    const fault = last !== undefined && features.together && on(1, 2) ? at(drawn, last) : drawn;
    plan.push(fault);
    if (fault.upon !== undefined) plan.push(...lead(dice, faults, fault.upon, menu));
    if (features.again && on(1, 2)) plan.push(...again(dice, faults, fault, menu));
    if (features.everybody && on(1, 2)) plan.push(...others(faults, fault, menu));
  }
  // Stable: equal times keep the order in which they were drawn.
  return plan.slice(0, MOST).sort((a, b) => a.at - b.at);
}

/** One kind, a few, or about half of them. */
function few(dice: Dice, kinds: readonly string[]): readonly string[] {
  if (dice.chance('plan/swarm', 1, 3)) {
    const enabled = kinds.filter(() => dice.chance('plan/swarm', 1, 2));
    return enabled.length > 0 ? enabled : [dice.pick('plan/swarm', kinds)];
  }
  const count = dice.between('plan/swarm', 1, 4);
  return Array.from({ length: count }, () => dice.pick('plan/swarm', kinds));
}

function drawFault(dice: Dice, faults: Faults, name: string, menu: Menu, features: Features): Fault {
  const kind = kindOf(faults, name);
  const [least, most] = menu.lasts;
  const scales = menu.scales ?? [];
  const lasts =
    features.scales && scales.length > 0 && dice.chance('plan/lasts', 2, 3)
      ? about(dice, dice.pick('plan/lasts', scales))
      : low(dice, 'plan/lasts', least, most);
  const drawn = kind.draw(dice, menu, us(Math.max(least, lasts))) as Omit<Fault, 'kind' | 'at'>;
  const upon =
    features.moments && dice.chance('plan/moment', 2, 3) ? momentOf(dice, menu, drawn.target as NodeId) : undefined;
  const at = upon === undefined ? timeOf(dice, menu) : waitsUntil(dice, menu);
  return { kind: name, ...drawn, at, ...(upon === undefined ? {} : { upon }) } as Fault;
}

/** Most happens while something else does. */
function timeOf(dice: Dice, { from, until, busyUntil = until }: Menu): Instant {
  // Stories are as long as the longest of them, and most are over before.
  const busy = from + Math.trunc(((busyUntil - from) * 2) / 3);
  return dice.between('plan/at', from, dice.chance('plan/busy', 2, 3) ? Math.max(from, busy) : until) as Instant;
}

/** What waits for a moment waits as long as there may be one: stories take longer than they would if nothing went wrong. */
function waitsUntil(dice: Dice, { from, until }: Menu): Instant {
  const isPatient = dice.chance('plan/patience', 1, 2);
  return dice.between(
    'plan/at',
    isPatient ? until : Math.trunc((from + until) / 2),
    isPatient ? 3 * until : until,
  ) as Instant;
}

const PARTS = ['client', 'client', 'server', 'other'];

/** A moment of somebody whom this has to do with, mostly: whose link it is, whose process; else of anybody. */
function momentOf(dice: Dice, menu: Menu, target: NodeId): Upon | undefined {
  const { places = [] } = menu;
  const near = places.filter(({ node }) => clientOf(target).split('-').includes(node));
  // A world has few clients and many services, and clients are in the middle of most things.
  const part = dice.pick('plan/moment', PARTS);
  const of = places.filter(({ role }) => (PARTS.includes(role) ? role : 'other') === part);
  const among = near.length > 0 && dice.chance('plan/moment', 1, 3) ? near : of.length > 0 ? of : places;
  if (among.length === 0) return undefined;
  const { node, phases } = dice.pick('plan/moment', among);
  const { phase, often, first, leads } = dice.pick('plan/moment', phases);
  // What happens at every chunk happens a hundred times; else most runs see a phase once or twice.
  const isFirst = dice.chance('plan/nth', leads.length > 0 ? 5 : 4, 6);
  const nth = first + (often ? low(dice, 'plan/nth', 0, 150) : isFirst ? 0 : low(dice, 'plan/nth', 1, 4));
  // Much of what is under way is over sooner than anything else happens.
  const after = dice.chance('plan/after', 1, 2) ? 0 : within(dice, menu);
  return { phase, node, nth, after: us(after) };
}

/** What leads to a phase that would hardly come by itself: somewhere before the time at which the fault stops waiting for it. */
function lead(dice: Dice, faults: Faults, { node, phase }: Upon, menu: Menu): readonly Fault[] {
  const place = menu.places?.find((each) => each.node === node);
  const { leads = [] } = place?.phases.find((each) => each.phase === phase) ?? {};
  if (leads.length === 0) return [];
  const name = dice.pick('plan/lead', leads);
  const { hits, draw } = kindOf(faults, name);
  const lasts = us(low(dice, 'plan/lasts', menu.lasts[0], menu.lasts[1]));
  const drawn = draw(dice, menu, lasts) as Omit<Fault, 'kind' | 'at'>;
  // On whoever is meant, where that can be hit.
  const target =
    hits === 'link'
      ? menu.links.find((link) => link.split('-').includes(node))
      : menu.parts?.[hits]?.find((each) => each === node);
  const { from, until, busyUntil = until } = menu;
  const soon = Math.trunc((from + busyUntil) / 2);
  const at = dice.between('plan/at', from, soon) as Instant;
  const steady = place?.steady;
  const upon =
    steady === undefined ? null : { phase: steady, node, nth: 1, after: us(low(dice, 'plan/lead', 0, soon)) };
  const when = upon === null ? { at } : { at: (soon + until) as Instant, upon };
  return [{ kind: name, ...drawn, ...when, ...(target === undefined ? {} : { target }) } as Fault];
}

/** So long after a phase began, as things take in this world: a trip, an fsync, a wait. */
function within(dice: Dice, { trips = [] }: Menu): number {
  const trip = trips.length === 0 ? 50_000 : dice.pick('plan/after', trips);
  return dice.between('plan/after', 0, 2 * trip);
}

/** About a length of time: a little less, a little more, or the same by a hair. */
function about(dice: Dice, scale: number): number {
  const of = dice.pick('plan/lasts', [10, 100, 1000]);
  return scale + Math.trunc((scale * dice.between('plan/lasts', -1000, 1000)) / (1000 * of)) * (of === 10 ? 5 : 1);
}

/** The same fault a few times more: each some time after the last is over, or each time that its moment comes. */
function again(dice: Dice, faults: Faults, fault: Fault, menu: Menu): readonly Fault[] {
  const more: Fault[] = [];
  const { upon } = fault;
  const times = dice.between('plan/again', 1, upon === undefined ? 4 : 2);
  const gap = low(dice, 'plan/gap', 1, 2_000_000);
  let { at } = fault;
  for (let i = 1; i <= times; i++) {
    if (upon === undefined) at = (at + kindOf(faults, fault.kind).duration(fault) + gap) as Instant;
    if (upon === undefined && at > menu.until) break;
    more.push({ ...fault, at, ...(upon === undefined ? {} : { upon: { ...upon, nth: upon.nth + i } }) });
  }
  return more;
}

/** The same on everybody else of its sort, at the same time; what names others besides its target stays alone. */
function others(faults: Faults, fault: Fault, menu: Menu): readonly Fault[] {
  const { hits, parameters } = kindOf(faults, fault.kind);
  if (Object.values(parameters).some(({ names }) => names !== undefined)) return [];
  const all = hits === 'link' ? menu.links : (menu.parts?.[hits] ?? []);
  return all
    .slice(0, MOST)
    .filter((target) => target !== fault.target)
    .map((target) => ({ ...fault, target }));
}

/** A fault takes over the time of another one, which may have no moment. */
function at({ upon: _, ...fault }: Fault, { at, upon }: Fault): Fault {
  return { ...fault, at, ...(upon === undefined ? {} : { upon }) } as Fault;
}

/** Most are small and a few are large: the product of two uniform draws. */
function low(dice: Dice, name: string, least: number, most: number): number {
  const a = dice.between(name, 0, 1000);
  const b = dice.between(name, 0, 1000);
  return least + Math.floor(((most - least + 1) * a * b) / 1_000_001);
}
