/** Flags, names and faults that do nothing: refused, or shown as what they are. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { faultsOf, scenariosOf } from '../../sim/cli/arguments.ts';
import { cellOf } from '../../sim/cli/cell-argument.ts';
import { checkExplored } from '../../sim/cli/flags.ts';
import { list } from '../../sim/cli/list.ts';
import { mustStayOpen } from '../../sim/cli/overrides.ts';
import { type ReplayFlags, replay } from '../../sim/cli/replay.ts';
import { sample } from '../../sim/content/samples.ts';
import { type Cell, dimensionsOf } from '../../sim/core/cells.ts';
import type { Overrides } from '../../sim/core/overrides.ts';
import type { Scenario } from '../../sim/core/scenario.ts';
import { findNetwork } from '../../sim/networks/presets.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-flags-'));

/** A failure file of that plan for `context/basic@1`. */
function failure(plan: readonly object[]): string {
  const path = join(folder, 'failure.json');
  const head = { format: 1, version: '0.0.1', scenario: 'context/basic', seed: '1', digest: '0', breaches: [] };
  writeFileSync(path, JSON.stringify({ ...head, exceeded: null, plan }));
  return path;
}

/** What goes to standard output and to standard error meanwhile, and the exit code. */
async function told(
  act: () => number | Promise<number>,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const said = { out: '', err: '' };
  const spies = (['out', 'err'] as const).map((name) =>
    vi.spyOn(process[`std${name}`], 'write').mockImplementation((text) => {
      said[name] += text;
      return true;
    }),
  );
  try {
    const code = await act();
    return { code, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('flags that would do nothing are refused', () => {
  test.each<[ReplayFlags, RegExp]>([
    [{ json: true, jsonl: true }, /^--json and --jsonl: expected one of them/],
    [{ full: true, jsonl: true }, /^--full: expected the timeline, got --jsonl/],
    [{ full: true, json: true }, /^--full: expected the timeline, got --json/],
    [{ around: '1s', json: true }, /^--around: expected the timeline or --jsonl/],
    [{ why: '1s', json: true }, /^--why: expected the timeline or --jsonl/],
    [{ why: '1s', around: '1s' }, /^--around and --why: expected one of them/],
    [{ why: '1s', window: '1s' }, /^--window: expected --around POINT/],
    [{ faults: 'cut' }, /^--faults: .*failure.json holds the plan itself/],
  ])('replay %j', (flags, line) => expect(replay(failure([]), flags)).rejects.toThrow(line));

  test('explore: a cell of what another flag decides, and a table where there is none', () => {
    const explored =
      (flags: Parameters<typeof checkExplored>[0], tableless = false) =>
      () =>
        checkExplored(flags, tableless);
    const fixed = (cell: Cell, more: Overrides, name: string) => () =>
      mustStayOpen({ cell, ...more }, [scenarioNamed(name) as Scenario]);
    const network = findNetwork('lte') ?? null;
    expect(fixed({ moment: 'late', network: 'wifi' }, { network }, 'midstream/json')).toThrow(
      /^--cell: expected no network with --network/,
    );
    const input = [sample('brief')];
    expect(fixed({ size: '1-10KB' }, { input }, 'midstream/json')).toThrow(/^--cell: expected no size with --input/);
    expect(fixed({ moment: 'late' }, { faults: 'all' }, 'midstream/json')).toThrow('expected no moment with --faults');
    // The clients of a herd, and no content's size.
    expect(fixed({ size: '100' }, { input, faults: 'all' }, 'restart/herd')).not.toThrow();
    expect(fixed({ moment: 'late' }, { network }, 'midstream/json')).not.toThrow();
    expect(explored({ byCell: true }, true)).toThrow(/^--by-cell: expected a table/);
    expect(explored({ targets: true }, true)).toThrow(/^--targets: expected a table/);
    expect(explored({ byCell: true, targets: true })).not.toThrow();
  });

  test('a kind of fault that is named twice would be drawn twice as often', () =>
    expect(() => faultsOf('cut,sleep,cut', SCENARIOS)).toThrow('--faults: "cut" is given twice'));
});

describe('patterns of scenarios', () => {
  const names = (pattern: string): string[] => scenariosOf([pattern], SCENARIOS).map(({ name }) => name);

  test('take stars for anything, in their order and without overlap', () => {
    expect(names('*/text')).toEqual(['midstream/text']);
    expect(names('mid*/*t*t')).toContain('midstream/text');
    expect(names('*')).toEqual(SCENARIOS.map(({ name }) => name));
    for (const pattern of ['', 'midstream', 'midstream/tex*xt', 'text*', '*midstream/text*x'])
      expect(() => names(pattern)).toThrow(/^unknown scenario/);
  });

  test('are read in a time that grows with their length', () => {
    const before = performance.now();
    expect(() => names('*a'.repeat(10_000))).toThrow(/^unknown scenario "(\*a){30}"… /);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('replay', () => {
  const cut = { kind: 'cut', target: 'c1-lb', direction: 'both' };
  const plan = [
    { ...cut, at: 1_000_000, lasts: 0 },
    { ...cut, at: 2_000_000, lasts: 3_000_000 },
    { ...cut, at: 90_000_000, lasts: 3_000_000 },
  ];

  test('says which faults of the plan changed nothing', async () => {
    const { code, out } = await told(() => replay(failure(plan), {}));
    expect(out.split('\n').filter((line) => line.startsWith('fault '))).toEqual([
      expect.stringMatching(/lasts 0 .*\(changed nothing: without it the run is the same\)$/),
      expect.stringMatching(/ of c1-lb at 2.000000 s, [^(]*$/),
      expect.stringMatching(/\(every application had left, changed nothing: without it the run is the same\)$/),
    ]);
    expect(code).toBe(0);
    expect(JSON.parse((await told(() => replay(failure(plan), { json: true }))).out).idle_faults).toEqual([0, 2]);
  });

  test('looks at no more of a plan than a few runs are worth', async () => {
    // Long after everybody left, so that each of them has to be compared to the end.
    const late = Array.from({ length: 1000 }, (_, i) => ({ ...cut, at: 3_600_000_000 + i * 10_000, lasts: 1000 }));
    const before = performance.now();
    const { code, out } = await told(() => replay(failure(late), { json: true }));
    expect({ code, idle: JSON.parse(out).idle_faults }).toEqual({ code: 0, idle: null });
    expect(performance.now() - before).toBeLessThan(4000);
    expect(
      JSON.parse((await told(() => replay(failure(late.slice(0, 9)), { json: true }))).out).idle_faults,
    ).toHaveLength(9);
  });

  test('says that a run which breaks nothing has nothing to shrink', () =>
    expect(told(() => replay(failure(plan), { shrink: true }))).resolves.toMatchObject({
      code: 0,
      err: 'hangup: --shrink: nothing to shrink: this run breaks no law\n',
    }));
});

test('list shows what --cell takes, and every scenario takes it', async () => {
  expect((await told(() => list('scenarios', {}))).out).toContain(
    '      --cell moment=immediate | early | middle | late | final\n',
  );
  const { scenarios } = JSON.parse((await told(() => list('scenarios', { json: true }))).out);
  expect(scenarios).toHaveLength(SCENARIOS.length);
  for (const [index, scenario] of SCENARIOS.entries()) {
    const { dimensions } = scenarios[index];
    expect(Object.keys(dimensions)).toEqual(dimensionsOf(scenario.dimensions ?? {}));
    for (const [dimension, values] of Object.entries<string[]>(dimensions)) {
      expect(values.length).toBe(new Set(values).size);
      for (const value of values) expect(cellOf(`${dimension}=${value}`, [scenario])).toEqual({ [dimension]: value });
    }
  }
});
