/**
 * `npm run check:nodes -- [MAJOR…]`: what a user does, and the tests of what belongs to a process, on other versions of
 * Node than this one. A version that cannot be had is skipped by a line that says why; one that fails ends with exit code 1.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatRounded } from '../../src/time.ts';
import { nodeOf } from '../engines/node.ts';

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
