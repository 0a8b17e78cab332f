/**
 * The work that every kernel of a comparison does, defined so that it is the same in every language.
 *
 * PHOLD (Fujimoto 1990): a fixed number of events circulates among processes. A process that is visited draws a next
 * process and a delay from its own generator and sends one event. Ties leave in the order in which they were sent, so a
 * checksum over all processes is equal in all kernels, and a kernel that does other work is found out.
 *
 * Delays are exponential, with a lookahead, from a table: the expected order statistics of an exponential sample are sums
 * of 1/n, so it is built from + and / alone and has the same integers everywhere.
 */

/** Mean of the exponential part of a delay, in us. */
const MEAN = 1_000_000;
/** Least delay in us. */
export const LOOKAHEAD = 1_000;
const TABLE_BITS = 12;

/** Delays in us, indexed by the upper 12 bits of a draw. */
export const DELAYS: Int32Array = delays();

/** One step of a 32-bit linear congruential generator (Numerical Recipes). */
export const lcg = (seed: number): number => (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;

/** The delay that a draw stands for. */
export const delayOf = (draw: number): number => DELAYS[draw >>> (32 - TABLE_BITS)] as number;

/** The process that a draw stands for. */
export const targetOf = (draw: number, processes: number): number => (draw >>> 8) % processes;

/** One size of PHOLD. */
export interface Load {
  readonly processes: number;
  /** Events pending at any time. */
  readonly population: number;
  /** Events processed. */
  readonly events: number;
}

/** What one run of one kernel yields. */
export interface Sample {
  /** Processor time per processed event, without the set-up. */
  readonly ns: number;
  readonly checksum: number;
}

/** A kernel under comparison. */
export interface Kernel {
  readonly name: string;
  run(load: Load): Sample | Promise<Sample>;
}

/** What a process remembers: its generator, and how often it was visited. */
export interface Visited {
  readonly seed: number;
  readonly visits: number;
}

/** Folds the final state of all processes into 32 bits. */
export function checksum(processes: readonly Visited[]): number {
  let sum = 0;
  for (const { seed, visits } of processes) sum = (Math.imul(sum, 31) + (seed ^ visits)) >>> 0;
  return sum;
}

/** Processor time of `work`, in ns for each of `events`. */
export function timed(events: number, work: () => void): number {
  const start = processorTime();
  work();
  return (processorTime() - start) / events;
}

/**
 * Processor time of this process in ns, with the threads that compile and collect. Wall time would count the neighbours
 * on a shared machine, and count them against whichever kernel they happened to hit.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
}

function delays(): Int32Array {
  const size = 1 << TABLE_BITS;
  const table = new Int32Array(size);
  let sum = 0;
  for (let index = 0; index < size; index++) {
    sum += MEAN / (size - index);
    table[index] = LOOKAHEAD + Math.floor(sum);
  }
  return table;
}
