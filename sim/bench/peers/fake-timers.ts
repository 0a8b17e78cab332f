/** PHOLD on the timers of `@sinonjs/fake-timers`: an event is a `setTimeout`, a millisecond of its clock stands for 1 us. */
import { createClock } from '@sinonjs/fake-timers';
import { checksum, delayOf, type Kernel, lcg, type Sample, targetOf, timed } from '../workload.ts';

export const fakeTimers: Kernel = {
  name: 'fake-timers',
  run({ processes, population, events }): Sample {
    const clock = createClock(0);
    const states = Array.from({ length: processes }, (_, index) => ({ seed: index, visits: 0 }));
    const visit = (index: unknown): void => {
      const state = states[index as number]!;
      const draw = lcg(state.seed);
      state.seed = lcg(draw);
      state.visits++;
      clock.setTimeout(visit, delayOf(state.seed), targetOf(draw, processes));
    };
    let seed = 1;
    for (let index = 0; index < population; index++) {
      seed = lcg(seed);
      clock.setTimeout(visit, delayOf(seed), index % processes);
    }
    const ns = timed(events, () => {
      for (let left = events; left > 0; left--) clock.next();
    });
    return { ns, checksum: checksum(states) };
  },
};
