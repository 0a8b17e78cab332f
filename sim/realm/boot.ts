/**
 * The scripts that make a realm what it is: all that runs inside of it, as one script a profile, made once a process.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { buildSync } from 'esbuild';
import type { Profile } from './host.ts';

const made = new Map<Profile, Script>();

/** Its value in a context is a function of a `Host` that returns a `Port`. */
export function bootScript(profile: Profile): Script {
  let script = made.get(profile);
  if (script === undefined) {
    script = new Script(source(profile), { filename: `hangup:${profile}` });
    made.set(profile, script);
  }
  return script;
}

function source(profile: Profile): string {
  const result = buildSync({
    entryPoints: [entry(profile)],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'inside',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    banner: { js: '(() => {' },
    footer: { js: 'return inside.boot; })()' },
  });
  return (result.outputFiles[0] as { text: string }).text;
}

/** From source the inside is TypeScript; what is built of it stands beside what is built of this. */
function entry(profile: Profile): string {
  const built = fileURLToPath(new URL(`./inside/main-${profile}.js`, import.meta.url));
  return existsSync(built) ? built : built.replace(/\.js$/, '.ts');
}
