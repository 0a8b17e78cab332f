/** Files that a command leaves behind: whole or not at all. */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../explore/folder.ts';
import { OutputError, reasonOf } from './errors.ts';

/** Writes to a temporary file beside the path and renames it, so that nobody ever reads half a file. Makes the folder. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(path));
    const file = openSync(temporary, 'w');
    try {
      writeAll(file, Buffer.from(text));
      // Renaming before the bytes are on disk can leave an empty file behind a power cut.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // The first problem is the one to tell.
    }
    throw new OutputError(`${path}: cannot be written (${reasonOf(error)})`);
  }
}

/**
 * Appends one line in one write, so that two sweeps that end together do not mix their lines. A file whose last line was
 * cut off gets a line end first: the broken line stays alone.
 */
export function appendLine(path: string, line: string): void {
  try {
    makeFolder(dirname(path));
    const file = openSync(path, 'a+');
    try {
      const { size } = fstatSync(file);
      const last = Buffer.alloc(1);
      if (size > 0) readSync(file, last, 0, 1, size - 1);
      const torn = size > 0 && last.toString() !== '\n';
      writeAll(file, Buffer.from(`${torn ? '\n' : ''}${line}\n`));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new OutputError(`${path}: cannot be written (${reasonOf(error)})`);
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
