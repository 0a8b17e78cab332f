/** Failure files for code: a run that did not hold, kept and made again. The command writes and reads the same files. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellOf } from '../cli/cell-argument.ts';
import { InputError } from '../cli/errors.ts';
import { sizesOf } from '../cli/sizes-argument.ts';
import { VERSION } from '../cli/version.ts';
import { madeOf, type Outcome } from '../core/outcome.ts';
import type { RunOptions } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { shown } from '../core/shown.ts';
import type { Shrunk } from '../explain/shrink.ts';
import { faultsOf } from '../faults/catalogue.ts';
import { readFile } from '../input/read-file.ts';
import { modulesOf, sha256, type UsedFile } from '../input/used-files.ts';
import { NETWORKS } from '../networks/presets.ts';
import { writtenAs } from './command-line.ts';
import { type FailureFile, saveFailure } from './failure.ts';
import { addressOf } from './module.ts';
import { readFailure } from './read-failure.ts';
import { leastFrom } from './single.ts';
import type { BadRun } from './tally.ts';

/**
 * Writes a run that did not hold into `folder` (`.hangup/failures` is where the command looks) and returns the file's path.
 * `module` is the config that its scenario comes from, if it is not the catalogue's: then `hangup replay FILE` finds it.
 * `shrunk` is what `shrink(outcome)` came to: the file is then of the smallest run, and the outcome's own stands in it, too.
 * Throws in one line for a run that holds, and when it cannot be written.
 */
export function keepFailure(
  folder: string,
  outcome: Outcome,
  { module, shrunk = null }: { readonly module?: string | URL; readonly shrunk?: Shrunk | null } = {},
): string {
  const { scenario, verdict, seed, cell, digest, exceeded, breaches, plan } = outcome;
  if (typeof scenario !== 'string' || !Array.isArray(breaches))
    throw new Error(`keepFailure: expected an outcome of run(), got ${shown(outcome)}`);
  if (verdict === 'holds') throw new Error(`${scenario}@${seed}: expected a run that did not hold`);
  const bad: BadRun = { seed, cell, digest, verdict, exceeded, breaches, plan, ended: null };
  const { origin } = writtenAs(madeOf(outcome)?.options ?? {});
  const of = madeOf(outcome)?.scenario;
  const kept = { ...origin, version: VERSION, ...configFiles(module, of === undefined ? [] : [of]) };
  if (shrunk === null || of === undefined) return saveFailure(folder, scenario, bad, kept);
  const { law, cause } = shrunk;
  const least = leastFrom(of, seed, shrunk, madeOf(outcome)?.options ?? {});
  return saveFailure(folder, scenario, bad, kept, { law, cause, least, suffix: null });
}

/** A module as a failure file remembers a config, with the modules that scenarios of it run; nothing for one that is no file. */
export function configFiles(
  module: string | URL | undefined,
  scenarios: readonly Scenario[],
): { config: string | null; files: readonly UsedFile[] } {
  const url = module === undefined ? '' : addressOf(module);
  if (!url.startsWith('file:')) return { config: null, files: [] };
  const path = relative('.', fileURLToPath(url));
  const file: UsedFile = { flag: 'config', path, sha256: sha256(readFile(path)) };
  return { config: path, files: [file, ...modulesOf(scenarios)] };
}

/** A failure as `run(scenario, seed, options)` makes it again. */
export interface KeptFailure {
  readonly seed: string;
  readonly options: Pick<RunOptions, 'plan' | 'cell' | 'sizes' | 'network'>;
  /** Everything that stands in the file: digest, breaches, and the arguments that a command was given. */
  readonly file: FailureFile;
}

/**
 * Reads a failure file of a scenario. Throws in one line that names path and field for a file that is none, or of another
 * scenario. Policy, contents and networks that are no preset are named in `file`, and not loaded.
 */
export function loadFailure(path: string, scenario: Scenario): KeptFailure {
  const file = readFailure(path, () => faultsOf(scenario));
  if (file.scenario !== scenario.name)
    throw new InputError(`${path}: \`scenario\`: expected ${scenario.name}, got ${file.scenario}`);
  const network = NETWORKS.find(({ name }) => name === file.network);
  return {
    seed: file.seed,
    options: {
      ...(file.plan === null ? {} : { plan: file.plan }),
      ...(file.cell === null ? {} : { cell: cellOf(file.cell, [scenario]) }),
      ...(file.sizes === null ? {} : { sizes: sizesOf(file.sizes) }),
      ...(network === undefined ? {} : { network }),
    },
    file,
  };
}
