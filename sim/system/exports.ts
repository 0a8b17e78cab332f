/** What a module exports, found without running it: so a name that a story misspells is told before the first run. */
import { buildSync } from 'esbuild';
import type { Module } from './ends.ts';

const known = new Map<string, ReadonlySet<string> | null>();

/** The names that it exports; null where only running it would tell (CommonJS). It was bundled already, so it can be. */
export function exportsOf({ path, profile }: Module): ReadonlySet<string> | null {
  const key = `${profile}:${path}`;
  let names = known.get(key);
  if (names === undefined) {
    names = namesIn(path, profile);
    known.set(key, names);
  }
  return names;
}

function namesIn(path: string, profile: Module['profile']): ReadonlySet<string> | null {
  const { metafile } = buildSync({
    entryPoints: [path],
    outfile: 'names.js',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: profile === 'node' ? 'node' : 'browser',
    // Packages bring no names into it but by `export *`, and are many.
    packages: 'external',
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  const entry = metafile.inputs[output?.entryPoint ?? ''];
  const passes =
    output?.imports.some(({ external, kind }) => external === true && kind === 'import-statement') === true;
  if (output === undefined || entry?.format !== 'esm') return null;
  // What a package exports by way of `export *` stands in no list.
  return passes && output.exports.length === 0 ? null : new Set(output.exports);
}
