/**
 * Systems whose digests must be the same wherever they run: the plain reconnecting client, and a client and a server of
 * socket.io, which run more of what a realm offers than any other example.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { digestOf } from '../../sim/explore/tally.ts';
import type { Digests } from '../engines/digests.ts';
import type { Start } from '../engines/node.ts';
import '../examples/linked.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const SYSTEMS: readonly string[] = ['reconnecting', 'socketio'];

/** What a run must not notice, besides the version of Node. */
export const SURROUNDINGS: Readonly<Record<string, Where>> = {
  'with two workers': { jobs: 2 },
  'in realms that are all new': { fresh: true },
  'without a compiler': { flags: ['--jitless'] },
  'with a small heap': { flags: ['--max-old-space-size=64'] },
  'in Kolkata, in Turkish': { env: { TZ: 'Asia/Kolkata', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } },
};

type Swept = { readonly name: string; readonly digest: string } | { readonly name: string; readonly digests: string[] };

export type Where = Start & { readonly jobs?: number; readonly fresh?: true };

/** One digest for each system, over so many seeds. Throws when the sweep cannot be had. */
export async function systemDigests(
  seeds: number,
  { binary = process.execPath, flags = [], env = {}, jobs = 1, fresh }: Where = {},
): Promise<Digests> {
  const out = mkdtempSync(join(tmpdir(), 'hangup-systems-'));
  const sweep = fresh
    ? ['--import', 'tsx', 'properties/nodes/fresh.mjs', String(seeds), ...SYSTEMS]
    : [
        ...['sim/cli/hangup.mjs', 'explore', ...SYSTEMS, '--config', 'properties/examples/all.config.ts'],
        ...['--seeds', String(seeds), '--jobs', String(jobs), '--json', '--out', out],
      ];
  try {
    const { stdout } = await promisify(execFile)(binary, sweep, {
      cwd: root,
      maxBuffer: 1 << 28,
      // By the environment, so that the workers of a sweep have them, too; those of the Node that runs this do not count.
      env: { ...process.env, NODE_OPTIONS: flags.join(' '), ...env },
    }).catch((error: { code?: unknown; stdout?: string }) => {
      // A law that is broken ends a sweep with 1; it is not what is asked here.
      if (error.code === 1 && error.stdout) return { stdout: error.stdout };
      throw error;
    });
    const { scenarios } = JSON.parse(stdout) as { scenarios: readonly Swept[] };
    return Object.fromEntries(scenarios.map((each) => [each.name, 'digest' in each ? each.digest : digestOf(each)]));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
