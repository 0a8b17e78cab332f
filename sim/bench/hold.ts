/**
 * The hold model: with a constant number of pending events, pop the earliest and push it again later. It times the agenda
 * alone, from 10 to 1,000,000 pending events, beside a C++ std::priority_queue.
 */
import { Agenda } from '../core/agenda.ts';
import { compare, present } from './compare.ts';
import { isolated } from './peers/isolate.ts';
import { cpp } from './peers/native.ts';
import type { Options, Suite } from './report.ts';
import { delayOf, type Kernel, lcg, processorTime, type Sample } from './workload.ts';

/** The hold model on our agenda. */
export const ours: Kernel = {
  name: 'hangup',
  run({ population, events }): Sample {
    const queue = new Agenda();
    let seed = 1;
    let order = 0;
    let sum = 0;
    for (let slot = 0; slot < population; slot++) {
      seed = lcg(seed);
      queue.push(delayOf(seed), order++, slot);
    }
    let start = 0;
    // A full turn of the population first, so that the structure has left its initial state.
    for (let turn = -population; turn < events; turn++) {
      if (turn === 0) start = processorTime();
      const slot = queue.pop();
      seed = lcg(seed);
      sum = (Math.imul(sum, 31) + slot) >>> 0;
      queue.push(queue.at + delayOf(seed), order++, slot);
    }
    const ns = (processorTime() - start) / events;
    return { ns, checksum: sum };
  },
};

/** Suite `hold`. */
export async function hold({ quick }: Options): Promise<Suite> {
  const kernels = present([
    isolated('hangup', new URL(import.meta.url), 'ours'),
    await cpp('C++ heap', 'hold-heap.cpp'),
  ]);
  const sizes = quick ? [10, 1_000, 10_000] : [10, 100, 1_000, 10_000, 100_000, 1_000_000];
  const rows = [];
  for (const population of sizes) {
    const load = { processes: 1, population, events: quick ? 200_000 : 1_000_000 };
    rows.push({ size: { pending: population }, timings: await compare(kernels, load, quick ? 3 : 7) });
  }
  const first = rows[0]?.timings[0]?.ns ?? 0;
  const flat = rows.find((row) => row.size.pending === 10_000)?.timings[0]?.ns ?? 0;
  return {
    name: 'hold',
    title: 'Agenda, hold model: ns a pop and push',
    rows,
    claims: [
      { claim: 'at 10,000 pending, at most 1.5x the time at 10', value: flat / first, holds: flat <= 1.5 * first },
    ],
  };
}
