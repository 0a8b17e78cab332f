/**
 * Once before the tests: some start the command as it is built, and must not judge yesterday's. So it is built
 * where something in it is newer than what was built; in spite of wrong types, which are told.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const changedIn = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => statSync(join(folder, name)).mtimeMs),
  );

export function setup(): void {
  const built = statSync('dist/sim/cli/main.js', { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < Math.max(...['src', 'sim', 'properties/laws'].map(changedIn)))
    spawnSync('npm run build', { shell: true, stdio: 'inherit' });
}
