/**
 * Files of web-platform-tests as scripts for a page: those that are scripts, and those whose scripts stand in a document
 * that nobody looks at. They run with their own harness, and what that says of each test is what counts.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Script } from 'node:vm';
import { inPage, second } from '../system/one-page.ts';
import { serverOfTests } from './server.ts';

export interface Result {
  readonly file: string;
  readonly test: string;
  readonly isPassed: boolean;
  readonly why: string;
}

/** Below these folders, files of these names. */
export function filesIn(root: string, folders: readonly string[]): readonly string[] {
  const found: string[] = [];
  const look = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) {
        if (!/^(?:resources|handlers|support|tools)$/.test(name)) look(path);
      } else if (/\.(?:any|window)\.js$|\.html$/.test(name) && !/manual|crash|-ref\./.test(name))
        found.push(relative(root, path));
    }
  };
  for (const folder of folders) if (existsSync(join(root, folder))) look(join(root, folder));
  return found;
}

/** The parts of a file in order: text, and files that it names. */
function partsOf(
  root: string,
  file: string,
): { readonly scripts: readonly string[]; readonly variant: string; readonly isLong: boolean } {
  const text = readFileSync(join(root, file), 'utf8');
  const at = (path: string): string =>
    join(root, path.startsWith('/') ? path.slice(1) : join(dirname(file), path)).replace(/\?.*$/, '');
  const scripts: string[] = [];
  const isLong = /META: timeout=long|name=["']?timeout["']? content=["']?long/.test(text);
  const include = (path: string): void => {
    if (/testharness(?:report)?\.js/.test(path)) return;
    if (existsSync(at(path))) scripts.push(readFileSync(at(path), 'utf8'));
    else scripts.push(`throw new Error(${JSON.stringify(`wpt: there is no ${path}`)})`);
  };
  if (file.endsWith('.html')) {
    for (const [, attributes = '', body = ''] of text.matchAll(/<script([^>]*)>(.*?)<\/script>/gis)) {
      const src = /src=["']?([^"'\s>]+)/i.exec(attributes)?.[1];
      if (src === undefined) scripts.push(body);
      else include(src);
    }
    const [, variant = ''] = /<meta name=["']?variant["']? content=["']([^"']*)["']/i.exec(text) ?? [];
    return { scripts, variant, isLong };
  }
  for (const [, path = ''] of text.matchAll(/^\/\/ META: script=(\S+)/gm)) include(path);
  scripts.push(text);
  const [, variant = ''] = /^\/\/ META: variant=(\S*)/m.exec(text) ?? [];
  return { scripts, variant, isLong };
}

/** What the harness finds of a document, and how it says what it found. */
const BEFORE = `
  for (const name of ['getElementsByTagName', 'querySelectorAll']) document[name] = () => [];
  for (const name of ['getElementById', 'querySelector']) document[name] = () => null;
`;
const after = (isLong: boolean): string => `
  setup({ output: false, timeout_multiplier: ${isLong ? 6 : 1} });
  add_completion_callback((tests, { status, message }) => {
    for (const { name, status, message } of tests) console.log('wpt ' + JSON.stringify([name, status, message ?? '']));
    console.log('wpt-end ' + JSON.stringify([status, message ?? '']));
  });
  self.GLOBAL = { isWindow: () => true, isWorker: () => false, isShadowRealm: () => false };
`;

/** What there is instead of places of a server of the tests. */
const substituted = (text: string): string =>
  text
    .replace(/\{\{(?:host|domains\[[^\]]*\]|hosts\[[^\]]*\]\[[^\]]*\])\}\}/g, 'server')
    .replace(/\{\{ports\[(\w+)\]\[\d\]\}\}/g, (_, scheme: string) =>
      /s$|2$/.test(scheme) && scheme !== 'ws' ? '8443' : '8080',
    );

export function resultsOf(root: string, file: string): readonly Result[] {
  const { scripts, variant, isLong } = partsOf(root, file);
  const harness = readFileSync(join(root, 'resources/testharness.js'), 'utf8');
  // Each script of a document is one by itself, in one scope of names.
  const text = [BEFORE, harness, after(isLong), ...scripts.map(substituted)].join('\n;\n');
  const failed = (why: string): readonly Result[] => [{ file, test: '', isPassed: false, why }];
  let script: Script;
  try {
    script = new Script(`(function (require) { ${text}\n })`, { filename: 'bundle:wpt.js' });
  } catch (error) {
    return failed(String(error));
  }
  const url = `${/\.https\./.test(file) ? 'https' : 'http'}://server/${file.replace(/\.js$/, '.html')}${variant}`;
  const module = { script, place: (it: string): string => it };
  let said: readonly string[];
  try {
    ({ said } = inPage(module, { serves: serverOfTests(), page: { url }, until: second(90) }));
  } catch (error) {
    return failed((error as Error).message);
  }
  const results = said
    .filter((line) => line.startsWith('wpt '))
    .map((line) => {
      const [test, status, why] = JSON.parse(line.slice('wpt '.length)) as [string, number, string];
      return { file, test, isPassed: status === 0, why: why.split('\n')[0] as string };
    });
  const end = said.find((line) => line.startsWith('wpt-end '));
  if (end === undefined)
    return [...results, ...failed(said.find((line) => line.startsWith('uncaught')) ?? 'it never ended')];
  const [status, why] = JSON.parse(end.slice('wpt-end '.length)) as [number, string];
  return status === 0 || results.some(({ isPassed }) => !isPassed) ? results : [...results, ...failed(why)];
}
