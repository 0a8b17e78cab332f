/**
 * The files that a sweep was given, each with a checksum: without them a failure cannot be told from a failure with
 * another trace, and a file that changed would be blamed on the code.
 */
import { createHash } from 'node:crypto';
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
/** Arguments whose files a run is made of: what they name, and the code of a config. */
export const USED_FLAGS = [...FILE_FLAGS, 'config'] as const;
export type FileFlag = (typeof USED_FLAGS)[number];

/** A file as a failure file remembers it. */
export interface UsedFile {
  /** The argument that named it. */
  readonly flag: FileFlag;
  /** As it was given: relative to the folder that the sweep ran in, or absolute. */
  readonly path: string;
  /** SHA-256 of its bytes, 64 hex digits. */
  readonly sha256: string;
}

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
