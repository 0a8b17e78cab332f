/**
 * Finding the files of a failure again: where the sweep ran, in a project that was moved or checked out elsewhere, or
 * beside whoever was sent nothing but the failure file.
 *
 * A relative path is tried from the folder that has the same place beside the failure file as the sweep's had, from the
 * folder that the sweep ran in, and from the present one. The first file with the recorded checksum is it. A file that
 * is there and has another checksum has changed: the failure cannot be judged with it, and that is said by its name.
 */
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { InputError } from '../cli/errors.ts';
import { readFile } from '../input/read-file.ts';
import { type FileFlag, plainly, type Reader, sha256, type UsedFile } from '../input/used-files.ts';
import type { FailureFile } from './failure.ts';

/**
 * Reads the files that `failure`, read from `path`, names for these arguments. Throws `InputError` in one line that names
 * every file which changed or is not there. A failure file of format 1 has no checksums: its paths mean the present folder.
 */
export function foundFiles(path: string, failure: FailureFile, flags: readonly FileFlag[]): Reader {
  const { folder } = failure;
  if (folder === null) return plainly;
  const found = new Map<string, Buffer>();
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const used of failure.files) {
    if (!flags.includes(used.flag) || seen.has(used.path)) continue;
    seen.add(used.path);
    const answer = find(used, placesOf(used.path, path, folder));
    if (typeof answer === 'string') problems.push(answer);
    else found.set(used.path, answer);
  }
  if (problems.length > 0) throw new InputError(`${path}: ${problems.join('; ')}`);
  return (flag) => {
    const read = (name: string): Buffer => {
      const bytes = found.get(name);
      if (bytes === undefined) throw new InputError(`${path}: \`files\`: expected a checksum of ${name} (--${flag})`);
      return bytes;
    };
    return Object.assign(read, { has: (name: string): boolean => found.has(name) });
  };
}

/** Where the config of a failure is now, and whether it is the same. */
export interface FoundConfig {
  readonly path: string;
  /** What it was then and what it is now, in words; null when it is the same. */
  readonly changed: string | null;
}

/**
 * The config that `failure`, read from `path`, was found with; null when it needs none. It is code, which people change
 * to mend what failed: so one that changed is taken, and that is said. Throws `InputError` in one line when it is gone.
 */
export function foundConfig(path: string, { folder, files, config }: FailureFile): FoundConfig | null {
  const used = files.find(({ flag }) => flag === 'config');
  if (config === null || folder === null || used === undefined) return null;
  const places = placesOf(used.path, path, folder);
  let other: FoundConfig | null = null;
  for (const place of places) {
    const got = hashOf(place);
    if (got === used.sha256) return { path: relative('.', place), changed: null };
    if (got !== null)
      other ??= {
        path: relative('.', place),
        changed: `${used.path} changed since this failure was found (sha-256 ${used.sha256.slice(0, 12)}… then, ${got.slice(0, 12)}… now)`,
      };
  }
  if (other !== null) return other;
  throw new InputError(
    `${path}: ${used.path} (--config) is not there (looked in ${places.map((place) => dirname(place)).join(', ')}): its scenarios are in it; give --config FILE`,
  );
}

/** Null where there is no such file. */
function hashOf(place: string): string | null {
  try {
    return sha256(readFile(place));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Everywhere that a file may be, the likeliest first. */
function placesOf(name: string, failurePath: string, folder: NonNullable<FailureFile['folder']>): readonly string[] {
  const project = resolve(dirname(failurePath), folder.relative);
  const inside = isAbsolute(name) ? relative(folder.absolute, name) : name;
  // An absolute path that leads out of the sweep's folder means one place on one machine.
  const moves = !isAbsolute(name) || !(inside.startsWith('..') || isAbsolute(inside));
  const places = moves
    ? [resolve(project, inside), resolve(folder.absolute, inside), resolve(inside)]
    : [resolve(name)];
  return [...new Set(places)];
}

/** The bytes with the recorded checksum, or what is wrong. */
function find({ flag, path, sha256: expected }: UsedFile, places: readonly string[]): Buffer | string {
  let changed: string | null = null;
  let problem: string | null = null;
  for (const place of places) {
    let bytes: Buffer;
    try {
      bytes = readFile(place);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problem ??= error.message;
      continue;
    }
    const got = sha256(bytes);
    if (got === expected) return bytes;
    changed ??= `${path} (--${flag}) changed since this failure was found (sha-256 ${expected.slice(0, 12)}… then, ${got.slice(0, 12)}… now, in ${place}): with another file it is another run; put the old one back, or give --${flag} to run with this one`;
  }
  if (changed !== null) return changed;
  return `${path} (--${flag}) is not there: ${problem}${places.length > 1 ? `, nor ${places.slice(1).join(' nor ')}` : ''}`;
}
