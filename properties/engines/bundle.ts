/** The runs of `digests.ts` as one script without imports, which any engine can load: it leaves `digestsOf` as a global. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('digests.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'hangup',
    // As a page would load it: whatever needs Node fails here, and not in a browser.
    platform: 'browser',
    target: 'es2023',
    footer: { js: 'globalThis.digestsOf = hangup.digestsOf;' },
  });
  return (outputFiles[0] as (typeof outputFiles)[number]).text;
}
