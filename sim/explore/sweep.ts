/**
 * A sweep: portions of seeds over all cores, merged in seed order, so that its result does not depend on who ran what.
 *
 * Scenarios follow each other without a pause between them. The wall clock is read only to stop in time and to say how fast it went.
 */
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Piscina } from 'piscina';
import type { Policy } from '../../src/backoff/policy.ts';
import type { Content } from '../../src/content.ts';
import type { Cell } from '../cells.ts';
import type { FaultKind } from '../faults/plan.ts';
import type { Network } from '../networks/network.ts';
import type { Scenario } from '../scenario.ts';
import { scenarioNamed } from '../scenarios/catalogue.ts';
import { InOrder } from './in-order.ts';
import { type Portion, runSeeds, type Shared } from './portion.ts';
import { emptyTally, merge, type Tally } from './tally.ts';

export interface SweepOptions {
  readonly scenarios: readonly Scenario[];
  /** Seeds for each scenario, 1 or more. */
  readonly seeds: number;
  /** First seed, 0 or more. Default 1. */
  readonly from?: number;
  /** Worker threads; 1 runs in this thread, which is the only one for a scenario that is not in the catalogue. */
  readonly jobs: number;
  /** Seeds in a portion. By default as many as take about half a second, but 200 at the most. */
  readonly portion?: number;
  readonly input?: readonly Content[] | null;
  readonly network?: Network | null;
  /** The backoff policy of every client, instead of each scenario's own. */
  readonly policy?: Policy | null;
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
  const { scenarios, seeds, from = 1, jobs, budgetMs = null } = options;
  const { input = null, network = null, policy = null, cell = null, faults = null } = options;
  const started = performance.now();
  // A worker would run the catalogue's scenario of that name, or none.
  const stranger = scenarios.find(({ name }) => scenarioNamed(name) === undefined);
  if (jobs > 1 && stranger !== undefined)
    throw new Error(`${stranger.name} is not in the catalogue, so it can only be swept with jobs: 1`);
  const shared: Shared = { input, network, policy, cell, faults };
  const pool = jobs > 1 ? newPool(jobs, shared) : null;
  const execute = async (scenario: Scenario, portion: Omit<Portion, 'scenario'>): Promise<Tally> =>
    pool === null
      ? runSeeds(scenario, portion, shared)
      : ((await pool.run({ ...portion, scenario: scenario.name } satisfies Portion)) as Tally);
  const parts: Part[] = scenarios.map((scenario) => ({ scenario, tally: emptyTally(), begun: 0, next: 0, run: 0 }));
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
  const portions = new InOrder<Result>(pool === null ? 1 : jobs * PORTIONS_A_JOB);
  /** Starts the next portion, of the next scenario when this one has no seeds left; false when there is none. */
  const launch = (): boolean => {
    const part = parts.find(({ next }) => next < seeds);
    if (part === undefined) return false;
    if (part.next === 0) part.begun = performance.now();
    const size = options.portion ?? portionSize((performance.now() - part.begun) * jobs, part.run);
    const count = Math.min(size, seeds - part.next);
    const result = execute(part.scenario, { from: from + part.next, seeds: count });
    part.next += count;
    portions.add(
      result.then((tally) => {
        part.run += count;
        return { part, tally };
      }),
    );
    return true;
  };

  try {
    for (;;) {
      stopped ??= mustStop();
      while (stopped === null && portions.hasRoom && launch());
      if (portions.isEmpty) break;
      const next = await portions.next();
      if (next === null) continue;
      const { scenario, tally } = next.part;
      const result = next.tally;
      merge(tally, result);
      done += result.runs;
      broken += result.brokenRuns;
      exhausted += result.budgetRuns;
      if (result.recovery.max > (slowest?.recovery ?? 0))
        slowest = { scenario: scenario.name, recovery: result.recovery.max };
      options.onProgress?.({ scenario: scenario.name, done, total, broken, exhausted, slowest });
      // Lets a signal, and the terminal, have their turn when everything runs in this thread.
      if (pool === null) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await pool?.destroy();
  }
  const tallies = parts.filter(({ tally }) => tally.runs > 0).map(({ scenario, tally }) => ({ scenario, tally }));
  return { tallies, stopped, wallMs: performance.now() - started };
}

/** A scenario of the sweep. */
interface Part {
  readonly scenario: Scenario;
  readonly tally: Tally;
  /** When its first portion began. */
  begun: number;
  /** Seeds that have begun, and those that were run, whether their turn to be merged has come or not. */
  next: number;
  run: number;
}

interface Result {
  readonly part: Part;
  readonly tally: Tally;
}

/** So many portions for each thread at a time, so that none waits for the next. */
const PORTIONS_A_JOB = 2;
/** Enough to hide the cost of a message between threads, few enough for live figures and a prompt end. */
const PORTION_MS = 500;
const PORTION_MAX = 200;
const PORTION_FIRST = 4;

/** Seeds in the next portion, after `runs` that took `ms` of all threads together. Results do not depend on it. */
export function portionSize(ms: number, runs: number): number {
  if (runs === 0) return PORTION_FIRST;
  return Math.max(1, Math.min(PORTION_MAX, Math.floor((PORTION_MS * runs) / ms)));
}

/**
 * A universe lives for a millisecond and dies whole: the less often the young generation is collected, the fewer living
 * ones are copied. V8's semi-space grows from 1 MB to 16; one of 64 from the start saves a sweep 6 % of its time. Many
 * threads share a gigabyte.
 */
const semiSpaceMb = (jobs: number): number => Math.max(16, Math.min(64, Math.floor(1024 / jobs)));
/** A young generation has so many semi-spaces. */
const SEMI_SPACES = 3;

function newPool(jobs: number, workerData: Shared): Piscina {
  const fromSource = import.meta.url.endsWith('.ts');
  const filename = fileURLToPath(new URL(fromSource ? './boot.mjs' : './worker.js', import.meta.url));
  const semiSpace = semiSpaceMb(jobs);
  setFlagsFromString(`--min-semi-space-size=${semiSpace}`);
  const resourceLimits = { maxYoungGenerationSizeMb: SEMI_SPACES * semiSpace };
  return new Piscina({ filename, minThreads: jobs, maxThreads: jobs, workerData, resourceLimits });
}
