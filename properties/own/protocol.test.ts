/** The example package stands on the library alone: its laws hold, and what is planted in its client is found. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hangup-own-protocol-'));
cpSync(join(root, 'examples/own-protocol'), folder, { recursive: true });
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules/hangup'), 'dir');
for (const name of ['@types', 'vitest', 'fast-check'])
  symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hangup = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, [join(root, 'sim/cli/hangup.mjs'), ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });

test('the package has no more than 350 lines, and compiles under strict, as does what the documentation shows', () => {
  const files = readdirSync(join(root, 'examples/own-protocol'));
  const lines = files.map(
    (name) => readFileSync(join(root, 'examples/own-protocol', name), 'utf8').split('\n').length - 1,
  );
  expect(lines.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(350);
  // What the documentation shows is code, too.
  const shown = join(folder, 'shown');
  mkdirSync(shown);
  const pages = readdirSync(join(root, 'docs')).map((name) => join(root, 'docs', name));
  const snippets = [join(root, 'README.md'), ...pages].flatMap((path, page) =>
    // A snippet that is a file of the reader's stands where others of its page import it from.
    [...readFileSync(path, 'utf8').matchAll(/(?:<!-- file: (\S+) -->\n)?```ts\n(.*?)```/gs)].map(
      ([, name, code], i) =>
        [name ?? `snippet-${i}.ts`, join(shown, name === undefined ? '.' : `page-${page}`), `${page}`, code] as const,
    ),
  );
  expect(snippets.length).toBeGreaterThan(10);
  for (const [name, place, page, code] of snippets) {
    const file = join(place, name.startsWith('snippet-') ? `${page}-${name}` : name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${code}\nexport {};\n`);
  }
  const stub = "import { type Law, type Scenario } from 'hangup';\n";
  writeFileSync(
    join(shown, 'feed.ts'),
    `${stub}export declare const news: Scenario; export declare const strict: Law;`,
  );
  writeFileSync(join(shown, 'news.ts'), "export { news } from './feed.ts';");
  writeFileSync(join(shown, 'tunnel.ts'), "export { news as tunnel } from './feed.ts';");
  const compilerOptions = {
    lib: ['ES2023', 'DOM'],
    ...{ strict: true, noEmit: true, module: 'NodeNext', target: 'ES2023', types: ['node'] },
    ...{ allowImportingTsExtensions: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', 'shown'] }));
  const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), { cwd: folder, encoding: 'utf8' });
  expect([tsc.stdout, tsc.status]).toEqual(['', 0]);
});

test('a protocol that hangup does not know holds its laws, its target and its claim', () => {
  const { status, stdout } = hangup(['explore', '--seeds', '120', '--jobs', '2']);
  expect(stdout).toMatch(/feed\/resume +120 +0 .*1\/1/);
  expect(stdout).toMatch(/catch-up +< 2 s p95 +\d+ ms .* met/);
  expect(status).toBe(0);
});

test('it runs on a measured network as well, whose worst stretch is one of its claims', () => {
  const traces = ['down', 'up'].map((way) => join(root, `examples/networks/att-lte-driving.${way}`)).join(',');
  const { status, stdout } = hangup(['explore', '--seeds', '20', '--jobs', '1', '--network', traces]);
  expect(stdout).toMatch(/feed\/resume +20 +0 .*\/2/);
  expect(status).toBe(0);
});

test('a bug in its client is found, kept, replayed and shrunk', () => {
  const planted = { FEED_BUG: '1' };
  const { status, stdout } = hangup(['explore', '--seeds', '40', '--jobs', '1', '--out', 'failures'], planted);
  expect(stdout).toMatch(/feed\/resume: (in-order|no-silent-gap): c\d was shown event/);
  expect(status).toBe(1);
  const found = /replay (feed\/resume@\w+)/.exec(stdout)?.[1] ?? '';
  const replayed = hangup(['replay', found, '--shrink'], planted);
  expect(replayed.stdout).toMatch(/shrunk in \d+ runs?: 1 of \d+ faults? is enough to break/);
  expect(replayed.status).toBe(1);
});

test('its clients follow a policy of the command, and what its worlds do not ask for is refused in one line', () => {
  const swept = (name: string) =>
    hangup(['explore', '--seeds', '40', '--jobs', '1', '--faults', 'all', '--policy', name, '--report', name]).status;
  expect([swept('default'), swept('mqtt')]).toEqual([0, 0]);
  const compared = hangup(['compare', 'default/results.json', 'mqtt/results.json', '--all']);
  expect(compared.stdout).toMatch(/^feed\/resume +catch-up p95 +/m);
  expect(compared.stdout).not.toContain('identical');
  const { status, stderr } = hangup(['explore', '--input', 'client.ts']);
  expect([status, stderr]).toEqual([
    2,
    'hangup: --input: feed/resume takes none: its worlds do not ask for `setting.input`\n',
  ]);
});
