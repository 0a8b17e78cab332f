/** Scenarios of somebody else as a library: swept by worker processes that load their module, documented, kept, shrunk. */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Entry, Law, Network, Outcome, Scenario, SweepOptions } from '../../sim/index.ts';
import type { SeedsOptions } from '../../sim/testing/asked.ts';

/** As it is built: from source each of the many worker processes takes four times as long to start. */
const library = new URL('../../dist/sim/index.js', import.meta.url).href;
const {
  documentOf,
  findNetwork,
  junit,
  keepFailure,
  loadFailure,
  reportPage,
  run,
  scenarioNamed,
  shrink,
  sweep,
  timeline,
  verdictOf,
} = (await import(library)) as typeof import('../../sim/index.ts');
const { survive } = (await import(
  new URL('../../dist/sim/testing/survive.js', import.meta.url).href
)) as typeof import('../../sim/testing/survive.ts');
const folder = mkdtempSync(join(tmpdir(), 'hangup-module-'));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `import { law, scenarioNamed, sweep } from '${library}';\n${text}`);
  return pathToFileURL(path).href;
}

/** A copy of a catalogue scenario that is cut at times, and a law of its own that some of its runs break. */
const module = written(
  'mine.mjs',
  `const basic = scenarioNamed('midstream/text');
export const few = law({
  name: 'few-cuts',
  states: 'no network fails five times',
  remember: () => ({ cuts: 0 }),
  on: {
    fault(memory, { begins }, breach) {
      if (begins && ++memory.cuts === 5) breach('it failed a fifth time');
    },
  },
});
export const strict = { ...few, name: 'no-cut', on: { fault: (_, __, breach) => breach('it failed') } };
export const mine = { ...basic, name: 'mine/text', targets: [], laws: [few] };
export const others = [{ ...basic, name: 'mine/calm', targets: [], plan: () => [] }];`,
);

const { mine, strict } = (await import(module)) as { readonly mine: Scenario; readonly strict: Law };
const TWO = { seeds: 6, jobs: 2, portion: 3 } as const;

describe('scenarios that a module exports', () => {
  test('are swept by worker processes as in this one: all of them, by themselves, or by name', async () => {
    const all = await sweep({ module, ...TWO });
    const alone = await sweep({ scenarios: [mine], ...TWO, jobs: 1 });
    const named = await sweep({ module: new URL(module), scenarios: ['mine/text', 'context/basic'], ...TWO });
    const summary = ({ tallies }: typeof all) =>
      tallies.map(({ scenario, tally }) => [scenario.name, tally.digests, tally.brokenBy]);
    expect(summary(all).map(([name]) => name)).toEqual(['mine/text', 'mine/calm']);
    expect(summary(all)[0]).toEqual(summary(alone)[0]);
    expect(summary(all)[0]?.[2]).toHaveProperty('few-cuts');
    expect(summary(named).map(([name]) => name)).toEqual(['mine/text', 'context/basic']);
    expect(summary(named)[0]).toEqual(summary(alone)[0]);
  });

  test('leave failure files that name the module', async () => {
    const failures = join(folder, 'found');
    await sweep({ module, scenarios: ['mine/text'], ...TWO, failures });
    const [name = ''] = readdirSync(failures);
    const { file } = loadFailure(join(failures, name), mine);
    expect(file.config).toMatch(/mine\.mjs$/);
    expect(file.files).toMatchObject([{ flag: 'config', path: file.config }]);
  });

  test('are judged by laws that it exports instead of their own', async () => {
    const { tallies } = await sweep({ module, scenarios: [mine], laws: [strict], ...TWO });
    expect(tallies[0]?.tally.brokenBy).toEqual({ 'no-cut': 6 });
  });

  test('are found by workers of a test, too, which has loaded another copy of them', async () => {
    const failures = join(folder, 'of-a-test');
    const tested = (options: SeedsOptions) =>
      survive(
        'mine',
        { ...mine },
        { failures, jobs: 2, ...options },
        { runs: 8, from: 1, timeoutMs: 60_000 },
        () => {},
      );
    await expect(tested({ module })).rejects.toThrow('mine/text@1 breaks the law few-cuts');
    const { file } = loadFailure(join(failures, 'mine-text@1.json'), mine);
    expect(file.config).toMatch(/mine\.mjs$/);
    await expect(tested({})).rejects.toThrow('worker processes cannot find it: give sweep the `module`');
  });

  test.each<[string, Partial<SweepOptions>, string]>([
    [
      'a scenario of no module',
      { scenarios: [mine] },
      'scenario mine/text: worker processes cannot find it: give sweep the `module` that exports it, or jobs: 1',
    ],
    [
      'a changed copy',
      { module, scenarios: [{ ...mine, plan: () => [] }] },
      'scenario mine/text: worker processes would take another scenario of that name',
    ],
    [
      'a law of no module',
      { module, laws: [{ ...strict, name: 'elsewhere' }] },
      'law elsewhere: worker processes cannot find it',
    ],
    [
      'a name of none',
      { module, scenarios: ['mine/txt'] },
      '`scenarios`: expected a name of the catalogue or of `module`, got "mine/txt"',
    ],
    ['nothing to run', {}, '`scenarios`: expected a list, or a `module` that has them, got nothing'],
    [
      'a module without one',
      { module: written('empty.mjs', 'export const scenario = 7;') },
      'empty.mjs: expected exported scenarios, or',
    ],
    [
      'a name of the catalogue',
      { module: written('taken.mjs', "export default { scenarios: [{ ...scenarioNamed('context/basic') }] };") },
      'taken.mjs: `scenarios`: context/basic is the name of another scenario already',
    ],
    [
      'the program itself',
      { module: process.argv[1] as string },
      'is the program that sweeps, and would sweep again in every worker',
    ],
  ])('%s is refused in one line', (_, options, line) => expect(sweep({ ...TWO, ...options })).rejects.toThrow(line));

  test('that sweeps when it is loaded, where only workers would, says so and starts no others', () =>
    expect(
      sweep({
        ...TWO,
        module: written(
          'eager.mjs',
          `if (process.env.HANGUP_WORKER) await sweep({ scenarios: [scenarioNamed('context/basic')], seeds: 1, jobs: 1 });
export const eager = { ...scenarioNamed('context/basic'), name: 'mine/eager' };`,
        ),
      }),
    ).rejects.toThrow('a module sweeps when it is loaded, and a worker process loaded it for its scenarios'));
});

describe('a run that did not hold', () => {
  const history: Entry[] = [];
  const outcome: Outcome = run(mine, '1', { witness: (entry) => history.push(entry) });

  test('shrinks by what it holds itself', () => {
    expect(outcome.breaches).toMatchObject([{ law: 'few-cuts' }]);
    expect(shrink(outcome)).toMatchObject({ law: 'few-cuts', plan: { length: 5 } });
    expect(() => shrink(outcome, scenarioNamed('context/basic') as Scenario)).toThrow(
      'shrink: expected the scenario of the outcome, mine/text, got context/basic',
    );
  });

  test('is kept and made again, and only of its own scenario', () => {
    const path = keepFailure(join(folder, 'failures'), outcome, { module });
    const { seed, options, file } = loadFailure(path, mine);
    expect(run(mine, seed, options).digest).toBe(outcome.digest);
    expect(file.files).toMatchObject([{ flag: 'config', path: expect.stringContaining('mine.mjs') }]);
    const under = run(mine, '1', { network: findNetwork('lte') as Network, laws: [strict] });
    expect(loadFailure(keepFailure(join(folder, 'under'), under, { module }), mine).file.network).toBe('lte');
    expect(() => loadFailure(path, scenarioNamed('context/basic') as Scenario)).toThrow(
      '`scenario`: expected context/basic, got mine/text',
    );
    expect(() => keepFailure(folder, run(mine, '1', { laws: [] }))).toThrow(
      'mine/text@1: expected a run that did not hold',
    );
  });

  test('is a timeline with the breach where it happened', () => {
    const lines = timeline(history, outcome);
    const broken = lines.findIndex((line) => line.includes('BROKEN  few-cuts: it failed a fifth time'));
    expect(lines.slice(broken - 2, broken)).toEqual([
      expect.stringMatching(/ fault 4 reset begins$/),
      expect.stringMatching(/ fault 4 reset ends$/),
    ]);
    expect(timeline(history, { full: true }).length).toBe(history.length);
  });
});

test('a sweep has a document, with page, JUnit text and verdict', async () => {
  const options: SweepOptions = { scenarios: [mine], seeds: 6, jobs: 1 };
  const document = await documentOf(await sweep(options), options);
  expect(document.scenarios).toMatchObject([{ name: 'mine/text', broken: [{ law: 'few-cuts', confirmed: true }] }]);
  expect(document.scenarios[0]?.laws?.at(-1)).toBe('few-cuts');
  expect(verdictOf(document).kind).toBe('broken');
  expect(junit(document)).toContain('<testcase classname="mine/text" name="law few-cuts"><failure message="it failed');
  expect(reportPage(document, null)).toContain('mine/text');
});
