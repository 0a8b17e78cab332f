/** Writes a file whole or not at all. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './folder.ts';

/**
 * Writes to a temporary file beside the path and renames it, so that nobody ever reads half a file. Makes the folder.
 * Throws what the system says; the temporary file is gone then, too.
 */
export function replaceFile(path: string, content: string | Uint8Array | readonly Uint8Array[]): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(path));
    const file = openSync(temporary, 'w');
    try {
      for (const part of Array.isArray(content) ? content : [content]) writeFileSync(file, part);
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
    throw error;
  }
}
