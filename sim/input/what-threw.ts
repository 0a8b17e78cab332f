/** What is wrong with a module that cannot be loaded, in one line: the file, the place in it, and what was said. */
import { spawnSync } from 'node:child_process';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { shown } from '../core/shown.ts';
import { Unfinished } from '../explore/module.ts';
import { isTypeScript } from '../explore/typescript.ts';

/** `path` is the module as a user named it; `error` is what its `import()` was rejected with. */
export function whatThrew(path: string, error: unknown): string {
  if (!(error instanceof Error)) return `${path}: threw ${shown(error)}`;
  const said = firstLine(error.message) || error.name;
  // esbuild names the place itself.
  const compiled = /^(\S.*?):(\d+):(\d+): (?:ERROR|error): (.*)$/m.exec(error.message);
  if (compiled !== null) return `${placed(path, compiled[1], compiled[2], compiled[3])}: ${compiled[4]}`;
  if (error instanceof Unfinished) return `${path}: ${said}`;
  // What cannot be found ran nowhere, and says itself who asked for it.
  if (/MODULE|PACKAGE/.test((error as NodeJS.ErrnoException).code ?? '')) return `${path}: ${said}`;
  const frame = (error.stack ?? '')
    .split('\n')
    .map(placeIn)
    .find((place) => place !== null);
  if (frame != null) return `${placed(path, ...frame)}: threw ${said}`;
  // What cannot be parsed ran nowhere.
  if (error.name === 'SyntaxError') {
    const [, file, line] = PLACE.exec(error.stack ?? '') ?? PLACE.exec(toldByNode(path)) ?? [];
    return `${placed(path, file, line)}: ${said}`;
  }
  return `${path}: threw ${said}`;
}

/** How Node begins what it says of a module that it cannot parse. */
const PLACE = /^(file:\/\/\S+|\/\S+?):(\d+)$/m;

const firstLine = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')[0]
    ?.trim() ?? '';

/** hangup itself, as a module is called by it and calls it. */
const OURS = fileURLToPath(new URL('../../', import.meta.url));

/** File, line and column of a line of a stack; null for one of Node's own, of what is installed, and of hangup. */
function placeIn(line: string): readonly [string, string, string] | null {
  const [, file = '', at = '', column = ''] =
    /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^():]*):(\d+):(\d+)\)?$/.exec(line) ?? [];
  if (file === '' || file.includes('/node_modules/')) return null;
  const inside = relative(OURS, file.startsWith('file:') ? fileURLToPath(file) : file).split(sep)[0] ?? '';
  return ['src', 'sim', 'properties'].includes(inside) ? null : [file, at, column];
}

/** A place as people write it; the file itself as it was named. */
function placed(path: string, file = '', line = '', column = ''): string {
  if (file === '') return path;
  const absolute = file.startsWith('file:') ? fileURLToPath(file) : file;
  const name = absolute === resolve(path) ? path : relative('.', absolute);
  return [name, line, column].filter((part) => part !== '').join(':');
}

/** An error in parsing says its place to nobody but a terminal, so the module is loaded again in a process that speaks. */
function toldByNode(path: string): string {
  const load = `import(${JSON.stringify(pathToFileURL(resolve(path)).href)})`;
  const reader = JSON.stringify(new URL('../explore/typescript.js', import.meta.url).href);
  const isBuilt = !import.meta.url.endsWith('.ts');
  const script =
    isTypeScript(path) && isBuilt ? `import(${reader}).then((it) => it.readTypeScript()).then(() => ${load})` : load;
  return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 2000, env: {} }).stderr ?? '';
}
