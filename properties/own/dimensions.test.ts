/** Dimensions that a scenario opens under names of its own: drawn, fixed, reported and excepted like those that many share. */
import { describe, expect, test } from 'vitest';
import { cellOf } from '../../sim/cli/cell-argument.ts';
import { report } from '../../sim/cli/table.ts';
import type { Dimensions } from '../../sim/core/cells.ts';
import { run } from '../../sim/core/run.ts';
import type { Setting } from '../../sim/core/scenario.ts';
import { documentOf } from '../../sim/explore/document.ts';
import { type Sweep, sweep } from '../../sim/explore/sweep.ts';
import { drawPlan } from '../../sim/faults/draw.ts';
import { reportPage } from '../../sim/report/page.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { at, ms, seconds } from '../../src/time.ts';

const base = scenarioNamed('context/basic') as SessionScenario;
const usual = (setting: Setting): Setting => ({ ...setting, cell: {} });
const rung: SessionScenario = {
  ...base,
  name: 'mine/ring',
  sometimes: [],
  // Listed before `network`, and shown behind it.
  dimensions: { ring: ['short', 'long', 'long'], 'server-kind': ['old', 'brand new'], network: ['lte', '3g'] },
  targets: [
    {
      name: 'recovery',
      except: [{ cells: { ring: ['short'], network: ['3g'] }, bound: seconds(60), reason: 'planted.' }],
    },
  ],
  world: (setting) => base.world(usual(setting)),
  plan: (setting) =>
    drawPlan(setting, {
      ...{
        kinds: ['cut', 'reset'],
        count: [1, 4],
        from: at(ms(50)),
        until: at(seconds(5)),
        lasts: [ms(20), seconds(2)],
      },
      ...{ links: ['c1-lb'], clients: [], servers: [] },
    }),
};

const swept = (changes: Partial<SessionScenario> = {}, seeds = 40): Promise<Sweep> =>
  sweep({ scenarios: [{ ...rung, ...changes }], seeds, jobs: 1 });

describe('a dimension of a scenario’s own', () => {
  test('is drawn by each seed, behind those that many scenarios share', () => {
    const cells = Array.from({ length: 30 }, (_, i) => run(rung, i + 1).cell);
    for (const cell of cells) expect(Object.keys(cell)).toEqual(['network', 'ring', 'server-kind']);
    expect(new Set(cells.map(({ ring }) => ring))).toEqual(new Set(['short', 'long']));
    expect(new Set(cells.map((cell) => cell['server-kind']))).toEqual(new Set(['old', 'brand new']));
  });

  test.each(['network=3g', 'network=lte', 'ring=short', 'ring=long', 'server-kind=old', 'server-kind=brand new'])(
    'leaves the rest of the seed as it was, its plan too, when --cell fixes %s',
    (text) => {
      const cell = cellOf(text, [rung]);
      for (const seed of [1, 2, 3, 4]) {
        const free = run(rung, seed);
        expect(free.plan.length).toBeGreaterThan(0);
        expect(run(rung, seed, { cell })).toMatchObject({
          digest: free.digest,
          plan: free.plan,
          cell: { ...free.cell, ...cell },
        });
      }
    },
  );

  test.each([
    [
      'rings=short',
      '--cell: mine/ring has no dimension "rings": did you mean ring? (it opens network, ring, server-kind)',
    ],
    ['moment=late', '--cell: mine/ring has no dimension "moment" (it opens network, ring, server-kind)'],
    ['ring=shot', '--cell: mine/ring has no ring "shot": did you mean short? (short, long)'],
    ['constructor=late', '--cell: mine/ring has no dimension "constructor"'],
  ])('refuses %s in one line that lists what it opens', (text, line) => {
    expect(() => cellOf(text, [rung])).toThrow(line);
  });

  test('is told by cells, slices, table and page, and an exception speaks of it', async () => {
    const result = await swept();
    const origin = { input: null, schema: null, network: null, policy: null, faults: null, cell: null };
    const document = documentOf(result, [], { version: '1', seeds: 40, from: 1, origin });
    const [scenario] = document.scenarios;
    expect(scenario?.cells.map(({ name }) => name)).toContain('network=3g,ring=short,server-kind=old');
    expect(scenario?.cells.reduce((sum, { runs }) => sum + runs, 0)).toBe(40);
    const excepted = scenario?.cells.filter(({ cell }) => cell.ring === 'short' && cell.network === '3g') ?? [];
    expect(excepted.flatMap(({ targets }) => targets.map(({ held }) => held))).toEqual(excepted.map(() => 60_000));
    expect(scenario?.targets.map(({ exception }) => exception?.cells)).toEqual([undefined, 'ring=short,network=3g']);
    const slices = scenario?.slices.map(({ cell }) => cell);
    expect(slices).toContainEqual({ ring: 'short' });
    expect(slices).toContainEqual({ ring: 'long', 'server-kind': 'brand new' });
    const text = report(result, [], { byCell: true, targets: true });
    expect(text).toMatch(/^server-kind=brand new +\d+ +0 /m);
    expect(text.indexOf('network=lte')).toBeLessThan(text.indexOf('ring=short'));
    const page = reportPage(document, null);
    expect(page).toContain('>server-kind</th>');
    expect(page).toContain('Recovery p95 by network and ring, server-kind');
  });

  test.each<[what: string, dimensions: object, line: string]>([
    ['a name that --cell could not take', { 'Ring size': ['a'] }, 'got "Ring size"'],
    ['a name that every object has', { constructor: ['a'] }, 'got "constructor"'],
    ['no value', { ring: [] }, 'expected values of ring'],
    ['a value with a comma', { ring: ['a,b'] }, 'expected values of ring, texts without commas, | and ='],
    ['a value that is no text', { ring: [3] }, 'expected values of ring'],
  ])('with %s is refused when a sweep starts', async (_, dimensions, line) => {
    const error = await swept({ dimensions: dimensions as Dimensions, targets: [] }, 1).catch(
      (thrown: Error) => thrown,
    );
    expect((error as Error).message).toContain('mine/ring: `dimensions`: ');
    expect((error as Error).message).toContain(line);
    expect((error as Error).message).not.toContain('\n');
  });
});
