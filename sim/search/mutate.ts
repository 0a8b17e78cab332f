/**
 * Mutations of a plan: what a guided search tries next. Each changes one thing (when a fault begins, how long it lasts, which
 * faults there are), and most of the rest stays: a plan that came into a rare corner comes near it again.
 *
 * Whatever comes out can be carried out in its world; it has no more faults, and none that last longer, than plans that
 * seeds draw: a search that looks for the worst may not look for more harm.
 */
import type { Instant } from '../../src/time.ts';
import type { Dice } from '../core/dice.ts';
import { kindOf } from '../faults/catalogue.ts';
import type { AnyKind } from '../faults/kind.ts';
import type { Fault, FaultPlan } from '../faults/plan.ts';
import { type Ground, isSound } from './ground.ts';

/** What a mutation may use. */
export interface Mutating {
  readonly dice: Dice;
  readonly ground: Ground;
  /** Another plan that was kept, of any seed. */
  readonly other: FaultPlan;
}

type Mutation = (plan: readonly Fault[], mutating: Mutating) => readonly Fault[];

/** Tries for one that changes anything. */
const TRIES = 8;

/** The plan with one change, or two, or three. */
export function mutate(plan: FaultPlan, mutating: Mutating): FaultPlan {
  const { dice } = mutating;
  let changed: readonly Fault[] = plan;
  for (let left = dice.pick('changes', [1, 2, 2, 3]); left > 0; left--)
    for (let tries = 0; tries < TRIES; tries++) {
      const next = bounded(dice.pick('mutation', MUTATIONS)(changed, mutating), mutating.ground);
      if (next.length === 0 || JSON.stringify(next) === JSON.stringify(changed)) continue;
      changed = next;
      break;
    }
  return changed;
}

const MUTATIONS: readonly Mutation[] = [
  ...[move, stretch, redraw, add, add, hang, hang],
  ...[remove, repeat, splice, join, join, meet],
];
/** A plan that was repeated and spliced may have so many faults: as many as those that seeds draw mostly have at the most. */
const MOST = 12;

/** A fault begins a little earlier or later, or at any other time. */
function move(plan: readonly Fault[], { dice, ground }: Mutating): readonly Fault[] {
  return changing(plan, dice, (fault) => {
    if (dice.chance('far', 1, 3)) return { ...fault, at: anytime(dice, ground) };
    const reach = dice.pick('reach', [100, 2_000, 20_000, 200_000, 2_000_000]);
    return { ...fault, at: (fault.at + dice.between('shift', -reach, reach)) as Instant };
  });
}

/** A fault lasts shorter or longer. */
function stretch(plan: readonly Fault[], { dice, ground }: Mutating): readonly Fault[] {
  return changing(plan, dice, (fault) => {
    if (typeof fault.lasts !== 'number') return fault;
    const { scales = [] } = ground.menu;
    if (scales.length > 0 && dice.chance('scale', 1, 3)) {
      const scale = dice.pick('scale', scales);
      return { ...fault, lasts: Math.max(1, Math.floor((scale * dice.pick('about', [95, 101, 110])) / 100)) };
    }
    const [num, of] = dice.pick('stretch', [
      [1, 8],
      [1, 2],
      [3, 4],
      [5, 4],
      [2, 1],
      [8, 1],
    ] as const);
    return { ...fault, lasts: Math.max(1, Math.floor((fault.lasts * num) / of)) };
  });
}

/** A fault is another one of its kind, or of another kind, at its time. */
function redraw(plan: readonly Fault[], { dice, ground }: Mutating): readonly Fault[] {
  return changing(plan, dice, (fault) => {
    const kind = dice.chance('same kind', 2, 3) ? kindOf(ground.faults, fault.kind) : anyKind(dice, ground);
    return drawn(kind, fault.at, dice, ground);
  });
}

/** A fault begins when somebody is in the middle of something, or another time that they are; or at its time again. */
function hang(plan: readonly Fault[], { dice, ground }: Mutating): readonly Fault[] {
  const { places = [] } = ground.menu;
  return changing(plan, dice, ({ upon, ...fault }) => {
    if (upon !== undefined && dice.chance('off', 1, 4)) return fault as Fault;
    if (upon !== undefined && dice.chance('nth', 1, 2))
      return { ...fault, upon: { ...upon, nth: Math.max(1, upon.nth + dice.between('nth', -3, 3)) } } as Fault;
    if (places.length === 0) return fault as Fault;
    const { node, phases } = dice.pick('place', places);
    const { phase, first, often } = dice.pick('phase', phases);
    const nth = first + dice.between('nth', 0, often ? 100 : 3);
    const after = dice.pick('after', [0, 0, 1, 1_000, 20_000, 200_000]);
    // It waits for its moment as long as there may be one.
    return { ...fault, at: ground.menu.until, upon: { phase, node, nth, after } } as Fault;
  });
}

/** One more fault: at any time, or soon after another one. */
function add(plan: readonly Fault[], { dice, ground }: Mutating): readonly Fault[] {
  const near = plan.length > 0 && dice.chance('near', 1, 2) ? dice.pick('which', plan) : null;
  const at = near === null ? anytime(dice, ground) : ((near.at + soon(dice)) as Instant);
  return [...plan, drawn(anyKind(dice, ground), at, dice, ground)];
}

function remove(plan: readonly Fault[], { dice }: Mutating): readonly Fault[] {
  if (plan.length < 2) return plan;
  const gone = dice.between('which', 0, plan.length - 1);
  return plan.filter((_, i) => i !== gone);
}

/** The same fault once more. */
function repeat(plan: readonly Fault[], { dice }: Mutating): readonly Fault[] {
  if (plan.length === 0) return plan;
  const fault = dice.pick('which', plan);
  return [...plan, { ...fault, at: (fault.at + soon(dice)) as Instant }];
}

/** The beginning of this plan, and the end of another. */
function splice(plan: readonly Fault[], { dice, other, ground }: Mutating): readonly Fault[] {
  const cut = anytime(dice, ground);
  return [...plan.filter(({ at }) => at < cut), ...other.filter(({ at }) => at >= cut)];
}

/** All of this plan, and all of another. */
function join(plan: readonly Fault[], { other }: Mutating): readonly Fault[] {
  return [...plan, ...other];
}

/** Two faults begin together, or one when the other is over. */
function meet(plan: readonly Fault[], { dice }: Mutating): readonly Fault[] {
  if (plan.length < 2) return plan;
  const fault = dice.pick('which', plan);
  const over = typeof fault.lasts === 'number' && dice.chance('over', 1, 2) ? fault.lasts : 0;
  const at = fault.at + over + dice.pick('apart', [0, 0, 1, 1_000, 50_000]);
  return changing(plan, dice, (one) => (one === fault ? one : { ...one, at: at as Instant }));
}

function changing(plan: readonly Fault[], dice: Dice, change: (fault: Fault) => Fault): readonly Fault[] {
  if (plan.length === 0) return plan;
  const at = dice.between('which', 0, plan.length - 1);
  return plan.map((fault, i) => (i === at ? change(fault) : fault));
}

/** Most of what follows a fault follows within seconds, and much of it at once. */
const soon = (dice: Dice): number => {
  const reach = dice.pick('soon', [1_000, 50_000, 500_000, 4_000_000, 20_000_000]);
  return dice.between('soon', 0, reach);
};

const anytime = (dice: Dice, { menu }: Ground): Instant => dice.between('at', menu.from, menu.until) as Instant;
const anyKind = (dice: Dice, { kinds }: Ground): AnyKind => dice.pick('kind', kinds);

/** A fault as its kind draws it; most are short and a few are long, as in plans that seeds draw. */
function drawn(kind: AnyKind, at: Instant, dice: Dice, { menu }: Ground): Fault {
  const [least, most] = menu.lasts;
  const share = dice.between('lasts', 0, 1000) * dice.between('lasts', 0, 1000);
  const lasts = least + Math.floor(((most - least) * share) / 1_000_000);
  return { kind: kind.name, at, ...kind.draw(dice, menu, lasts as typeof least) } as Fault;
}

/** What a plan may be at the most: in order of time, of as many faults as seeds draw, none of which lasts longer. */
function bounded(plan: readonly Fault[], { menu, world, faults }: Ground): FaultPlan {
  const longest = Math.max(menu.lasts[1], ...(menu.scales ?? []).map((scale) => Math.floor((scale * 11) / 10)));
  const kept: Fault[] = [];
  for (const fault of plan) {
    const at = Math.min(Math.max(0, fault.at), menu.until);
    const lasts = typeof fault.lasts === 'number' ? { lasts: Math.min(fault.lasts, longest) } : {};
    const one = { ...fault, at, ...lasts } as Fault;
    if (kept.length < MOST && isSound([one], world, faults)) kept.push(one);
  }
  return kept.sort((a, b) => a.at - b.at);
}
