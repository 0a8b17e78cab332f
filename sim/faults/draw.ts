/**
 * Drawing plans. Swarm: a run first turns whole kinds of faults off, because a run in which everything goes wrong at once
 * explores less than many runs in which few kinds do, each in depth.
 */
import type { NodeId } from '../../src/machine.ts';
import { type Duration, type Instant, ms, us } from '../../src/time.ts';
import type { Dice } from '../dice.ts';
import type { Fault, FaultKind, FaultPlan } from './plan.ts';

/** What may go wrong in a scenario. */
export interface Menu {
  readonly kinds: readonly FaultKind[];
  /** How many faults, both included. */
  readonly count: readonly [number, number];
  /** Faults begin in this stretch of time. */
  readonly from: Instant;
  readonly until: Instant;
  /** How long a fault lasts, both included. */
  readonly lasts: readonly [Duration, Duration];
  /** Access links (`c1-lb`), clients and servers that may be hit. */
  readonly links: readonly NodeId[];
  readonly clients: readonly NodeId[];
  readonly servers: readonly NodeId[];
}

/** A plan drawn from the dice, sorted by time. */
export function drawPlan(dice: Dice, menu: Menu): FaultPlan {
  const enabled = swarm(dice, menu.kinds);
  const count = dice.between('plan/count', menu.count[0], menu.count[1]);
  const plan: Fault[] = [];
  for (let i = 0; i < count; i++) plan.push(drawFault(dice, dice.pick('plan/kind', enabled), menu));
  // Stable: equal times keep the order in which they were drawn.
  return plan.sort((a, b) => a.at - b.at);
}

/** Each kind stays with one chance in two; at least one does. */
function swarm(dice: Dice, kinds: readonly FaultKind[]): readonly FaultKind[] {
  const enabled = kinds.filter(() => dice.chance('plan/swarm', 1, 2));
  return enabled.length > 0 ? enabled : [dice.pick('plan/swarm', kinds)];
}

function drawFault(dice: Dice, kind: FaultKind, menu: Menu): Fault {
  const at = dice.between('plan/at', menu.from, menu.until) as Instant;
  const lasts = us(skewed(dice, menu.lasts[0], menu.lasts[1]));
  const link = () => dice.pick('plan/link', menu.links);
  switch (kind) {
    case 'cut':
      return {
        kind,
        target: link(),
        at,
        lasts,
        direction: dice.pick('plan/direction', ['both', 'both', 'up', 'down'] as const),
      };
    case 'reset':
    case 'rebind':
      return { kind, target: link(), at };
    case 'degrade':
      return {
        kind,
        target: link(),
        at,
        lasts,
        delay: ms(dice.between('plan/degrade', 20, 400)),
        loss: dice.between('plan/degrade', 10, 200),
        slower: dice.between('plan/degrade', 2, 8),
      };
    case 'offline':
      return { kind, target: dice.pick('plan/client', menu.clients), at, lasts };
    case 'crash':
      return {
        kind,
        target: dice.pick('plan/server', menu.servers),
        at,
        lasts,
        how: dice.pick('plan/how', ['process', 'process', 'host'] as const),
      };
    case 'drain':
      return {
        kind,
        target: dice.pick('plan/server', menu.servers),
        at,
        deadline: ms(dice.between('plan/deadline', 1000, 8000)),
        lasts,
      };
    case 'balancerCrash':
      return { kind, target: 'lb', at, lasts };
    case 'storeCrash':
      return { kind, target: 'store', at, lasts, keep: dice.between('plan/keep', 0, 1000) };
    case 'authDown':
      return { kind, target: 'auth', at, lasts };
  }
}

/** Most faults are short and a few are long: the product of two uniform draws. */
function skewed(dice: Dice, least: number, most: number): number {
  const a = dice.between('plan/lasts', 0, 1000);
  const b = dice.between('plan/lasts', 0, 1000);
  return least + Math.floor(((most - least) * a * b) / 1_000_000);
}
