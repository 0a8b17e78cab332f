/** Targets: each is met by what it promises, missed by a little less, and judged by its bound where one stands instead. */
import { describe, expect, test } from 'vitest';
import { cellOf } from '../sim/cli/cell-argument.ts';
import { targetTable } from '../sim/cli/target-table.ts';
import { emptyHistogram, record } from '../sim/explore/histogram.ts';
import { count, countPair, emptyTally, merge, type Tally } from '../sim/explore/tally.ts';
import { targetDocument } from '../sim/explore/target-document.ts';
import { rowIn, rowsOf } from '../sim/explore/verdict.ts';
import { run } from '../sim/run.ts';
import type { Scenario } from '../sim/scenario.ts';
import { scenarioNamed } from '../sim/scenarios/catalogue.ts';
import { TARGETS } from '../sim/targets/catalogue.ts';
import { type Exception, TARGET_NAMES, type TargetName } from '../sim/targets/target.ts';

/** A tally of 100 runs that measured this. */
const tallyOf = (measured: Partial<Tally>): Tally => ({ ...emptyTally(), runs: 100, disconnects: 100, ...measured });

/** A distribution in which 94 of 100 samples are 1 ms, and the rest is `tail`. */
function spread(tail: number, usual = 1000): ReturnType<typeof emptyHistogram> {
  const histogram = emptyHistogram();
  for (let i = 0; i < 100; i++) record(histogram, i < 94 ? usual : tail);
  return histogram;
}

const SPREADS: Partial<Record<TargetName, keyof Tally>> = {
  'context-restored': 'contextRestored',
  'context-brief': 'contextBrief',
  'context-medium': 'contextMedium',
  reconnect: 'reconnect',
  'stream-resumed': 'streamResumed',
  recovery: 'recovery',
  graceful: 'graceful',
  emergency: 'emergency',
  rolling: 'rolling',
  'state-restored': 'stateRestored',
};

/** What just holds a target, and what just misses it. */
function measuredAround(name: TargetName): readonly [held: Partial<Tally>, missed: Partial<Tally>] {
  const spreadName = SPREADS[name];
  // A histogram is exact within 0.8 %.
  const near = (share: number): Partial<Tally> => ({ [spreadName as string]: spread(TARGETS[name].held * share) });
  if (spreadName !== undefined) return [near(0.98), near(1.02)];
  switch (name) {
    case 'connect':
      return [{ connect: spread(499_000, 499_000) }, { connect: spread(501_000, 501_000) }];
    case 'address-change':
      return [
        { moves: 10, stillMean: 1000, movedMean: 1099 },
        { moves: 10, stillMean: 1000, movedMean: 1101 },
      ];
    case 'cycle-slowdown': // Seven cycles between the means of each of ten clients: 2 % a cycle are 14 %.
      return [
        { cycled: 10, cyclesBetween: 70, cycleEarly: 1000, cycleLate: 1139 },
        { cycled: 10, cyclesBetween: 70, cycleEarly: 1000, cycleLate: 1141 },
      ];
    case 'cycle-memory':
      return [
        { cycled: 10, memoryEarly: 1000, memoryLate: 1049 },
        { cycled: 10, memoryEarly: 1000, memoryLate: 1051 },
      ];
    case 'buffers':
      return [{ peakTogetherBytes: 49_999_999 }, { peakTogetherBytes: 50_000_000 }];
    case 'backoff':
      return [{ longestWait: 60_000_000 }, { longestWait: 60_000_001 }];
    case 'resent':
      return [{ resentPermille: 1000 }, { resentPermille: 1001 }];
    case 'completion':
      return [
        { streamsOwed: 10_000, streamsCompleted: 10_000 },
        { streamsOwed: 10_000, streamsCompleted: 9_999 },
      ];
    case 'integrity':
      return [
        { streamsCompleted: 10_000, streamsIntact: 10_000 },
        { streamsCompleted: 10_000, streamsIntact: 9_999 },
      ];
    case 'recovered':
      return [
        { recoverable: 10_000, recovered: 10_000 },
        { recoverable: 10_000, recovered: 9_999 },
      ];
    case 'timeouts':
      return [
        { deadlinesPassed: 10_000, deadlinesKept: 10_000 },
        { deadlinesPassed: 10_000, deadlinesKept: 9_999 },
      ];
    case 'overhead':
      return [
        { pairs: 5, faultFreeEvents: 1000, extraEvents: 99 },
        { pairs: 5, faultFreeEvents: 1000, extraEvents: 101 },
      ];
    default:
      throw new Error(`no measure of ${name}`);
  }
}

describe.each(TARGET_NAMES.map((name) => [name]))('target %s', (name) => {
  const verdictOn = (measured: Partial<Tally>): string | undefined => rowsOf([{ name }], tallyOf(measured))[0]?.verdict;
  const [held, missed] = measuredAround(name);

  test('is met by what just holds it, and missed by what just does not', () => {
    expect(verdictOn(held)).toBe('met');
    expect(verdictOn(missed)).toBe('missed');
  });

  test('is not measured, rather than met, when nothing was', () => {
    expect(rowsOf([{ name }], emptyTally())).toMatchObject([{ verdict: 'not measured', figure: { value: null } }]);
  });

  test('what just misses it is bound by an exception, in its unit, and only as far as the bound', () => {
    const value = rowsOf([{ name }], tallyOf(missed))[0]?.figure.value as number;
    const bad = TARGETS[name].is === 'at least' ? value + 0.001 : value * 0.999;
    const judged = (bound: number): string | undefined =>
      rowsOf([{ name, except: [{ cells: {}, bound, reason: 'planted' }] }], tallyOf(missed))[0]?.verdict;
    expect(judged(value)).toBe('bound');
    expect(judged(bad)).toBe('out of bound');
  });
});

const usual = scenarioNamed('context/basic') as Scenario;

/** The runs of another scenario, whatever the cell. */
const plain: Scenario = {
  name: 'context/plain',
  title: 'planted',
  sometimes: [],
  world: (setting) => usual.world({ ...setting, cell: {} }),
  plan: (setting, world) => usual.plan({ ...setting, cell: {} }, world),
};
/** The same with dimensions. */
const dimensioned: Scenario = {
  ...plain,
  name: 'context/planted',
  dimensions: { condition: ['clean', 'clean', 'outage'], moment: ['early', 'late'] },
};
const outage: Exception = { cells: { condition: ['outage'] }, bound: 30_000_000, reason: 'the path is dead.' };
const runsOf = (seeds: number): readonly ReturnType<typeof run>[] =>
  Array.from({ length: seeds }, (_, i) => run(dimensioned, (i + 1).toString(36)));

describe('cells', () => {
  const outcomes = runsOf(60);
  const whole = emptyTally();
  for (const outcome of outcomes) count(whole, outcome);

  test('add up to the whole, and to the same in whatever portions', () => {
    expect(Object.keys(whole.cells).sort()).toEqual([
      'condition=clean,moment=early',
      'condition=clean,moment=late',
      'condition=outage,moment=early',
      'condition=outage,moment=late',
    ]);
    const sum = (field: 'runs' | 'events' | 'disconnects'): number =>
      Object.values(whole.cells).reduce((total, { measures }) => total + measures[field], 0);
    for (const field of ['runs', 'events', 'disconnects'] as const) expect(sum(field)).toBe(whole[field]);
    for (const size of [1, 7, 25]) {
      const merged = emptyTally();
      for (let from = 0; from < outcomes.length; from += size) {
        const part = emptyTally();
        for (const outcome of outcomes.slice(from, from + size)) count(part, outcome);
        merge(merged, part);
      }
      expect(merged).toEqual(whole);
    }
  });

  test('a value that is listed twice is drawn more often', () => {
    const clean = outcomes.filter(({ cell }) => cell.condition === 'clean').length;
    expect(clean).toBeGreaterThan(outcomes.length / 2);
  });

  test('of an exception have a row of their own, and no run is in two or in none', () => {
    const rows = rowsOf([{ name: 'recovery', except: [outage] }], whole);
    expect(rows.map(({ exception }) => exception)).toEqual([null, outage]);
    expect(rows.reduce((sum, { runs }) => sum + runs, 0)).toBe(whole.runs);
    const all = rowsOf([{ name: 'recovery', except: [{ ...outage, cells: {} }] }], whole);
    expect(all.map(({ runs, cells }) => [runs, cells])).toEqual([[whole.runs, 'every cell']]);
    const both = rowsOf([{ name: 'recovery', except: [outage, { ...outage, cells: {} }] }], whole);
    expect(both.map(({ cells }) => cells)).toEqual(['condition=outage', 'every other cell']);
  });

  test('are judged one by one by the bound that speaks of them', () => {
    const [first] = Object.values(whole.cells);
    if (first === undefined) throw new Error('no cell');
    const target = { name: 'recovery' as const, except: [outage] };
    expect(rowIn({ condition: 'outage' }, first.measures, target).held).toBe(30_000_000);
    expect(rowIn({ condition: 'clean' }, first.measures, target).held).toBe(5_000_000);
  });

  test('the table and the document say where a bound stands instead, and why', () => {
    const scenario: Scenario = {
      ...dimensioned,
      targets: [{ name: 'recovery', except: [outage] }, { name: 'buffers' }],
    };
    const text = targetTable({ tallies: [{ scenario, tally: whole }], stopped: null, wallMs: 1 }, { every: true }).join(
      '\n',
    );
    expect(text).toContain('recovery in condition=outage');
    expect(text).toContain('recovery in condition=outage: the path is dead.');
    expect(text).toMatch(/buffers +│ < 50 MB max/);
    expect(rowsOf(scenario.targets ?? [], whole).map(targetDocument)[1]).toMatchObject({
      unit: 'ms',
      held: 30_000,
      exception: { cells: 'condition=outage', reason: 'the path is dead.' },
    });
  });

  test('the summary has a row a target, its worst figure, and every missed row in words', () => {
    const impossible: Exception = { ...outage, bound: 1 };
    const scenario: Scenario = {
      ...dimensioned,
      targets: [{ name: 'recovery', except: [impossible] }, { name: 'buffers' }],
    };
    const other: Scenario = { ...scenario, name: 'other', targets: [{ name: 'buffers' }] };
    const tallies = [
      { scenario, tally: whole },
      { scenario: other, tally: emptyTally() },
    ];
    const text = targetTable({ tallies, stopped: null, wallMs: 1 }, { every: false }).join('\n');
    expect(text).toMatch(/buffers +│ < 50 MB max +│ \d+ KB +│ \S+ +│ 2 +│ +│ met/);
    expect(text).toMatch(/recovery .*1, 1 broken +│ MISSED in 2 rows/);
    expect(text).toMatch(/recovery in condition=outage: bound <= 1 us p95, measured/);
    expect(text).not.toContain(impossible.reason);
  });

  test('the overhead is counted for the whole and for the cell', () => {
    const tally = emptyTally();
    const outcome = outcomes[0] as (typeof outcomes)[number];
    count(tally, outcome);
    countPair(tally, outcome, outcome.events - 100, outcome.events - 40);
    for (const measures of [tally, ...Object.values(tally.cells).map((part) => part.measures)])
      expect(measures).toMatchObject({ pairs: 1, faultFreeEvents: outcome.events - 100, extraEvents: 40 });
  });
});

describe('--cell', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['conditon=clean', 'context/planted has no dimension "conditon": did you mean condition?'],
    ['condition=outrage', 'context/planted has no condition "outrage": did you mean outage? (clean, outage)'],
    ['network=wifi', 'context/planted has no dimension "network"'],
    ['condition', 'expected DIMENSION=VALUE,…, got "condition"'],
    ['moment=late,moment=early', 'moment is given twice'],
  ];
  test.each(bad)('%s is refused in one line', (text, line) => {
    expect(() => cellOf(text, [dimensioned])).toThrow(line);
  });

  test('is refused for a scenario without dimensions', () => {
    expect(() => cellOf('condition=clean', [plain])).toThrow('--cell: context/plain opens no dimension');
  });

  test('fixes what it names and leaves the rest of the seed as it was', () => {
    const cell = cellOf('moment=late', [dimensioned]);
    for (const seed of ['1', '2', '3', '4', '5', '6']) {
      const free = run(dimensioned, seed);
      const fixed = run(dimensioned, seed, { cell });
      expect(fixed.cell).toEqual({ ...free.cell, moment: 'late' });
      expect(fixed.digest).toBe(free.digest);
    }
  });
});
