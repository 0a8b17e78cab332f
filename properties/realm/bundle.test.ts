/** What cannot run in a realm is refused in one line with its place; what can is one script, the same wherever it is made. */
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundle } from '../../sim/realm/bundle.ts';
import { alone } from './alone.ts';

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hangup-bundle-')));
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const made = (files: Readonly<Record<string, string>>, entry = 'main.ts', profile: 'browser' | 'node' = 'browser') =>
  bundle(join(folderOf(files), entry), profile);

describe('a module that cannot run is refused in one line', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'it imports what is not there',
      { 'main.ts': "import x from 'nowhere';\nx();" },
      'main.ts:1:15: Could not resolve "nowhere"',
    ],
    ['it is no program', { 'main.ts': 'const a = 1;\nconst b = ;\n' }, 'main.ts:2:11: Unexpected ";"'],
    [
      'it waits where it cannot',
      { 'main.ts': 'await fetch("/");' },
      'main.ts:1:1: a module of a system is run at once, so `await` cannot stand outside of a function: put it into an async function that the module calls',
    ],
    [
      'it needs a native add-on',
      {
        'main.ts': "import 'addon';",
        'node_modules/addon/index.js': "require('./build/addon.node')",
        'node_modules/addon/build/addon.node': '',
      },
      'node_modules/addon/index.js:1:9: a native add-on (node_modules/addon/build/addon.node) cannot run in a realm: only JavaScript can',
    ],
    [
      'it needs WebAssembly',
      { 'main.ts': "import './x.wasm';", 'x.wasm': '' },
      'main.ts:1:8: WebAssembly (x.wasm) cannot run in a realm: only JavaScript can',
    ],
  ])('when %s', (_, files, message) => {
    const folder = folderOf(files);
    let said = '';
    try {
      bundle(join(folder, 'main.ts'), 'node');
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said.replace(relative('.', folder), '').replace(/^\//, '')).toBe(message);
    expect(said).not.toContain('\n');
  });
});

describe('a module that can run', () => {
  test('is one script with all that it imports, in circles, too, and when it asks for it later', () => {
    const files = {
      'main.ts':
        "import { even } from './even';\nconsole.log(even(10));\nimport('./later').then(({ name }) => console.log(name));",
      'even.ts': "import { odd } from './odd';\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);",
      'odd.ts': "import { even } from './even';\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);",
      'later.ts': "export const name = 'later';",
    };
    expect(alone(made(files)).said).toEqual(['true', 'later']);
  });

  test('asks the realm for what has no name before it runs, and hears a word of it', () => {
    const code =
      "const name = './' + Math.floor(7.5);\nimport(name).catch((error) => console.log(error instanceof Error, error.message));";
    expect(alone(made({ 'main.ts': code })).said[0]).toMatch(/^true .*'\.\/7'/);
  });

  test('finds itself in production, in a folder that is nobody’s', () => {
    const code = 'console.log(process.env.NODE_ENV, import.meta.url, import.meta.env.MODE);';
    expect(alone(made({ 'main.ts': code })).said).toEqual(['production http://server/client.js production']);
  });

  test('has the same name and text wherever its folder is', () => {
    const files = {
      'src/main.ts': "import { x } from '../lib/x';\nconsole.log(x, new Error().stack);",
      'lib/x.js': 'exports.x = 1;',
    };
    const [one, other] = [made(files, 'src/main.ts'), made(files, 'src/main.ts')];
    expect([one.hash, one.name]).toEqual([other.hash, other.name]);
    expect(alone(one).said).toEqual(alone(other).said);
  });

  test('has places of its own files on its stacks, from its package on, and none of what was put around it', () => {
    const files = {
      'src/deep/main.ts':
        'interface Nothing {}\n\nfunction broken(): never {\n  throw new TypeError("no");\n}\nbroken();\n',
    };
    const { stacks } = alone(made(files, 'src/deep/main.ts'));
    expect(stacks).toEqual(['TypeError: no\n    at broken (src/deep/main.ts:4:9)\n    at src/deep/main.ts:6:1']);
  });

  test('is another one beside one of its name', () => {
    const [one, other] = [made({ 'main.ts': 'console.log(1)' }), made({ 'main.ts': 'console.log(2)' })];
    expect(one.name).not.toBe(other.name);
  });
});
