/** A config of somebody else: found, named, swept by workers, replayed, and refused in one line when it is wrong. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { calledIn } from '../cli/called.ts';
import { COMMAND, startedIn } from '../cli/started.ts';

const root = join(import.meta.dirname, '../..');
const library = pathToFileURL(join(root, 'sim/index.ts')).href;

/** A config whose one scenario breaks a law of its own on some seeds, and tells its network's name. */
const CONFIG = `
import { buildWorld, config, conversation, findNetwork, law, ms, PRESETS, sample, seconds, sessionScenario } from '${library}';
const fewDials = law({
  name: 'few-dials',
  states: 'no client dials more than twice',
  remember: () => new Map(),
  on: {
    dialled(dials, { node }, breach) {
      if (!node.startsWith('c')) return;
      dials.set(node, (dials.get(node) ?? 0) + 1);
      if (dials.get(node) === 3) breach(node + ' dialled a third time');
    },
  },
});
const network = { ...findNetwork('lte'), name: 'my-lte', source: 'a measurement' };
const tunnel = sessionScenario({
  name: 'mine/tunnel',
  title: 'a train drives through a tunnel',
  sometimes: [],
  laws: [fewDials],
  world: (setting) =>
    buildWorld({
      clients: 1,
      servers: 1,
      network: setting.network ?? network,
      contents: [sample('brief')],
      turns: () => conversation(2, () => 0, ms(200)),
    }),
  plan: ({ dice }) => [
    { kind: 'cut', target: 'c1-lb', at: seconds(1), lasts: seconds(dice.between('lasts', 1, 20)), direction: 'both' },
    { kind: 'cut', target: 'c1-lb', at: seconds(90), lasts: seconds(1), direction: 'both' },
  ],
});
export default config({ scenarios: [tunnel], networks: [network], policies: { patient: { ...PRESETS.default.policy, cap: seconds(5) } } });
`;

function project(files: Readonly<Record<string, string>> = { 'hangup.config.mjs': CONFIG }): string {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-config-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const FEW = ['--seeds', '8', '--jobs', '1'] as const;

describe('a config that lies in the folder', () => {
  const folder = project();
  const hangup = calledIn(folder);

  test('is explored by itself, by worker processes, and what fails replays and shrinks by one line', async () => {
    const { code, out } = await hangup(
      'explore',
      '--seeds',
      '8',
      '--jobs',
      '2',
      '--reporter',
      'junit:junit.xml',
      '--report',
      'out',
    );
    expect(code).toBe(1);
    expect(out).toMatch(/^mine\/tunnel +8 /m);
    const [, seed] = /^npx hangup replay mine\/tunnel@(\w+)$/m.exec(out) ?? [];
    const replayed = await hangup('replay', `mine/tunnel@${seed}`, '--shrink');
    expect(replayed.code).toBe(1);
    expect(replayed.out).toContain('1 of 2 faults is enough to break few-dials');
    const junit = readFileSync(join(folder, 'junit.xml'), 'utf8');
    expect(junit).toContain('<testcase classname="mine/tunnel" name="law few-dials"><failure');
    expect(readFileSync(join(folder, 'out/index.html'), 'utf8')).toContain('mine/tunnel');
    const { code: compared, out: rows } = await hangup('compare', 'out/results.json', 'out/results.json');
    expect(compared).toBe(0);
    expect(rows).toContain('identical, event by event: mine/tunnel');
  });

  test('is remembered by a failure file, which says when it changed', async () => {
    const [name = ''] = readdirSync(join(folder, '.hangup/failures'));
    const path = `.hangup/failures/${name}`;
    expect(JSON.parse(readFileSync(join(folder, path), 'utf8'))).toMatchObject({
      config: 'hangup.config.mjs',
      files: [{ flag: 'config', path: 'hangup.config.mjs' }],
    });
    const elsewhere = calledIn(tmpdir());
    const absolute = join(folder, path);
    expect((await elsewhere('replay', absolute)).out).toContain('breaks few-dials');
    writeFileSync(join(folder, 'hangup.config.mjs'), `${CONFIG}// mended\n`);
    const { out } = await elsewhere('replay', absolute);
    expect(out).toMatch(/hangup.config.mjs changed since this failure was found \(sha-256 \w{12}… then, \w{12}… now\)/);
    renameSync(join(folder, 'hangup.config.mjs'), join(folder, 'own.mjs'));
    const gone = await elsewhere('replay', absolute);
    expect(gone.code).toBe(2);
    expect(gone.err).toMatch(/: hangup.config.mjs \(--config\) is not there \(looked in .*give --config FILE\n$/);
    expect((await elsewhere('replay', absolute, '--config', join(folder, 'own.mjs'))).code).toBe(1);
    renameSync(join(folder, 'own.mjs'), join(folder, 'hangup.config.mjs'));
  });

  test('adds its names to those of hangup', async () => {
    const { out } = await hangup('list');
    expect(out).toMatch(/^ {2}restart\/benchmarks .*\n[\s\S]*^ {2}mine\/tunnel +a train drives through a tunnel$/m);
    expect(out).toMatch(/^ {2}admission .*\n( {2}.*\n)* {2}few-dials +no client dials more than twice$/m);
    expect(out).toMatch(/^ {2}patient +of hangup.config.mjs$/m);
    expect(out).toMatch(/^ {2}my-lte +a measurement$/m);
    const named = await hangup(
      'explore',
      'mine/tunnel',
      'context/basic',
      ...FEW,
      '--network',
      'my-lte',
      '--policy',
      'patient,cap=4s',
    );
    expect(named.out).toMatch(/^context\/basic +8 [\s\S]*^mine\/tunnel +8 /m);
    const { code, err } = await hangup('replay', 'mine/tunel@1');
    expect([code, err]).toEqual([
      2,
      'hangup: unknown scenario "mine/tunel": did you mean mine/tunnel? (hangup list scenarios shows all)\n',
    ]);
  });
});

describe('a config of another name', () => {
  const folder = project({ 'own.mjs': CONFIG });
  const hangup = calledIn(folder);

  test.each([[['./own.mjs']], [['--config', 'own.mjs']]])(
    'is explored as %j, and stands in the line to paste',
    async (args) => {
      const { code, out, err } = await hangup('explore', ...args, ...FEW, '--network', 'lte');
      expect([code, err.includes('hangup: ')]).toEqual([1, false]);
      expect(out).toMatch(/^npx hangup replay mine\/tunnel@\w+ --config own.mjs --network lte$/m);
    },
  );

  test('is not there for who does not name it', async () => {
    const { code, err } = await hangup('replay', 'mine/tunnel@1');
    expect([code, err]).toEqual([2, expect.stringContaining('unknown scenario "mine/tunnel"')]);
  });
});

test('a config in TypeScript is an ES module that shares hangup with the command, whatever its package says', () => {
  const folder = project({
    'package.json': '{ "type": "commonjs" }',
    'words.ts': 'export const of = (name: string): string => name;',
    'hangup.config.ts': `
import { config, type Scenario, scenarioNamed } from '${pathToFileURL(join(root, 'dist/sim/index.js')).href}';
import { of } from './words';
const basic: Scenario | undefined = scenarioNamed(of('context/basic'));
// The catalogue's own scenario, and no other of its name, or it would be refused.
export default config({ scenarios: [basic!] });`,
  });
  const { code, out, err } = startedIn(folder)('explore', '--seeds', '2', '--jobs', '2');
  expect(err).not.toContain('hangup: ');
  expect(out).toMatch(/^context\/basic +2 /m);
  expect(code).toBe(0);
});

test('what throws in a scenario of a config is no bug of hangup, and a network that carries nobody no run', async () => {
  const more = `
const dead = { ...network, name: 'dead', up: { ...network.up, trace: [30_000] } };
const throws = { ...tunnel, name: 'mine/throws', world: () => ({ servers: 7 }) };
export default config({ scenarios: [tunnel, throws], networks: [dead] });`;
  const hangup = calledIn(project({ 'hangup.config.mjs': CONFIG.replace(/export default .*/, more) }));
  const thrown = await hangup('explore', 'mine/throws', ...FEW);
  expect(thrown.code).toBe(4);
  expect(thrown.err).not.toContain('bug of hangup');
  for (const args of [
    ['explore', 'mine/tunnel'],
    ['replay', 'mine/tunnel@1'],
  ]) {
    const { code, err } = await hangup(...args, '--network', 'dead');
    expect([code, err]).toEqual([2, expect.stringMatching(/^hangup: --network dead: mine\/tunnel: no client .*\n$/)]);
  }
});

const scenario = `{ name: 'mine/x', title: 'x', sometimes: [], world: () => ({}), plan: () => [] }`;

describe('what is wrong with a config is one line with its file and place, and exit code 2', () => {
  test.each<[string, string, string]>([
    [
      'nothing there',
      '',
      'hangup.config.mjs: has no default export: expected `export default config({ scenarios: […] })`',
    ],
    [
      'an error when it is loaded',
      'const a = 1;\nnull.boom();',
      "hangup.config.mjs:2:6: threw Cannot read properties of null (reading 'boom')",
    ],
    [
      'a package that is not there',
      "import 'no-such-package';",
      "hangup.config.mjs: Cannot find package 'no-such-package'",
    ],
    [
      'another default',
      'export default 7;',
      'hangup.config.mjs: `default`: expected config({ scenarios: […] }), got 7',
    ],
    [
      'no scenario',
      'export default { scenarios: [] };',
      'hangup.config.mjs: `default.scenarios`: expected a list of one scenario at the least, got []',
    ],
    [
      'a field that nobody reads',
      `export default { scenarios: [${scenario}], law: [] };`,
      'hangup.config.mjs: `default`: expected no field besides scenarios, networks, policies, got "law"',
    ],
    [
      'a scenario without a name',
      'export default { scenarios: [{ world() {}, plan() {} }] };',
      'hangup.config.mjs: `scenarios[0].name`: expected a name such as feed/news ',
    ],
    [
      'a scenario without a world',
      "export default { scenarios: [{ name: 'a/b', title: 'x' }] };",
      'hangup.config.mjs: `scenarios[0].world`: expected a function, got nothing',
    ],
    [
      'a plan that is no function',
      "export default { scenarios: [{ name: 'a/b', title: 'x', world() {}, plan: [] }] };",
      'hangup.config.mjs: `scenarios[0].plan`: expected a function, got []',
    ],
    [
      'a scenario that is none',
      'export default { scenarios: [undefined] };',
      'hangup.config.mjs: `scenarios[0]`: expected a scenario, such as one of SCENARIOS (scenarioNamed gives undefined for a name of none), got nothing',
    ],
    [
      'a law that is none',
      `export default { scenarios: [{ ...${scenario}, laws: [{ name: 'x' }] }] };`,
      'hangup.config.mjs: `scenarios[0].laws[0].states`: expected a text, got nothing',
    ],
    [
      'a name twice',
      `export default { scenarios: [${scenario}, ${scenario}] };`,
      'hangup.config.mjs: `scenarios`: expected different names, got mine/x twice',
    ],
    [
      'a name of the catalogue',
      `export default { scenarios: [{ ...${scenario}, name: 'midstream/text' }] };`,
      'hangup.config.mjs: `scenarios`: midstream/text is the name of a scenario of the catalogue',
    ],
    [
      'a kind of fault of the name of another',
      `import { NEUTRAL_KINDS } from '${library}'; export default { scenarios: [{ ...${scenario}, faults: [NEUTRAL_KINDS[0]] }] };`,
      'hangup.config.mjs: mine/x: `faults`: expected kinds of different names, got two of cut',
    ],
    [
      'a law of the name of another',
      `import { LAWS, session } from '${library}'; export default { scenarios: [{ ...${scenario}, protocol: session, laws: [LAWS[0]] }] };`,
      'hangup.config.mjs: mine/x: `laws`: expected different names, got two of prefix',
    ],
    [
      'a target that cannot be judged',
      `export default { scenarios: [{ ...${scenario}, targets: [{ name: 'latency' }] }] };`,
      'hangup.config.mjs: mine/x: `targets`: expected targets of overhead, or with a figure of its own, got "latency"',
    ],
    [
      'a network of the presets',
      `import { findNetwork } from '${library}'; export default { scenarios: [${scenario}], networks: [findNetwork('lte')] };`,
      'hangup.config.mjs: `networks`: lte is the name of a preset; expected one of its own',
    ],
    [
      'a policy that is none',
      `export default { scenarios: [${scenario}], policies: { mine: { cap: 1 } } };`,
      'hangup.config.mjs: `policies.mine.delay`: expected an object with a `kind`, got nothing',
    ],
  ])('%s', async (_, text, line) => {
    const { code, out, err } = await calledIn(project({ 'hangup.config.mjs': text }))('list');
    expect(err).toMatch(/^hangup: [^\n]*\n$/);
    expect(err.slice('hangup: '.length)).toContain(line);
    expect([code, out]).toEqual([2, '']);
  });

  test.each([
    [
      'hangup.config.mjs',
      'const a = 1;\nexport default { scenarios: [ };',
      "hangup.config.mjs:2: Unexpected token '}'",
    ],
    [
      'hangup.config.ts',
      'const a: number = 1;\nexport default { scenarios: [ };',
      'hangup.config.ts:2:30: Unexpected "}"',
    ],
  ])('an error in the syntax of %s, as a process says it', (name, text, line) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...COMMAND, 'list'], {
      cwd: project({ [name]: text }),
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([2, '', `hangup: ${line}\n`]);
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
    [
      'two of them',
      { 'hangup.config.mjs': '', 'hangup.config.ts': '' },
      ['list'],
      'expected one config in this folder, got hangup.config.ts and hangup.config.mjs: name one with --config',
    ],
    ['a file that is not there', {}, ['list', '--config', 'gone.ts'], 'gone.ts: cannot be read (ENOENT)'],
    [
      'a file that is no module',
      {},
      ['list', '--config', 'gone.json'],
      '--config: expected a .ts, .mts, .mjs or .js file, got "gone.json"',
    ],
    [
      'two that are named',
      {},
      ['explore', './a.ts', '--config', 'b.ts'],
      '--config: expected one config, got b.ts and ./a.ts',
    ],
  ])('%s', async (_, files, args, line) => {
    const { code, err } = await calledIn(project(files))(...args);
    expect([code, err]).toEqual([2, `hangup: ${line}\n`]);
  });
});
