/**
 * One run: a pure function of (code, scenario, seed, plan). The same call serves a sweep, a replay, a property test and
 * a page in a browser.
 */
import type { Law } from '../../properties/laws/law.ts';
import type { NodeId } from '../../src/machine.ts';
import { type Instant, START } from '../../src/time.ts';
import { applicable, flawOf, mustBeSound, strangerIn } from '../faults/check.ts';
import { drawPlan } from '../faults/draw.ts';
import { menuOf } from '../faults/menu.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Budgets } from './budgets.ts';
import { mustBeScenario } from './definition.ts';
import type { Kernel } from './kernel.ts';
import type { Observed } from './observed.ts';
import { type Guard, OpenRun, type Seen, watchOf } from './open-run.ts';
import { mustBeOptions, OPEN_OPTIONS, RUN_OPTIONS } from './options.ts';
import type { BreachReport, Outcome } from './outcome.ts';
import { isChosen, mustBeOverrides, type Overrides } from './overrides.ts';
import type { PhaseName } from './phases.ts';
import type { MeasuredIn, Protocol } from './protocol.ts';
import { blaming, RunError } from './run-error.ts';
import { Running, type Watch } from './running.ts';
import type { Scenario, Setting } from './scenario.ts';
import { seedOf } from './seeds.ts';
import { settingOf } from './setting.ts';
import { Stuck } from './stuck.ts';
import type { RecordedEntry } from './trail.ts';
import type { World } from './world.ts';
import { worldOf } from './worlds.ts';

export interface RunOptions extends Overrides {
  /** Instead of the plan that the scenario would draw. */
  readonly plan?: FaultPlan;
  /** `sweep` steps machines in place; `recorded` steps immer drafts; `frozen` also freezes all that passes. Default `sweep`. */
  readonly mode?: 'sweep' | 'recorded' | 'frozen';
  /** Default: the laws of the scenario and its protocol. */
  readonly laws?: readonly Law[];
  readonly budgets?: Budgets;
  /** Until when the application behind each client stays at least, be it done or not. */
  readonly stay?: Outcome['left'];
  /**
   * Called at each breach as it happens; `true` ends the run there, and what is only judged at its end is not judged. By
   * default a run goes on to its end.
   */
  readonly until?: (breach: BreachReport) => boolean;
  /** Sees every entry of history as it happens, with its number (`id`) and that of the entry which led to it (`cause`). */
  witness?(entry: RecordedEntry): void;
  /** Is called before the first event: coverage listens from there. Again, where a run has to be begun again. */
  observe?(run: Observed): void;
  /** Is told whenever a party of the run enters a phase of its protocol, or goes back to one that was interrupted. */
  phase?(moment: Moment): void;
}

/** A change of phase. */
export interface Moment {
  readonly at: Instant;
  readonly node: NodeId;
  readonly phase: PhaseName;
  /** For which time it enters it in this run, from 1; 0 where it goes back to it. */
  readonly nth: number;
}

/** Options of `open`, besides those of `run`. */
export interface OpenOptions extends RunOptions {
  /** Every step says what it changed; `mode` is then `recorded`, or `frozen`. Default false. */
  readonly changes?: boolean;
}

/**
 * Runs one seed of a scenario until nothing is left to happen. The seed is a text as the command takes it, or its number
 * (`7`, `'7'` and `'007'` are one run).
 *
 * Throws in one line, before the first event, for an option that there is none of, a seed that is none, a cell that the
 * scenario does not open, a plan that cannot be carried out in its world, and a network on which no client gets through.
 * What a scenario, a law or a claim throws ends the run: throws a `RunError` that names scenario, seed and event, with
 * what was thrown as its `cause`.
 */
export function run<S extends Scenario>(
  scenario: S,
  seed: string | number,
  options: RunOptions = {},
): Outcome<MeasuredIn<S>> {
  mustBeScenario(scenario, 'scenario');
  mustBeOptions('run', options, RUN_OPTIONS);
  const { around } = scenario.protocol ?? {};
  if (around !== undefined) return returned(scenario, seed, options, around) as Outcome<MeasuredIn<S>>;
  const { running, guard } = begun(scenario, seed, options, {}, { kernel: null, plan: null, running: null });
  return guard(() => running.finish()) as Outcome<MeasuredIn<S>>;
}

/** A run that goes on whenever it is called again may take so many times as long as others. */
const PATIENCE = 6;

/** A run of code that may never come back: then it has used up a budget like any other. */
function returned(scenario: Scenario, seed: string | number, options: RunOptions, around: Around): Outcome {
  const { witness, phase } = options;
  const stage: Stage = { kernel: null, plan: null, running: null };
  // The call may be made again, and whoever listens hears of one run.
  let seen: RecordedEntry[] = [];
  let moments: Moment[] = [];
  const heard = {
    ...(witness === undefined ? {} : { witness: (entry: RecordedEntry) => void seen.push(entry) }),
    ...(phase === undefined ? {} : { phase: (moment: Moment) => void moments.push(moment) }),
  };
  /** How far each call came that was ended. */
  const reached: number[] = [];
  const whole = (): Outcome => {
    seen = [];
    moments = [];
    if (stage.kernel !== null) reached.push(stage.kernel.event);
    const { running, guard } = begun(scenario, seed, { ...options, ...heard }, {}, stage);
    return guard(() => running.finish());
  };
  try {
    return around(whole, true);
  } catch (thrown) {
    if (!(thrown instanceof Stuck)) throw thrown;
    let error = thrown;
    // What is stuck comes to the same event each time. What came further has much to do, or a machine that is busy.
    let goesOn = false;
    if (stage.kernel !== null && reached.length > 0 && reached.at(-1) !== stage.kernel.event) {
      try {
        return around(whole, false, PATIENCE);
      } catch (late) {
        if (!(late instanceof Stuck)) throw late;
        goesOn = reached.at(-1) !== stage.kernel?.event;
        if (goesOn) error = late;
      }
    }
    return guardOf(
      scenario,
      seed,
      stage,
    )(() => {
      const { running } = stage;
      if (running === null) throw error;
      running.stop(error, goesOn);
      // Laws are somebody's code as well.
      return around(() => running.finish(), false);
    });
  } finally {
    // A witness is somebody's code, too.
    guardOf(
      scenario,
      seed,
      stage,
    )(() => {
      for (const entry of seen) witness?.(entry);
      for (const moment of moments) phase?.(moment);
    });
  }
}

/**
 * The same run, opened and not yet run: one event is one `step()`, `finish()` runs what is left and judges it. Outcome and
 * digest are those of `run`. Throws as `run` does, and so do its methods.
 */
export function open<S extends Scenario>(
  scenario: S,
  seed: string | number,
  { changes = false, ...options }: OpenOptions = {},
): OpenRun<Outcome<MeasuredIn<S>>> {
  mustBeScenario(scenario, 'scenario');
  mustBeOptions('open', { ...options, changes }, OPEN_OPTIONS);
  if (changes && options.mode === 'sweep')
    throw new Error('`changes`: expected mode recorded or frozen with it, got "sweep", which keeps no states');
  const mode = options.mode ?? (changes ? 'recorded' : 'sweep');
  const seen: Seen = { entries: [], changes: [] };
  const stage: Stage = { kernel: null, plan: null, running: null };
  const { around } = scenario.protocol ?? {};
  const { running, guard } = begun(scenario, seed, { ...options, mode }, watchOf(seen, changes), stage, around);
  return new OpenRun(running, guard, seen);
}

/** The same, begun and not yet stepped, with all that is inside of it: for a search, which compares states. Nobody guards it. */
export const begin = (scenario: Scenario, seed: string | number, options: RunOptions = {}): Running =>
  begun(scenario, seed, options, {}, { kernel: null, plan: null, running: null }).running;

function begun(
  scenario: Scenario,
  seed: string | number,
  options: RunOptions,
  watch: Watch,
  stage: Stage,
  around?: Around,
): { readonly running: Running; readonly guard: Guard } {
  mustBeOverrides(options, [scenario]);
  const setting = settingOf(scenario, seed, options);
  Object.assign(stage, { kernel: null, plan: options.plan ?? null, running: null } satisfies Stage);
  const guard = guardOf(scenario, setting.dice.seed, stage, around);
  const { described, world } = guard(() => worldOf(scenario, setting, options.sizes ?? null));
  // What is wrong with a plan that was given is the caller's, and not the run's.
  if (options.plan !== undefined) mustBeSound(options.plan, world, setting.faults, setting.phases);
  const running = guard(() => {
    const plan = options.plan ?? planOf(scenario, setting, described, world, options);
    stage.plan = plan;
    const made = new Running({ scenario, setting, described, world, plan, options, watch });
    stage.kernel = made.kernel;
    stage.running = made;
    made.begin();
    return made;
  });
  return { running, guard };
}

/** Calls something of a run. What it throws ends all lives, and says how far the run had come. */
const guardOf =
  (scenario: Scenario, seed: string | number, stage: Stage, around?: Around): Guard =>
  (call) => {
    try {
      return around === undefined ? call() : around(call, false);
    } catch (error) {
      const { kernel, plan } = stage;
      try {
        kernel?.endAll();
      } catch {
        // What threw first is what ended the run.
      }
      throw new RunError(
        scenario.name,
        seedOf(seed),
        { event: kernel?.event ?? 0, at: kernel?.now ?? START, plan },
        error,
      );
    }
  };

type Around = NonNullable<Protocol['around']>;

/** How far a run has come, for whoever must say so when it throws. */
interface Stage {
  kernel: Kernel | null;
  plan: FaultPlan | null;
  running: Running | null;
}

/** The plan that a seed draws. */
export function planAt(scenario: Scenario, seed: string | number, overrides: Overrides = {}): FaultPlan {
  const setting = settingOf(scenario, seed, overrides);
  const { described, world } = worldOf(scenario, setting, overrides.sizes ?? null);
  return planOf(scenario, setting, described, world, overrides);
}

function planOf(
  scenario: Scenario,
  setting: Setting,
  described: unknown,
  world: World,
  { faults: kinds, sizes }: Overrides,
): FaultPlan {
  const { faults, phases } = setting;
  if (!isChosen(kinds)) {
    const plan = blaming('its plan', scenario, () => scenario.plan(setting, described));
    // A scenario may name whom it harms, and that one may have had no room in a smaller world.
    return isChosen(sizes) && Array.isArray(plan)
      ? plan.filter((fault) => flawOf([fault], faults) !== null || strangerIn([fault], world, faults, phases) === null)
      : plan;
  }
  return drawPlan(setting, menuOf(world, kinds === 'all' ? applicable(faults, world) : kinds, phases));
}
