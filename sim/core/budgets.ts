/**
 * Budgets: a run that does not end by itself is stopped with a named verdict instead of hanging a sweep.
 *
 * What a run needs follows its size: how many clients it has, how long its faults last, how often their policy dials
 * meanwhile, and how much time everything may take to converge. The budgets are several times that, and never less than
 * `BUDGETS`, so that they end what is endless and nothing else.
 */
import { envelope } from '../../src/backoff/envelope.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { counted } from '../../src/count.ts';
import { formatDuration, type Instant, START } from '../../src/time.ts';
import { CONNS_PER_NODE } from '../../src/transport.ts';
import { durationOf, type Faults } from '../faults/catalogue.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { perObject } from './per-object.ts';
import { namesOf, type World } from './world.ts';

export interface Budgets {
  readonly events: number;
  /** Virtual time. */
  readonly time: Instant;
  /** Pending events at once. */
  readonly queue: number;
  /** Dials of one client. */
  readonly dials: number;
  /** Events at one instant of virtual time, which stands still meanwhile; without it as many as there may be at all. */
  readonly instant?: number;
}

/** The least of each. */
export const BUDGETS: Budgets = {
  events: 5_000_000,
  time: (24 * 3_600_000_000) as Instant,
  queue: 1_000_000,
  dials: 20_000,
};

/** Events of a dial that fails at every server: on the access link, at the balancer, and there for each of them. */
const EVENTS_A_DIAL = 100;
/** Pending events of a client: its timers, and what is under way on its link. */
const PENDING = 100;
/** A policy that has stopped growing. */
const GROWN = 64;
/** Names that a client has for its dials; other tabs of it have the upper half. */
const DIALS_MOST = CONNS_PER_NODE / 2 - 1;

/** The mean wait of a policy that has stopped growing; derived once, because it takes exact fractions. */
const grownWait = perObject((policy: Policy): number => {
  const { least, most } = envelope(policy, GROWN, policy.cap, null);
  return (least + most) / 2;
});

/** The budgets of a world under a plan of faults. */
export function budgetsFor(world: World, plan: FaultPlan, faults: Faults): Budgets {
  const { links, facts, budgets } = world;
  const clients = namesOf(world, 'client');
  const harm = plan.reduce((end, fault) => Math.max(end, fault.at + durationOf(faults, fault)), 0);
  const time = harm + (facts.diverges === undefined ? (facts.convergeWithin ?? 0) : 0);
  const { policy } = facts.clients[0] ?? {};
  const trip = links[0] === undefined ? 0 : links[0].up.delay + links[0].down.delay;
  const pace = Math.max(1000, trip + (policy === undefined ? 0 : grownWait(policy)));
  const dials = Math.ceil((4 * time) / pace);
  return {
    events: Math.max(BUDGETS.events, clients.length * dials * EVENTS_A_DIAL),
    time: Math.max(BUDGETS.time, START + 4 * time) as Instant,
    queue: Math.max(BUDGETS.queue, clients.length * PENDING),
    dials: Math.min(DIALS_MOST, Math.max(BUDGETS.dials, dials)),
    ...budgets,
  };
}

/** Which budget is used up by so many events, at that time, with so many pending, and so many at this instant; null: none. */
export function usedUp(budgets: Budgets, events: number, now: Instant, pending: number, here: number): string | null {
  if (events >= budgets.events) return counted(budgets.events, 'event');
  if (now > budgets.time) return `${formatDuration(budgets.time)} of virtual time`;
  if (pending > budgets.queue) return counted(budgets.queue, 'pending event');
  if (budgets.instant === undefined || here < budgets.instant) return null;
  return `${counted(budgets.instant, 'event')} at one instant (${formatDuration(now)})`;
}
