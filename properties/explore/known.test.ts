/**
 * What becomes of failures: the least run of each cause is kept with all that it is made of, the next sweep tries it first,
 * and every failing seed is told.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../sim/cli/exit-code.ts';
import { doubtOf } from '../../sim/cli/found.ts';
import { withKnown } from '../../sim/cli/known-failures.ts';
import { newProgress } from '../../sim/cli/progress.ts';
import { failingsOf, keep } from '../../sim/explore/causes.ts';
import type { ExploreDocument } from '../../sim/explore/document.ts';
import { type FailureFile, failurePath } from '../../sim/explore/failure.ts';
import type { Problem } from '../../sim/explore/problems.ts';
import type { Sources } from '../../sim/explore/source.ts';
import type { Progress } from '../../sim/explore/sweep.ts';
import { type BadRun, digestOf } from '../../sim/explore/tally.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { sweep } from '../../sim/sweep.ts';
import { calledIn, plantedIn } from '../cli/called.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-known-'));
const hangup = calledIn(folder);
const planted = plantedIn(folder);
const SWEEP = ['explore', 'context/basic', '--seeds', '3', '--jobs', '1'] as const;
const kept = join(folder, '.hangup/failures');
const path = join(kept, 'context-basic@1.json');
const read = (): FailureFile => JSON.parse(readFileSync(path, 'utf8')) as FailureFile;

describe('a failure that was found', () => {
  test('is kept as the least run that fails so, with the run as it was found, and replays from its file alone', async () => {
    const { code, out } = await planted(...SWEEP);
    expect(code).toBe(1);
    expect(out).toContain('context/basic: planted: c1 was given session 1.');
    expect(out).toMatch(/3 runs: 1, 2, 3\n/);
    expect(out).toMatch(/shrunk in \d+ runs to 0 of 6 faults, \d+ of [\d,]+ events, 1 of 2 servers, 1 of 5 turns/);
    expect(out).toContain('npx hangup replay .hangup/failures/context-basic@1.json\n');
    expect(out).toContain('npx hangup replay context/basic@1\n');
    const file = read();
    expect(file).toMatchObject({
      ...{ format: 3, plan: [], law: 'planted', cause: '# was given session #.', sizes: 'servers=1,turns=1,chunks=1' },
      found: { seed: '1', sizes: null, plan: { length: 6 } },
      shrunk: { stopped: 'least', before: { faults: 6 }, after: { faults: 0 } },
    });
    const again = await planted('replay', '.hangup/failures/context-basic@1.json', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ digest: file.digest, plan: [], breaches: file.breaches });
    const found = await planted('replay', '.hangup/failures/context-basic@1.json', '--found', '--json');
    expect(JSON.parse(found.out)).toMatchObject({ digest: file.found?.digest, plan: file.found?.plan });
    // The same on one line, without the file.
    const pasted = [
      'replay',
      'context/basic@1',
      '--cell',
      String(file.cell),
      '--sizes',
      String(file.sizes),
      '--plan',
      '[]',
    ];
    const line = await planted(...pasted, ...(file.network === null ? [] : ['--network', file.network]), '--json');
    expect(JSON.parse(line.out)).toMatchObject({ digest: file.digest });
  });

  test('is tried first by the next sweep, which says whether it still fails, and fails with it', async () => {
    // Other seeds, and fewer than would find it by themselves matter nothing: the file does.
    const still = await planted(...SWEEP, '--json');
    expect(still.err).toMatch(/^1 known failure: 1 still fails\n {2}context\/basic: planted: /m);
    expect((JSON.parse(still.out) as ExploreDocument).known_failures).toMatchObject([
      { scenario: 'context/basic', law: 'planted', now: 'still' },
    ]);
    const mended = await hangup(...SWEEP);
    expect([mended.code, mended.err]).toEqual([0, expect.stringContaining('1 known failure: 1 passes now\n')]);
    expect((await hangup(...SWEEP, '--no-known')).err).not.toContain('known failure');
    // Of other scenarios nobody asks.
    expect((await planted('explore', 'midstream/retries', '--seeds', '1', '--jobs', '1')).err).not.toContain('known');
    const stopped = await planted(...SWEEP, '--until-failure');
    expect([stopped.code, stopped.out]).toEqual([1, expect.stringContaining('stopped early: failure')]);
  });

  test('whose file is broken is one line, and stops nothing', async () => {
    const whole = readFileSync(path, 'utf8');
    const broken: Readonly<Record<string, string>> = {
      'cut.json': whole.slice(0, 300),
      'other.json': whole.replace('"format": 3', '"format": 4'),
      'edited.json': whole.replace('"servers=1,', '"servers=0,'),
      'unknown-size.json': whole.replace('"servers=1,', '"elephants=1,'),
      'proto.json': whole.replace('"plan": []', '"plan": [{"__proto__":{"kind":"cut"}}]'),
      'hostile.json': whole.replace('"context/basic"', '"context/basic"').replace('"law": "planted"', '"law": 7'),
    };
    for (const [name, text] of Object.entries(broken)) writeFileSync(join(kept, name), text);
    const { code, err } = await hangup(...SWEEP);
    expect(code).toBe(0);
    const lines = err.split('\n').filter((line) => line.startsWith('known failure left out: '));
    expect(lines).toHaveLength(Object.keys(broken).length);
    expect(err).toContain('known failure');
    for (const name of Object.keys(broken)) {
      const alone = await hangup('replay', `.hangup/failures/${name}`);
      expect([name, alone.code, alone.err.trimEnd().split('\n').length]).toEqual([name, 2, 1]);
    }
  });

  test('that does not fail any more is told what changed: version, code, what the seed draws', async () => {
    const file = read();
    const old = { ...file, version: '0.0.9', digest: '0123456789abcdef', conditions: 'satellite, a poem' };
    const rooms = { ...file.code?.rooms, machines: '0'.repeat(64) };
    writeFileSync(join(folder, 'old.json'), JSON.stringify({ ...old, code: { ...file.code, rooms } }));
    const { out } = await hangup('replay', 'old.json');
    expect(out).toContain('it does not fail any more as it did: planted: c1 was given session 1.');
    expect(out).toMatch(
      /changed since: hangup 0\.0\.9 is now .*; hangup's machines; what its seed draws \(satellite, a poem/,
    );
    const same = { ...file, digest: '0123456789abcdef' };
    writeFileSync(join(folder, 'same.json'), JSON.stringify(same));
    const { out: nothing } = await planted('replay', 'same.json');
    expect(nothing).toContain('it still fails as it did, by planted, in another run');
    expect(nothing).toContain('no file that it depends on changed since');
  });

  test('has a name that never leads out of its folder', () => {
    for (const name of ['../../etc/passwd', '/etc/x', 'a\u001b[2J', '..', 'x'.repeat(400)]) {
      const where = failurePath('out', name, { seed: '1' }, name);
      expect(where).toMatch(/^out\/[^/\p{Cc}]{1,260}\.json$/u);
    }
  });
});

test('every failing seed is told by law and cause, and none is cut in silence', async () => {
  const { out } = await planted(
    'explore',
    'context/basic',
    'midstream/retries',
    '--seeds',
    '9',
    '--jobs',
    '1',
    '--no-shrink',
    '--json',
    '--no-known',
  );
  const { groups = [], scenarios } = JSON.parse(out) as ExploreDocument;
  expect(groups).toMatchObject([{ law: 'planted', cause: '# was given session #.', runs: 18, shrunk: null }]);
  const seeds = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
  expect(groups[0]?.scenarios).toMatchObject([
    { name: 'context/basic', runs: 9, seeds, more_seeds: 0 },
    { name: 'midstream/retries', runs: 9, seeds, more_seeds: 0 },
  ]);
  expect(scenarios.map(({ broken }) => broken.length)).toEqual([1, 1]);
  const table = await planted('explore', 'context/basic', '--seeds', '9', '--jobs', '1', '--no-shrink', '--no-known');
  expect(table.out).toContain('9 runs: 1, 2, 3, 4, 5 and 4 more (all in --json)');
});

describe('bad runs that are kept', () => {
  const bad = (seed: number, message: string): BadRun => ({
    ...{ seed: String(seed), cell: {}, digest: '', verdict: 'broken', exceeded: null, plan: [], ended: null },
    breaches: [{ law: 'planted', message, at: 0 as never, event: 1 }],
  });
  /** The third cause comes once, after a hundred of the first. */
  const runs = Array.from({ length: 130 }, (_, i) =>
    bad(i, i === 120 ? 'late' : i % 40 === 39 ? 'rarely' : `often ${i}`),
  );

  test('hide no cause behind many runs of another', () => {
    const all: BadRun[] = [];
    for (const each of runs) keep(all, each);
    const messages = all.flatMap(failingsOf).map(({ message }) => message.replace(/\d+/, ''));
    expect(messages.filter((each) => each === 'late')).toHaveLength(1);
    expect(messages.filter((each) => each === 'rarely')).toHaveLength(3);
    expect(all).toHaveLength(24);
  });

  test.each([1, 7, 50])('are the same in portions of %i', (size) => {
    const all: BadRun[] = [];
    for (const each of runs) keep(all, each);
    const merged: BadRun[] = [];
    for (let from = 0; from < runs.length; from += size) {
      const portion: BadRun[] = [];
      for (const each of runs.slice(from, from + size)) keep(portion, each);
      for (const each of portion) keep(merged, each);
    }
    expect(merged).toEqual(all);
  });
});

describe('a sweep without an end', () => {
  const basic = scenarioNamed('context/basic') as SessionScenario;
  const retries = scenarioNamed('midstream/retries') as SessionScenario;

  test('goes on with fresh seeds of every scenario, keeps no digest of each, and ends when it is told to', async () => {
    const abort = new AbortController();
    const seen: string[] = [];
    const { tallies, stopped } = await sweep({
      ...{ scenarios: [basic, retries], seeds: 2, from: 5, jobs: 1, portion: 2, forever: true, signal: abort.signal },
      onFinished: ({ scenario, from, seeds }) => void seen.push(`${scenario} ${from}+${seeds}`),
      onProgress: ({ done, total }) => {
        expect(total).toBe(Number.POSITIVE_INFINITY);
        if (done >= 10) abort.abort();
      },
    });
    expect(stopped).toBe('interrupted');
    expect(seen.slice(0, 4)).toEqual([
      'context/basic 5+2',
      'midstream/retries 5+2',
      'context/basic 7+2',
      'midstream/retries 7+2',
    ]);
    for (const { tally } of tallies) expect(tally.digests.length).toBeLessThanOrEqual(2);
    // Whoever runs the same seeds at once has the same figures.
    const runs = tallies[1]?.tally.runs ?? 0;
    const whole = await sweep({ scenarios: [retries], seeds: runs, from: 5, jobs: 1 });
    expect(tallies[1]?.tally.events).toBe(whole.tallies[0]?.tally.events);
    expect(digestOf(tallies[1]?.tally as never)).toMatch(/^[0-9a-f]{16}$/);
  });

  test('stops at a failure, and has a line a minute where there is no terminal', async () => {
    const { stopped, tallies } = await sweep({
      ...{ scenarios: [basic], seeds: 2, jobs: 1, forever: true, untilFailure: true },
      laws: [
        {
          name: 'once',
          states: 'no sixth run',
          remember: () => null,
          on: { restored: (_: unknown, __: unknown, breach: (message: string) => void) => breach('it was') },
        } as never,
      ],
    });
    expect([stopped, tallies[0]?.tally.brokenRuns]).toEqual(['failure', expect.any(Number)]);
    const said: string[] = [];
    const shown = newProgress(Number.POSITIVE_INFINITY, { write: (text: string) => void said.push(text) });
    for (let done = 1; done < 1000; done++)
      shown.show({
        scenario: 'x',
        done,
        total: Number.POSITIVE_INFINITY,
        broken: 0,
        exhausted: 0,
        ended: 0,
        most: null,
      } as Progress);
    expect(said).toEqual([]);
  });

  test('takes no journal and no search', async () => {
    expect((await hangup(...SWEEP, '--forever', '--resume')).err).toContain(
      '--forever and --resume: expected one of them',
    );
    expect((await hangup(...SWEEP.slice(0, 2), '--exhaustive', '1', '--forever')).err).toContain(
      '--forever: expected seeds',
    );
  });
});

describe('the exit code', () => {
  const nothing = { tallies: [], stopped: null };
  const unkept = { missed: [], open: [] };
  const problem = { scenario: 'x', seed: '1', confirmed: false, paste: 'paste' } as unknown as Problem;
  const sources = (ours: boolean): Sources => ({ find: () => ({}), isOurs: () => ours }) as unknown as Sources;

  test('is 70 when a second run of ours comes to something else, and 4 of somebody else', () => {
    expect(doubtOf([{ ...problem, confirmed: true }], sources(true))).toBeNull();
    expect(exitCodeOf(nothing, unkept, { strict: false, doubt: doubtOf([problem], sources(true)) })).toBe(70);
    expect(exitCodeOf(nothing, unkept, { strict: false, doubt: doubtOf([problem], sources(false)) })).toBe(4);
  });

  test.each([
    [0, 'broken', 1],
    [0, 'budget', 3],
    [0, 'threw', 4],
    [3, 'broken', 1],
    [70, 'broken', 70],
    [130, 'broken', 1],
  ] as const)('of a sweep with %i and a known failure that is %s is %i', (code, verdict, expected) => {
    const tried = { path: 'x.json', scenario: 'x', law: 'y', now: 'still', message: 'z', verdict } as const;
    expect(withKnown(code, { tried: [tried], left: 0 })).toBe(expected);
    expect(withKnown(code, { tried: [{ ...tried, now: 'passes' }], left: 0 })).toBe(code);
  });
});
