/** Makes a folder, and those above it. */
import { existsSync, mkdirSync, opendirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** One by one, because `mkdirSync` with `recursive` never returns where folders cannot be made at all (`/proc`). */
export function makeFolder(path: string): void {
  const folder = resolve(path);
  if (existsSync(folder)) {
    // A file in its place is told by the system's own error.
    opendirSync(folder).closeSync();
    return;
  }
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another sweep may have made it in between.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
