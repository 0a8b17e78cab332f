/** The package as others import it: own scenarios are swept, and the example in `examples/` does what it says. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  digestOf,
  findNetwork,
  NETWORKS,
  type Network,
  run,
  type SessionScenario,
  type SweepOptions,
  scenarioNamed,
  sweep,
} from '../../sim/index.ts';
import { NETWORK_SHAPE } from '../../sim/networks/check.ts';
import type { Duration, Instant } from '../../src/time.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = scenarioNamed('midstream/text') as SessionScenario;
const own: SessionScenario = { ...text, name: 'mine/text', plan: () => [] };

describe('a scenario that is not in the catalogue', () => {
  test('is swept in this thread, and it is the one that runs', async () => {
    const { tallies } = await sweep({ scenarios: [own], seeds: 6, jobs: 1 });
    const theirs = await sweep({ scenarios: [text], seeds: 6, jobs: 1 });
    const digest = ({ tallies: [part] }: typeof theirs): string => digestOf(part!.tally);
    expect(tallies[0]?.tally.runs).toBe(6);
    expect(digest({ ...theirs, tallies })).not.toBe(digest(theirs));
    expect(run(own, '1').plan).toEqual([]);
  });

  test('is refused by name where workers would have to find it', () =>
    expect(sweep({ scenarios: [own], seeds: 6, jobs: 2 })).rejects.toThrow(
      'scenario mine/text: worker processes cannot find it: give sweep the `module` that exports it, or jobs: 1',
    ));
});

describe('a run refuses what would do nothing, or something else than was meant', () => {
  test('seeds are read as the command reads them, and named as it takes them', () => {
    const { digest } = run(text, '7');
    for (const seed of [7, '7', '007']) expect(run(text, seed)).toMatchObject({ seed: '7', digest });
    expect(run(text, 36).seed).toBe('10');
    for (const seed of ['K7F3', 'abc def', 'é', '', 'zzzzzzzzzzz', -1, 0.5, Number.NaN, 2 ** 53])
      expect(() => run(text, seed)).toThrow(
        /expected a seed such as k7f3 \(1 to 10 of 0-9 and a-z\), or its number from 0 /,
      );
  });

  const at = 1 as Instant;
  const lasts = 1 as Duration;
  test.each<[string, object, string]>([
    ['an unknown kind', { plan: [{ kind: 'flood', target: 'c1', at }] }, '`plan[0].kind`: expected a kind of fault'],
    [
      'an unknown target',
      { plan: [{ kind: 'cut', target: 'c9-lb', at, lasts, direction: 'both' }] },
      '`plan[0].target`: expected the name of a link (c1-lb, lb-s1, lb-s2), got "c9-lb"',
    ],
    [
      'a parameter that no kind reads',
      { plan: [{ kind: 'cut', target: 'c1-lb', at, lasts, direction: 'both', lenght: 3 }] },
      '`plan[0].lenght`: expected no more than kind, target, at, upon, lasts, direction, got 3',
    ],
    ['a kind to draw that is none', { faults: ['cut', 'flood'] }, '`faults`: expected kinds of fault'],
    ['no kind to draw', { faults: [] }, '`faults`: expected kinds of fault'],
    ['a cell that is not open', { cell: { condition: 'late' } }, '`cell`: expected none, which midstream/text opens'],
  ])('%s', (_, options, line) => expect(() => run(text, '1', options)).toThrow(line));

  test('an unknown value of a cell', () =>
    expect(() => run(scenarioNamed('restart/rolling') as SessionScenario, '1', { cell: { network: 'wfi' } })).toThrow(
      /`cell`: expected .*, which restart\/rolling opens, got network=wfi/,
    ));

  const swept = (options: object): Promise<unknown> => sweep({ scenarios: [text], seeds: 1, jobs: 1, ...options });
  const promising = (...targets: object[]) => ({ scenarios: [{ ...text, targets } as SessionScenario] });
  test.each<[string, object, string]>([
    ['a target without a figure', promising({ name: 'latency' }), '`targets`: expected targets of hangup list targets'],
    ['a target twice', promising({ name: 'recovery' }, { name: 'recovery' }), 'expected each target once'],
    [
      'an exception that no run falls under',
      promising({ name: 'recovery', except: [{ cells: { network: ['3g'] }, bound: 1, reason: 'It is slow.' }] }),
      'expected exceptions of recovery over cells that it opens, got network=3g',
    ],
    ['no seeds', { seeds: 0 }, '`seeds`: expected a whole number from 1 to '],
    ['seeds beyond the last', { from: 3_656_158_440_062_975, seeds: 2 }, '`from`: expected a whole number from 0 to '],
    ['no threads', { jobs: 0 }, '`jobs`: expected a whole number from 1 to 256, got 0'],
  ])('a sweep with %s, before its first run', (_, options, line) => expect(swept(options)).rejects.toThrow(line));

  test('a plan of the scenario itself', () =>
    expect(() => run({ ...text, plan: () => [{ kind: 'reset', target: 'nobody', at }] }, '1')).toThrow(
      /`plan\[0\].target`/,
    ));
});

describe('what would be green for nothing, or never end, is refused in one line', () => {
  const deaf = { name: 'deaf', states: 'what it never sees', oncePer: 50, remember: () => null };
  const unheard = { ...deaf, on: { recieved: () => {} } } as never;
  test.each<[object, string]>([
    [{ plann: [] }, 'run: expected options of plan, input, '],
    [{ faults: 'cut' }, '`faults`: expected a list of kinds of fault, got "cut"'],
    [{ input: [] }, '`input`: expected one content at the least, got none'],
    [{ laws: [unheard] }, 'in law `deaf`: `on`: expected kinds of entries of history, or `sent TYPE`, got "recieved"'],
  ])('by run with %j', (options, line) => expect(() => run(text, '1', options)).toThrow(line));

  test('by run with a claim that listens to nothing that there is', () =>
    expect(() => run({ ...own, sometimes: [unheard] }, '1')).toThrow('expected kinds of entries of history'));

  test.each<[object, string]>([
    [{ seed: 7 }, 'sweep: expected options of scenarios, module, '],
    [{ scenarios: [] }, '`scenarios`: expected one at the least, got none'],
    [{ portion: 0 }, '`portion`: expected a whole number from 1 to 100000000, got 0'],
    [{ budgetMs: Number.NaN }, '`budgetMs`: expected milliseconds above 0, got NaN'],
  ])('by sweep with %j', (options, line) =>
    expect(sweep({ scenarios: [text], seeds: 1, jobs: 1, ...options })).rejects.toThrow(line),
  );
});

describe('an option of another shape is refused in one line that names its place', () => {
  const wifi = findNetwork('wifi') as Network;
  test.each<[object, string]>([
    [{ policy: {} }, '`policy.delay`: expected an object with a `kind`, got nothing'],
    [{ policy: 'default' }, '`policy`: expected an object with delay, jitter, '],
    [{ network: {} }, '`network.name`: expected a text, got nothing'],
    [{ network: 'wifi' }, '`network`: expected a network with name, source, up and down'],
    [{ network: { ...wifi, up: {} } }, '`network.up.delay`: expected whole microseconds from 0, got nothing'],
    [{ network: { ...wifi, down: { ...wifi.down, loss: 0.1 } } }, '`network.down.loss`: expected a share of packets '],
    [{ network: { ...wifi, down: { ...wifi.down, rtae: 1 } } }, '`network.down`: expected no field besides delay, '],
    [{ network: { ...wifi, down: { ...wifi.down, trace: [] } } }, '`network.down.trace`: expected null, or instants '],
    [{ input: [{}] }, '`input[0].name`: expected a text, got nothing'],
    [{ input: {} }, '`input`: expected a list of contents, got {}'],
    [{ cell: 'condition=late' }, '`cell`: expected an object of values by dimension, got "condition=late"'],
  ])('by run and by sweep: %j', async (options, line) => {
    expect(() => run(text, '1', options)).toThrow(line);
    await expect(sweep({ scenarios: [text], seeds: 1, jobs: 1, ...options })).rejects.toThrow(line);
  });

  test.each<[object, string]>([
    [{ mode: 'fast' }, '`mode`: expected one of sweep, recorded, frozen, got "fast"'],
    [{ laws: [{}] }, '`laws[0].name`: expected a text, got nothing'],
    [{ budgets: {} }, '`budgets.events`: expected a number from 0, got nothing'],
    [{ plan: {} }, '`plan`: expected a list of faults, got {}'],
    [{ witness: [] }, '`witness`: expected a function, got []'],
  ])('by run: %j', (options, line) => expect(() => run(text, '1', options)).toThrow(line));

  test('by run: no scenario, and no options', () => {
    expect(() => run(scenarioNamed('midstream/txet') as SessionScenario, '1')).toThrow(
      '`scenario`: expected a scenario, such ',
    );
    expect(() => run(text, '1', null as never)).toThrow('run: expected an object of options, got null');
  });

  test.each<[object, string]>([
    [{ scenarios: [text, undefined] }, '`scenarios[1]`: expected a scenario, such as one of SCENARIOS '],
    [{ scenarios: text }, '`scenarios`: expected a list of scenarios, or a `module` that has them, got an object'],
    [{ failures: {} }, '`failures`: expected a text, got {}'],
    [{ onProgress: true }, '`onProgress`: expected a function, got true'],
    [{ signal: {} }, '`signal.aborted`: expected true or false, got nothing'],
    [{ faults: ['flood'] }, '`faults`: expected kinds of fault'],
    [{ cell: { condition: 'late' } }, '`cell`: expected none, which midstream/text opens'],
  ])('by sweep, before its first run: %j', (options, line) =>
    expect(sweep({ scenarios: [text], seeds: 1, jobs: 1, ...options } as SweepOptions)).rejects.toThrow(line),
  );

  test('and every network that ships has that shape', () => {
    for (const network of NETWORKS) expect(NETWORK_SHAPE(network, 'network')).toBe(null);
  });
});

test('the example runs, and the law that is too strict breaks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-library-'));
  const source = readFileSync(join(root, 'examples/own-scenario.mjs'), 'utf8');
  const entry = pathToFileURL(join(root, 'sim/index.ts')).href;
  writeFileSync(join(folder, 'own.mjs'), source.replace("from 'hangup'", `from '${entry}'`));
  const tsx = join(root, 'node_modules/tsx/dist/esm/index.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, join(folder, 'own.mjs')], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true, force: true });
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^mine\/tunnel: 200 runs, 0 broken, 1200 answers\nseed \w+ \(digest [0-9a-f]{16}\): few-dials at /,
  );
});

test('the run of docs/library.md that is stepped compiles as strict TypeScript, and prints what stands beside it', () => {
  const page = readFileSync(join(root, 'docs/library.md'), 'utf8');
  const [code] = page.split('## One run, step by step\n```ts\n').at(1)?.split('```') ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'hangup-steps-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/hangup'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'steps.ts'), code as string);
  const node = (...args: string[]) => {
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return stderr + stdout;
  };
  const strict = ['--strict', '--noEmit', '--skipLibCheck', '--target', 'es2023', '--lib', 'es2023,dom'];
  const how = [...strict, '--module', 'nodenext', '--noUncheckedIndexedAccess'];
  expect(node(join(root, 'node_modules/typescript/bin/tsc'), ...how, 'steps.ts')).toBe('');
  const printed = node('--import', pathToFileURL(join(root, 'node_modules/tsx/dist/esm/index.mjs')).href, 'steps.ts');
  rmSync(folder, { recursive: true, force: true });
  const said = [...(code as string).matchAll(/\); +\/\/ (.+)$/gm)].map(([, words]) => words);
  expect(printed.trim().split('\n')).toEqual(said);
  expect(said.length).toBe(2);
}, 30_000);
