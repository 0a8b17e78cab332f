/**
 * `--config FILE`, or the `hangup.config.ts` of the present folder: the scenarios, networks and policies that are yours.
 *
 * It is code, so whatever it does when it is loaded may go wrong; each of that is one line with the file and the place.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FunctionReference, isPolicyFunction, type PolicyFunction } from '../../src/backoff/function.ts';
import { policyProblems, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESET_NAMES } from '../../src/backoff/presets.ts';
import { isPlain } from '../../src/plain.ts';
import { InputError, UsageError } from '../cli/errors.ts';
import type { Config } from '../core/config.ts';
import { mustGoTogether, SCENARIO } from '../core/definition.ts';
import type { Scenario } from '../core/scenario.ts';
import { listOf, must, object, optional, type Shape } from '../core/shape.ts';
import { shown } from '../core/shown.ts';
import { nameByPath } from '../explore/command-line.ts';
import { defaultOf, isScenario, sourceOf } from '../explore/exports.ts';
import { importModule } from '../explore/module.ts';
import type { Source } from '../explore/source.ts';
import { flawText } from '../faults/check.ts';
import { NETWORK_SHAPE } from '../networks/check.ts';
import type { Network } from '../networks/network.ts';
import { NETWORKS } from '../networks/presets.ts';
import { readFile } from './read-file.ts';
import { sha256, type UsedFile } from './used-files.ts';
import { whatThrew } from './what-threw.ts';

/** Names under which a config is found by itself. */
const NAMES = ['ts', 'mts', 'mjs', 'js'].map((ending) => `hangup.config.${ending}`);

/** Whether an argument is the path of a config, and no name of a scenario. */
export const isModulePath = (text: string): boolean => /\.(ts|mts|mjs|js)$/.test(text);

export interface GivenConfig {
  /** As it was given, or found. */
  readonly path: string;
  /** Whether it lies in the present folder under its usual name, so that nobody has to name it. */
  readonly isFound: boolean;
  readonly file: UsedFile;
  readonly source: Source;
  /** Its default export, where that is a scenario. */
  readonly main: Scenario | null;
  readonly networks: readonly Network[];
  readonly policies: Readonly<Record<string, Policy | FunctionReference>>;
}

/** The config of a command; null where none is given or found. Rejects with `UsageError` or `InputError`. */
export async function configOf(given: string | undefined): Promise<GivenConfig | null> {
  const path = given ?? found();
  return path === null ? null : load(path, given === undefined);
}

function found(): string | null {
  const [path, ...others] = NAMES.filter((name) => existsSync(name));
  if (others.length > 0)
    throw new UsageError(
      `expected one config in this folder, got ${[path, ...others].join(' and ')}: name one with --config`,
    );
  return path ?? null;
}

async function load(asGiven: string, isFound: boolean): Promise<GivenConfig> {
  if (!isModulePath(asGiven))
    throw new UsageError(`--config: expected a .ts, .mts, .mjs or .js file, got ${shown(asGiven)}`);
  const path = asGiven.replace(/^(\.\/)+(?=.)/, '');
  const bytes = readFile(path);
  const absolute = resolve(path);
  const url = pathToFileURL(absolute).href;
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await importModule(url);
  } catch (error) {
    throw new InputError(whatThrew(path, error));
  }
  const given = checked(path, configIn(exports), 'default' in exports);
  const main = defaultOf(exports);
  if (isScenario(main)) nameByPath(main.name, path);
  return {
    path,
    isFound,
    file: { flag: 'config', path, sha256: sha256(bytes) },
    source: { ...sourceOf({ url, ours: false }, exports), scenarios: given.scenarios },
    main: isScenario(main) ? main : null,
    networks: given.networks ?? [],
    policies: referred(given.policies ?? {}, url),
  };
}

/** Functions by where they are found again. */
const referred = (policies: NonNullable<Config['policies']>, module: string): GivenConfig['policies'] =>
  Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [
      name,
      isPolicyFunction(policy) ? { kind: 'function', name, module } : policy,
    ]),
  );

/** What is wrong with a function, in the words of `policyFunction`. */
function functionFlaw(policy: Partial<PolicyFunction>, path: string): string | null {
  for (const name of ['next', 'envelope'] as const)
    if (typeof policy[name] !== 'function')
      return `\`${path}.${name}\`: expected a function, as policyFunction({ about, memory, next, envelope }) has it`;
  if (!isPlain(policy.memory)) return `\`${path}.memory\`: expected plain data`;
  const { stableAfter } = policy;
  return Number.isInteger(stableAfter) && (stableAfter as number) >= 0
    ? null
    : `\`${path}.stableAfter\`: expected a duration such as seconds(5)`;
}

/** What a module has for a config: its default export, or, where that is a scenario, all scenarios that it exports. */
function configIn(exports: Readonly<Record<string, unknown>>): unknown {
  const main = defaultOf(exports);
  return isScenario(main) ? { scenarios: sourceOf({ url: '', ours: false }, exports).scenarios } : main;
}

const CONFIG = object(
  'config({ scenarios: […] })',
  {
    scenarios: must('a list of one scenario at the least', (value) => Array.isArray(value)),
    networks: optional(listOf('a list of networks', NETWORK_SHAPE)),
    policies: optional(object('an object with a policy for each name', {})),
  } satisfies Readonly<Record<keyof Config, Shape>>,
  true,
);

/** The default export, with every part looked at. */
function checked(path: string, given: unknown, isThere: boolean): Config {
  const wrong = (flaw: string): InputError => new InputError(`${path}: ${flaw}`);
  if (!isThere)
    throw wrong(
      "has no default export: expected `export default config({ scenarios: […] })` (import { config } from 'hangup'), or `export default system({ … })` (import { system } from 'hangup/system')",
    );
  const whole = CONFIG(given, 'default');
  if (whole !== null) throw wrong(flawText(whole));
  const { scenarios, networks = [], policies = {} } = given as Config;
  if (scenarios.length === 0 && Object.keys(policies).length === 0)
    throw wrong(
      flawText({ field: 'default.scenarios', expected: 'a list of one scenario at the least', got: scenarios }),
    );
  const scenario = listOf('', SCENARIO)(scenarios, 'scenarios');
  if (scenario !== null) throw wrong(flawText(scenario));
  for (const each of scenarios)
    try {
      mustGoTogether(each);
    } catch (error) {
      throw wrong((error as Error).message);
    }
  for (const [list, names, taken] of [
    ['scenarios', scenarios.map(({ name }) => name), []],
    ['networks', networks.map(({ name }) => name), NETWORKS.map(({ name }) => name)],
    ['policies', Object.keys(policies), PRESET_NAMES],
  ] as const)
    for (const [index, name] of names.entries()) {
      if ((taken as readonly string[]).includes(name))
        throw wrong(`\`${list}\`: ${name} is the name of a preset; expected one of its own`);
      if (names.indexOf(name) < index) throw wrong(`\`${list}\`: expected different names, got ${name} twice`);
      // A comma, a slash or a dot would be read as a file, or as the knob of a policy.
      if (list !== 'scenarios' && !/^[A-Za-z0-9][\w+-]*$/.test(name))
        throw wrong(`\`${list}\`: expected names of letters, digits and - _ +, got ${shown(name)}`);
    }
  for (const [name, policy] of Object.entries(policies)) {
    const flaw = isPolicyFunction(policy) ? functionFlaw(policy, `policies.${name}`) : null;
    if (flaw !== null) throw wrong(flaw);
    const problems = isPolicyFunction(policy) ? [] : policyProblems(policy, `policies.${name}`);
    if (problems.length > 0) throw wrong(problems.map(problemText).join('; '));
  }
  return { scenarios, networks, policies };
}
