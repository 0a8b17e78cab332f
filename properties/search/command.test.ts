import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { calledIn, plantedIn } from '../cli/called.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-search-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const called = calledIn(folder);

describe('what a search cannot be combined with is refused in one line', () => {
  test.each<[string, readonly string[], RegExp]>([
    [
      'another depth',
      ['--exhaustive', '3'],
      /^hangup: --exhaustive: expected 1 \(every fault\) or 2 \(every pair\), got 3\n$/,
    ],
    [
      'two searches',
      ['--exhaustive', '1', '--guided'],
      /^hangup: --exhaustive and --guided: expected one of them.*\n$/,
    ],
    ['targets', ['--guided', '--strict-targets'], /^hangup: --guided: expected no --strict-targets with it.*\n$/],
    ['cells', ['--exhaustive', '1', '--by-cell'], /^hangup: --exhaustive: expected no --by-cell with it.*\n$/],
    ['a corpus of nobody', ['--corpus', 'x'], /^hangup: --corpus: expected --guided or --maximise with it\n$/],
    [
      'a figure that nobody measures',
      ['--maximise', 'recoveri'],
      /^hangup: --maximise: midstream\/json measures no.*recoveri.*recovery.*\n$/,
    ],
  ])('%s', async (_, args, says) => {
    const { code, err, out } = await called('explore', 'midstream/json', ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(says);
  });
});

test('a failure that a search found replays from its file, by the line that it prints', async () => {
  const planted = plantedIn(folder);
  // So few runs are made in this process, where the law is.
  const { code, out } = await planted('explore', 'midstream/json', '--guided', '--seeds', '20', '--jobs', '1');
  expect(code).toBe(1);
  const [, line = ''] = /^npx hangup (replay .*)$/m.exec(out) ?? [];
  expect(line).toMatch(/^replay \.hangup\/failures\/midstream-json@\w+-guided-\d+\.json$/);
  expect(out).toContain('confirmed by a second run');
  const again = await planted(...line.split(' '));
  expect(again.code).toBe(1);
  expect(again.out).toContain('breaks planted');
  // What its file says is what was run: no other digest.
  expect(again.out).not.toContain('digest differs');
});

test('the document says what was searched, and what runs met', async () => {
  const { code, out } = await called(
    ...[
      'explore',
      'midstream/json',
      '--guided',
      '--coverage',
      '--seeds',
      '45',
      '--jobs',
      '1',
      '--json',
      '--corpus',
      'kept',
    ],
  );
  expect(code).toBe(0);
  const document = JSON.parse(out);
  expect(document.search).toMatchObject({ kind: 'guided', found: [{ scenario: 'midstream/json' }] });
  expect(document.scenarios[0].coverage.runs).toBe(45);
  expect(document.scenarios[0].runs).toBe(45);
  // The corpus is kept, and the next search begins with it.
  expect(readdirSync(join(folder, 'kept'))).toEqual(['midstream-json.json']);
  const { runs } = JSON.parse(readFileSync(join(folder, 'kept/midstream-json.json'), 'utf8'));
  expect(runs).toHaveLength(document.search.found[0].kept);
  const next = await called(
    'explore',
    'midstream/json',
    '--guided',
    '--seeds',
    '5',
    '--jobs',
    '1',
    '--json',
    '--corpus',
    'kept',
  );
  expect(next.code).toBe(0);
});

test('the tables fit 120 columns', async () => {
  const { out } = await called('explore', 'midstream/json', '--coverage', '--seeds', '3', '--jobs', '1');
  const lines = out.split('\n');
  const from = lines.findIndex((line) => line.startsWith('coverage of 3 runs'));
  const tables = lines.slice(
    from,
    lines.findIndex((line) => line.startsWith('phases that nobody entered')),
  );
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.filter((line) => line.length > 120)).toEqual([]);
});
