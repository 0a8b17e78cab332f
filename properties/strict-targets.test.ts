/** `--strict-targets`: a sweep whose targets are missed fails, by the same rows that its table shows. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exitCodeOf, missedRows } from '../sim/cli/exit-code.ts';
import { missedLine, targetTable } from '../sim/cli/target-table.ts';
import type { ExploreDocument } from '../sim/explore/document.ts';
import type { Sweep } from '../sim/explore/sweep.ts';
import { count, emptyTally } from '../sim/explore/tally.ts';
import { missedTargets } from '../sim/report/targets.ts';
import { run } from '../sim/run.ts';
import type { Scenario } from '../sim/scenario.ts';
import { scenarioNamed } from '../sim/scenarios/catalogue.ts';
import type { TargetUse } from '../sim/targets/target.ts';

const reason = 'nothing is as fast as that.';

/** A few runs of a scenario that promises this. */
function sweepOf(targets: readonly TargetUse[], stopped: Sweep['stopped'] = null): Sweep {
  const scenario: Scenario = { ...(scenarioNamed('context/basic') as Scenario), targets };
  const tally = emptyTally();
  for (const seed of ['1', '2', '3']) count(tally, run(scenario, seed));
  return { tallies: [{ scenario, tally }], stopped, wallMs: 1 };
}

const kept = sweepOf([{ name: 'buffers' }, { name: 'rolling' }]);
const broken = sweepOf([{ name: 'buffers', except: [{ cells: {}, bound: 1, reason }] }, { name: 'integrity' }]);

describe('the rows that count', () => {
  test('are those that the table shows as missed', () => {
    expect(missedRows(broken).map(({ row }) => [row.name, row.verdict])).toEqual([['buffers', 'out of bound']]);
    expect(targetTable(broken, { every: true }).join('\n')).toContain('OUT OF BOUND');
    expect(missedLine(missedRows(broken))).toBe('missed: context/basic: buffers in every cell (3 runs)');
  });

  test('are none where a target is met, or was not measured', () => {
    expect(targetTable(kept, { every: true }).join('\n')).toContain('not measured (0 samples)');
    expect(missedRows(kept)).toEqual([]);
  });
});

describe('the exit code', () => {
  const lawBroken: Sweep = {
    ...broken,
    tallies: broken.tallies.map(({ scenario, tally }) => ({ scenario, tally: { ...tally, brokenRuns: 1 } })),
  };
  const exhausted: Sweep = {
    ...broken,
    tallies: broken.tallies.map(({ scenario, tally }) => ({ scenario, tally: { ...tally, budgetRuns: 1 } })),
  };

  test('is 1 for a missed row, and 0 when no row counts', () => {
    expect(exitCodeOf(broken, missedRows(broken))).toBe(1);
    expect(exitCodeOf(broken, [])).toBe(0);
    expect(exitCodeOf(kept, missedRows(kept))).toBe(0);
  });

  test('says first what says more: a broken law, a budget, an interrupt', () => {
    expect(exitCodeOf(lawBroken, [])).toBe(1);
    expect(exitCodeOf(exhausted, missedRows(exhausted))).toBe(3);
    expect(exitCodeOf({ ...broken, stopped: 'interrupted' }, missedRows(broken))).toBe(130);
    expect(exitCodeOf({ ...broken, stopped: 'budget' }, missedRows(broken))).toBe(1);
  });
});

describe('on the command line', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const COMMAND = ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs'), join(root, 'sim/cli/main.ts')];
  const explore = (...args: string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [...COMMAND, 'explore', ...args, '--jobs', '1'], { encoding: 'utf8' });

  test('the code is what the document says, and one line names the rows', () => {
    // So few seeds that a percentile is missed by chance, whichever it is.
    const { status, stdout, stderr } = explore('context/many-cycles', '--seeds', '4', '--json', '--strict-targets');
    const missed = missedTargets(JSON.parse(String(stdout)) as ExploreDocument);
    expect(status).toBe(missed.length > 0 ? 1 : 0);
    for (const { name } of missed) expect(stderr).toMatch(new RegExp(`hangup: --strict-targets: .*${name} in `));
    expect(explore('context/many-cycles', '--seeds', '4').status).toBe(0);
  });

  test.each([
    ['--faults', 'cut'],
    ['--network', 'wifi'],
    ['--input', 'package.json'],
  ])('with %s nothing is promised, so nothing could fail: bad usage', (...args) => {
    const { status, stdout, stderr } = explore('context/basic', '--seeds', '1', '--strict-targets', ...args);
    expect(stderr).toMatch(/^hangup: --strict-targets: expected none of --faults, --input, --network and --policy/);
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });
});
