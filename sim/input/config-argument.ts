/**
 * `--config FILE`, or the `hangup.config.ts` of the present folder: the scenarios, networks and policies that are yours.
 *
 * It is code, so whatever it does when it is loaded may go wrong; each of that is one line with the file and the place.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parsePolicy, printPolicy, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { policyNamed } from '../../src/backoff/presets.ts';
import { InputError, UsageError } from '../cli/errors.ts';
import { type Config, isConfig } from '../config.ts';
import { flawOfScenario } from '../definition.ts';
import { defaultOf, importModule, sourceOf } from '../explore/module.ts';
import type { Source } from '../explore/source.ts';
import type { Network } from '../networks/network.ts';
import { findNetwork } from '../networks/presets.ts';
import { shown } from '../shown.ts';
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
  readonly networks: readonly Network[];
  readonly policies: Readonly<Record<string, Policy>>;
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

async function load(path: string, isFound: boolean): Promise<GivenConfig> {
  if (!isModulePath(path)) throw new UsageError(`--config: expected a .ts, .mts, .mjs or .js file, got ${shown(path)}`);
  const bytes = readFile(path);
  const absolute = resolve(path);
  const url = pathToFileURL(absolute).href;
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await importModule(url);
  } catch (error) {
    throw new InputError(whatThrew(path, error));
  }
  const given = checked(path, defaultOf(exports), 'default' in exports);
  return {
    path,
    isFound,
    file: { flag: 'config', path, sha256: sha256(bytes) },
    source: { ...sourceOf({ url, ours: false }, exports), scenarios: given.scenarios },
    networks: given.networks ?? [],
    policies: given.policies ?? {},
  };
}

/** The default export, with every part looked at. */
function checked(path: string, given: unknown, isThere: boolean): Config {
  const wrong = (flaw: string): InputError => new InputError(`${path}: ${flaw}`);
  if (!isThere)
    throw wrong(
      "has no default export: expected `export default config({ scenarios: […] })` (import { config } from 'hangup')",
    );
  if (!isConfig(given)) throw wrong(`\`default\`: expected config({ scenarios: […] }), got ${shown(given)}`);
  const { scenarios, networks = [], policies = {}, ...others } = given as Config & Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrong(`\`${other}\`: expected no more than scenarios, networks, policies`);
  if (scenarios.length === 0) throw wrong('`scenarios`: expected one at the least, got none');
  const names = new Set<string>();
  for (const [index, scenario] of scenarios.entries()) {
    const flaw = flawOfScenario(scenario);
    if (flaw !== null) throw wrong(within(`scenarios[${index}]`, flaw));
    const { name } = scenario;
    if (names.has(name)) throw wrong(`\`scenarios[${index}].name\`: expected different names, got ${name} twice`);
    names.add(name);
  }
  if (!Array.isArray(networks)) throw wrong(`\`networks\`: expected a list of networks, got ${shown(networks)}`);
  const networkNames = new Set<string>();
  for (const [index, network] of networks.entries()) {
    const flaw = flawOfNetwork(network);
    if (flaw !== null) throw wrong(within(`networks[${index}]`, flaw));
    const { name } = network;
    if (findNetwork(name) !== undefined || networkNames.has(name))
      throw wrong(
        `\`networks[${index}].name\`: ${shown(name)} is the name of another network already; expected one of its own`,
      );
    networkNames.add(name);
  }
  if (policies === null || typeof policies !== 'object' || Array.isArray(policies))
    throw wrong(`\`policies\`: expected an object with a policy for each name, got ${shown(policies)}`);
  for (const [name, policy] of Object.entries(policies)) {
    if (!NAME.test(name)) throw wrong(`\`policies\`: expected names of letters, digits and - _ +, got ${shown(name)}`);
    if (policyNamed(name) !== undefined)
      throw wrong(`\`policies\`: ${name} is the name of a preset; expected one of its own`);
    const flaw = flawOfPolicy(policy);
    if (flaw !== null) throw wrong(`\`policies\`: ${name}: ${flaw}`);
  }
  return { scenarios, networks, policies };
}

const NAME = /^[A-Za-z0-9][\w+-]*$/;

/** The field of a part, as a field of the config. */
const within = (part: string, flaw: string): string =>
  flaw.startsWith('`') ? flaw.replace('`', `\`${part}.`) : `\`${part}\`: ${flaw}`;

function flawOfPolicy(policy: unknown): string | null {
  let json: unknown;
  try {
    json = printPolicy(policy as Policy);
  } catch {
    return `expected a policy ({ ...PRESETS.default.policy, cap: seconds(5) }), got ${shown(policy)}`;
  }
  const parsed = parsePolicy(json);
  return parsed.ok ? null : parsed.problems.map(problemText).join('; ');
}

function flawOfNetwork(network: unknown): string | null {
  const { name, source, up, down } = (network ?? {}) as Partial<Record<keyof Network, unknown>>;
  if (typeof name !== 'string' || !NAME.test(name))
    return `\`name\`: expected a name of letters, digits and - _ +, got ${shown(name)}`;
  if (typeof source !== 'string')
    return `\`source\`: expected a text (where its numbers are from), got ${shown(source)}`;
  for (const [way, path] of Object.entries({ up, down }))
    if (typeof (path as { delay?: unknown } | null | undefined)?.delay !== 'number')
      return `\`${way}\`: expected the conditions of a path (delay, jitter, rate, queue, loss, bursts, trace), got ${shown(path)}`;
  return null;
}
