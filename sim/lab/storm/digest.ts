/** A run as one short text: two runs with the same one left the same behind, on whatever engine. */
import { Digest } from '../../core/digest.ts';
import type { StormRun } from './run.ts';

/** Everything of a run but its storm. */
export function digestOf(run: StormRun): string {
  const digest = new Digest();
  const { droppedAt, recoveredAt, attemptsDuring, attemptsAfter, gaveUp, arrivals, admissions, refusals } = run;
  for (const list of [droppedAt, recoveredAt, attemptsDuring, attemptsAfter, gaveUp, arrivals, admissions, refusals]) {
    digest.addTwo(list.length, 0);
    for (let index = 0; index < list.length; index++) digest.addTwo(index, list[index]!);
  }
  const { outcomes, binWidth, binsFrom, events, end } = run;
  for (const [name, count] of Object.entries({ ...outcomes, binWidth, binsFrom, events, end })) {
    digest.addText(name);
    digest.addTwo(count, 0);
  }
  return String(digest);
}
