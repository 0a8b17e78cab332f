/**
 * The two scripts of a replay page, as esbuild makes them when a page is asked for: the page itself, and what runs beside
 * it in a worker, which is the core with the module that the scenario comes from.
 *
 * Whether a user's module runs in a page is not read off its text but seen: built-in modules of Node become empty ones, and
 * if something that stays in the bundle still asks for one, the page shows the recorded run and names who asked.
 */
import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** Sources are TypeScript, what is built and published is JavaScript. */
const own = (path: string): string => {
  const js = fileURLToPath(new URL(path.replace(/\.ts$/, '.js'), import.meta.url));
  return existsSync(js) ? js : fileURLToPath(new URL(path, import.meta.url));
};

const COMMON = {
  bundle: true,
  write: false,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'silent',
  metafile: true,
} satisfies BuildOptions;

export interface WorkerScript {
  /** Null where it needs Node. */
  readonly script: string | null;
  /** What of it needs Node, in words. */
  readonly needs: string | null;
}

let page: Promise<string> | null = null;

/** The script of the page, the same for every run. */
export const pageScript = (): Promise<string> => {
  page ??= build({ ...COMMON, entryPoints: [own('./page/main.ts')] }).then(
    ({ outputFiles }) => outputFiles[0]?.text ?? '',
  );
  return page;
};

const workers = new Map<string, Promise<WorkerScript>>();

/** What runs scenarios of a module; `url`: where it stands. One for all pages of a process. */
export function workerScript(url: string): Promise<WorkerScript> {
  let made = workers.get(url);
  if (made === undefined) {
    made = bundleWorker(url);
    workers.set(url, made);
  }
  return made;
}

async function bundleWorker(url: string): Promise<WorkerScript> {
  const file = url.startsWith('file:') ? fileURLToPath(url) : null;
  if (file === null) return { script: null, needs: 'its scenario comes from no file' };
  const contents = `import * as module from ${JSON.stringify(file)};
import { serve } from ${JSON.stringify(own('./worker/serve.ts'))};
serve(module);`;
  try {
    const { outputFiles, metafile } = await build({
      ...COMMON,
      stdin: { contents, resolveDir: dirname(file), loader: 'js' },
      define: environment(),
      plugins: [ourselves, withoutNode],
      metafile: true,
    });
    const [output] = Object.values(metafile.outputs);
    const stubs = Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
      path.startsWith(`${STUB}:`) && bytesInOutput > 0 ? [path] : [],
    );
    if (stubs.length === 0) return { script: outputFiles?.[0]?.text ?? '', needs: null };
    const asked = stubs.map((path) => path.slice(STUB.length + 1)).sort();
    const who = Object.entries(metafile.inputs).find(
      ([path, { imports }]) =>
        Object.hasOwn(output?.inputs ?? {}, path) && imports.some((each) => each.path === stubs[0]),
    );
    return {
      script: null,
      needs: `${who === undefined ? 'its module' : relative('.', who[0])} asks for ${asked.join(', ')}`,
    };
  } catch (error) {
    return { script: null, needs: `its module cannot be bundled for a page (${firstLine(error)})` };
  }
}

/** Variables of the environment, put in where a module names one, as bundlers for pages do; none else goes into the page. */
const environment = (): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^[A-Za-z_]\w*$/.test(name) ? [[`process.env.${name}`, JSON.stringify(value)] as const] : [],
    ),
  ),
  'process.env': '{}',
});

const firstLine = (error: unknown): string =>
  String((error as Error).message ?? error)
    .split('\n')
    .slice(0, 2)
    .join(' ');

/** Whoever imports hangup gets the core that the page runs, and no second one whose laws are other objects. */
const ourselves: Plugin = {
  name: 'hangup',
  setup({ onResolve }) {
    onResolve({ filter: /^hangup(\/\w+)?$/ }, ({ path }) => {
      const [, room] = path.split('/');
      const entry =
        room === undefined ? '../index.ts' : room === 'probe' ? '../system/probe.ts' : `../${room}/index.ts`;
      return { path: own(entry), sideEffects: false };
    });
  },
};

const LIBRARY = own('../index.ts');

const STUB = 'node-of-no-page';

/**
 * What Node brings, as a module without anything; dropped by the bundler where nobody uses it. A package says itself what
 * stands in the place of a module of Node in a page (`browser` of its package.json).
 */
const withoutNode: Plugin = {
  name: 'without-node',
  setup({ onResolve, onLoad }) {
    // Of the library a page may load what `hangup/core` and its tenants are; the rest sweeps, and keeps files.
    onResolve({ filter: /^\.\// }, ({ path, importer }) =>
      importer === LIBRARY && !/\/index\.[jt]s$/.test(path)
        ? { path: `hangup${path.slice(1)}`, namespace: STUB, sideEffects: false }
        : null,
    );
    onResolve({ filter: /./ }, ({ path, importer }) =>
      isBuiltin(path) && (path.startsWith('node:') || !importer.includes('node_modules'))
        ? { path, namespace: STUB, sideEffects: false }
        : null,
    );
    onLoad({ filter: /./, namespace: STUB }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};
