/** The example package stands on the library alone: its laws hold, and what is planted in its client is found. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hangup-own-protocol-'));
cpSync(join(root, 'examples/own-protocol'), folder, { recursive: true });
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules/hangup'), 'dir');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hangup = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, [join(root, 'sim/cli/hangup.mjs'), ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
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
  const replayed = hangup(['replay', 'feed/resume@1', '--shrink'], planted);
  expect(replayed.stdout).toMatch(/shrunk in \d+ runs?: 1 of \d+ faults? is enough to break/);
  expect(replayed.status).toBe(1);
});
