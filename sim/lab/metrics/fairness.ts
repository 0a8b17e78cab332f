/**
 * How evenly the wait for recovery was spread, by Jain's index (Jain, Chiu, Hawe, DEC-TR-301, 1984): the square of the sum
 * over n times the sum of squares. 1 if all waited alike, 1/n if one waited for all. Servers that are never idle and
 * serve in any order make waits uniform, and 3/4 of them.
 */
import type { StormRun } from '../storm/run.ts';
import { recoveryOf } from './recovery.ts';

/** Over the waits of all affected clients that got back. NaN if none did, or nobody had to wait. */
export function jain(run: StormRun): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const wait of recoveryOf(run).waits) {
    if (wait === Number.POSITIVE_INFINITY) continue;
    count++;
    sum += wait;
    squares += wait * wait;
  }
  return squares === 0 ? Number.NaN : (sum * sum) / (count * squares);
}

/**
 * The same where everybody is given the mean wait of its cohort, those who dialled as often during the outage: below 1, who
 * was unlucky (or diligent) before the servers were back waits longer (or less) behind it.
 */
export function jainByCohort(run: StormRun): number {
  const { waits, clients } = recoveryOf(run);
  const cohorts = new Map<number, { count: number; sum: number }>();
  for (let index = 0; index < waits.length; index++) {
    const wait = waits[index]!;
    if (wait === Number.POSITIVE_INFINITY) continue;
    const dials = run.attemptsDuring[clients[index]!]!;
    const cohort = cohorts.get(dials);
    if (cohort === undefined) cohorts.set(dials, { count: 1, sum: wait });
    else {
      cohort.count++;
      cohort.sum += wait;
    }
  }
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const cohort of cohorts.values()) {
    count += cohort.count;
    sum += cohort.sum;
    squares += (cohort.sum * cohort.sum) / cohort.count;
  }
  return squares === 0 ? Number.NaN : (sum * sum) / (count * squares);
}
