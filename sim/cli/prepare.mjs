/**
 * `npm ci` in a checkout builds; without the development dependencies there is nothing to build with, and that is said
 * in one line instead of failing an installation.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync(new URL('../../node_modules/typescript', import.meta.url))) {
  const { status } = spawnSync('npm run build', { shell: true, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else
  process.stderr.write(
    'hangup: not built: typescript is a development dependency, and they were left out; `npm ci` without --omit=dev builds\n',
  );
