/**
 * `npm run check:nodes -- [MAJOR…]`: what a user does, and the tests of what belongs to a process, on other versions of
 * Node than this one; and the digests of systems on all of them, and in other surroundings. A version that cannot be had is
 * skipped by a line that says why; one that fails, or whose digests differ, ends with exit code 1.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { counted } from '../../src/count.ts';
import { formatRounded } from '../../src/time.ts';
import { differences } from '../engines/digests.ts';
import { nodeOf } from '../engines/node.ts';
import { SURROUNDINGS, SYSTEMS, systemDigests, type Where } from './systems.ts';

/** The oldest that is supported is what CI runs on; these are what people have. */
const MAJORS = [24, 26];

/** Processes, workers, signals, modules of users, files, and the digests: what a Node may do differently. */
const TESTS = [
  ...['cli/launcher', 'cli/terminal', 'core/determinism', 'explore/crash', 'explore/command-line', 'explore/resume'],
  ...['input/read-file', 'input/schema-argument', 'own/config', 'own/typescript', 'testing/seeds'],
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const STEPS: readonly (readonly string[])[] = [
  ['sim/cli/hangup.mjs', 'explore', '--seeds', '100'],
  ['node_modules/vitest/vitest.mjs', 'run', ...TESTS.map((name) => `properties/${name}.test.ts`)],
];

/** The steps on that Node, in order: the first one that fails, or null. */
function failing(binary: string): string | null {
  for (const step of STEPS) {
    const { status, stdout, stderr } = spawnSync(binary, step, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (status !== 0) return `${step.slice(0, 2).join(' ')} ended with ${status}\n${stdout}${stderr}`;
  }
  return null;
}

/** Versions on which systems run, besides this one. */
const SYSTEM_MAJORS = [20, 22, 24, 26];
const SYSTEM_SEEDS = 20;

/** Runs systems there, and says whether they come to the same. */
async function compare(name: string, where: () => Promise<Where>): Promise<void> {
  const began = performance.now();
  try {
    const wrong = differences(await expected, await systemDigests(SYSTEM_SEEDS, await where()));
    const took = formatRounded((performance.now() - began) * 1000);
    const runs = counted(SYSTEM_SEEDS * SYSTEMS.length, 'run');
    console.log(
      wrong.length === 0 ? `systems ${name}: ${runs}, the same digests (${took})` : `systems ${name}: FAILED`,
    );
    for (const each of wrong) console.log(`  ${each}`);
    if (wrong.length > 0) process.exitCode = 1;
  } catch (error) {
    console.log(`systems ${name}: FAILED: ${(error as Error).message.split('\n')[0]}`);
    process.exitCode = 1;
  }
}

const asked = process.argv.slice(2);
const majors = asked.length === 0 ? MAJORS : asked.map(Number);
if (majors.some((major) => !Number.isInteger(major) || major < 20)) {
  console.error(`check:nodes: expected major versions from 20 on, such as 24 26, got ${asked.join(' ')}`);
  process.exit(2);
}
for (const major of majors) {
  const began = performance.now();
  const binary = await nodeOf(major).catch((error: Error) => {
    console.log(`node-${major}: skipped: ${error.message.split('\n')[0]}`);
    return null;
  });
  if (binary === null) continue;
  const failed = failing(binary);
  const took = formatRounded((performance.now() - began) * 1000);
  console.log(
    failed === null ? `node-${major}: explores, and its tests pass (${took})` : `node-${major}: FAILED: ${failed}`,
  );
  if (failed !== null) process.exitCode = 1;
}

const expected = systemDigests(SYSTEM_SEEDS);
for (const [name, where] of Object.entries(SURROUNDINGS)) await compare(name, async () => where);
for (const major of asked.length === 0 ? SYSTEM_MAJORS : majors) {
  const binary = await nodeOf(major).catch(() => null);
  if (binary === null) console.log(`systems on node-${major}: skipped`);
  else await compare(`on node-${major}`, async () => ({ binary }));
}
