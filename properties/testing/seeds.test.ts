/** `seeds`: what a test over the seeds of a scenario says when it fails, and what it takes from the environment. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { Claim, Scenario } from '../../sim/core/scenario.ts';
import { readFailure } from '../../sim/explore/read-failure.ts';
import { faultsOf } from '../../sim/faults/catalogue.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { SeedsOptions } from '../../sim/testing/asked.ts';
import { seedsWith } from '../../sim/testing/seeds.ts';
import { at, seconds } from '../../src/time.ts';
import { law } from '../laws/law.ts';
import { LAWS } from '../laws/session/all.ts';
import { echo } from './echo.ts';
import { fewDials } from './few-dials.ts';

const text = scenarioNamed('midstream/text') as Scenario;
/** One that is not the catalogue's, and promises nothing by itself. */
const own: Scenario = { ...text, name: 'mine/text', sometimes: [], targets: [] };
const folder = mkdtempSync(join(tmpdir(), 'hangup-seeds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  /** What the test failed with, or null. */
  readonly error: Error | null;
  readonly message: string;
  readonly timeout: number;
  readonly notes: readonly string[];
}

/** Makes one test with `seeds`, and runs it. */
async function ran(
  scenario: Scenario,
  options: SeedsOptions = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const notes: string[] = [];
  const made: { body: () => Promise<void>; timeout: number }[] = [];
  const seeds = seedsWith(
    (_, body, timeout) => made.push({ body, timeout }),
    environment,
    (line) => notes.push(line),
  );
  seeds('the test (mine)', scenario, { failures: null, ...options });
  const [one] = made;
  if (one === undefined || made.length > 1) throw new Error('expected one test');
  const error = await one.body().then(
    () => null,
    (thrown: Error) => thrown,
  );
  return { error, message: error?.message ?? '', timeout: one.timeout, notes };
}

describe('a law that breaks', () => {
  test('is told with the run, when, in which words, and what states it; with the fewest faults, the file and the lines to paste', async () => {
    const scenario = { ...own, laws: [fewDials] };
    const { message } = await ran(scenario, { runs: 40, failures: folder });
    const seed = /^mine\/text@(\w+) /.exec(message)?.[1] as string;
    const path = join(folder, `mine-text@${seed}.json`);
    const lines = message.split('\n');
    expect(lines[0]).toMatch(
      /^mine\/text@\w+ breaks the law few-dials at \d+\.\d{6} s, event #\d+: c1 dialled a third time$/,
    );
    expect(lines[1]).toBe('  the law   no client dials more than twice');
    expect(message).toMatch(/the plan {2}\d of \d faults (is|are) enough \(shrunk in \d+ runs\)\n {12}fault 0: /);
    expect(lines).toContain(`  saved     ${path}`);
    expect(lines).toContain(`  replay    npx hangup replay mine/text@${seed}`);
    expect(lines.at(-1)).toBe(`  again     HANGUP_FROM=${seed} HANGUP_SEEDS=1 npx vitest run -t 'the test \\(mine\\)'`);
    // No earlier seed breaks it, and the file holds the plan that does.
    for (let earlier = 1; earlier < Number.parseInt(seed, 36); earlier++)
      expect(run(scenario, earlier).breaches).toEqual([]);
    const file = readFailure(path, () => faultsOf(scenario));
    expect(file.plan).toEqual(run(scenario, seed).plan);
    // The line for the test finds the same run, and no other.
    const again = await ran(scenario, { runs: 40 }, { HANGUP_FROM: seed, HANGUP_SEEDS: '1' });
    expect(again.message.split('\n')[0]).toBe(lines[0]);
  });

  test('is told with the arguments of the test, or that the command has no words for them', async () => {
    const { message } = await ran({ ...own, laws: [fewDials] }, { runs: 40, faults: ['reset', 'cut'] });
    expect(message).toMatch(/replay {4}npx hangup replay mine\/text@\w+ --faults reset,cut\n/);
    const judged = await ran(text, { runs: 40, laws: [...LAWS, fewDials] });
    expect(judged.message).toContain('breaks the law few-dials');
    expect(judged.message).toContain('the command cannot be given the laws of this test');
    expect(judged.message).not.toContain('npx hangup');
  });

  test('fails a scenario of no protocol as well', async () => {
    const failed = await ran({ ...(echo as Scenario), laws: [fewDials] }, { runs: 60 });
    expect(failed.message).toMatch(/^test\/echo@\w+ breaks the law few-dials/);
    expect((await ran(echo as Scenario, { runs: 20 })).error).toBeNull();
  });

  test('is told although its failure file cannot be written', async () => {
    const blocked = join(folder, 'a-file');
    writeFileSync(blocked, '');
    const { message } = await ran({ ...own, laws: [fewDials] }, { runs: 40, failures: join(blocked, 'under') });
    expect(message).toContain('breaks the law few-dials');
    expect(message).toMatch(/saved {5}.*cannot write failure files \(ENOTDIR\)/);
  });

  test('that another run of the same seed does not break is told as one that luck plays a part in', async () => {
    let runs = 0;
    const fickle = law({
      name: 'fickle',
      states: 'nothing',
      remember: () => runs++,
      on: {
        dialled: (nth, _, breach) => {
          if (nth === 2) breach('for no reason');
        },
      },
    });
    const { message } = await ran({ ...own, laws: [fickle] }, { runs: 10 });
    expect(message).toContain('a second run of the same seed came to something else');
  });
});

describe('a test fails', () => {
  test('for code that throws, with its stack', async () => {
    const broken = law({
      name: 'broken',
      states: 'nothing',
      remember: () => null,
      on: {
        dialled() {
          throw new TypeError('boom');
        },
      },
    });
    const { error, message } = await ran({ ...own, laws: [broken] }, { runs: 2 });
    expect(message).toMatch(/^mine\/text@1 threw: at event \d+ \(.*\), in law `broken`: boom\n/);
    expect((error?.cause as Error | undefined)?.stack).toContain('seeds.test.ts');
  });

  const [claim] = text.sometimes as readonly [Claim];
  test('for a claim that so many seeds should have seen, and not for one that fewer could have missed', async () => {
    const calm = { ...own, plan: () => [], sometimes: [{ ...claim, oncePer: 2 }] };
    const { message } = await ran(calm, { runs: 40 });
    expect(message).toContain('mine/text breaks no law in 40 runs, but: 1 claim never seen');
    expect(message).toContain(`claim ${claim.name} never came true in 40 runs: ${claim.states}`);
    const few = await ran(calm, { runs: 4 });
    expect(few.error).toBeNull();
    expect(few.notes).toEqual([
      expect.stringMatching(/^the test \(mine\): mine\/text: claim \S+ not seen yet: not enough seeds \(\d+ needed\)$/),
    ]);
    // Under conditions that somebody else chose it need not come true.
    expect((await ran(calm, { runs: 40, faults: ['balancerReload'] })).notes).toEqual([]);
  });

  test('for a target that is missed by more than luck', async () => {
    const slow: Scenario = {
      ...own,
      targets: [{ name: 'recovery' }],
      plan: () => [{ kind: 'cut', target: 'c1-lb', at: at(seconds(1)), lasts: seconds(60), direction: 'both' }],
    };
    const { message } = await ran(slow, { runs: 60 });
    expect(message).toContain('but: 1 target missed, by more than luck');
    expect(message).toMatch(/missed {4}recovery: .*, promised below /);
  });

  test('when its time is over, and says how far it came', async () => {
    const { message } = await ran(own, { runs: 100_000, timeout: 50 });
    expect(message).toMatch(
      /^mine\/text: 50 ms were over after \d+ of 100,000 runs, none of which was bad: expected fewer `runs`, or a longer `timeout`$/,
    );
  });

  test.each<[string, object, Readonly<Record<string, string>>, string]>([
    ['no runs', { runs: 0 }, {}, '`runs`: expected a whole number from 1 to 100000000, got 0'],
    ['an option of none', { rums: 1 }, {}, 'seeds: expected options of runs, from, '],
    ['a first seed of none', { from: 'K!' }, {}, '`from`: expected a seed such as k7f3'],
    ['a time-out of none', { timeout: -1 }, {}, '`timeout`: expected milliseconds above 0'],
    ['a cell of none', { cell: { moment: 'never' } }, {}, '`cell`: expected none, which mine/text opens'],
    [
      'HANGUP_SEEDS',
      {},
      { HANGUP_SEEDS: '20k' },
      'HANGUP_SEEDS: expected a whole number from 1 to 100000000, got "20k"',
    ],
    ['HANGUP_SEEDS', {}, { HANGUP_SEEDS: '0' }, 'HANGUP_SEEDS: expected a whole number from 1 to 100000000, got "0"'],
    ['HANGUP_FROM', {}, { HANGUP_FROM: 'now?' }, 'HANGUP_FROM: expected a seed such as k7f3'],
    ['too far', { runs: 2 }, { HANGUP_FROM: 'zzzzzzzzzz' }, '2 seeds from zzzzzzzzzz go beyond zzzzzzzzzz'],
  ])('in one line for %s: %j, %j', async (_, options, environment, line) => {
    const { message } = await ran(own, options, environment);
    expect(message).toContain(line);
    expect(message).not.toContain('\n');
  });

  test('in one line for what is no scenario', async () =>
    expect((await ran(undefined as never)).message).toMatch(/^`scenario`: expected a scenario, .* got nothing$/));
});

describe('a test has the time', () => {
  test('that its runs take ten times over, or what it is given, and for more runs as much more', async () => {
    const spare = 60_000;
    const timeout = async (options: SeedsOptions, seeds = ''): Promise<number> =>
      (await ran({ ...own, plan: undefined } as never, options, { HANGUP_SEEDS: seeds })).timeout - spare;
    expect(await timeout({ runs: 500 })).toBe(110_000);
    expect(await timeout({})).toBe(50_000);
    expect(await timeout({ runs: 500 }, '20000')).toBe(4_010_000);
    expect(await timeout({ runs: 500, timeout: 5_000 })).toBe(5_000);
    expect(await timeout({ runs: 500, timeout: 5_000 }, '20000')).toBe(200_000);
    expect(await timeout({ runs: 500, timeout: 5_000 }, '5')).toBe(5_000);
  });

  test('and runs as many seeds as the environment says', async () => {
    const run = new Set<string>();
    const counting: Scenario = {
      ...own,
      plan: () => [],
      world: (setting) => {
        run.add(setting.dice.seed);
        return own.world(setting);
      },
    };
    await ran(counting, { runs: 3 });
    expect(run.size).toBe(3);
    await ran(counting, { runs: 3 }, { HANGUP_SEEDS: '7' });
    expect(run.size).toBe(7);
  });
});

test('vitest shows the message at the line of the test, and goes on with the others', () => {
  const url = (path: string): string =>
    JSON.stringify(pathToFileURL(fileURLToPath(new URL(`../../${path}`, import.meta.url))));
  writeFileSync(
    join(folder, 'own.test.mjs'),
    `import { seeds } from ${url('sim/testing/vitest.ts')};
import { scenarioNamed } from ${url('sim/session/scenarios/catalogue.ts')};
import { fewDials } from ${url('properties/testing/few-dials.ts')};
const own = { ...scenarioNamed('midstream/text'), name: 'mine/text', sometimes: [], targets: [] };
seeds('holds', own, { runs: 5 });
seeds('breaks', { ...own, laws: [fewDials] }, { runs: 40 });
`,
  );
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--root', folder, '--reporter', 'default'],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  const said = stdout + stderr;
  expect(status).toBe(1);
  expect(said).toContain('1 failed | 1 passed');
  expect(said).toMatch(/Error: mine\/text@\w+ breaks the law few-dials/);
  expect(said).toMatch(/❯ own\.test\.mjs:6:1/);
  expect(existsSync(join(folder, '.hangup', 'failures'))).toBe(true);
}, 60_000);
