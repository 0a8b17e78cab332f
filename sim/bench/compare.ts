/** Runs several kernels on one load in interleaved rounds, so that a slow moment of the machine hits all of them. */
import { isMissing, type Missing } from './peers/native.ts';
import type { Kernel, Load } from './workload.ts';

/** Median time per event of one kernel. */
export interface Timing {
  readonly kernel: string;
  readonly ns: number;
}

/** The kernels that can run here; of the others, one line each says what is missing. */
export function present(peers: readonly (Kernel | Missing)[]): Kernel[] {
  const kernels: Kernel[] = [];
  for (const peer of peers) {
    if (isMissing(peer)) console.error(`${peer.name} skipped: ${peer.missing} is missing`);
    else kernels.push(peer);
  }
  return kernels;
}

/** Medians over the rounds. Throws when a kernel did other work than the first. */
export async function compare(kernels: readonly Kernel[], load: Load, rounds: number): Promise<Timing[]> {
  const times = kernels.map((): number[] => []);
  let expected: number | undefined;
  for (let round = 0; round < rounds; round++) {
    for (const [index, kernel] of kernels.entries()) {
      const { ns, checksum } = await kernel.run(load);
      expected ??= checksum;
      if (checksum !== expected)
        throw new Error(`${kernel.name} did other work: checksum ${checksum}, not ${expected}`);
      times[index]!.push(ns);
    }
  }
  return kernels.map(({ name }, index) => ({ kernel: name, ns: median(times[index]!) }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
