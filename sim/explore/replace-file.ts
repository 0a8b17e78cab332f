/** Writes a file whole or not at all. */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './folder.ts';

/**
 * Writes to a temporary file beside the path and renames it, so that nobody ever reads half a file. Makes the folder.
 * A link stays one: what it leads to is replaced. A device or a pipe is written into, since renaming would put a file in its
 * place. Throws what the system says; the temporary file is gone then, too.
 */
export function replaceFile(path: string, content: string | Uint8Array | readonly Uint8Array[]): void {
  const parts = Array.isArray(content) ? content : [content];
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() || (found !== undefined && !found.isFile())) {
    // `/dev/stdout` may lead to a file, which other output goes to as well.
    const target = path.startsWith('/dev/') ? path : realpathSync(path);
    if (target !== path && statSync(target).isFile()) {
      replaceFile(target, content);
      return;
    }
    const file = openSync(path, 'a');
    try {
      for (const part of parts) writeFileSync(file, part);
    } finally {
      closeSync(file);
    }
    return;
  }
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(path));
    const file = openSync(temporary, 'w');
    try {
      for (const part of parts) writeFileSync(file, part);
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
