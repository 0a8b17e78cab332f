/** What `explore` leaves behind, and `compare`, as a user calls them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseTrend } from '../../sim/report/trend-file.ts';
import { calledIn } from '../cli/called.ts';
import { COMMAND, ENVIRONMENT as env } from '../cli/started.ts';
import { brokenDocument, sampleDocument } from './sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hangup = calledIn(folder);

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const SWEEP = ['explore', 'context/basic', '--seeds', '3', '--jobs', '1'] as const;

describe('explore', () => {
  test('--report writes a page and results.json, whole, and nothing else', async () => {
    const { code, out } = await hangup(...SWEEP, '--report', 'deep/out');
    expect(code).toBe(0);
    expect(out).toContain('context/basic');
    expect(readdirSync(join(folder, 'deep/out')).sort()).toEqual(['index.html', 'results.json']);
    expect(JSON.parse(read('deep/out/results.json'))).toMatchObject({ schema: 'hangup/explore/3', seeds: 3 });
    expect(read('deep/out/index.html')).toContain('</html>');
  });

  test('--out that is a file, or below one, is refused before the first run', async () => {
    const path = file('no-folder', 'x');
    for (const out of [path, `${path}/deep/failures`])
      expect(await hangup(...SWEEP, '--out', out)).toEqual({
        code: 2,
        out: '',
        err: `hangup: --out ${out}: expected a folder, but no-folder is a file\n`,
      });
  });

  test('--reporter junit takes standard output; with a file, the table stays', async () => {
    const alone = await hangup(...SWEEP, '--reporter', 'junit');
    expect(alone.out).toMatch(/^<\?xml version="1.0"[\s\S]*<\/testsuites>\n$/);
    const both = await hangup(...SWEEP, '--reporter', 'junit:ci/junit.xml', '--reporter', 'github');
    expect(both.out).toMatch(
      /context\/basic +3 [\s\S]*::notice title=hangup::Every law holds in 3 runs of 1 scenario; not enough seeds for .*\n$/,
    );
    expect(read('ci/junit.xml')).toContain('<testcase classname="context/basic" name="law prefix"/>');
  });

  test('--reporter github leaves standard output to --json', async () => {
    const { out, err } = await hangup(...SWEEP, '--json', '--reporter', 'github');
    expect(JSON.parse(out)).toMatchObject({ schema: 'hangup/explore/3' });
    expect(err).toContain('::notice title=hangup::');
  });

  test('--trend appends a line each time, and sets a torn one apart and names it', async () => {
    file('trend.jsonl', '{"schema":"hangup/hist');
    const { err } = await hangup(...SWEEP, '--trend', 'trend.jsonl');
    expect(err).toContain('warning: trend.jsonl: line 1: does not parse as JSON');
    await hangup(...SWEEP, '--trend', 'trend.jsonl', '--report', 'trend');
    const { entries, problems } = parseTrend(read('trend.jsonl'));
    expect(entries).toHaveLength(2);
    expect(problems).toHaveLength(1);
    expect(read('trend/index.html')).toContain('Recovery p95 over 2 sweeps');
  });

  test('sweeps that end together each have their line in the trend', async () => {
    const sweeps = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [...COMMAND, ...SWEEP, '--trend', 'together.jsonl'], {
        cwd: folder,
        env,
        stdio: 'ignore',
      }),
    );
    await Promise.all(sweeps.map((sweep) => new Promise((resolve) => sweep.on('exit', resolve))));
    const { entries, problems } = parseTrend(read('together.jsonl'));
    expect(entries).toHaveLength(4);
    expect(problems).toEqual([]);
  });

  test.each([
    ['--report', 'a-file'],
    ['--report', 'a-file/out'],
    ['--trend', 'a-file/trend.jsonl'],
    ['--trend', '.'],
    ['--reporter', 'junit:a-file/junit.xml'],
    ['--reporter', `junit:${'x'.repeat(250)}`],
  ])('%s %s cannot be written: one line, exit 74, before anything is run', async (flag, path) => {
    file('a-file', 'in the way');
    const { code, out, err } = await hangup(...SWEEP, flag, path);
    expect(err).toMatch(
      /^hangup: --\w+ .*: expected a (folder|file in a folder), but a-file is a file\n$|^hangup: --trend \.: expected a file, but it is a folder\n$|^hangup: x+: cannot be written \(ENAMETOOLONG\)\n$/,
    );
    expect(code).toBe(74);
    expect(out).toBe('');
  });

  test.each([
    [['--reporter', 'junti'], 'unknown reporter "junti": did you mean junit? (junit, github)'],
    [['--reporter', 'tap'], 'unknown reporter "tap" (junit, github)'],
    [['--reporter', 'constructor'], 'unknown reporter "constructor" (junit, github)'],
    [['--report', ''], '--report: expected a folder, got ""'],
    [['--trend', ''], '--trend: expected a file, got ""'],
    [['--reporter', 'junit:'], '--reporter junit: expected a file behind the colon'],
    [['--report', 'both', '--trend', 'both/results.json'], '--report and --trend: expected a file each'],
    [['--reporter', 'junit', '--by-cell'], '--by-cell: expected a table on standard output'],
    [['--reporter', 'junit', '--json'], 'use --reporter junit:FILE'],
  ])('%j is bad usage', async (args, line) => {
    const { code, err } = await hangup(...SWEEP, ...args);
    expect(err).toContain(line);
    expect(code).toBe(2);
  });
});

describe('compare', () => {
  const a = file('a.json', JSON.stringify(sampleDocument()));
  const b = file('b.json', JSON.stringify(brokenDocument()));

  test('of a sweep with itself finds nothing and exits 0', async () => {
    const { code, out } = await hangup('compare', a, a);
    expect(out).toContain('2 scenarios identical, event by event');
    expect(out).toContain('no regression');
    expect(code).toBe(0);
  });

  test('of a sweep with one that breaks a law names it, gives the line to paste, and exits 1', async () => {
    const { code, out } = await hangup('compare', a, b);
    expect(out).toContain('midstream/json: law prefix held and is broken in 3 of 12 runs');
    expect(out).toContain('\nnpx hangup replay midstream/json@k7f3\n');
    expect(code).toBe(1);
    expect((await hangup('compare', b, a)).code).toBe(0);
  });

  test('--json is one document', async () => {
    const { code, out } = await hangup('compare', a, b, '--json');
    expect(JSON.parse(out)).toMatchObject({ schema: 'hangup/compare/1', regressions: 1 });
    expect(code).toBe(1);
  });

  test('of several sweeps holds each against the first, under its letter', async () => {
    const { code, out } = await hangup('compare', a, a, b);
    expect(out).toContain('\nC: b.json, hangup 1.2.3');
    expect(out).toContain('\nB against A\n\n2 scenarios identical');
    expect(out.slice(out.indexOf('C against A'))).toContain('midstream/json: law prefix held and is broken');
    expect(out.trimEnd().endsWith('1 regression')).toBe(true);
    expect(code).toBe(1);
    const json = JSON.parse((await hangup('compare', a, a, b, '--json')).out);
    expect(json).toMatchObject({
      ...{ schema: 'hangup/compare/2', regressions: 1, a: { file: 'a.json' } },
      others: [
        { file: 'a.json', regressions: 0 },
        { file: 'b.json', regressions: 1, facts: [{ regression: true }] },
      ],
    });
  });

  test('of sweeps of the same seeds goes by pairs, and prints what they gained', async () => {
    const sweep = (base: string): Promise<unknown> =>
      hangup(
        'explore',
        'midstream/text',
        '--seeds',
        '12',
        '--jobs',
        '1',
        '--policy',
        `full-jitter,base=${base}`,
        '--report',
        base,
      );
    for (const base of ['500ms', '600ms']) await sweep(base);
    const { out } = await hangup('compare', '500ms/results.json', '600ms/results.json', '--all');
    expect(out).toContain('12 pairs of runs of one seed');
    // What is sent again hardly depends on who waits for how long.
    expect(out).toMatch(/bytes-resent mean .* r (1\.00|0\.9\d) x\d/);
    const json = JSON.parse((await hangup('compare', '500ms/results.json', '600ms/results.json', '--json')).out);
    expect(json).toMatchObject({ schema: 'hangup/compare/1', twins: { 'midstream/text': 12 } });
    expect(json.rows.find(({ metric }: { metric: string }) => metric === 'virtual time mean').pairs).toMatchObject({
      ...{ pairs: 12, correlation: expect.any(Number), gain: expect.any(Number) },
    });
  });

  test('of files that are no sweeps has one line for each of them and exits 2', async () => {
    file('empty.json', '');
    const { code, out, err } = await hangup('compare', 'empty.json', 'nothing.json');
    expect(err).toBe('hangup: empty.json: is empty\nhangup: nothing.json: cannot be read (ENOENT)\n');
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test.each([
    [[a], 'missing required argument'],
    [[a, a, '--least-change', 'lots'], '--least-change: expected a percentage from 0 to 100'],
    [[a, file('other.json', JSON.stringify(renamed()))], 'expected at least one scenario in common'],
    [[a, a, 'other.json'], 'a.json and other.json: expected at least one scenario in common'],
  ])('%j is bad usage', async (args, line) => {
    const { code, err } = await hangup('compare', ...args);
    expect(err).toContain(line);
    expect(code).toBe(2);
  });

  function renamed(): object {
    const sample = sampleDocument(2);
    return { ...sample, scenarios: sample.scenarios.map((each) => ({ ...each, name: `other/${each.name}` })) };
  }
});
