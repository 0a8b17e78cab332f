/**
 * Failure files: everything that a run needs, so that it replays when plans are drawn differently, or by another commit.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellName } from '../cells.ts';
import { InputError, OutputError, reasonOf } from '../cli/errors.ts';
import { type Flaw, flawOf } from '../faults/check.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { BreachReport } from '../outcome.ts';
import { replaceFile } from './replace-file.ts';
import type { BadRun, Ended } from './tally.ts';

export interface FailureFile {
  /** Format of this file. */
  readonly format: 1;
  /** Version of hangup that wrote it. */
  readonly version: string;
  readonly scenario: string;
  readonly seed: string;
  readonly digest: string;
  /** Null for a run that ended before its plan was known: it is drawn again. */
  readonly plan: FaultPlan | null;
  readonly breaches: readonly BreachReport[];
  readonly exceeded: string | null;
  /** Why the run has no outcome: what threw, and where, with its stack; missing for one that has. */
  readonly ended?: Ended;
  /** Arguments `--input`, `--schema` and `--network` of the sweep, as given. */
  readonly input: string | null;
  readonly schema: string | null;
  readonly network: string | null;
  /** Argument `--policy` of the sweep, as given; missing in files of before there was one. */
  readonly policy?: string | null;
  /** Kinds of `--faults` that the plan was drawn from; null when the scenario drew its own. */
  readonly faults: string | null;
  /** The cell of the run, `condition=outage,moment=late`; null when the scenario opens no dimension. */
  readonly cell: string | null;
}

/** Writes the file whole or not at all, and returns its path. Throws `OutputError`. */
export function saveFailure(
  folder: string,
  scenario: string,
  bad: BadRun,
  origin: Pick<FailureFile, 'version' | 'input' | 'schema' | 'network' | 'policy' | 'faults'>,
): string {
  const path = join(folder, `${scenario.replaceAll('/', '-')}@${bad.seed}.json`);
  const { seed, digest, plan, breaches, exceeded, ended } = bad;
  // The whole cell, and not only what `--cell` fixed: the drawing of the others may change as that of plans may.
  const cell = cellName(bad.cell) || null;
  const file: FailureFile = {
    ...{ format: 1, scenario, seed, digest, plan, breaches, exceeded },
    ...(ended === null ? {} : { ended }),
    ...{ ...origin, cell },
  };
  try {
    replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    throw new OutputError(`${folder}: cannot write failure files (${reasonOf(error)})`);
  }
  return path;
}

/** What is wrong with a failure file, in one line. */
export const wrongIn = (path: string, { field, expected, got }: Flaw): InputError =>
  new InputError(`${path}: \`${field}\`: expected ${expected}, got ${JSON.stringify(got)?.slice(0, 60) ?? 'nothing'}`);

/** Reads a failure file. Throws `InputError` that names the path and the field. */
export function readFailure(path: string): FailureFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`${path}: cannot be read (${reasonOf(error)})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${path}: expected a failure file (JSON), got something else`);
  }
  if (value === null || typeof value !== 'object') throw new InputError(`${path}: expected a JSON object`);
  const file = value as Partial<Record<keyof FailureFile, unknown>>;
  const wrong = (field: string, expected: string, got: unknown): InputError => wrongIn(path, { field, expected, got });
  if (file.format !== 1) throw wrong('format', '1', file.format);
  for (const field of ['scenario', 'seed', 'digest'] as const)
    if (typeof file[field] !== 'string') throw wrong(field, 'a text', file[field]);
  // A file of an older version does not have all of them.
  for (const field of ['input', 'schema', 'network', 'policy', 'faults', 'cell'] as const)
    if (file[field] !== undefined && file[field] !== null && typeof file[field] !== 'string')
      throw wrong(field, 'a text or null', file[field]);
  const flaw = file.plan === null ? null : flawOf(file.plan);
  if (flaw !== null) throw wrongIn(path, flaw);
  return value as FailureFile;
}
