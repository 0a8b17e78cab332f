/**
 * The rules of the house, checked on its source. What a linter can see is denied by biome.json and purity.grit, and `npm run
 * lint` looks at every file; here each of those denials is shown to catch a planted breach. What it can't see is read here.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A rule that is read from a file's path and text. */
interface Rule {
  readonly states: string;
  breaches(path: string, text: string): readonly string[];
}

const isTest = (path: string): boolean => path.endsWith('.test.ts');
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

const RULES: Readonly<Record<string, Rule>> = {
  times: {
    states: 'no time is written but by src/time.ts',
    breaches: (path, text) =>
      path === 'src/time.ts' || isTest(path) || !/^(src|properties\/laws|sim\/(?!bench|validate))/.test(path)
        ? []
        : [...text.matchAll(/\$\{(?:[^{}]|\{[^{}]*\})*\} (?:us|ms|s|min|h)\b/g)].map(
            (match) =>
              `${path}:${lineOf(text, match.index)}: ${match[0]}: formatDuration, formatInstant or formatRounded write it`,
          ),
  },
  length: {
    states: 'no file is longer than 300 lines, nothing that tests longer than 500',
    breaches(path, text) {
      const lines = text.split('\n').length - 1;
      const most = !isTest(path) && /^(src|sim|properties\/laws)\//.test(path) ? 300 : 500;
      return lines > most ? [`${path}: ${lines} lines, at most ${most}`] : [];
    },
  },
  names: {
    states: 'no file or folder is named after a kind of code',
    breaches: (path) =>
      path.split('/').some((part) => /^(helper|util|type)s?(\.|$)/.test(part))
        ? [`${path}: name it after the one concept that it holds`]
        : [],
  },
};

const CODE = /\.[cm]?[jt]sx?$/;
/** Where code may stand; a configuration file stands at the top. */
const ROOMS = /^(src|sim|properties|examples)\/|^[\w-]+\.config\.ts$/;

const texts = ['src', 'sim', 'properties']
  .flatMap((room) =>
    readdirSync(`${root}${room}`, { recursive: true, encoding: 'utf8' }).map((path) => posix.join(room, path)),
  )
  .filter((path) => CODE.test(path))
  .sort()
  .map((path) => [path, readFileSync(`${root}${path}`, 'utf8')] as const);

describe('in this house', () => {
  test.each(Object.values(RULES).map((rule) => [rule.states, rule] as const))('%s', (_, rule) => {
    expect(texts.flatMap(([path, text]) => rule.breaches(path, text))).toEqual([]);
  });

  test('code lives in src/, sim/ and properties/, beside examples and configuration', ({ skip }) => {
    let tracked = '';
    try {
      tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch {
      skip('not a checkout of git');
    }
    expect(tracked.split('\n').filter((path) => CODE.test(path) && !ROOMS.test(path))).toEqual([]);
  });
});

test.each<[rule: string, path: string, text: string, breaches: readonly string[]]>([
  ['length', 'sim/core/run.ts', '\n'.repeat(301), ['sim/core/run.ts: 301 lines, at most 300']],
  ['length', 'src/a.ts', '\n'.repeat(300), []],
  ['length', 'properties/a.test.ts', '\n'.repeat(501), ['properties/a.test.ts: 501 lines, at most 500']],
  ['length', 'properties/a.test.ts', '\n'.repeat(500), []],
  ['names', 'src/client/helpers.ts', '', ['src/client/helpers.ts: name it after the one concept that it holds']],
  ['names', 'sim/utils/a.ts', '', ['sim/utils/a.ts: name it after the one concept that it holds']],
  ['names', 'src/wire/frame-types.ts', '', []],
  ...[`\`\${a / 1000} s\``, `\`\${a.toFixed(2)} ms\``, `\`\${a.map(({ b }) => b)} min\``].map(
    (text): [string, string, string, string[]] => [
      'times',
      'src/a.ts',
      text,
      [`src/a.ts:1: ${text.slice(1, -1)}: formatDuration, formatInstant or formatRounded write it`],
    ],
  ),
  ['times', 'src/a.ts', `\`\${formatDuration(a)} earlier, \${count} streams, \${a}/s\``, []],
  ['times', 'sim/bench/main.ts', `\`\${a} ms\``, []],
])('the rule of %s judges %s: %j', (rule, path, text, breaches) => {
  expect((RULES[rule] as Rule).breaches(path, text)).toEqual(breaches);
});

const SRC = 'src/client/';
const LAW = 'properties/laws/neutral/';
const CORE = 'sim/core/';
const INSIDE = 'sim/realm/inside/';

/** What the linter must find, each in a file of its own: at a path, or somewhere in a folder. */
const PLANTED: readonly (readonly [path: string, text: string, says: RegExp])[] = [
  [SRC, "import { x } from '../../sim/kernel.ts';", /only src\//],
  [LAW, "import '../../../sim/run.ts';", /only src\//],
  ['src/link/tcp/lane.ts', "import '../websocket/upgrade.ts';", /TCP knows nobody/],
  ['src/link/tcp/', "import type { L } from '../layer.ts';", /TCP knows nobody/],
  ['src/link/tcp/', "import '../../../sim/run.ts';", /only src\//],
  [LAW, "import 'fast-check';", /no package/],
  ...["export * from 'immer';", "import type { A } from 'node:fs';", "import 'fs';", "import a = require('fs');"].map(
    (text) => [SRC, text, /no package/] as const,
  ),
  [CORE, "import { x } from 'node:os';", /Node\.js builtin/],
  [CORE, "import type { x } from 'node:os';", /nothing of Node/],
  ['sim/report/page.ts', "import 'fs/promises';", /Node\.js builtin/],
  [CORE, "import { sweep } from '../explore/sweep.ts';", /no room that needs Node/],
  ['sim/faults/kinds/link.ts', "import type { A } from '../../cli/a.ts';", /no room that needs Node/],
  ['sim/session/a.ts', "export * from '../index.ts';", /no room that needs Node/],
  [CORE, "import { realm } from '../realm/realm.ts';", /no room that needs Node/],
  ['sim/session/b.ts', "import type { Page } from '../system/page.ts';", /no room that needs Node/],
  ['sim/replay/page/a.ts', "import 'node:fs';", /has nothing of Node/],
  ['sim/replay/model/a.ts', "import { a } from '../../session/words.ts';", /knows the core/],
  ['sim/replay/worker/a.ts', "import { bundle } from '../bundle.ts';", /knows the core/],
  [CORE, "import { serve } from '../replay/worker/serve.ts';", /no room that needs Node/],
  [INSIDE, "import { createHash } from 'node:crypto';", /A realm has no Node/],
  [INSIDE, "import { boot } from '../boot.ts';", /imports its own room/],
  [INSIDE, "import { ms } from '../../../src/time.ts';", /imports its own room/],
  [SRC, 'const a = await import("./a.ts");', /at the top/],
  [CORE, 'const a = await import(name);', /at the top/],
  ...['Date.now()', 'new Date()', 'null as unknown as Date'].map(
    (text) => [LAW, `export const a = ${text};`, /global variable Date/] as const,
  ),
  [CORE, 'performance\n  .now();', /global variable performance/],
  ...'setTimeout setInterval setImmediate queueMicrotask process globalThis window Buffer crypto Intl document navigator fetch WebSocket'
    .split(' ')
    .map((name) => [SRC, `f(...${name}.a);`, RegExp(`global variable ${name}`)] as const),
  ...'random pow exp expm1 log log2 log1p log10 sin cos tan atan2 tanh hypot cbrt'
    .split(' ')
    .map((name) => [SRC, `export const a = Math.${name}(2, 3);`, /rounds alike/] as const),
  ...["Math['random']()", 'f(Math)', 'Math?.pow(2, 3)'].map((text) => [SRC, `${text};`, /rounds alike/] as const),
  [SRC, 'const { pow } = Math;', /rounds alike/],
  ['sim/networks/a.ts', 'export const a = b ** 2;', /multiply, or shift/],
  [SRC, 'a **= 2;', /multiply, or shift/],
];

/** What it must let through. */
const SOUND: readonly (readonly [path: string, text: string])[] = [
  ['src/link/tcp/a.ts', "import { a } from '../config.ts';\nimport { b } from '../../time.ts';\nf(a, b);"],
  [SRC, "import { a } from '../time.ts';\nimport b from './state.ts';\nf(a, b);"],
  [LAW, "import { law } from '../law.ts';\nimport type { E } from '../../../src/history.ts';\nf<E>(law);"],
  ['properties/laws/neutral/a.test.ts', "import { run } from '../../../sim/run.ts';\nrun(Date.now());"],
  [CORE, "import seedrandom from 'seedrandom';\nimport { a } from '../../src/time.ts';\nseedrandom(a);"],
  [
    'sim/realm/inside/node/http/a.ts',
    "import { a } from '../../../../../src/http/head.ts';\nimport { b } from '../life.ts';\nf(a, b);",
  ],
  ['sim/sweep.ts', "import { sweep } from './explore/sweep.ts';\nsweep();"],
  [
    'sim/cli/main.ts',
    "import 'node:fs';\nperformance.now(); process.exit(1); setTimeout(f); f(2 ** 3, Math.pow(2, 3));",
  ],
  [SRC, `// Date.now()\n/** a ** b, Math.random() */\nf("process.env", 'Date', \`setTimeout \${a} Date\`);`],
  [SRC, 'const date = updateDate(dateOf); kernel.process(date); a?.performance; b.Date;'],
  [SRC, "type A = { readonly process: number; performance?: 'Date' }; const b = { process: 1 }; f<A>(b);"],
  [SRC, 'f(Math.floor(a / b) + Math.imul(c, d) / Math.max(e, g), a.replace(/Date.now() ** /g, b));'],
  [SRC, 'function* f() { yield* g(); } f(context.random(purpose));'],
];

interface Diagnostic {
  readonly severity: string;
  readonly location: { readonly path: string };
}

const BIOME = join(root, 'node_modules/@biomejs/biome/bin/biome');
const RULES_ASKED = ['plugin', 'style/noRestrictedImports', 'style/noRestrictedGlobals', 'correctness/noNodejsModules'];

/** What the linter finds against the rules of a folder; only errors count, as in `npm run lint`. */
function findings(folder: string, ...rest: readonly string[]): readonly Diagnostic[] {
  const only = RULES_ASKED.map((rule) => `--only=${rule}`);
  const { stdout } = spawnSync(
    process.execPath,
    [BIOME, 'lint', ...only, '--reporter=json', '--max-diagnostics=none', ...rest],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
  return diagnostics.filter(({ severity }) => severity === 'error');
}

/** What it finds in each text, in their order, as in a house of the same rules. */
function planted(files: readonly (readonly [path: string, text: string])[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-house-'));
  try {
    for (const name of ['biome.json', 'properties/purity.grit']) cpSync(join(root, name), join(folder, name));
    const places = files.map(([path], index) => (path.endsWith('/') ? `${path}${index}.ts` : path));
    for (const [index, [, text]] of files.entries()) {
      const place = join(folder, places[index] as string);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, `${text}\n`);
    }
    const found = findings(folder, '--vcs-enabled=false', '.');
    return places.map((place) => JSON.stringify(found.filter(({ location }) => location.path === place)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the linter', () => {
  test('finds nothing in this house', () => {
    expect(findings(root, 'src', 'sim', 'properties/laws')).toEqual([]);
  });

  const said = planted([...PLANTED.map(([path, text]) => [path, text] as const), ...SOUND]);

  test.each(PLANTED.map(([...planted], index) => [...planted, said[index]] as const))(
    'finds in %s: %j',
    (...planted) => {
      const [, , says, found] = planted;
      expect(found).toMatch(says);
    },
  );

  test.each(SOUND.map((sound, index) => [...sound, said[PLANTED.length + index]] as const))(
    'lets through in %s: %j',
    (_path, _text, found) => {
      expect(found).toBe('[]');
    },
  );
});
