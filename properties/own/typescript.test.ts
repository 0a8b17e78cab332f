/** Modules of users in TypeScript, as the built command loads them: ES modules whatever their package says. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href.replace('index.cjs', 'index.mjs');

/** Loads `mine.ts` behind our hooks, and says whether it and what it imports share a module with whoever loads it. */
const DRIVER = `
import { readTypeScript } from './reader.mjs';
import { shared } from './shared.mjs';
await readTypeScript();
const { mine, theirs } = await import('./mine.ts');
console.log(mine === shared, theirs === shared);`;

test.each([[null], ['commonjs'], ['module']])('a package of type %s shares what its modules import', (type) => {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-typescript-'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const reader = readFileSync(new URL('../../sim/explore/typescript.ts', import.meta.url), 'utf8');
  write('reader.mjs', transformSync(reader, { loader: 'ts', format: 'esm' }).code.replace('tsx/esm/api', tsx));
  write('driver.mjs', DRIVER);
  write('package.json', JSON.stringify(type === null ? {} : { type }));
  write('shared.mjs', 'export const shared = {};');
  const own = "import { shared } from './shared.mjs';\n";
  write('deep.ts', `${own}export interface Both { readonly shared: object }\nexport const deep: object = shared;`);
  write(
    'theirs.ts',
    "export type { Both } from './deep.ts';\nimport { deep } from './deep.ts';\nexport const theirs: object = deep;",
  );
  write(
    'mine.ts',
    `${own}import { type Both, theirs } from './theirs.ts';\nconst both: Both = { shared };\nexport const mine = both.shared;\nexport { theirs };`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'driver.mjs')], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'true true\n', stderr: '' });
});
