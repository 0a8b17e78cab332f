/**
 * The scripts that make a realm what it is: all that runs inside of it, as one script a profile, made once a process.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { type BuildOptions, buildSync } from 'esbuild';
import { aside } from './aside.ts';
import type { Profile } from './host.ts';

const made = new Map<Profile, Script>();

/** Its value in a context is a function of a `Host` that returns a `Port`. */
export function bootScript(profile: Profile): Script {
  let script = made.get(profile);
  if (script === undefined) {
    script = aside(() => {
      const built = new Script(source(profile), { filename: `hangup:${profile}` });
      made.set(profile, built);
      return built;
    });
  }
  return script;
}

const COMMON = {
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
} satisfies BuildOptions;

function source(profile: Profile): string {
  // The room makes arrays by the engine's own constructor, which this is before anything else has run.
  const room =
    profile === 'node' ? `const Bytes = Uint8Array; const evaluateNode = () => {${builtins()} return room; };` : '';
  return text({
    ...COMMON,
    entryPoints: [inside(`main-${profile}`)],
    globalName: 'inside',
    banner: { js: `(() => {${room}` },
    footer: { js: 'return inside.boot; })()' },
  });
}

/**
 * The room of a Node process's built-in modules, to be evaluated once a life. Packages in it find ours under the names of
 * Node's own, and ours find the packages that they are made of under names that nobody else has.
 */
function builtins(): string {
  const { resolve } = createRequire(import.meta.url);
  return text({
    ...COMMON,
    entryPoints: [inside('node/index')],
    globalName: 'room',
    alias: {
      'package:events': resolve('events/'),
      'package:buffer': resolve('buffer/'),
      'package:string_decoder': resolve('string_decoder/'),
      events: inside('node/events'),
      buffer: inside('node/buffer'),
      process: inside('node/process'),
    },
  });
}

const text = (options: BuildOptions & { write: false }): string =>
  (buildSync(options).outputFiles[0] as { text: string }).text;

/** From source the inside is TypeScript; what is built of it stands beside what is built of this. */
function inside(name: string): string {
  const built = fileURLToPath(new URL(`./inside/${name}.js`, import.meta.url));
  return existsSync(built) ? built : built.replace(/\.js$/, '.ts');
}
