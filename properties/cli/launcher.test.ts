/**
 * What starts the command, in a checkout that lacks something: it runs before anything is built, so that it is tried
 * in folders that hold nothing but it.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

const LAUNCHERS = fileURLToPath(new URL('../../sim/cli/', import.meta.url));

/** What a launcher says and how it ends in a checkout whose build is `built`, or that has none. */
function started(launcher: 'hangup.mjs' | 'prepare.mjs', built?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const room of ['sim/cli', 'dist/sim/cli']) mkdirSync(join(folder, room), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  copyFileSync(join(LAUNCHERS, launcher), join(folder, 'sim/cli', launcher));
  if (built !== undefined) writeFileSync(join(folder, 'dist/sim/cli/main.js'), built);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'sim/cli', launcher), 'list'], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the launcher', () => {
  test('starts what was built, with its arguments', () => {
    expect(started('hangup.mjs', 'console.log(process.argv[2]);')).toEqual({ status: 0, stdout: 'list\n', stderr: '' });
  });

  test('says in one line that nothing was built', () => {
    const { status, stdout, stderr } = started('hangup.mjs');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^hangup: is not built \(.*npm ci.*\n$/);
  });

  test('says in one line which dependency is not installed', () => {
    const { status, stdout, stderr } = started('hangup.mjs', "import 'nowhere-to-be-found';");
    expect([status, stdout, stderr]).toEqual([
      2,
      '',
      'hangup: its dependency nowhere-to-be-found is not installed: run `npm ci`\n',
    ]);
  });

  test('calls a file of our own that is missing the bug that it is', () => {
    const { status, stderr } = started('hangup.mjs', "import '../nowhere.js';");
    expect(status).toBe(70);
    expect(stderr).toMatch(/^hangup: this is a bug of hangup, please report it: .*nowhere\.js/);
  });

  test('lets an installation without the compiler end well, and says that it did not build', () => {
    const { status, stderr } = started('prepare.mjs');
    expect([status, stderr.split('\n').length]).toEqual([0, 2]);
    expect(stderr).toMatch(/^hangup: not built: /);
  });
});
