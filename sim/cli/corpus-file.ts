/** A corpus of a guided search on disk: seeds and plans, a file a scenario, so that the next search begins where this one ended. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Overrides } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { seedNumber } from '../core/seeds.ts';
import { replaceFile } from '../explore/replace-file.ts';
import { faultsOf } from '../faults/catalogue.ts';
import { flawOf } from '../faults/check.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { parseJson } from '../input/json.ts';
import { readFile } from '../input/read-file.ts';
import type { Kept } from '../search/corpus.ts';
import { groundOf, isSound } from '../search/ground.ts';
import { InputError, OutputError, reasonOf } from './errors.ts';

const FORMAT = 'hangup/corpus/1';
/** Ten thousand plans take less. */
const MOST_BYTES = 64 * 1024 * 1024;

const pathOf = (folder: string, { name }: Scenario): string => join(folder, `${name.replaceAll('/', '-')}.json`);

/** What an earlier search kept, as far as it can be run here; none where there is no file. Throws `InputError` in one line. */
export function readCorpus(
  folder: string,
  scenario: Scenario,
  overrides: Overrides,
): readonly Pick<Kept, 'seed' | 'plan'>[] {
  const path = pathOf(folder, scenario);
  if (!existsSync(path)) return [];
  const value = parseJson(path, readFile(path, MOST_BYTES)) as {
    format?: unknown;
    scenario?: unknown;
    runs?: unknown;
  } | null;
  if (value?.format !== FORMAT || !Array.isArray(value.runs))
    throw new InputError(`${path}: expected a corpus (an object with format ${FORMAT} and runs)`);
  if (value.scenario !== scenario.name)
    throw new InputError(`${path}: \`scenario\`: expected ${scenario.name}, got ${JSON.stringify(value.scenario)}`);
  const faults = faultsOf(scenario);
  return value.runs.flatMap((run: unknown, i: number) => {
    const { seed, plan } = (run ?? {}) as { readonly seed?: unknown; readonly plan?: unknown };
    if (typeof seed !== 'string' || seedNumber(seed) === undefined || !Array.isArray(plan))
      throw new InputError(`${path}: \`runs[${i}]\`: expected a seed and a plan`);
    // A kind may have changed since; what can't be carried out any more is no use.
    if (flawOf(plan, faults) !== null) return [];
    const { world } = groundOf(scenario, seed, overrides);
    return isSound(plan as FaultPlan, world, faults) ? [{ seed, plan: plan as FaultPlan }] : [];
  });
}

/** Writes the corpus whole, or not at all. Throws `OutputError`. */
export function writeCorpus(folder: string, scenario: Scenario, kept: readonly Kept[]): void {
  const path = pathOf(folder, scenario);
  const runs = kept.map(({ seed, plan }) => ({ seed, plan }));
  try {
    replaceFile(path, `${JSON.stringify({ format: FORMAT, scenario: scenario.name, runs })}\n`);
  } catch (error) {
    throw new OutputError(`--corpus ${folder}: cannot be written (${reasonOf(error)})`);
  }
}
