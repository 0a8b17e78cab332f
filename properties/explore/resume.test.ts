/** A sweep that was killed goes on where it was: its journal adds up to the same document, or is refused. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { VERSION } from '../../sim/cli/version.ts';
import { documentOf } from '../../sim/explore/document.ts';
import { type Header, Journal, readJournal } from '../../sim/explore/journal.ts';
import type { Finished, Sweep } from '../../sim/explore/sweep.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { sweep } from '../../sim/sweep.ts';
import { calledIn, plantedIn } from '../cli/called.ts';
import { COMMAND, ENVIRONMENT as env, PLANTED, startedIn } from '../cli/started.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NAMES = ['midstream/cascade', 'context/basic'];
const scenarios = NAMES.map((name) => scenarioNamed(name) as SessionScenario);
const NOTHING = { input: null, schema: null, network: null, policy: null, faults: null, cell: null, sizes: null };
const header = (seeds: number, names = NAMES): Header => ({
  ...{
    format: 'hangup/journal/2',
    version: VERSION,
    scenarios: names,
    seeds,
    from: '1',
    arguments: NOTHING,
    files: [],
  },
});

/** The document without what the wall clock says. */
const documentText = (result: Sweep, seeds: number): string => {
  const { wall: _, ...document } = documentOf(result, [], { version: VERSION, seeds, from: 1, origin: NOTHING });
  return JSON.stringify(document);
};

const SEEDS = 14;
const path = join(folder, 'sweep.journal');
/** A sweep that was not disturbed, and its journal. */
const whole = (async () => {
  const journal = Journal.open(path, header(SEEDS), null);
  const options = { scenarios, seeds: SEEDS, jobs: 1, portion: 4 };
  const result = await sweep({ ...options, onFinished: (finished) => journal.add(finished) });
  journal.close();
  return { document: documentText(result, SEEDS), bytes: readFileSync(path) };
})();

/** What a journal of these bytes is read as. */
function read(bytes: Uint8Array, expected = header(SEEDS)): ReturnType<typeof readJournal> {
  const copy = join(folder, 'copy.journal');
  writeFileSync(copy, bytes);
  return readJournal(copy, expected);
}

describe('a journal', () => {
  test('cut anywhere has the portions before the cut, and with them the sweep has the document of an undisturbed one', async () => {
    const { document, bytes } = await whole;
    const known = (resumed: readonly Finished[]): number => resumed.reduce((sum, { seeds }) => sum + seeds, 0);
    let most = -1;
    for (const share of [0.2, 0.55, 0.9, 1]) {
      const { finished } = read(bytes.subarray(0, Math.floor(bytes.length * share)));
      expect(known(finished)).toBeGreaterThan(most);
      most = known(finished);
      let again = 0;
      const result = await sweep({
        ...{ scenarios, seeds: SEEDS, jobs: 1, portion: 3, resumed: finished },
        onFinished: ({ seeds }) => {
          again += seeds;
        },
      });
      expect(documentText(result, SEEDS)).toBe(document);
      expect(again).toBe(2 * SEEDS - most);
    }
    expect(most).toBe(2 * SEEDS);
  });

  test('that is damaged in one bit is refused with its line, or loses no more than its last one', async () => {
    const { bytes } = await whole;
    const { finished } = read(bytes);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] as number) ^ (1 << bit);
        try {
          expect(read(damaged).finished.length).toBe(finished.length - 1);
        } catch (error) {
          expect((error as Error).message).toMatch(/copy\.journal: line \d+ is damaged/);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('goes on behind its last whole line', async () => {
    const { bytes } = await whole;
    const torn = join(folder, 'torn.journal');
    writeFileSync(torn, bytes.subarray(0, bytes.length - 5));
    const recorded = readJournal(torn, header(SEEDS));
    const journal = Journal.open(torn, header(SEEDS), recorded);
    journal.add(recorded.finished[0] as Finished);
    journal.close();
    expect(readJournal(torn, header(SEEDS)).finished.length).toBe(recorded.finished.length + 1);
  });

  test.each([
    ['version', { version: '0.0.1' }],
    ['scenarios', { scenarios: ['context/basic'] }],
    ['--seeds', { seeds: 15 }],
    ['--from', { from: '2' }],
    ['arguments', { arguments: { ...NOTHING, network: 'wifi' } }],
    ['wifi.down has changed', { files: [{ flag: 'network' as const, path: 'wifi.down', sha256: '0'.repeat(64) }] }],
  ])('of another sweep is refused in a line: %s', async (what, other) => {
    const { bytes } = await whole;
    expect(() => read(bytes, { ...header(SEEDS), ...other })).toThrow(new RegExp(`^--resume: .*${what}.*$`));
  });

  test('is taken away by its own sweep only', async () => {
    const place = join(folder, 'place.journal');
    const first = Journal.open(place, header(1), null);
    const second = Journal.open(place, header(2), null);
    first.remove();
    expect(existsSync(place)).toBe(true);
    second.remove();
    expect(existsSync(place)).toBe(false);
  });

  test('costs a bounded number of bytes a run', async () => {
    const { bytes } = await whole;
    expect(bytes.length / (2 * SEEDS)).toBeLessThan(1500);
  });
});

/** The command in a folder of its own, until it ends or `isEnough` of what it wrote and left behind: then SIGKILL. */
async function killed(
  cwd: string,
  args: readonly string[],
  isEnough: (err: string) => boolean,
  command = COMMAND,
): Promise<boolean> {
  const child = spawn(process.execPath, [...command, ...args], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (text) => {
    err += text;
  });
  const watch = setInterval(() => {
    if (isEnough(err)) child.kill('SIGKILL');
  }, 5);
  const signal = await new Promise((resolve) => child.on('exit', (_, by) => resolve(by)));
  clearInterval(watch);
  return signal === 'SIGKILL';
}

test('a command that is killed, and killed again, comes to the document of one that was not', async () => {
  const cwd = join(folder, 'killed');
  mkdirSync(cwd);
  const names = ['midstream/text', 'midstream/json'];
  const args = ['explore', ...names, '--seeds', '120', '--jobs', '1', '--report', 'out', '--json', '--resume'];
  const lines = (): number => {
    const journal = join(cwd, 'out/sweep.journal');
    return existsSync(journal) ? readFileSync(journal, 'latin1').split('\n').length - 1 : 0;
  };
  for (const least of [2, 5]) expect(await killed(cwd, args, () => lines() >= least)).toBe(true);
  const { code, out, err } = startedIn(cwd)(...args);
  expect(err).toMatch(/^--resume: [1-9]\d* of 240 runs are in out\/sweep\.journal\n/);
  expect(code).toBe(0);
  const { wall: _, ...document } = JSON.parse(out);
  const undisturbed = await sweep({
    scenarios: names.map((name) => scenarioNamed(name) as SessionScenario),
    seeds: 120,
    jobs: 1,
  });
  expect(JSON.stringify(document)).toBe(documentText(undisturbed, 120));
  expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['index.html', 'results.json']);
});

describe('a failure', () => {
  const cwd = join(folder, 'failing');
  // So few that they run in the command's own process, which knows the planted law.
  const args = ['explore', 'midstream/text', '--seeds', '40', '--jobs', '1', '--network', 'measured,measured'];

  test('is written when it is found, whatever kills the sweep then', async () => {
    mkdirSync(cwd);
    // A packet each 10 ms.
    writeFileSync(join(cwd, 'measured'), '10\n');
    expect(await killed(cwd, args, (err) => err.includes('saved '), PLANTED)).toBe(true);
    const [name = ''] = readdirSync(join(cwd, '.hangup/failures'));
    expect(JSON.parse(readFileSync(join(cwd, '.hangup/failures', name), 'utf8'))).toMatchObject({
      scenario: 'midstream/text',
      breaches: [{ law: 'planted' }],
    });
  });

  test('of a trace that changed since is not gone on with', async () => {
    writeFileSync(join(cwd, 'measured'), '20\n');
    const { code, out, err } = await plantedIn(cwd)(...args, '--resume');
    expect(err).toMatch(/^hangup: --resume: measured has changed since .hangup\/sweep.journal was written.*\n$/);
    expect([code, out]).toEqual([2, '']);
  });
});

test('a sweep whose journal cannot be written says so, and is none the worse', async () => {
  const cwd = join(folder, 'occupied');
  mkdirSync(join(cwd, '.hangup', 'sweep.journal'), { recursive: true });
  const args = ['explore', 'context/basic', '--seeds', '2', '--jobs', '1'];
  const { code, err } = await calledIn(cwd)(...args);
  expect(err).toMatch(/^warning: .hangup\/sweep.journal: cannot be written \(\w+\): this sweep cannot be resumed\n/);
  expect(code).toBe(0);
});
