/**
 * The files that a sweep was given, each with a checksum: without them a failure cannot be told from a failure with
 * another trace, and a file that changed would be blamed on the code.
 */
import { createHash } from 'node:crypto';
import type { Scenario } from '../core/scenario.ts';
import { readFile } from './read-file.ts';

/** Reads a file by the path that a user gave, or throws `InputError`. */
export interface ReadFile {
  (path: string): Buffer;
  /** Whether there is a file of that path; without it, the disk says so. A comma may be a part of a path. */
  readonly has?: (path: string) => boolean;
}

/** How the files of one argument are read. */
export type Reader = (flag: FileFlag) => ReadFile;

/** As they stand, relative to the present folder. */
export const plainly: Reader = () => (path) => readFile(path);

/** Arguments that name files. */
export const FILE_FLAGS = ['input', 'schema', 'network', 'policy'] as const;
/** Whose files a run is made of: what those name, the code of a config, and the modules that its scenarios run. */
export const USED_FLAGS = [...FILE_FLAGS, 'config', 'module'] as const;
export type FileFlag = (typeof USED_FLAGS)[number];

/** A file as a failure file remembers it. */
export interface UsedFile {
  /** The argument that named it. */
  readonly flag: FileFlag;
  /** As it was given: relative to the folder that the sweep ran in, or absolute. */
  readonly path: string;
  /** SHA-256 of its bytes, 64 hex digits; of a module, of all that it is bundled to. */
  readonly sha256: string;
}

/** The modules that scenarios run, each once. Throws in one line for one that cannot be bundled. */
export const modulesOf = (scenarios: readonly Pick<Scenario, 'modules'>[]): readonly UsedFile[] => [
  ...new Map(
    scenarios
      .flatMap((scenario) => scenario.modules?.() ?? [])
      .map((module): [string, UsedFile] => [`${module.path} ${module.sha256}`, { flag: 'module', ...module }]),
  ).values(),
];

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads files and remembers them. */
export class UsedFiles {
  readonly #used: UsedFile[] = [];
  /** A pipe can be read but once, and a file may change meanwhile. */
  readonly #bytes = new Map<string, Buffer>();

  readonly read: Reader = (flag) => (path) => {
    const bytes = this.#bytes.get(path) ?? readFile(path);
    this.#bytes.set(path, bytes);
    if (!this.#used.some((each) => each.flag === flag && each.path === path))
      this.#used.push({ flag, path, sha256: sha256(bytes) });
    return bytes;
  };

  get all(): readonly UsedFile[] {
    return this.#used;
  }
}
