/**
 * A sweep: portions of seeds over all cores, merged in seed order, so that its result does not depend on who ran what.
 *
 * Scenarios run one after the other. The wall clock is read only to stop in time and to say how fast it went.
 */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Content } from '../../src/content.ts';
import type { Cell } from '../cells.ts';
import type { FaultKind } from '../faults/plan.ts';
import type { Network } from '../networks/network.ts';
import type { Scenario } from '../scenario.ts';
import { type Portion, runPortion, type Shared } from './portion.ts';
import { emptyTally, merge, type Tally } from './tally.ts';

export interface SweepOptions {
  readonly scenarios: readonly Scenario[];
  /** Seeds for each scenario, 1 or more. */
  readonly seeds: number;
  /** First seed, 0 or more. Default 1. */
  readonly from?: number;
  /** Worker threads; 1 runs in this thread. */
  readonly jobs: number;
  /** Seeds in a portion. Default 50: enough to hide the cost of a message, few enough for a live figure. */
  readonly portion?: number;
  readonly input?: readonly Content[] | null;
  readonly network?: Network | null;
  /** Fixes some dimensions; the seeds draw the others. Every scenario must open what it fixes. */
  readonly cell?: Cell | null;
  /** Kinds that plans are drawn from instead of each scenario's own. */
  readonly faults?: readonly FaultKind[] | null;
  /** Stop at the first broken law. */
  readonly untilFailure?: boolean;
  /** Stop after so many milliseconds of wall time. */
  readonly budgetMs?: number | null;
  /** Stop when it aborts; what was run so far is returned. */
  readonly signal?: AbortSignal;
  /** Called after each portion. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly scenario: string;
  /** Runs of all scenarios so far, and of how many. */
  readonly done: number;
  readonly total: number;
  readonly broken: number;
  /** Runs that ran out of a budget. */
  readonly exhausted: number;
  /** The slowest recovery of all scenarios so far, in virtual microseconds, and whose it was; null before any. */
  readonly slowest: { readonly scenario: string; readonly recovery: number } | null;
}

export interface Sweep {
  readonly tallies: readonly { readonly scenario: Scenario; readonly tally: Tally }[];
  /** Why it ended before all seeds were run, or null. */
  readonly stopped: 'failure' | 'budget' | 'interrupted' | null;
  readonly wallMs: number;
}

export async function sweep(options: SweepOptions): Promise<Sweep> {
  const { scenarios, seeds, from = 1, jobs, portion = 50, budgetMs = null } = options;
  const { input = null, network = null, cell = null, faults = null } = options;
  const started = performance.now();
  const shared: Shared = { input, network, cell, faults };
  const pool = jobs > 1 ? newPool(jobs, shared) : null;
  const execute = async (part: Portion): Promise<Tally> =>
    pool === null ? runPortion(part, shared) : ((await pool.run(part)) as Tally);
  const tallies: { scenario: Scenario; tally: Tally }[] = [];
  const total = scenarios.length * seeds;
  let done = 0;
  let broken = 0;
  let exhausted = 0;
  let slowest: Progress['slowest'] = null;
  let stopped: Sweep['stopped'] = null;

  const mustStop = (): Sweep['stopped'] => {
    if (options.signal?.aborted) return 'interrupted';
    if (options.untilFailure && broken > 0) return 'failure';
    return budgetMs !== null && performance.now() - started > budgetMs ? 'budget' : null;
  };

  try {
    for (const scenario of scenarios) {
      const tally = emptyTally();
      tallies.push({ scenario, tally });
      const waiting = portionsOf(scenario.name, from, seeds, portion);
      // Twice as many portions under way as threads, so that none waits; merged in the order of their seeds.
      const underWay: Promise<Tally>[] = [];
      let next = 0;
      while (next < waiting.length || underWay.length > 0) {
        stopped ??= mustStop();
        while (stopped === null && next < waiting.length && underWay.length < (pool === null ? 1 : jobs * 2))
          underWay.push(execute(waiting[next++] as Portion));
        const first = underWay.shift();
        if (first === undefined) break;
        const part = await first;
        merge(tally, part);
        done += part.runs;
        broken += part.brokenRuns;
        exhausted += part.budgetRuns;
        if (part.recovery.max > (slowest?.recovery ?? 0))
          slowest = { scenario: scenario.name, recovery: part.recovery.max };
        options.onProgress?.({ scenario: scenario.name, done, total, broken, exhausted, slowest });
        // Lets a signal, and the terminal, have their turn when everything runs in this thread.
        if (pool === null) await new Promise((resolve) => setImmediate(resolve));
      }
      if (stopped !== null) break;
    }
  } finally {
    await pool?.destroy();
  }
  return { tallies: tallies.filter(({ tally }) => tally.runs > 0), stopped, wallMs: performance.now() - started };
}

function portionsOf(scenario: string, from: number, seeds: number, size: number): Portion[] {
  const portions: Portion[] = [];
  for (let done = 0; done < seeds; done += size)
    portions.push({ scenario, from: from + done, seeds: Math.min(size, seeds - done) });
  return portions;
}

function newPool(jobs: number, workerData: Shared): Piscina {
  const fromSource = import.meta.url.endsWith('.ts');
  const filename = fileURLToPath(new URL(fromSource ? './boot.mjs' : './worker.js', import.meta.url));
  return new Piscina({ filename, minThreads: jobs, maxThreads: jobs, workerData });
}
