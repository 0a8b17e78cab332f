/** A portion of a sweep: consecutive seeds of one scenario, run in this thread. */
import type { Law } from '../../properties/laws/law.ts';
import { START } from '../../src/time.ts';
import type { Cell } from '../core/cells.ts';
import type { Observed } from '../core/observed.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Overrides } from '../core/overrides.ts';
import { type RunOptions, run } from '../core/run.ts';
import { RunError } from '../core/run-error.ts';
import type { Scenario } from '../core/scenario.ts';
import { seedText } from '../core/seeds.ts';
import { settingOf } from '../core/setting.ts';
import { wasCut } from '../core/stuck.ts';
import { OVERHEAD } from '../figures/overhead.ts';
import { cover, emptyCoverage } from '../search/coverage.ts';
import { NO_TRACE, traceOf } from '../search/trace.ts';
import { targetsOf } from '../targets/target.ts';
import type { Case } from './cases.ts';
import { pairOf } from './pair.ts';
import { anew, Parted, partingOf } from './parting.ts';
import type { Sources } from './source.ts';
import {
  addCoverage,
  addTrace,
  type BadRun,
  count,
  countEnded,
  countPair,
  type Ended,
  emptyTally,
  type Tally,
} from './tally.ts';

export interface Portion {
  readonly scenario: string;
  readonly from: number;
  readonly seeds: number;
  /** Of a search: what each of these runs is, in place of the seeds of those numbers. */
  readonly cases?: readonly Case[];
}

/** What every portion of a sweep has in common; sent to a worker once, because contents may be large. */
export interface Shared {
  readonly overrides: Overrides;
  /** Names of the laws that judge every run, or null for each scenario's own. */
  readonly laws?: readonly string[] | null;
  /** Whether the scenarios' targets are judged. */
  readonly targets: boolean;
  /** What else is noted of each run: what it met, for a table, and for a search that makes its next runs of it. None by default. */
  readonly observed?: { readonly coverage: boolean; readonly traces: boolean; readonly objective: string | null };
}

/** One seed in so many is run again without faults, for the overhead of recovery: each costs two more runs. */
const PAIR_EVERY = 20;

/**
 * One seed in so many of code that no test of hangup's has seen is run again, on frozen values: what depends on more than
 * its seed, or changes what is not its own, would be green here and gone in its replay.
 */
const AGAIN_EVERY = 64;

/** The options of a sweep's runs. */
export const optionsOf = (shared: Shared, sources: Sources): RunOptions => ({
  ...shared.overrides,
  ...(shared.laws ? { laws: shared.laws.map((name) => sources.law(name) as Law) } : {}),
});

/** Hears which seed begins. */
type Note = (seed: number) => void;

/** A scenario is code, and code does not travel between processes: a worker looks it up by its name. */
export const runPortion = (portion: Portion, shared: Shared, sources: Sources, note: Note): Tally =>
  runSeeds(sources.find(portion.scenario) as Scenario, portion, shared, sources, note);

/** The same for a scenario at hand, which no source need have. */
export function runSeeds(
  scenario: Scenario,
  { from, seeds, cases }: Omit<Portion, 'scenario'>,
  shared: Shared,
  sources: Sources,
  note: Note = () => {},
): Tally {
  const options = optionsOf(shared, sources);
  const pairs = shared.targets && targetsOf(scenario).some(({ figure }) => figure === OVERHEAD);
  const tally = emptyTally();
  for (let number = from; number < from + seeds; number++) {
    note(number);
    const one = cases?.[number - from];
    const how = { sources, observed: shared.observed, isAgain: number % AGAIN_EVERY === 1 };
    if (one !== undefined) {
      const { seed, plan, name } = one;
      runSeed(tally, scenario, seed, { ...options, plan }, { ...how, paired: false, name });
      continue;
    }
    // The first seed of a sweep belongs to them, so that a short one measures it too.
    runSeed(tally, scenario, seedText(number), options, { ...how, paired: pairs && number % PAIR_EVERY === 1 });
  }
  return tally;
}

/** What is done with a run besides running it. */
interface How {
  readonly sources: Sources;
  readonly observed: Shared['observed'];
  /** Whether it is compared with the same seed without faults, and with itself. */
  readonly paired: boolean;
  readonly isAgain: boolean;
  readonly name?: string;
}

/** One seed: whatever its run throws is counted, and the next seed has its turn. */
function runSeed(
  tally: Tally,
  scenario: Scenario,
  seed: string,
  options: RunOptions,
  { paired, name, isAgain, observed, sources }: How,
): void {
  let met = emptyCoverage();
  const observe = (of: Observed): void => {
    met = emptyCoverage();
    cover(met, of);
  };
  try {
    const outcome = run(scenario, seed, observed === undefined ? options : { ...options, observe });
    const isForeign = scenario.protocol?.anew !== undefined;
    const isBad = outcome.verdict === 'broken';
    if ((isAgain && !sources.isOurs(scenario)) || (isForeign && isBad)) mustBeAgain(scenario, outcome, options);
    const pair = paired ? pairOf(scenario, outcome, options) : null;
    count(tally, outcome, scenario, name);
    if (observed?.coverage) addCoverage(tally, met);
    if (observed?.traces) addTrace(tally, traceOf(met, outcome, scenario, observed.objective));
    if (pair !== null) countPair(tally, outcome, pair.faultFree, pair.forAsLong);
  } catch (error) {
    const plan = error instanceof RunError ? error.plan : null;
    countEnded(
      tally,
      { seed, cell: cellOf(scenario, seed, options), plan, ...named(name) },
      endedBy(error, scenario, sources),
    );
    if (observed?.traces) addTrace(tally, NO_TRACE);
  }
}

const named = (name: string | undefined): Pick<BadRun, 'name'> => (name === undefined ? {} : { name });

/** Throws when the same run comes to something else, with the first event at which it does. */
function mustBeAgain(scenario: Scenario, outcome: Outcome, options: RunOptions): void {
  const { seed, events, ended, plan } = outcome;
  // Where real time ran out nobody can say where the next run is cut off.
  if (wasCut(outcome)) return;
  const again = anew(scenario, () => run(scenario, seed, { ...options, mode: 'frozen' }));
  if (wasCut(again) || (again.digest === outcome.digest && again.verdict === outcome.verdict)) return;
  const parting = new Parted(partingOf(scenario, seed, options));
  throw new RunError(scenario.name, seed, { event: events, at: ended, plan }, parting);
}

function endedBy(error: unknown, scenario: Scenario, sources: Sources): Ended {
  if (!(error instanceof RunError)) throw error;
  const { what, event, at, culprit, cause } = error;
  // What is in the catalogue is ours, and so are the laws that come along. In a scenario of others anything may be theirs:
  // machines, and a world that no machine could live in.
  const ours = sources.isOurs(culprit ?? scenario) || sources.isOurs(scenario) || isOwnBug(cause);
  if (cause instanceof Parted)
    return { verdict: 'nondeterministic', message: cause.message, event: 0, at: START, stack: '', ours };
  return { verdict: 'threw', message: what, event, at, stack: stackOf(cause), ours };
}

/** Whether an invariant of hangup's own was broken, whoever's scenario it is. */
const isOwnBug = (cause: unknown): boolean => cause instanceof Error && cause.message.startsWith('hangup bug: ');

/** A run that ended its worker process. */
export function crashed(
  tally: Tally,
  scenario: Scenario,
  { seed, plan, name }: Partial<Case> & Pick<Case, 'seed'>,
  shared: Shared,
  reason: string,
): void {
  const message = `its worker process ended in it, twice: ${reason}`;
  const ended: Ended = { verdict: 'crashed', message, event: 0, at: START, stack: '', ours: false };
  countEnded(
    tally,
    { seed, cell: cellOf(scenario, seed, shared.overrides), plan: plan ?? null, ...named(name) },
    ended,
  );
  if (shared.observed?.traces) addTrace(tally, NO_TRACE);
}

/** The cell that a seed draws, which needs no run; none where even that throws. */
function cellOf(scenario: Scenario, seed: string, options: RunOptions): Cell {
  try {
    return settingOf(scenario, seed, options).cell;
  } catch {
    return {};
  }
}

/** As much of a stack as tells where: a recursion without end has ten thousand lines. */
const STACK_MAX = 4000;

function stackOf(cause: unknown): string {
  const stack = cause instanceof Error ? cause.stack : undefined;
  return typeof stack === 'string' ? stack.slice(0, STACK_MAX) : '';
}

/** Enough to hide the cost of a message between processes, few enough for live figures and a prompt end. */
const PORTION_MS = 500;
const PORTION_MAX = 200;
const PORTION_FIRST = 4;

/** Seeds in the next portion, after `runs` that took `ms` of all processes together. Results do not depend on it. */
export function portionSize(ms: number, runs: number): number {
  if (runs === 0) return PORTION_FIRST;
  return Math.max(1, Math.min(PORTION_MAX, Math.floor((PORTION_MS * runs) / ms)));
}
