/**
 * Failure files: everything that a run needs, so that it replays when plans are drawn differently, or by another commit. It
 * holds the smallest run that fails, and the run that a sweep found.
 */
import { dirname, join, relative, resolve, sep } from 'node:path';
import { OutputError, reasonOf } from '../cli/errors.ts';
import { cellName } from '../core/cells.ts';
import type { BreachReport } from '../core/outcome.ts';
import { type Origin, originIn } from '../core/overrides.ts';
import { sizesText } from '../core/sizes.ts';
import { causeOf } from '../explain/cause.ts';
import type { Extent } from '../explain/shrink.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { UsedFile } from '../input/used-files.ts';
import { failingsOf } from './causes.ts';
import { type OwnCode, ownCode } from './own-code.ts';
import { replaceFile } from './replace-file.ts';
import type { Least } from './single.ts';
import type { BadRun, Ended } from './tally.ts';

/** Arguments that a run is given, as texts. */
export type Arguments = Required<Omit<Origin, 'config'>>;

/** `cell` is that of the run, null when the scenario opens no dimension; `config` null when everything is hangup's own. */
export interface FailureFile extends Required<Origin> {
  /** Format of this file: 3; 2 of before runs were made smaller, or 1 of before there were `folder` and `files`. */
  readonly format: 1 | 2 | 3;
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
  /** What it is a failure of: the law, and its sentence without numbers, times and names. Before format 3: the first. */
  readonly law: string;
  readonly cause: string;
  /** What the seed drew, in a line; null where nobody noted it. */
  readonly conditions: string | null;
  /** hangup's own code; null before format 3, and where it could not be read. */
  readonly code: OwnCode | null;
  /** The run as a sweep found it, where this one is smaller; null where it is that run. */
  readonly found: Found | null;
  /** How it was made smaller; null where it was not. */
  readonly shrunk: ShrunkBy | null;
}

/** A run as a sweep found it. */
export interface Found extends Arguments {
  readonly seed: string;
  readonly digest: string;
  readonly plan: FaultPlan;
  readonly breaches: readonly BreachReport[];
  readonly exceeded: string | null;
}

export interface ShrunkBy {
  readonly runs: number;
  readonly before: Extent;
  readonly after: Extent;
  readonly stopped: Least['stopped'];
}

/** What is noted of a run that failed, besides the run. */
export interface Kept extends Omit<Origin, 'config'>, Pick<FailureFile, 'version' | 'config' | 'files'> {
  /** The folder that the paths of its arguments are relative to. Default: the present one. */
  readonly sweptIn?: string;
}

/** Which of the run's failings a file is about, where there are several, and the smallest run that fails by it. */
export interface About {
  readonly law: string;
  readonly cause: string;
  readonly least: Least | null;
  /** What its file is called besides the run; null for the first, or only one. */
  readonly suffix: string | null;
}

/** Where the file of a run is written. Names of scenarios and laws may be anybody's, and never lead out of the folder. */
export const failurePath = (
  folder: string,
  scenario: string,
  { seed, name }: Pick<BadRun, 'seed' | 'name'>,
  suffix: string | null = null,
): string =>
  join(
    folder,
    `${inFile(scenario)}@${[seed, name, suffix === null ? undefined : inFile(suffix)].filter((part) => part !== undefined).join('-')}.json`,
  );

const inFile = (name: string): string =>
  name
    .replaceAll('/', '-')
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .slice(0, 120);

/** Writes the file whole or not at all, and returns its path. Throws `OutputError`. */
export function saveFailure(
  folder: string,
  scenario: string,
  bad: BadRun,
  kept: Kept,
  about: About | null = null,
): string {
  const path = failurePath(folder, scenario, bad, about?.suffix ?? null);
  const absolute = resolve(kept.sweptIn ?? process.cwd());
  const place =
    relative(dirname(resolve(path)), absolute)
      .split(sep)
      .join('/') || '.';
  const file: FailureFile = { ...runOf(scenario, bad, kept, about), folder: { absolute, relative: place } };
  try {
    replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    throw new OutputError(`${folder}: cannot write failure files (${reasonOf(error)})`);
  }
  return path;
}

function runOf(scenario: string, bad: BadRun, kept: Kept, about: About | null): Omit<FailureFile, 'folder'> {
  const { seed, digest, plan, breaches, exceeded, ended } = bad;
  const [first] = failingsOf(bad);
  // The whole cell, and not only what `--cell` fixed: the drawing of the others may change as that of plans may.
  const given: Arguments = { ...originIn(kept), cell: cellName(bad.cell) || null };
  const least = about?.least ?? null;
  const common = { format: 3, version: kept.version, scenario, seed } as const;
  const rest = {
    ...{ config: kept.config, files: kept.files },
    ...{ law: about?.law ?? first?.law ?? bad.verdict, cause: about?.cause ?? causeOf(first?.message ?? '') },
    code: ownCode(),
  };
  if (least === null || plan === null)
    return {
      ...common,
      ...{ digest, plan, breaches, exceeded, ...(ended === null ? {} : { ended }) },
      ...given,
      ...{ ...rest, conditions: null, found: null, shrunk: null },
    };
  const { seen, runs, before, after, stopped } = least;
  return {
    ...common,
    ...{ digest: seen.digest, plan: least.plan, breaches: seen.breaches, exceeded: seen.exceeded },
    ...(ended === null ? {} : { ended: { ...ended, message: least.message, at: least.at, event: least.event } }),
    ...leastArguments(given, least),
    ...{ ...rest, conditions: seen.conditions, found: { seed, digest, plan, breaches, exceeded, ...given } },
    shrunk: { runs, before, after, stopped },
  };
}

/** The arguments that the smallest run needs of those that it was found with. */
export function leastArguments(given: Arguments, { needs, sizes, seen }: Least): Arguments {
  return {
    input: needs.input ? given.input : null,
    schema: needs.input ? given.schema : null,
    network: needs.network === true ? given.network : needs.network === false ? null : needs.network,
    policy: needs.policy ? given.policy : null,
    faults: given.faults,
    cell: cellName(seen.cell) || null,
    sizes: sizesText(sizes),
  };
}
