/**
 * A sweep: portions of seeds over all cores, merged in seed order, so that its result does not depend on who ran what,
 * nor on which portions were run in an earlier one that did not come to its end.
 *
 * Scenarios follow each other without a pause between them. The wall clock is read only to stop in time and to say how fast it went.
 */
import type { Law } from '../../properties/laws/law.ts';
import { VERSION } from '../cli/version.ts';
import { mustBeOptions } from '../core/options.ts';
import { mustBeOverrides, type Overrides, overridesIn } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { SEED_MAX } from '../core/seeds.ts';
import { mustTake } from '../core/setting.ts';
import { type Figure, headlineOf } from '../figures/figure.ts';
import { asked } from './asked.ts';
import type { Search } from './cases.ts';
import { writtenAs } from './command-line.ts';
import { isHopeless, survive, type WorkerDeath } from './crash.ts';
import { Crew, NoWorkers } from './crew.ts';
import { Failures } from './failures.ts';
import { InOrder } from './in-order.ts';
import { configFiles } from './kept-run.ts';
import { endedRuns } from './measures.ts';
import { SWEEP_OPTIONS } from './options.ts';
import { goOn, hasNext, inOrder, type Part, partOf, sizeOf } from './part.ts';
import { type Portion, portionSize, runSeeds, type Shared } from './portion.ts';
import type { Source } from './source.ts';
import { spreadIn } from './sums.ts';
import { emptyTally, foldDigests, merge, type Tally } from './tally.ts';

export interface SweepOptions extends Overrides {
  /** Scenarios, or their names; by default all of `module`. */
  readonly scenarios?: readonly (Scenario | string)[];
  /**
   * The module that exports the scenarios which are not the catalogue's, so that worker processes find them: a URL
   * (`import.meta.url`, `new URL('./feed.ts', import.meta.url)`) or a path. It has a config as its default export, or
   * scenarios and lists of them by any names, and must not sweep when it is loaded. `.ts` may be one, too.
   */
  readonly module?: string | URL;
  /**
   * The laws that judge every run, instead of each scenario's own. Worker processes find them where they find the
   * scenarios: exported by `module`, or among the laws of a scenario or its protocol.
   */
  readonly laws?: readonly Law[] | null;
  /** Seeds for each scenario, 1 or more. */
  readonly seeds: number;
  /** First seed, 0 or more. Default 1. */
  readonly from?: number;
  /** Worker processes; 1 runs in this thread, which is the only place for a scenario that no module exports. */
  readonly jobs: number;
  /** Whether even `jobs: 1` has a worker process, so that a run that ends its process does not end this one. Default false. */
  readonly apart?: boolean;
  /** Seeds in a portion. By default as many as take about half a second, but 200 at the most. */
  readonly portion?: number;
  /** Whether the scenarios' targets are judged; they are promised for the scenarios' own conditions. Default true. */
  readonly targets?: boolean;
  /** Portions of an earlier sweep of the same scenarios, seeds and conditions, which are not run again. */
  readonly resumed?: readonly Finished[];
  /**
   * Folder for failure files: the first run of each law of each scenario, and of those that threw, each written when it
   * is found. None by default. What cannot be written is left out: the tallies have it, too.
   */
  readonly failures?: string;
  /** Stop at the first broken law. */
  readonly untilFailure?: boolean;
  /** Failures of earlier sweeps that still fail: with `untilFailure` no fresh seed is run. Default 0. */
  readonly knownFailing?: number;
  /** Go on with fresh seeds, so many of each scenario and then more, until something else ends it. Default false. */
  readonly forever?: boolean;
  /** Stop after so many milliseconds of wall time. */
  readonly budgetMs?: number | null;
  /** Stop when it aborts; what was run so far is returned. */
  readonly signal?: AbortSignal;
  /** Called after each portion, in the order of seeds; `soFar` is what the sweep would come to if it ended now. */
  readonly onProgress?: (progress: Progress, soFar: () => Sweep) => void;
  /** Called when a portion was run, which is before its turn to be counted when one before it still runs. */
  readonly onFinished?: (finished: Finished) => void;
  /** Called when a worker process ended in the middle of a run. */
  readonly onDeath?: (death: WorkerDeath) => void;
}

/** Consecutive seeds of a scenario that were run, each one of them. */
export interface Finished extends Portion {
  readonly tally: Tally;
  /** Wall time of the sweep until then. */
  readonly wallMs: number;
}

export interface Progress {
  readonly scenario: string;
  /** Runs of all scenarios so far, and of how many. */
  readonly done: number;
  readonly total: number;
  readonly broken: number;
  /** Runs that ran out of a budget. */
  readonly exhausted: number;
  /** Runs that threw, or ended their worker. */
  readonly ended: number;
  /**
   * The most so far of what its scenario is told by (sessions: recovery), in the unit of that figure, of all scenarios that
   * are told by it, and whose it was; null before any.
   */
  readonly most: { readonly scenario: string; readonly figure: Figure; readonly value: number } | null;
}

export interface Sweep {
  readonly tallies: readonly { readonly scenario: Scenario; readonly tally: Tally }[];
  /**
   * Why it ended before all seeds were run, or null; `crashes`: no worker process lived to the end of any run. `running`: it
   * has not ended, and this is what it has come to so far.
   */
  readonly stopped: 'failure' | 'budget' | 'interrupted' | 'crashes' | 'running' | null;
  readonly wallMs: number;
  /** What else must be known of it, a sentence each: which scenario was given up, and why. */
  readonly notes?: readonly string[];
}

/**
 * Runs every seed of every scenario; those of `sources` are found by workers without being asked where. Rejects with an
 * `Error` of one line for scenarios that cannot be swept together, or so. `search`: whose runs they are, in place of seeds.
 */
export async function sweep(options: SweepOptions, known: readonly Source[] = [], search: Search = {}): Promise<Sweep> {
  mustBeOptions('sweep', options, SWEEP_OPTIONS);
  const { seeds, from = 1, jobs, budgetMs = null, apart = false, resumed = [], targets = true, laws = null } = options;
  const overrides = overridesIn(options);
  const started = performance.now();
  const { scenarios, sources, isApart } = await asked(options, jobs > 1 || apart, known);
  mustBeWhole('seeds', seeds, 1, 100_000_000);
  mustBeWhole('from', from, 0, SEED_MAX - seeds + 1);
  mustBeWhole('jobs', jobs, 1, 256);
  if (options.portion !== undefined) mustBeWhole('portion', options.portion, 1, 100_000_000);
  if (budgetMs !== null && !(budgetMs > 0))
    throw new Error(`\`budgetMs\`: expected milliseconds above 0, got ${budgetMs}`);
  mustBeOverrides(overrides, scenarios);
  for (const scenario of scenarios) mustTake(scenario, overrides);
  const shared: Shared = { overrides, laws: laws?.map(({ name }) => name) ?? null, targets, ...search.observed };
  const here = laws === null ? sources : sources.withLaws(laws);
  const crew = isApart ? new Crew(jobs, shared, sources.all, semiSpaceMb(jobs)) : null;
  const origin = { ...writtenAs(overrides).origin, ...configFiles(options.module, scenarios), version: VERSION };
  const failures = options.failures === undefined ? null : new Failures(options.failures, origin, () => {});
  const before = Math.max(0, ...resumed.map(({ wallMs }) => wallMs));
  const wallMs = (): number => before + performance.now() - started;

  const parts: Part[] = scenarios.map((scenario) => ({
    scenario,
    ...partOf(search.casesOf?.(scenario) ?? null, { from, seeds }),
    tally: emptyTally(),
    begun: 0,
    next: 0,
    run: 0,
    survival: { crashes: 0, others: 0 },
    resumed: inOrder(resumed.filter((each) => each.scenario === scenario.name)),
  }));
  /** Scenarios of which a portion came to its end. */
  const run = (): Sweep['tallies'] =>
    parts
      .filter(({ tally }) => tally.runs > 0)
      .map(({ scenario, tally }) => ({ scenario: targets ? scenario : { ...scenario, targets: [] }, tally }));
  const sums = { done: 0, broken: 0, exhausted: 0, ended: 0 };
  const most = new Map<string, NonNullable<Progress['most']>>();
  let stopped: Sweep['stopped'] = null;
  const mustStop = (): Sweep['stopped'] => {
    if (options.signal?.aborted) return 'interrupted';
    if (options.untilFailure && sums.broken + (options.knownFailing ?? 0) > 0) return 'failure';
    if (parts.every(({ survival }) => survival.others === 0)) {
      const hopeless = parts.filter(({ survival }) => isHopeless(survival)).length;
      if (hopeless >= Math.min(parts.length, HOPELESS_MAX)) return 'crashes';
    }
    return budgetMs !== null && performance.now() - started > budgetMs ? 'budget' : null;
  };
  const execute = async (part: Part, portion: Omit<Portion, 'scenario'>): Promise<Tally> =>
    crew === null
      ? runSeeds(part.scenario, portion, shared, here)
      : survive(crew, part.scenario, portion, shared, {
          survival: part.survival,
          goesOn: () => mustStop() === null && !isHopeless(part.survival),
          died: (death) => options.onDeath?.(death),
        });
  const portions = new InOrder<Result>(crew === null ? 1 : jobs * PORTIONS_A_JOB);
  /** Starts the next portion, of the next scenario when this one has no seeds left; false when there is none. */
  const launch = (): boolean => {
    const part = parts.find(hasNext) ?? (options.forever && goOn(parts, seeds) ? parts.find(hasNext) : undefined);
    if (part === undefined) return false;
    const { scenario } = part;
    const first = part.from + part.next;
    const known = part.resumed[0];
    if (known !== undefined && known.from === first) {
      part.resumed.shift();
      part.next += known.seeds;
      portions.add(Promise.resolve({ part, tally: known.tally }));
      return true;
    }
    if (part.begun === 0) part.begun = performance.now();
    const size = options.portion ?? portionSize((performance.now() - part.begun) * jobs, part.run);
    const most = Math.min(size, (known?.from ?? part.from + sizeOf(part)) - first);
    const cases = part.cases?.from(first, most);
    const count = cases?.length ?? most;
    // A search makes its next runs of what comes of those that are under way, or sees that there are no more.
    if (count === 0) return part.next >= sizeOf(part) && launch();
    part.next += count;
    portions.add(
      execute(part, { from: first, seeds: count, ...(cases === undefined ? {} : { cases }) }).then((tally) => {
        part.run += count;
        const finished = { scenario: scenario.name, from: first, seeds: tally.runs, tally, wallMs: wallMs() };
        failures?.found(finished);
        if (tally.runs > 0) options.onFinished?.(finished);
        return { part, tally };
      }),
    );
    return true;
  };
  const notes: string[] = [];
  try {
    for (;;) {
      stopped ??= mustStop();
      while (stopped === null && portions.hasRoom && launch());
      if (portions.isEmpty) break;
      const next = await portions.next();
      if (next === null) continue;
      const result = next.tally;
      const { name } = next.part.scenario;
      next.part.cases?.heard?.(result);
      merge(next.part.tally, result);
      if (options.forever && next.part.tally.runs % seeds === 0) foldDigests(next.part.tally);
      sums.done += result.runs;
      sums.broken += result.brokenRuns;
      sums.exhausted += result.budgetRuns;
      sums.ended += endedRuns(result);
      const figure = headlineOf(next.part.scenario);
      if (figure !== null) {
        const value = spreadIn(result.figures, figure.name).max;
        if (value > (most.get(figure.name)?.value ?? 0)) most.set(figure.name, { scenario: name, figure, value });
      }
      const all = options.forever ? Number.POSITIVE_INFINITY : parts.reduce((sum, part) => sum + sizeOf(part), 0);
      const progress = { scenario: name, ...sums, total: all, most: most.get(figure?.name ?? '') ?? null };
      options.onProgress?.(progress, () => ({ tallies: run(), stopped: 'running', wallMs: wallMs() }));
      // Lets a signal, and the terminal, have their turn when everything runs in this thread.
      if (crew === null) await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    if (!(error instanceof NoWorkers)) throw error;
    stopped = 'crashes';
    notes.push(error.message);
  } finally {
    crew?.end();
  }
  for (const { scenario, tally, survival, seeds } of parts)
    if (isHopeless(survival))
      notes.push(
        `${scenario.name}: given up after ${survival.crashes} runs that each ended two worker processes: ${seeds - tally.runs} of ${seeds} seeds were not run`,
      );
  const untouched = parts.filter(({ tally, survival }) => tally.runs === 0 && !isHopeless(survival)).length;
  if (untouched > 0) notes.push(`${untouched} of ${scenarios.length} scenarios were not begun`);
  return { tallies: run(), stopped, wallMs: wallMs(), notes };
}

/** The limits of the command's flags: one rule for both. */
function mustBeWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new Error(`\`${name}\`: expected a whole number from ${least} to ${most}, got ${value}`);
}

interface Result {
  readonly part: Part;
  readonly tally: Tally;
}

/** Scenarios of which no run comes to an end, until the machine is to blame and not they. */
const HOPELESS_MAX = 3;
/** So many portions for each process at a time, so that none waits for the next. */
const PORTIONS_A_JOB = 2;
/**
 * A universe lives for a millisecond and dies whole: the less often the young generation is collected, the fewer living
 * ones are copied. V8's semi-space grows from 1 MB to 16; one of 64 from the start saves a sweep 6 % of its time. Many
 * processes share a gigabyte.
 */
export const semiSpaceMb = (jobs: number): number => Math.max(16, Math.min(64, Math.floor(1024 / jobs)));
