/** Files that a command leaves behind: whole or not at all. */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../explore/folder.ts';
import { replaceFile } from '../explore/replace-file.ts';
import { OutputError, reasonOf } from './errors.ts';

/** Writes a file whole or not at all, and makes its folder. Throws `OutputError`. */
export function writeWhole(path: string, text: string): void {
  try {
    replaceFile(path, text);
  } catch (error) {
    throw new OutputError(`${path}: cannot be written (${reasonOf(error)})`);
  }
}

/**
 * Standard output that is a file takes every byte, or says why not: Node writes there once, and leaves out what a disk
 * that fills up did not take. `fails` is told the reason.
 */
export function writeWholeStdout(fails: (reason: string) => void): void {
  try {
    if (!fstatSync(process.stdout.fd).isFile()) return;
  } catch {
    return;
  }
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    try {
      writeAll(process.stdout.fd, Buffer.from(chunk as Uint8Array));
    } catch (error) {
      fails(reasonOf(error));
    }
    return true;
  };
}

/** Does all of it, and only then tells what went wrong first: what cannot be written here must not cost what goes there. */
export function writeEach(writes: readonly (() => void)[]): void {
  const errors: unknown[] = [];
  for (const write of writes)
    try {
      write();
    } catch (error) {
      errors.push(error);
    }
  if (errors.length > 0) throw errors[0];
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
