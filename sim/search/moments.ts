/**
 * The moments of a run at which a fault can begin and make a difference: one for each instant at which anything happens.
 *
 * A fault is planned before the run begins, and of two events at one instant that comes first which was planned first. So a
 * fault at the instant of an event finds the world as the event before that has left it, and between two instants nothing
 * changes but the time that is left: one beginning stands for the whole stretch.
 */
import type { Instant } from '../../src/time.ts';
import { open } from '../core/run.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Ground } from './ground.ts';

export interface Moment {
  readonly at: Instant;
  /** The number of the first event at that instant. */
  readonly event: number;
}

export interface Moments {
  /** Events of the run, and the instants at which they happen. */
  readonly events: number;
  readonly moments: readonly Moment[];
}

/** The moments of the run of a plan, from its first fault on. */
export function momentsOf({ scenario, seed, overrides }: Ground, plan: FaultPlan = []): Moments {
  const from = plan.reduce((first, { at }) => Math.min(first, at), Number.POSITIVE_INFINITY);
  const run = open(scenario, seed, { ...overrides, plan });
  const moments: Moment[] = [];
  let last = -1;
  try {
    for (let step = run.step(); step !== null; step = run.step()) {
      const { at, event } = step;
      if (at === last) continue;
      last = at;
      if (plan.length === 0 || at >= from) moments.push({ at, event });
    }
    return { events: run.event, moments };
  } finally {
    run.close();
  }
}
