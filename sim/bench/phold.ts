/** PHOLD on our kernel and on its peers, at several numbers of processes and pending events, in one run. */
import { compare, present } from './compare.ts';
import { isolated } from './peers/isolate.ts';
import { cpp, python } from './peers/native.ts';
import type { Claim, Options, Row, Suite } from './report.ts';

const PROCESSES = [64, 256, 4_096];

/** How our time must compare: a peer's time is at least `least` times ours. */
const TARGETS: readonly { readonly peer: string; readonly least: number; readonly claim: string }[] = [
  { peer: 'ns-3', least: 2, claim: 'ns-3 takes at least 2x our time' },
  { peer: 'fake-timers', least: 10, claim: 'fake-timers takes at least 10x our time' },
  { peer: 'SimPy', least: 20, claim: 'SimPy takes at least 20x our time' },
  { peer: 'C++ heap', least: 1 / 1.5, claim: 'we take at most 1.5x the time of the C++ heap' },
];

/** Suite `phold`. */
export async function phold({ quick }: Options): Promise<Suite> {
  const kernels = present([
    isolated('hangup', beside('./phold-ours.ts'), 'ours'),
    ...(quick ? [] : [isolated('new objects', beside('./phold-ours.ts'), 'oursFresh')]),
    ...(await Promise.all([cpp('C++ heap', 'phold-heap.cpp'), cpp('ns-3', 'phold-ns3.cpp', 'ns3-core')])),
    isolated('simjs', beside('./peers/simjs.ts'), 'simjs'),
    isolated('fake-timers', beside('./peers/fake-timers.ts'), 'fakeTimers'),
    await python('SimPy', 'phold-simpy.py', ['simpy', 'SimPy.Simulation']),
  ]);
  const rows: Row[] = [];
  for (const processes of PROCESSES) {
    for (const each of quick ? [1] : [1, 4, 16]) {
      const load = { processes, population: processes * each, events: quick ? 100_000 : 400_000 };
      const timings = await compare(kernels, load, quick ? 3 : 7);
      rows.push({ size: { processes, pending: load.population }, timings });
    }
  }
  return { name: 'phold', title: 'PHOLD: ns an event', rows, claims: TARGETS.flatMap((target) => judge(target, rows)) };
}

const beside = (module: string): URL => new URL(module, import.meta.url);

/** A target holds when it holds at the worst of the sizes. */
function judge(target: (typeof TARGETS)[number], rows: readonly Row[]): Claim[] {
  const ratios = rows.flatMap(({ timings }) => {
    const peer = timings.find(({ kernel }) => kernel === target.peer);
    return peer === undefined ? [] : [peer.ns / timings[0]!.ns];
  });
  if (ratios.length === 0) return [];
  const worst = Math.min(...ratios);
  const value = target.least < 1 ? 1 / worst : worst;
  return [{ claim: target.claim, value, holds: worst >= target.least }];
}
