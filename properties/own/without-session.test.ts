/** Our own protocol is a tenant: without its rooms the core, neutral laws, exploring, reporting and the example package still stand. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const house = mkdtempSync(join(tmpdir(), 'hangup-without-session-'));
afterAll(() => rmSync(house, { recursive: true, force: true }));

/** Rooms that are about our protocol without being called so: benchmarks of its scenarios, what is validated, and storms among its clients. */
const BESIDE = ['sim/bench', 'sim/validate', 'sim/lab/universe'];

beforeAll(() => {
  for (const room of ['src', 'sim', 'properties/laws', 'examples/own-protocol', 'package.json'])
    cpSync(join(root, room), join(house, room), { recursive: true });
  const folders = readdirSync(house, { recursive: true, withFileTypes: true }).filter((each) => each.isDirectory());
  const gone = folders.filter(({ name }) => name === 'session').map((each) => join(each.parentPath, each.name));
  expect(gone.length).toBeGreaterThanOrEqual(3);
  for (const room of [...gone, ...BESIDE.map((each) => join(house, each))]) rmSync(room, { recursive: true });
  // Where the lab asks for storms among its clients.
  without(
    'sim/lab/experiment/perform.ts',
    "  const { runStormInUniverse } = await import('../universe/run.ts');\n",
    `  const runStormInUniverse = (..._: readonly unknown[]): StormRun & { breaches: { law: string; message: string }[] } => {
    throw new Error('no universe');
  };
`,
  );
  // The two files that say which tenants there are.
  without('sim/index.ts', "export * from './session/index.ts';\n", '');
  without('sim/catalogue.ts', "import { SCENARIOS } from './session/scenarios/catalogue.ts';\n", '');
  without('sim/catalogue.ts', 'export { SCENARIOS };', 'export const SCENARIOS = [];');
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'), 'dir');
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  writeFileSync(
    join(house, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { ...compilerOptions, noEmit: true, paths: { hangup: ['./sim/index.ts'] } },
      include: ['src', 'sim', 'properties/laws', 'examples'],
      exclude: ['**/*.test.ts'],
    }),
  );
});

function without(path: string, line: string, instead: string): void {
  const text = readFileSync(join(house, path), 'utf8');
  expect(text).toContain(line);
  writeFileSync(join(house, path), text.replace(line, instead));
}

const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8' });

test('what is left type-checks', () => {
  expect(node(join(root, 'node_modules/typescript/lib/tsc.js'), '-p', '.').stdout).toBe('');
});

test('what is left explores the example', () => {
  const main = join(house, 'sim/cli/main.ts');
  const config = join(house, 'examples/own-protocol/hangup.config.ts');
  const { status, stdout, stderr } = node('--import', 'tsx', main, 'explore', config, '--seeds', '10', '--jobs', '1');
  expect(stdout, stderr).toMatch(/feed\/resume +10 +0 /);
  expect(status, stderr).toBe(0);
});
