/** What a page loads, as a bundler makes it: scripts without imports. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A script of its own. Throws for what a browser has not, and for whatever else the bundler warns of. */
export async function script(options: BuildOptions): Promise<string> {
  const { outputFiles, warnings } = await build({
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    absWorkingDir: root,
    logLevel: 'silent',
    ...options,
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  return outputFiles?.[0]?.text ?? '';
}

/** The runs of `digests.ts`, for any engine: `digestsOf` is a global. */
export const bundle = (): Promise<string> =>
  script({
    entryPoints: ['properties/engines/digests.ts'],
    globalName: 'hangup',
    footer: { js: 'globalThis.digestsOf = hangup.digestsOf;' },
  });

/** The first block of code of a page of docs, bundled from the package as it was built. */
export function snippetOf(page: string): Promise<string> {
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(`${root}docs/${page}`, 'utf8'))?.[1];
  return script({ stdin: { contents: code ?? '', loader: 'ts', resolveDir: root } });
}

/** Bytes of entries of the library in one script, minified, and as they travel. */
export async function sizeOf(
  ...entries: readonly string[]
): Promise<{ readonly bytes: number; readonly packed: number }> {
  const contents = entries.map((entry) => `export * from './sim/${entry}/index.ts';`).join('\n');
  const text = await script({ stdin: { contents, resolveDir: root }, minify: true, format: 'esm' });
  return { bytes: Buffer.byteLength(text), packed: gzipSync(text).length };
}
