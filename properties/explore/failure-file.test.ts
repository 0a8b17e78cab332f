/**
 * Failure files that outlive their folder, their inputs and the code: which file changed is told before anything is said
 * of the code, and whatever else stands in such a file is refused in one line.
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileLines } from '../../sim/cli/file-lines.ts';
import { subjectOf } from '../../sim/cli/subject.ts';
import { run } from '../../sim/core/run.ts';
import { saveFailure } from '../../sim/explore/failure.ts';
import { readFailure } from '../../sim/explore/read-failure.ts';
import type { BadRun } from '../../sim/explore/tally.ts';
import { sha256 } from '../../sim/input/used-files.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { failures } from '../fuzz/failures.ts';
import { fuzz } from '../fuzz/fuzz.ts';

const TRACE = Array.from({ length: 200 }, (_, i) => i * 5).join('\n');
const text = scenarioNamed('midstream/text') as SessionScenario;

/** A project whose sweep found a failure under a trace and an input, with the file that it saved. */
function project(): { readonly root: string; readonly path: string } {
  const root = join(mkdtempSync(join(tmpdir(), 'hangup-failure-')), 'project');
  mkdirSync(root);
  writeFileSync(join(root, 'gap'), TRACE);
  writeFileSync(join(root, 'answer.txt'), 'hello '.repeat(400));
  const { seed, cell, digest, plan, breaches, exceeded } = run(text, 1);
  const bad: BadRun = { seed, cell, digest, plan, breaches, exceeded, verdict: 'broken', ended: null };
  const files = (['gap', 'answer.txt'] as const).map((path) => ({
    flag: path === 'gap' ? ('network' as const) : ('input' as const),
    path,
    sha256: sha256(readFileSync(join(root, path))),
  }));
  const origin = {
    version: '0.1.0',
    input: 'answer.txt',
    schema: null,
    network: 'gap,gap',
    policy: null,
    faults: null,
    cell: null,
    config: null,
  };
  const path = saveFailure(join(root, '.hangup/failures'), text.name, bad, { ...origin, files, sweptIn: root });
  return { root, path };
}

const told = async (path: string, flags = {}): Promise<string> => {
  try {
    await subjectOf(path, flags);
    return 'replays';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a failure file', () => {
  test('replays from any folder, and in a project that was moved', async () => {
    const { root, path } = project();
    expect(await told(path)).toBe('replays');
    const moved = join(root, '../elsewhere');
    renameSync(root, moved);
    expect(await told(path.replace(root, moved))).toBe('replays');
    // Sent away from its project, it goes by the folder that the sweep ran in.
    renameSync(moved, root);
    const sent = join(mkdtempSync(join(tmpdir(), 'hangup-sent-')), 'failure.json');
    writeFileSync(sent, readFileSync(path));
    expect(await told(sent)).toBe('replays');
  });

  test('names the file that changed, and runs with another one only when that is asked for', async () => {
    const { root, path } = project();
    writeFileSync(join(root, 'gap'), '1\n2\n');
    expect(await told(path)).toMatch(
      /: gap \(--network\) changed since this failure was found \(sha-256 \w{12}… then, \w{12}… now, in /,
    );
    expect(await told(path)).not.toContain('answer.txt');
    expect(await told(path, { network: 'wifi' })).toBe('replays');
    const { file, instead } = await subjectOf(path, { network: 'wifi' });
    expect(fileLines(file!, 'another', instead).join()).toMatch(/another run .* with --network instead of its own/);
  });

  test('names the file that is not there, and everywhere that it was looked for', async () => {
    const { root, path } = project();
    renameSync(join(root, 'answer.txt'), join(root, 'renamed.txt'));
    expect(await told(path)).toContain(
      `answer.txt (--input) is not there: ${join(root, 'answer.txt')}: cannot be read (ENOENT)`,
    );
  });

  test('blames code or drawing only when no file changed', async () => {
    const { path } = project();
    expect(
      fileLines(
        readFailure(path, () => SESSION_FAULTS),
        'another',
        [],
      ),
    ).toEqual([
      expect.stringMatching(
        /written by version 0.1.0, this is 0.1.0; gap, answer.txt did not change, so code or drawing did/,
      ),
    ]);
  });

  test('of format 1 replays, and says that it holds no checksums', async () => {
    const { root, path } = project();
    const old = { ...JSON.parse(readFileSync(path, 'utf8')), format: 1, network: null, input: null };
    writeFileSync(join(root, 'old.json'), JSON.stringify({ ...old, files: undefined, folder: undefined }));
    const { file } = await subjectOf(join(root, 'old.json'), {});
    expect(fileLines(file!, file!.digest, [])).toEqual([
      'the file is of format 1, and holds no checksums of the files that its sweep used',
    ]);
  });

  const cut = { kind: 'cut', target: 'c1-lb', at: 1, lasts: 1, direction: 'both' };
  test.each<[string, (file: object) => string, RegExp]>([
    [
      'nested deeply',
      (file) => JSON.stringify({ ...file, plan: 0 }).replace('"plan":0', `"plan":${'['.repeat(100_000)}`),
      /nested too deeply/,
    ],
    [
      'with a fault that has a toString',
      (file) => JSON.stringify({ ...file, plan: [{ ...cut, toString: {} }] }),
      /`plan\[0\].toString`: expected no more than kind, target, at, /,
    ],
    [
      'with a fault that has a constructor',
      (file) => JSON.stringify({ ...file, plan: [{ ...cut, constructor: 1 }] }),
      /`plan\[0\].constructor`: expected no more/,
    ],
    [
      'with a fault that has a prototype',
      (file) => JSON.stringify({ ...file, plan: [cut] }).replace('"kind"', '"__proto__":{},"kind"'),
      /`plan\[0\].__proto__`: expected no more/,
    ],
    [
      'with a scenario of 100 KB',
      (file) => JSON.stringify({ ...file, scenario: 'x'.repeat(100_000) }),
      /unknown scenario "x{60}"… \(/,
    ],
    ['with a scenario of stars', (file) => JSON.stringify({ ...file, scenario: '*a'.repeat(40) }), /unknown scenario/],
    [
      'with a checksum that is none',
      (file) => JSON.stringify({ ...file, files: [{ flag: 'input', path: 'a', sha256: 'A' }] }),
      /`files`: expected a list of at most/,
    ],
    [
      'that names a file without a checksum',
      (file) => JSON.stringify({ ...file, files: [] }),
      /expected a checksum of/,
    ],
    [
      'with a path of 100 KB',
      (file) => JSON.stringify({ ...file, input: 'x'.repeat(100_000) }),
      /expected a checksum of x+ … x+ \(--input\)$/,
    ],
    [
      'with a seed of no sweep',
      (file) => JSON.stringify({ ...file, seed: 'K7F3' }),
      /`seed`: expected a seed such as k7f3/,
    ],
  ])('%s is refused in one line', async (_, damage, line) => {
    const { path } = project();
    writeFileSync(path, damage(JSON.parse(readFileSync(path, 'utf8'))));
    expect(await told(path)).toMatch(line);
    expect((await told(path)).length).toBeLessThan(1000);
    expect(await told(path)).not.toContain('\n');
  });
});

test('damaged failure files, sweeps and histories are refused in one line, or come to a verdict', async () => {
  const { findings, tally } = await fuzz(failures, 300, 1_000_000);
  expect(findings).toEqual([]);
  for (const outcome of ['failure refused', 'failure holds', 'sweep refused', 'sweep holds'])
    expect(tally[outcome]).toBeGreaterThan(0);
});
