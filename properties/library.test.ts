/** The package as others import it: own scenarios are swept, and the example in `examples/` does what it says. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { digestOf, run, type Scenario, scenarioNamed, sweep } from '../sim/index.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const text = scenarioNamed('midstream/text') as Scenario;
const own: Scenario = { ...text, name: 'mine/text', plan: () => [] };

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
    expect(sweep({ scenarios: [own], seeds: 6, jobs: 2 })).rejects.toThrow(/mine\/text is not in the catalogue/));
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
