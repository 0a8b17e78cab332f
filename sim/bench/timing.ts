/** Timing our own code in this process: nanoseconds a unit of work, medians over interleaved rounds. */
import { median, type Timing } from './compare.ts';

/** Something to time: `work` does it once and returns how many units (events, runs) it was. */
export interface Subject {
  readonly name: string;
  work(): number;
}

/** The median time a unit of each subject; one round before the first warms compilers and caches up. */
export function timeUnits(subjects: readonly Subject[], rounds: number): Timing[] {
  const times = subjects.map((): number[] => []);
  for (let round = -1; round < rounds; round++)
    for (const [index, { work }] of subjects.entries()) {
      const started = process.hrtime.bigint();
      const units = work();
      if (round >= 0) times[index]?.push(Number(process.hrtime.bigint() - started) / units);
    }
  return subjects.map(({ name }, index) => ({ kernel: name, ns: median(times[index] as number[]) }));
}
