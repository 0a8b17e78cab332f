/**
 * A user's module and all that it imports, as one script for a realm.
 *
 * esbuild bundles it, as it would be for production; the script's value is a function of a loader for what is not bundled
 * (built-in modules), and returns the exports. Positions on stacks are those of the bundle until `place` finds where they
 * stand in the user's own files: the map is kept aside, because the code inside should not pay for it.
 */
import { createHash } from 'node:crypto';
import { isBuiltin, SourceMap } from 'node:module';
import { basename, dirname, relative, resolve } from 'node:path';
import { Script } from 'node:vm';
import { type BuildFailure, type BuildOptions, buildSync, type Message } from 'esbuild';
import type { Profile } from './host.ts';

export interface Bundle {
  readonly script: Script;
  /** What its name on stacks is: `bundle:chat.client.ts`. */
  readonly name: string;
  /** SHA-256 of its text, 64 hex digits: two bundles with one hash behave alike, wherever they lie. */
  readonly hash: string;
  /** Text in which positions of the bundle, if there are any, are those of the user's files. */
  place(text: string): string;
}

const made = new Map<string, Bundle>();

/**
 * Throws in one line, with file, line and column, for what cannot be bundled. A page has no environment: `env` is put in where
 * its module says `process.env.NAME`, or `import.meta.env.NAME`, as bundlers for pages do.
 */
export function bundle(file: string, profile: Profile, env: Readonly<Record<string, string>> = {}): Bundle {
  const key = `${profile}:${resolve(file)}:${JSON.stringify(env)}`;
  let known = made.get(key);
  if (known === undefined) {
    known = build(resolve(file), profile, env);
    made.set(key, known);
  }
  return known;
}

/** Text in which positions of any bundle of this process are those of its user's files. */
export function placed(text: string): string {
  let result = text;
  for (const each of made.values()) result = each.place(result);
  return result;
}

function build(file: string, profile: Profile, env: Readonly<Record<string, string>>): Bundle {
  const { text, map } = bundled(file, profile, env);
  const name = `bundle:${basename(file)}`;
  return {
    script: new Script(text, { filename: name }),
    name,
    hash: createHash('sha256').update(text).digest('hex'),
    place: placing(name, file, map),
  };
}

function bundled(file: string, profile: Profile, env: Readonly<Record<string, string>>): { text: string; map: string } {
  try {
    const { outputFiles } = buildSync({
      ...COMMON,
      ...OF_PROFILE[profile],
      define: profile === 'browser' ? { ...COMMON.define, ...ofPage(env) } : COMMON.define,
      // Its text names files from there, and is the same wherever the command runs.
      absWorkingDir: dirname(file),
      entryPoints: [file],
      outfile: `${file}.out.js`,
    });
    const [map, code] = [
      outputFiles?.find(({ path }) => path.endsWith('.map')),
      outputFiles?.find(({ path }) => path.endsWith('.js')),
    ];
    return { text: code?.text ?? '', map: map?.text ?? '{}' };
  } catch (error) {
    throw new Error(flawOf(file, profile, (error as BuildFailure).errors ?? [], error));
  }
}

const COMMON = {
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'exported',
  target: 'es2022',
  charset: 'utf8',
  sourcemap: 'external',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'silent',
  // Nothing is drawn here.
  loader: { '.css': 'empty', '.scss': 'empty', '.sass': 'empty', '.less': 'empty' },
  banner: { js: '(function (require) {' },
  footer: { js: 'return exported; })' },
  define: { 'process.env.NODE_ENV': '"production"' },
} satisfies BuildOptions;

const OF_PROFILE: Readonly<Record<Profile, BuildOptions>> = {
  browser: { platform: 'browser' },
  node: { platform: 'node' },
};

/** What bundlers for pages put in: names that there are none of are undefined. */
const ofPage = (env: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  global: 'globalThis',
  'process.env': JSON.stringify({ NODE_ENV: 'production', ...env }),
  ...(env.NODE_ENV === undefined ? {} : { 'process.env.NODE_ENV': JSON.stringify(env.NODE_ENV) }),
  'import.meta.env': JSON.stringify({ MODE: 'production', BASE_URL: '/', PROD: true, DEV: false, SSR: false, ...env }),
});

/** The first thing that is wrong, in one line. */
function flawOf(file: string, profile: Profile, errors: readonly Message[], error: unknown): string {
  const [first] = errors;
  if (first === undefined) return (error as Error).message.split('\n')[0] as string;
  const { text, location } = first;
  const path = location === null ? '' : relative('.', resolve(dirname(file), location.file));
  const where = location === null ? '' : `${path}:${location.line}:${location.column + 1}: `;
  return `${where}${inOurWords(text, profile)}`;
}

/** What esbuild says of what no realm has, as what it means here. */
function inOurWords(text: string, profile: Profile): string {
  const name = /^Could not resolve "((?:node:)?[^"]+)"/.exec(text)?.[1];
  if (name !== undefined && profile === 'browser' && isBuiltin(name))
    return `a page has no ${name}: it is a module of Node`;
  if (text.startsWith('No loader is configured for ".node" files'))
    return `${text.replace(/^.*: /, '')} is a native add-on, and none of those runs in a simulated process`;
  if (text.startsWith('Top-level await')) return 'no top-level await is possible here: wait in an async function';
  return text;
}

function placing(name: string, file: string, map: string): (text: string) => string {
  const position = new RegExp(`${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}:(\\d+):(\\d+)`, 'g');
  let parsed: SourceMap | null = null;
  return (text) =>
    text.includes(name)
      ? text.replace(position, (whole, line: string, column: string) => {
          parsed ??= new SourceMap(JSON.parse(map));
          const origin = parsed.findEntry(Number(line) - 1, Number(column) - 1);
          if (!('originalSource' in origin)) return whole;
          const source = relative(process.cwd(), resolve(dirname(file), origin.originalSource as string));
          return `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
        })
      : text;
}
