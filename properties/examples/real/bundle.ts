/** A module of an example as a bundler makes it for a page or a Node process, with the probe that stands beside it. */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PROBE = fileURLToPath(new URL('../../../sim/system/probe.ts', import.meta.url));

/** Writes one CommonJS file of `entry` to `outfile`. */
export const bundle = async (options: {
  entry: string;
  outfile: string;
  platform: 'browser' | 'node';
  env: Readonly<Record<string, string>>;
  format?: 'cjs' | 'iife';
}): Promise<void> => {
  await build({
    entryPoints: [options.entry],
    outfile: options.outfile,
    bundle: true,
    platform: options.platform,
    format: options.format ?? 'cjs',
    ...(options.format === 'iife' ? { globalName: 'example' } : {}),
    target: 'es2022',
    alias: { 'hangup/probe': PROBE },
    // As bundlers do for pages; a Node process reads its own environment.
    define:
      options.platform === 'browser'
        ? {
            'process.env': 'hangupEnv',
            'process.env.NODE_ENV': '"production"',
            ...Object.fromEntries(
              Object.entries(options.env).map(([name, value]) => [`process.env.${name}`, JSON.stringify(value)]),
            ),
          }
        : {},
    banner: options.platform === 'browser' ? { js: 'var hangupEnv = {};' } : {},
    logLevel: 'error',
  });
};
