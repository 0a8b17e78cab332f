/** What `replay` runs again: `scenario@seed` with the arguments of the sweep, or a failure file that holds them all. */
import type { Flags, Overrides } from '../core/overrides.ts';
import type { RunOptions } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { seedText } from '../core/seeds.ts';
import { settingOf } from '../core/setting.ts';
import type { World } from '../core/world.ts';
import { worldOf } from '../core/worlds.ts';
import type { FailureFile } from '../explore/failure.ts';
import { foundConfig, foundFiles } from '../explore/found-files.ts';
import { readFailure, wrongIn } from '../explore/read-failure.ts';
import { faultsOf } from '../faults/catalogue.ts';
import { flawOf, flawText, strangerIn } from '../faults/check.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { isModulePath } from '../input/config-argument.ts';
import { parseJson } from '../input/json.ts';
import { readFile } from '../input/read-file.ts';
import { FILE_FLAGS, type FileFlag, modulesOf, plainly, type Reader } from '../input/used-files.ts';
import { scenariosOf, seedOf } from './arguments.ts';
import { InputError, TellableError, UsageError } from './errors.ts';
import { type Known, knownWith } from './known.ts';
import { overridesFrom } from './overrides.ts';

export interface Subject {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly options: RunOptions;
  readonly file: FailureFile | null;
  /** Arguments that were given beside a failure file and go before its own: then it is not the same run. */
  readonly instead: readonly string[];
  /** That the config of a failure file is not what it was, in words. */
  readonly changed: string | null;
  /** The module that exports the scenario, as a URL. */
  readonly module: string;
}

/** Flags that choose a run, besides those that choose its conditions. */
export interface SubjectFlags extends Flags {
  /** Of a failure file: the run as it was found, and not the least that fails. */
  readonly found?: boolean;
  /** Of scenario@seed: a plan in place of what the seed draws, as JSON or in a .json file. */
  readonly plan?: string;
}

/** Rejects with `UsageError` or `InputError`, and names a file that changed before anything is run. */
export async function subjectOf(what: string, { found, plan, ...flags }: SubjectFlags): Promise<Subject> {
  if (what.endsWith('.json')) {
    if (plan !== undefined)
      throw new UsageError('--plan: expected scenario@seed with it: a failure file holds its own');
    return ofFile(what, flags, found === true);
  }
  if (found) throw new UsageError('--found: expected a failure file with it: a seed is as it was found');
  return ofSeed(what, flags, plan);
}

async function ofSeed(what: string, flags: Flags, plan: string | undefined): Promise<Subject> {
  const at = what.lastIndexOf('@');
  if (at < 0)
    throw new UsageError(
      `expected scenario@seed or a failure file (.json), got ${JSON.stringify(what.slice(0, MOST_SHOWN))}${isModulePath(what) ? `: a seed is missing, such as ${what.slice(0, MOST_SHOWN)}@1` : ''}`,
    );
  const name = what.slice(0, at);
  // A seed is a number: 07 is the 7 of a sweep, and no other run.
  const seed = seedText(seedOf(what.slice(0, MOST_SHOWN), what.slice(at + 1)));
  const path = isModulePath(name) ? name : null;
  if (path !== null && flags.config !== undefined)
    throw new UsageError(`--config: expected one config, got ${path} and ${flags.config}`);
  const known = await knownWith(path ?? flags.config);
  const [scenario, ...others] = path === null ? scenariosOf([name], known.scenarios) : mainOf(known);
  if (scenario === undefined || others.length > 0)
    throw new UsageError(
      path === null
        ? `expected one scenario, got ${JSON.stringify(name)}`
        : `${path} has several scenarios and none as its default export (${[scenario, ...others].map((each) => each?.name).join(', ')}): expected one by its name, such as ${scenario?.name}@${seed} --config ${path}`,
    );
  if (plan !== undefined && flags.faults !== undefined)
    throw new UsageError('--plan and --faults: expected one of them: a plan that is given is not drawn');
  const conditions = overridesFrom(flags, [scenario], known, plainly);
  return {
    scenario,
    seed,
    options: plan === undefined ? conditions : { ...conditions, plan: planOf(plan, scenario, seed, conditions) },
    file: null,
    instead: [],
    changed: null,
    module: moduleOf(scenario, known),
  };
}

/** The longest plan on a command line; a longer one stands in a file. */
const PLAN_MOST = 8 * 1024 * 1024;

/** A plan as JSON, or in a file of JSON, for the world of that run. Throws `UsageError` or `InputError`. */
function planOf(given: string, scenario: Scenario, seed: string, conditions: Overrides): FaultPlan {
  const isFile = given.endsWith('.json');
  const bytes = isFile ? readFile(given, PLAN_MOST) : new TextEncoder().encode(given);
  const plan = parseJson(isFile ? given : '--plan', bytes);
  const faults = faultsOf(scenario);
  const world = (): World => worldOf(scenario, settingOf(scenario, seed, conditions), conditions.sizes ?? null).world;
  const flaw = flawOf(plan, faults) ?? strangerIn(plan as FaultPlan, world(), faults, scenario.protocol?.phases);
  if (flaw !== null) throw new UsageError(`${isFile ? given : '--plan'}: ${flawText(flaw)}`);
  return plan as FaultPlan;
}

/** What the path of a module stands for: its default export, or the only one that it has. */
function mainOf({ config }: Known): readonly Scenario[] {
  const scenarios = config?.source.scenarios ?? [];
  return config?.main === null || config?.main === undefined ? scenarios : [config.main];
}

async function ofFile(path: string, flags: Flags, asFound: boolean): Promise<Subject> {
  const config = flags.config === undefined ? foundConfig(path, readFailure(path, null)) : null;
  const known = await knownWith(flags.config ?? config?.path);
  return fileSubject(path, known, { flags, asFound, changed: config?.changed ?? null });
}

/** The run of a failure file whose scenario is among those; throws as `subjectOf` rejects. */
export function fileSubject(
  path: string,
  known: Known,
  { flags = {}, asFound = false, changed = null }: { flags?: Flags; asFound?: boolean; changed?: string | null } = {},
): Subject {
  const whole = readFailure(path, (name) => {
    const scenario = known.sources.find(name);
    return scenario === undefined ? null : faultsOf(scenario);
  });
  if (asFound && whole.found === null)
    throw new UsageError(`--found: ${path} holds the run as it was found, and no smaller one`);
  const file: FailureFile =
    asFound && whole.found !== null ? { ...whole, ...whole.found, found: null, shrunk: null } : whole;
  if (flags.faults !== undefined && file.plan !== null)
    throw new UsageError(`--faults: ${path} holds the plan itself, and draws none: expected scenario@seed with it`);
  const seed = seedText(within(path, () => seedOf('`seed`', file.seed)));
  const scenario = known.sources.find(file.scenario);
  // Only to say which name was probably meant.
  if (scenario === undefined) within(path, () => scenariosOf([file.scenario.replaceAll('*', '?')], known.scenarios));
  if (scenario === undefined) throw new InputError(`${path}: \`scenario\`: expected one of hangup list scenarios`);
  const own: readonly FileFlag[] = FILE_FLAGS.filter((flag) => flags[flag] === undefined && file[flag] !== null);
  const found = foundFiles(path, file, own);
  const reader: Reader = (flag) => (own.includes(flag) ? found(flag) : plainly(flag));
  const given: { -readonly [K in keyof Flags]: Flags[K] } = { ...flags };
  for (const flag of [...FILE_FLAGS, 'cell', 'sizes'] as const) {
    const kept = file[flag];
    if (given[flag] === undefined && kept !== null) given[flag] = kept;
  }
  // A file without a plan has it drawn again, from the kinds that its sweep drew from.
  if (file.plan === null && file.faults !== null) given.faults = file.faults;
  const drawn = within(path, () => overridesFrom(given, [scenario], known, reader));
  const options: RunOptions = file.plan === null ? drawn : { ...drawn, plan: file.plan };
  const stranger =
    file.plan === null
      ? null
      : strangerIn(
          file.plan,
          worldOf(scenario, settingOf(scenario, seed, options), options.sizes ?? null).world,
          faultsOf(scenario),
          scenario.protocol?.phases,
        );
  if (stranger !== null) throw wrongIn(path, stranger);
  const instead = [...FILE_FLAGS, ...(['cell', 'sizes', 'config'] as const)].filter(
    (flag) => flags[flag] !== undefined,
  );
  return {
    scenario,
    seed,
    options,
    file,
    instead,
    changed: changed ?? changedIn(file, scenario),
    module: moduleOf(scenario, known),
  };
}

const moduleOf = (scenario: Scenario, { sources }: Known): string =>
  sources.all.find(({ scenarios }) => scenarios.includes(scenario))?.url ?? '';

/** Which module is not what it was when a failure was found, in words; null where all are, or nobody knows. */
function changedIn({ files }: FailureFile, scenario: Scenario): string | null {
  const then = files.filter(({ flag }) => flag === 'module');
  if (then.length === 0) return null;
  const changed = modulesOf([scenario]).find(({ sha256 }) => then.every((each) => each.sha256 !== sha256));
  return changed === undefined ? null : `${changed.path}, or what it imports, changed since this failure was found`;
}

/** What is wrong with an argument that stands in a file is told with the name of the file. */
function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TellableError) || error.message.startsWith(path)) throw error;
    throw new InputError(`${path}: ${error.message}`);
  }
}

const MOST_SHOWN = 60;
