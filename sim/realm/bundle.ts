/**
 * A user's module and all that it imports, as one script for a realm.
 *
 * esbuild bundles it, as it would be for production; the script's value is a function of a loader for what is not bundled
 * (built-in modules), and returns the exports. Positions on stacks are those of the bundle until `place` finds where they
 * stand in the user's own files: the map is kept aside, because the code inside should not pay for it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { url as debuggerUrl } from 'node:inspector';
import { isBuiltin, SourceMap } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { type BuildFailure, type BuildOptions, buildSync, type Message } from 'esbuild';
import { aside } from './aside.ts';
import type { Profile } from './host.ts';

export interface Bundle {
  readonly script: Script;
  /** What its name on stacks is: `bundle:chat.client.ts#3f2a`. */
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
  const key = `${isDebugged()}:${profile}:${resolve(file)}:${JSON.stringify(env)}`;
  let known = made.get(key);
  if (known === undefined) {
    known = aside(() => {
      const built = build(resolve(file), profile, env);
      made.set(key, built);
      return built;
    });
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
  const hash = createHash('sha256').update(text).digest('hex');
  // Two modules may have one name, and neither depends on what else there is, or on where somebody stands.
  const name = `bundle:${basename(file)}#${hash.slice(0, 4)}`;
  const shown = isDebugged() ? `${text}\n//# sourceMappingURL=${mapUrl(file, map)}` : text;
  return { script: new Script(shown, { filename: name }), name, hash, place: placing(name, file, map) };
}

/** Whether a debugger may look at this process: it wants the user's own files, at the price of their text. */
const isDebugged = (): boolean => debuggerUrl() !== undefined;

/** A map that a debugger can read where it is: with URLs of the files, and their text. */
function mapUrl(file: string, map: string): string {
  const parsed = JSON.parse(map) as { sources: string[] };
  parsed.sources = parsed.sources.map((source) => pathToFileURL(resolve(dirname(file), source)).href);
  return `data:application/json;base64,${Buffer.from(JSON.stringify(parsed)).toString('base64')}`;
}

function bundled(file: string, profile: Profile, env: Readonly<Record<string, string>>): { text: string; map: string } {
  const { define } = OF_PROFILE[profile];
  try {
    const { outputFiles } = buildSync({
      ...COMMON,
      ...OF_PROFILE[profile],
      define: profile === 'browser' ? { ...define, ...ofPage(env) } : define,
      // Paths in its text are relative to the module, or the text would be another one in another folder.
      absWorkingDir: dirname(file),
      entryPoints: [file],
      outfile: `${file}.out.js`,
      sourcesContent: isDebugged(),
    });
    const [map, code] = [
      outputFiles?.find(({ path }) => path.endsWith('.map')),
      outputFiles?.find(({ path }) => path.endsWith('.js')),
    ];
    return { text: code?.text ?? '', map: map?.text ?? '{}' };
  } catch (error) {
    throw new Error(flawOf((error as BuildFailure).errors ?? [], error, dirname(file), profile));
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
  legalComments: 'none',
  logLevel: 'silent',
  banner: { js: '(function (require) {' },
  footer: { js: 'return exported; })' },
  // What cannot be bundled, because its name is known only when it runs, is asked of the realm, which has a word for it.
  supported: { 'dynamic-import': false },
  // Nothing is drawn here.
  loader: { '.css': 'empty', '.scss': 'empty', '.sass': 'empty', '.less': 'empty' },
  define: { 'process.env.NODE_ENV': '"production"' },
} satisfies BuildOptions;

/** Where a module believes that it is, whatever this machine's folders are called. */
const AT = { browser: 'http://server/client.js', node: 'file:///srv/server.js' } as const;

const OF_PROFILE: Readonly<Record<Profile, BuildOptions & { readonly define: Readonly<Record<string, string>> }>> = {
  browser: {
    platform: 'browser',
    define: { ...COMMON.define, global: 'globalThis', 'import.meta.url': JSON.stringify(AT.browser) },
  },
  node: {
    platform: 'node',
    define: {
      ...COMMON.define,
      'import.meta.url': JSON.stringify(AT.node),
      'import.meta.dirname': '"/srv"',
      'import.meta.filename': '"/srv/server.js"',
      __dirname: '"/srv"',
      __filename: '"/srv/server.js"',
    },
  },
};

/** What bundlers for pages put in: names that there are none of are undefined. */
const ofPage = (env: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  'process.env': JSON.stringify({ NODE_ENV: 'production', ...env }),
  ...(env.NODE_ENV === undefined ? {} : { 'process.env.NODE_ENV': JSON.stringify(env.NODE_ENV) }),
  'import.meta.env': JSON.stringify({ MODE: 'production', BASE_URL: '/', PROD: true, DEV: false, SSR: false, ...env }),
});

/** What is said of some flaws instead of what a bundler says, whose output format is nobody's business. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /^Top-level await is.*/,
    'a module of a system is run at once, so `await` cannot stand outside of a function: put it into an async function that the module calls',
  ],
  [
    /^No loader is configured for "\.node" files: (.*)/,
    'a native add-on ($1) cannot run in a realm: only JavaScript can',
  ],
  [/^No loader is configured for "\.wasm" files: (.*)/, 'WebAssembly ($1) cannot run in a realm: only JavaScript can'],
];

/** The first thing that is wrong, in one line. */
function flawOf(errors: readonly Message[], error: unknown, folder: string, profile: Profile): string {
  const [first] = errors;
  if (first === undefined) return (error as Error).message.split('\n')[0] as string;
  const { text, location } = first;
  const place =
    location === null
      ? ''
      : `${relative('.', resolve(folder, location.file))}:${location.line}:${location.column + 1}: `;
  const name = /^Could not resolve "([^"]+)"/.exec(text)?.[1];
  if (name !== undefined && profile === 'browser' && isBuiltin(name))
    return `${place}a page has no ${name}: it is a module of Node`;
  const [form, words] = WORDS.find(([each]) => each.test(text)) ?? [];
  return `${place}${form === undefined ? text.split('\n')[0] : text.replace(form, words as string)}`;
}

/** The nearest folder above that is a package: places are told from there, wherever somebody stands. */
function projectOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return dirname(file);
  }
}

function placing(name: string, file: string, map: string): (text: string) => string {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const position = new RegExp(`${escaped}:(\\d+):(\\d+)`, 'g');
  // What the bundler put around the module is nobody's code.
  const strange = new RegExp(`\\n {4}at [^\\n]*${escaped}[^\\n]*`, 'g');
  const project = projectOf(file);
  let parsed: SourceMap | null = null;
  const placed = (whole: string, line: string, column: string): string => {
    parsed ??= new SourceMap(JSON.parse(map));
    const origin = parsed.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in origin) || origin.generatedLine !== Number(line) - 1) return whole;
    const source = relative(project, resolve(dirname(file), origin.originalSource as string));
    return `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
  };
  return (text) => (text.includes(name) ? text.replace(position, placed).replace(strange, '') : text);
}
