/**
 * `npm ci` in a checkout builds, and lets the examples, which are packages of their own, find this one as a user's would;
 * without the development dependencies there is nothing to build with, and that is said in one line instead of failing an
 * installation.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (existsSync(new URL('../../node_modules/typescript', import.meta.url))) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  if (!existsSync(`${root}node_modules/hangup`)) symlinkSync(root, `${root}node_modules/hangup`, 'junction');
  const { status } = spawnSync('npm run build', { shell: true, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else
  process.stderr.write(
    'hangup: not built: typescript is a development dependency, and they were left out; `npm ci` without --omit=dev builds\n',
  );
