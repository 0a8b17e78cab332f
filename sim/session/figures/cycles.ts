/**
 * Comparisons inside a run: its late cycles with its early ones, and another address with the same one.
 *
 * Each run counts once, with its means: a run on a slow network with many samples would otherwise weigh more on one side
 * of the comparison than on the other. Means are whole microseconds and bytes, so that sums of runs are exact.
 */
import type { Figures } from './measured.ts';
import type { ClientView } from './views.ts';

/** Cycles before a client's late ones are compared with its early ones, and how many of each are. */
const CYCLES = 10;
const COMPARED = 5;

type Cycles = Pick<Figures, 'cycled' | 'cyclesBetween' | 'cycleEarly' | 'cycleLate' | 'memoryEarly' | 'memoryLate'>;

/** Sums over the clients with ten cycles or more. */
export function cyclesOf(clients: Iterable<ClientView>): Cycles {
  const sums = { cycled: 0, cyclesBetween: 0, cycleEarly: 0, cycleLate: 0, memoryEarly: 0, memoryLate: 0 };
  for (const { cycles, peaks } of clients) {
    if (cycles.length < CYCLES) continue;
    sums.cycled++;
    sums.cyclesBetween += cycles.length - COMPARED;
    sums.cycleEarly += meanOf(cycles.slice(0, COMPARED));
    sums.cycleLate += meanOf(cycles.slice(-COMPARED));
    sums.memoryEarly += Math.max(...peaks.slice(0, COMPARED));
    sums.memoryLate += Math.max(...peaks.slice(-COMPARED));
  }
  return sums;
}

interface Moves {
  readonly moved: number;
  readonly movedTime: number;
  readonly still: number;
  readonly stillTime: number;
}

/** The mean time until context was restored from another address and from the same one, if there were both. */
export function movesOf({
  moved,
  movedTime,
  still,
  stillTime,
}: Moves): Pick<Figures, 'moves' | 'movedMean' | 'stillMean'> {
  if (moved === 0 || still === 0) return { moves: 0, movedMean: 0, stillMean: 0 };
  return { moves: 1, movedMean: Math.round(movedTime / moved), stillMean: Math.round(stillTime / still) };
}

const meanOf = (values: readonly number[]): number =>
  Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
