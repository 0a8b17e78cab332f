/** The version in package.json, which stands two folders up in the sources and three up in `dist`. */
import { readFileSync } from 'node:fs';

function read(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      if (name === 'hangup') return version;
    } catch {
      // Not here: the other place.
    }
  }
  return 'unknown';
}

export const VERSION: string = read();
