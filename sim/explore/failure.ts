/**
 * Failure files: everything that a run needs, so that it replays when plans are drawn differently, or by another commit.
 */
import { dirname, join, relative, resolve, sep } from 'node:path';
import { OutputError, reasonOf } from '../cli/errors.ts';
import { cellName } from '../core/cells.ts';
import type { BreachReport } from '../core/outcome.ts';
import { type Origin, originIn } from '../core/overrides.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { UsedFile } from '../input/used-files.ts';
import { replaceFile } from './replace-file.ts';
import type { BadRun, Ended } from './tally.ts';

/** `cell` is that of the run, null when the scenario opens no dimension; `config` null when everything is hangup's own. */
export interface FailureFile extends Required<Origin> {
  /** Format of this file: 2, or 1 of before there were `folder` and `files`. */
  readonly format: 1 | 2;
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
  /** The folder that the sweep ran in: absolute, and seen from the folder of this file. Null in format 1. */
  readonly folder: { readonly absolute: string; readonly relative: string } | null;
  /** Every file that the arguments named, with its checksum; none in format 1. */
  readonly files: readonly UsedFile[];
}

/** Where the file of a run is written. */
export const failurePath = (folder: string, scenario: string, { seed, name }: Pick<BadRun, 'seed' | 'name'>): string =>
  join(folder, `${scenario.replaceAll('/', '-')}@${seed}${name === undefined ? '' : `-${name}`}.json`);

/** Writes the file whole or not at all, and returns its path. Throws `OutputError`. */
export function saveFailure(
  folder: string,
  scenario: string,
  bad: BadRun,
  origin: Origin & Pick<FailureFile, 'version' | 'config' | 'files'>,
  /** The folder that the paths of `origin` are relative to. */
  sweptIn: string = process.cwd(),
): string {
  const path = failurePath(folder, scenario, bad);
  const { seed, digest, plan, breaches, exceeded, ended } = bad;
  // The whole cell, and not only what `--cell` fixed: the drawing of the others may change as that of plans may.
  const cell = cellName(bad.cell) || null;
  const absolute = resolve(sweptIn);
  const file: FailureFile = {
    ...{ format: 2, version: origin.version, scenario, seed, digest, plan, breaches, exceeded },
    ...(ended === null ? {} : { ended }),
    ...{ ...originIn(origin), config: origin.config, cell, files: origin.files },
    folder: {
      absolute,
      relative:
        relative(dirname(resolve(path)), absolute)
          .split(sep)
          .join('/') || '.',
    },
  };
  try {
    replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    throw new OutputError(`${folder}: cannot write failure files (${reasonOf(error)})`);
  }
  return path;
}
