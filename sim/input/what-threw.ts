/** What is wrong with a module that cannot be loaded, in one line: the file, the place in it, and what was said. */
import { spawnSync } from 'node:child_process';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shown } from '../shown.ts';

/** `path` is the module as a user named it; `error` is what its `import()` was rejected with. */
export function whatThrew(path: string, error: unknown): string {
  if (!(error instanceof Error)) return `${path}: threw ${shown(error)}`;
  const said = firstLine(error.message) || error.name;
  // esbuild names the place itself.
  const compiled = /^(\S.*?):(\d+):(\d+): (?:ERROR|error): (.*)$/m.exec(error.message);
  if (compiled !== null) return `${placed(path, compiled[1], compiled[2], compiled[3])}: ${compiled[4]}`;
  if (error.name === 'SyntaxError') {
    const [, file, line] = PLACE.exec(error.stack ?? '') ?? PLACE.exec(toldByNode(path)) ?? [];
    return `${placed(path, file, line)}: ${said}`;
  }
  if ((error as NodeJS.ErrnoException).code !== undefined) return `${path}: ${said}`;
  const frame = (error.stack ?? '')
    .split('\n')
    .map(placeIn)
    .find((place) => place !== null);
  return frame == null ? `${path}: threw ${said}` : `${placed(path, ...frame)}: threw ${said}`;
}

/** How Node begins what it says of a module that it cannot parse. */
const PLACE = /^(file:\/\/\S+|\/\S+?):(\d+)$/m;

const firstLine = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')[0]
    ?.trim() ?? '';

/** File, line and column of a line of a stack; null for one of Node's own, and of what is installed. */
function placeIn(line: string): readonly [string, string, string] | null {
  const [, file = '', at = '', column = ''] =
    /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^():]*):(\d+):(\d+)\)?$/.exec(line) ?? [];
  return file === '' || file.includes('/node_modules/') ? null : [file, at, column];
}

/** A place as people write it; the file itself as it was named. */
function placed(path: string, file = '', line = '', column = ''): string {
  if (file === '') return path;
  const absolute = file.startsWith('file:') ? fileURLToPath(file) : file;
  const name = absolute === resolve(path) ? path : relative('.', absolute);
  return [name, line, column].filter((part) => part !== '').join(':');
}

/** An error in parsing says its place to nobody but a terminal. */
function toldByNode(path: string): string {
  const load = `await import(require('node:url').pathToFileURL(${JSON.stringify(resolve(path))}))`;
  const script = `(async () => { ${load} })()`;
  return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 2000, env: {} }).stderr ?? '';
}
