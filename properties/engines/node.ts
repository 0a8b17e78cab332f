/**
 * Node.js, whichever: a binary, its flags and its environment. Other versions come from npm, as packages that hold
 * nothing but the binary; they are unpacked below node_modules/.cache, which `npm ci` clears away.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Digests, Wanted } from './digests.ts';

const execute = promisify(execFile);

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/engines/', import.meta.url));

/** `npm` calls Windows `win`; binaries for Alpine and others are not there, and the engine is skipped. */
const PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

export interface Start {
  readonly binary?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a run must not notice: that there is no compiler, how much memory, which time zone, which language. */
export const SURROUNDINGS: Readonly<Record<string, Start>> = {
  'without a compiler': { flags: ['--jitless'] },
  'with a small heap': { flags: ['--max-old-space-size=128', '--max-semi-space-size=1'] },
  'in Kathmandu, in Turkish': { env: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } },
};

/** Reads the script and what is wanted from its input; the digests are its output. */
const READER = `
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
  const { script, wanted } = JSON.parse(Buffer.concat(chunks).toString());
  (0, eval)(script);
  process.stdout.write(JSON.stringify({ version: process.version, digests: digestsOf(wanted) }));
});`;

/** What a Node makes of the runs. Throws when it cannot be started, or fails. */
export async function digestsInNode(
  script: string,
  wanted: Wanted,
  { binary = process.execPath, flags = [], env = {} }: Start = {},
): Promise<{ readonly version: string; readonly digests: Digests }> {
  const running = execute(binary, [...flags, '-e', READER], {
    // Flags for the Node that runs this are none of the other's business.
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    maxBuffer: 1 << 28,
  });
  running.child.stdin?.end(JSON.stringify({ script, wanted }));
  return JSON.parse((await running).stdout);
}

/** The newest Node of a major version, from npm. Throws when it cannot be had. */
export async function nodeOf(major: number): Promise<string> {
  const folder = join(CACHE, `node-${major}`);
  const binary = join(folder, 'node_modules', PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  await execute(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${PACKAGE}@${major}`],
    { shell: process.platform === 'win32' },
  );
  if (!existsSync(binary)) throw new Error(`${PACKAGE}@${major} holds no bin/node`);
  return binary;
}
