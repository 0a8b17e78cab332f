/**
 * The rules of the house, checked on its source: who may import whom, what a pure machine may not reach, how long a file
 * may be and what it may be called. Each rule is also shown to catch a planted breach.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** Files that may be longer than the rule says, each with the reason why it can't be cut. */
const LONG: ReadonlyMap<string, string> = new Map();

/** Folders of `sim/` that stand between the universe and the outside world, and may therefore touch both. */
const OUTSIDE = /^sim\/(cli|input|explore|testing|hunt|bench|validate)\//;
/** A file that reads data from disk says so in its name. */
const LOADER = /(^|\/|-)(load|loader)(-[a-z-]+)?\.ts$/;

const isTest = (path: string): boolean => path.endsWith('.test.ts');
const inSrc = (path: string): boolean => path.startsWith('src/');
const inLaws = (path: string): boolean => path.startsWith('properties/laws/') && !isTest(path);
const inCore = (path: string): boolean =>
  path.startsWith('sim/') && !OUTSIDE.test(path) && !LOADER.test(path) && !isTest(path);
const isPure = (path: string): boolean => inSrc(path) || inLaws(path) || inCore(path);

/** A source text without its comments and without what stands in its strings; every line keeps its number. */
interface Source {
  readonly code: string;
  /** What stands in the strings, by the offset of the opening quote in `code`. */
  readonly strings: ReadonlyMap<number, string>;
}

/**
 * Whether a slash behind this code opens a regular expression. Behind a closing bracket it divides: what little code
 * says otherwise would upset the balance of brackets, which a test below keeps an eye on.
 */
function opensRegex(code: string): boolean {
  const before = code.trimEnd().slice(-20);
  return (
    !/[\w$)\]}'"`]$/.test(before) ||
    /(^|[^\w$.])(return|typeof|case|of|in|do|else|void|delete|throw|new|yield|await)$/.test(before)
  );
}

/** Blanks comments, strings, templates and regular expressions; what a template computes in `${}` stays. */
function scan(text: string): Source {
  const strings = new Map<number, string>();
  /** Depths of braces at which a template's `${` was opened. */
  const templates: number[] = [];
  let code = '';
  let depth = 0;
  let i = 0;
  const blank = (end: number): void => {
    code += text.slice(i, end).replace(/[^\n]/g, ' ');
    i = end;
  };
  const pattern = (from: RegExp): number => {
    from.lastIndex = i;
    return from.test(text) ? from.lastIndex : text.length;
  };
  /** The rest of a template from `i` on, up to its closing quote or its next `${`. */
  const template = (): void => {
    blank(pattern(/(?:[^\\`$]|\\[\s\S]|\$(?!\{))*/y));
    if (text[i] === '$') {
      templates.push(depth++);
      code += '${';
      i += 2;
    } else {
      code += '`';
      i += 1;
    }
  };
  while (i < text.length) {
    const char = text[i] as string;
    if (text.startsWith('//', i)) blank(pattern(/[^\n]*/y));
    else if (text.startsWith('/*', i)) blank(pattern(/[\s\S]*?\*\//y));
    else if (char === "'" || char === '"') {
      const end = pattern(char === "'" ? /'(?:[^\\'\n]|\\[\s\S])*'?/y : /"(?:[^\\"\n]|\\[\s\S])*"?/y);
      strings.set(i, text.slice(i + 1, end - 1));
      code += char;
      i += 1;
      blank(Math.max(i, end - 1));
      code += text.slice(i, end);
      i = end;
    } else if (char === '`') {
      code += '`';
      i += 1;
      template();
    } else if (char === '/' && opensRegex(code)) {
      blank(pattern(/\/(?:[^\\/[\n]|\\.|\[(?:[^\\\]\n]|\\.)*\])+\/[a-z]*/y));
    } else if (char === '}' && templates.at(-1) === depth - 1) {
      depth = templates.pop() as number;
      code += '}';
      i += 1;
      template();
    } else {
      if (char === '{') depth += 1;
      if (char === '}') depth -= 1;
      code += char;
      i += 1;
    }
  }
  return { code, strings };
}

const lineOf = (code: string, offset: number): number => code.slice(0, offset).split('\n').length;

/** A rule: which files it is for, and what is wrong in one of them. */
interface Rule {
  readonly states: string;
  applies(path: string): boolean;
  breaches(path: string, source: Source, text: string): readonly string[];
}

interface Import {
  readonly line: number;
  /** The module, or undefined when it is computed and nobody can tell. */
  readonly module: string | undefined;
}

function importsOf({ code, strings }: Source): readonly Import[] {
  const imports: Import[] = [];
  for (const match of code.matchAll(/(?<![.\w$])(?:from\s*|import\s*\(?\s*|require\s*\(\s*)(?=(['"])|([`\w$]))/g)) {
    const end = match.index + match[0].length;
    const line = lineOf(code, end);
    if (match[1] !== undefined) imports.push({ line, module: strings.get(end) });
    else if (match[0].includes('(')) imports.push({ line, module: undefined });
  }
  return imports;
}

/** Whether a module is a file under one of the folders. */
const within = (path: string, module: string, folders: readonly string[]): boolean =>
  module.startsWith('.') && folders.some((folder) => posix.join(posix.dirname(path), module).startsWith(folder));

const importRule = (
  states: string,
  applies: (path: string) => boolean,
  allowed: (path: string, module: string) => boolean,
): Rule => ({
  states,
  applies,
  breaches: (path, source) =>
    importsOf(source)
      .filter(({ module }) => module === undefined || !allowed(path, module))
      .map(({ line, module }) => `${path}:${line}: imports ${module ?? 'something computed'}`),
});

/** What a pure file may not reach: a pattern on its code, and what it does instead. */
const BANNED: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [ambient('Date|performance'), 'time arrives as `now`'],
  [ambient('setTimeout|setInterval|setImmediate|queueMicrotask'), 'a timer is an effect, `setTimer`'],
  [/(?<![\w$])Math\s*\??\.\s*random(?![\w$])/g, 'randomness arrives as `random(purpose)`'],
  [
    /(?<![\w$])Math\s*\??\.\s*(?!(?:abs|ceil|clz32|floor|imul|max|min|random|round|sign|sqrt|trunc)(?![\w$]))[\w$]+/g,
    'engines differ in its last bit; count in integers',
  ],
  [/(?<![.\w$])Math(?![\w$])(?!\s*\??\.)/g, 'name the function, `Math.floor`, so that it can be checked'],
  [/\*\*/g, '`**` differs between engines; multiply, or shift'],
  [ambient('process|globalThis'), 'what a run depends on arrives as configuration'],
];

/** A global by name: not a member (`kernel.process`), not a key (`process: 1`), not a part of a longer word. */
function ambient(names: string): RegExp {
  const notMember = '(?<![\\w$])(?<!(?<!\\.)\\.\\s*)';
  const notKey = '(?![\\w$])(?!(?<=[{,;(]\\s*(?:readonly\\s+)?[\\w$]+)\\??\\s*:)';
  return new RegExp(`${notMember}(?:${names})${notKey}`, 'g');
}

const outside = new Set(builtinModules);

const RULES: Readonly<Record<string, Rule>> = {
  machines: importRule('src/ imports only src/', inSrc, (path, module) => within(path, module, ['src/'])),
  laws: importRule('properties/laws/ imports only src/ and itself', inLaws, (path, module) =>
    within(path, module, ['src/', 'properties/laws/']),
  ),
  core: importRule(
    'the core of sim/ imports no module of Node',
    inCore,
    (_, module) => !module.startsWith('node:') && !outside.has(module),
  ),
  purity: {
    states: 'no machine, law or core of the universe reaches a clock, dice, a timer or inexact mathematics',
    applies: isPure,
    breaches: (path, { code }) =>
      BANNED.flatMap(([pattern, instead]) =>
        [...code.matchAll(pattern)].map(
          (match) => `${path}:${lineOf(code, match.index)}: ${match[0].replace(/\s/g, '')}: ${instead}`,
        ),
      ),
  },
  times: {
    states: 'no time is written but by src/time.ts',
    applies: (path) =>
      path !== 'src/time.ts' && !isTest(path) && /^(src|properties\/laws|sim\/(?!bench|validate))/.test(path),
    breaches: (path, _, text) =>
      [...text.matchAll(/\$\{(?:[^{}]|\{[^{}]*\})*\} (?:us|ms|s|min|h)\b/g)].map(
        (match) =>
          `${path}:${lineOf(text, match.index)}: ${match[0]}: formatDuration, formatInstant or formatRounded write it`,
      ),
  },
  length: {
    states: 'no file is longer than 300 lines, nothing that tests longer than 500',
    applies: () => true,
    breaches: (path, _, text) => {
      const lines = text.split('\n').length - 1;
      const most = isPure(path) || (path.startsWith('sim/') && !isTest(path)) ? 300 : 500;
      return lines > most && !LONG.has(path) ? [`${path}: ${lines} lines, at most ${most}`] : [];
    },
  },
  names: {
    states: 'no file or folder is named after a kind of code',
    applies: () => true,
    breaches: (path) =>
      path.split('/').some((part) => /^(helper|util|type)s?(\.|$)/.test(part))
        ? [`${path}: name it after the one concept that it holds`]
        : [],
  },
  erasable: {
    states: 'no enum and no namespace, so that types can be stripped without a compiler',
    applies: () => true,
    breaches: (path, { code }) =>
      [...code.matchAll(/(?<![.\w$])(enum|namespace|module)\s+[\w$.]+\s*\{/g)].map(
        (match) => `${path}:${lineOf(code, match.index)}: ${match[1]}: a union of words or a file does the same`,
      ),
  },
};

const CODE = /\.[cm]?[jt]sx?$/;
/** Where code may stand; a configuration file stands at the top. */
const ROOMS = /^(src|sim|properties|examples)\/|^[\w-]+\.config\.ts$/;

const root = fileURLToPath(new URL('..', import.meta.url));
const texts = new Map<string, string>(
  ['src', 'sim', 'properties']
    .flatMap((room) =>
      readdirSync(`${root}${room}`, { recursive: true, encoding: 'utf8' }).map((path) => posix.join(room, path)),
    )
    .filter((path) => CODE.test(path))
    .sort()
    .map((path) => [path, readFileSync(`${root}${path}`, 'utf8')]),
);

const judge = (rule: string, path: string, text: string): readonly string[] => {
  const { applies, breaches } = RULES[rule] as Rule;
  return applies(path) ? breaches(path, scan(text), text) : [];
};

describe('in this house', () => {
  test.each(Object.entries(RULES).map(([name, { states }]) => [states, name]))('%s', (_, name) => {
    expect([...texts].flatMap(([path, text]) => judge(name, path, text))).toEqual([]);
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

  test('a file that may be long still has to be', () => {
    for (const path of LONG.keys()) expect((texts.get(path) ?? '').split('\n').length - 1).toBeGreaterThan(300);
  });

  test('every file was read to its end: brackets balance in what is left of it', () => {
    expect([...texts].filter(([, text]) => !balanced(scan(text).code)).map(([path]) => path)).toEqual([]);
  });
});

function balanced(code: string): boolean {
  const open: string[] = [];
  for (const [bracket] of code.matchAll(/[()[\]{}]/g)) {
    if ('([{'.includes(bracket)) open.push(bracket);
    else if (!['()', '[]', '{}'].includes(`${open.pop()}${bracket}`)) return false;
  }
  return open.length === 0;
}

describe('a breach is caught', () => {
  const src = 'src/client/step.ts';
  const clock = 'time arrives as `now`';
  const inexact = 'engines differ in its last bit; count in integers';
  test.each<[rule: string, path: string, text: string, breaches: readonly string[]]>([
    ['machines', src, "import { x } from '../../sim/kernel.ts';", [`${src}:1: imports ../../sim/kernel.ts`]],
    ['machines', src, "\n\nexport * from 'immer';", [`${src}:3: imports immer`]],
    ['machines', src, "import type {\n  A,\n} from 'node:fs';", [`${src}:3: imports node:fs`]],
    ['machines', src, "import 'node:fs';", [`${src}:1: imports node:fs`]],
    ['machines', src, 'const a = await import("node:fs");', [`${src}:1: imports node:fs`]],
    ['machines', src, 'const a = await import(name);', [`${src}:1: imports something computed`]],
    ['machines', src, `const a = await import(\`./\${name}.ts\`);`, [`${src}:1: imports something computed`]],
    ['machines', src, "let a: typeof import('fs');", [`${src}:1: imports fs`]],
    ['machines', src, "import a = require('fs');", [`${src}:1: imports fs`]],
    [
      'laws',
      'properties/laws/a.ts',
      "import '../../sim/run.ts';",
      ['properties/laws/a.ts:1: imports ../../sim/run.ts'],
    ],
    ['laws', 'properties/laws/a.ts', "import '../x.ts';", ['properties/laws/a.ts:1: imports ../x.ts']],
    ['laws', 'properties/laws/a.ts', "import 'fast-check';", ['properties/laws/a.ts:1: imports fast-check']],
    ['core', 'sim/core/universe.ts', "import { x } from 'node:os';", ['sim/core/universe.ts:1: imports node:os']],
    ['core', 'sim/faults/plan.ts', "import 'fs/promises';", ['sim/faults/plan.ts:1: imports fs/promises']],
    ['purity', src, 'const a = Date.now();', [`${src}:1: Date: ${clock}`]],
    ['purity', src, 'f(new Date);', [`${src}:1: Date: ${clock}`]],
    ['purity', 'sim/core/run.ts', 'const a = performance\n  .now();', [`sim/core/run.ts:1: performance: ${clock}`]],
    ['purity', 'properties/laws/a.ts', '\nlet a: Date;', [`properties/laws/a.ts:2: Date: ${clock}`]],
    ['purity', src, 'setTimeout(f, 1);', [`${src}:1: setTimeout: a timer is an effect, \`setTimer\``]],
    ['purity', src, `\`\${setInterval(f)}\`;`, [`${src}:1: setInterval: a timer is an effect, \`setTimer\``]],
    ['purity', src, '() => queueMicrotask(f)', [`${src}:1: queueMicrotask: a timer is an effect, \`setTimer\``]],
    ['purity', src, 'Math.random()', [`${src}:1: Math.random: randomness arrives as \`random(purpose)\``]],
    ['purity', src, 'Math . random()', [`${src}:1: Math.random: randomness arrives as \`random(purpose)\``]],
    ...[
      'pow',
      'exp',
      'expm1',
      'log',
      'log2',
      'log1p',
      'log10',
      'sin',
      'cos',
      'tan',
      'atan2',
      'tanh',
      'hypot',
      'cbrt',
    ].map((name): [string, string, string, string[]] => [
      'purity',
      src,
      `const a = Math.${name}(2, 3);`,
      [`${src}:1: Math.${name}: ${inexact}`],
    ]),
    [
      'purity',
      src,
      "Math['random']()",
      [`${src}:1: Math: name the function, \`Math.floor\`, so that it can be checked`],
    ],
    [
      'purity',
      src,
      'const { pow } = Math;',
      [`${src}:1: Math: name the function, \`Math.floor\`, so that it can be checked`],
    ],
    ['purity', src, 'const a = b ** 2;', [`${src}:1: **: \`**\` differs between engines; multiply, or shift`]],
    ['purity', src, 'a **= 2;', [`${src}:1: **: \`**\` differs between engines; multiply, or shift`]],
    ['purity', src, 'process.env.A', [`${src}:1: process: what a run depends on arrives as configuration`]],
    ['purity', src, 'f(...process.argv)', [`${src}:1: process: what a run depends on arrives as configuration`]],
    ['purity', src, 'globalThis.process', [`${src}:1: globalThis: what a run depends on arrives as configuration`]],
    ['length', 'sim/core/run.ts', '\n'.repeat(301), ['sim/core/run.ts: 301 lines, at most 300']],
    ['length', 'properties/a.test.ts', '\n'.repeat(501), ['properties/a.test.ts: 501 lines, at most 500']],
    ['names', 'src/client/helpers.ts', '', ['src/client/helpers.ts: name it after the one concept that it holds']],
    ['names', 'sim/utils/a.ts', '', ['sim/utils/a.ts: name it after the one concept that it holds']],
    ['names', 'sim/types.ts', '', ['sim/types.ts: name it after the one concept that it holds']],
    ...[`\`\${a / 1000} s\``, `\`\${a.toFixed(2)} ms\``, `\`\${a.map(({ b }) => b)} min\``].map(
      (text): [string, string, string, string[]] => [
        'times',
        src,
        text,
        [`${src}:1: ${text.slice(1, -1)}: formatDuration, formatInstant or formatRounded write it`],
      ],
    ),
    ['erasable', src, 'export const enum A { B }', [`${src}:1: enum: a union of words or a file does the same`]],
    ['erasable', src, 'namespace A.B {}', [`${src}:1: namespace: a union of words or a file does the same`]],
  ])('by %s in %s: %j', (rule, path, text, breaches) => {
    expect(judge(rule, path, text)).toEqual(breaches);
  });
});

describe('what keeps the rules is let through', () => {
  test.each<[rule: string, path: string, text: string]>([
    ['machines', 'src/client/step.ts', "import { a } from '../time.ts';\nimport b from './state.ts';"],
    ['machines', 'src/a.ts', "// import 'node:fs'\n/* from 'x' */ const a = \"import 'node:fs'\"; Array.from('ab');"],
    ['laws', 'properties/laws/a.ts', "import { law } from './law.ts';\nimport type { E } from '../../src/history.ts';"],
    ['laws', 'properties/laws/a.test.ts', "import { run } from '../../sim/run.ts';"],
    ['core', 'sim/core/run.ts', "import seedrandom from 'seedrandom';\nimport '../src/time.ts';"],
    ['core', 'sim/cli/main.ts', "import 'node:fs';"],
    ['core', 'sim/networks/load-trace.ts', "import 'node:fs';"],
    ['times', 'src/a.ts', `\`\${formatDuration(a)} earlier, \${count} streams, \${a}/s\``],
    ['times', 'sim/bench/main.ts', `\`\${a} ms\``],
    ['purity', 'sim/bench/main.ts', 'performance.now(); process.exit(1); setTimeout(f); 2 ** 3;'],
    [
      'purity',
      'src/a.ts',
      `// Date.now()\n/** a ** b, Math.random() */\n"process.env"; 'Date'; \`setTimeout \${a} Date\`;`,
    ],
    ['purity', 'src/a.ts', 'const date = updateDate(dateOf); kernel.process(a); a?.performance; b.Date'],
    ['purity', 'src/a.ts', "type A = { readonly process: number; performance?: 'Date' }; const b = { process: 1 };"],
    ['purity', 'src/a.ts', 'Math.floor(a / b) + Math.imul(c, d) / Math.max(e, f)'],
    ['purity', 'src/a.ts', 'a.replace(/Date.now() ** "\\/[/]process/g, b); return /process/;'],
    ['purity', 'src/a.ts', 'function* f() { yield* g(); } context.random(purpose);'],
    ['length', 'src/a.ts', '\n'.repeat(300)],
    ['length', 'properties/a.test.ts', '\n'.repeat(500)],
    ['names', 'src/wire/frame-types.ts', ''],
    ['erasable', 'src/a.ts', "const a = 'enum A { B }'; // namespace A {}\nconst enumerate = { namespace: 1 };"],
  ])('by %s in %s: %j', (rule, path, text) => {
    expect(judge(rule, path, text)).toEqual([]);
  });
});
