/** Sweeps that ran the same seeds are compared pair by pair: how sure that is, what it gains, and when it is not done. */
import { describe, expect, test } from 'vitest';
import { agreementOf } from '../../sim/compare/agreement.ts';
import { compare, compareAll, type Row } from '../../sim/compare/compare.ts';
import { difference, type Interval } from '../../sim/compare/interval.ts';
import { metricsOf } from '../../sim/compare/metrics.ts';
import { estimatesOf } from '../../sim/compare/pairs.ts';
import { parseSweep } from '../../sim/compare/read.ts';
import { seedText } from '../../sim/core/seeds.ts';
import type { ExploreDocument, ScenarioDocument } from '../../sim/explore/document.ts';
import type { ComparedDocument, SampleDocument } from '../../sim/explore/per-run.ts';
import { normalQuantile } from '../../sim/lab/statistics/distributions.ts';
import { normal, share, slack, type Uniform, uniform } from '../lab/statistics/samples.ts';
import { sampleDocument } from './sample.ts';

const sampleOf = (values: readonly number[]): SampleDocument => {
  const known = values.filter((value) => value >= 0);
  const at = new Map<number, number>();
  for (const value of known) at.set(value, (at.get(value) ?? 0) + 1);
  return { samples: known.length, buckets: [...at].sort(([a], [b]) => a - b) };
};

/** Times of recovery of so many runs, twice: those of a seed share a part of their luck. The second are `factor` as long. */
function twins(runs: number, next: Uniform, factor = 1): readonly [number[], number[]] {
  const pairs = Array.from({ length: runs }, () => {
    const luck = normal(next);
    return [0, 1].map((side) => {
      const own = 0.5 * (0.95 * luck + 0.31 * normal(next));
      return Math.round(500_000 * Math.exp(own) * (side === 1 ? factor : 1));
    }) as [number, number];
  });
  return [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
}

const by = (of: ComparedDocument['by']) =>
  metricsOf({ key: 'recovery_us', name: 'recovery', states: '', unit: 'us', by: of, more_is_better: false });
const [p50, p95] = by([50, 95]) as [ReturnType<typeof by>[0], ReturnType<typeof by>[0]];
const [mean] = by('mean') as [ReturnType<typeof by>[0]];
const [any] = by('any') as [ReturnType<typeof by>[0]];
const Z = normalQuantile(0.975);

const excludesZero = ({ least, most }: Interval): boolean => least > 0 || most < 0;
const widthOf = ({ least, most }: Interval): number => most - least;

describe('the change between twins', () => {
  const paired = (metric: typeof p50, a: readonly number[], b: readonly number[]) =>
    estimatesOf(metric, [sampleOf(a), sampleOf(b)], [Float64Array.from(a), Float64Array.from(b)], Z, 1);

  test.each([
    ['mean', mean, 3],
    ['p50', p50, 1.6],
    ['p95', p95, 1.3],
  ] as const)('of the %s cries wolf in one of twenty equal sweeps, and knows it much better', (_, metric, least) => {
    const samples = 500;
    let gained = 0;
    const wolves = share(samples, 1, (next) => {
      const [a, b] = twins(200, next);
      const { change, pairs } = paired(metric, a, b);
      gained += Math.sqrt(pairs?.gain ?? 1) / samples;
      return excludesZero(change);
    });
    // Intervals by rank are wider than they have to be; those of means are as wide.
    expect(wolves).toBeLessThan(0.05 + slack(0.05, samples));
    if (metric === mean) expect(wolves).toBeGreaterThan(0.05 - slack(0.05, samples));
    expect(gained).toBeGreaterThan(least);
  });

  test('of a share cries wolf no more often, however rare it is', () => {
    for (const [rare, gain] of [
      [0.5, 3],
      [0.1, 2],
    ] as const) {
      let gained = 0;
      const wolves = share(600, 2, (next) => {
        const bound = 500_000 * Math.exp(0.5 * normalQuantile(1 - rare));
        const [a, b] = twins(300, next).map((side) => side.map((value) => (value > bound ? 1 : 0))) as [
          number[],
          number[],
        ];
        const { change, pairs } = paired(any, a, b);
        gained += (pairs?.gain ?? 1) / 600;
        return excludesZero(change);
      });
      expect(wolves).toBeLessThan(0.05 + slack(0.05, 600));
      expect(gained).toBeGreaterThan(gain);
    }
  });

  test('is seen where independent runs could not tell', () => {
    const next = uniform(3);
    const [a, b] = twins(200, next, 1.06);
    expect(excludesZero(paired(mean, a, b).change)).toBe(true);
    expect(excludesZero(estimatesOf(mean, [sampleOf(a), sampleOf(b)], null, Z, 1).change)).toBe(false);
  });

  test('of sweeps that share a part of their seeds is as sure as that part allows', () => {
    const samples = 400;
    const half = Array<number>(100).fill(-1);
    const wolves = share(samples, 4, (next) => {
      const [a, b] = twins(300, next);
      // Twins are 100 of the 200 runs of each.
      const [ofA, ofB] = [a.slice(0, 200), b.slice(100)];
      const columns = [Float64Array.from(ofA.slice(100)), Float64Array.from(ofB.slice(0, 100))] as const;
      return excludesZero(estimatesOf(mean, [sampleOf(ofA), sampleOf(ofB)], columns, Z, 1).change);
    });
    expect(Math.abs(wolves - 0.05)).toBeLessThan(slack(0.05, samples));
    // Of runs that have no such value on a side the pair is left out.
    const [a, b] = twins(200, uniform(5));
    const without = [...a.slice(0, 100), ...half];
    const columns = [Float64Array.from(without, (v) => (v < 0 ? Number.NaN : v)), Float64Array.from(b)] as const;
    const { pairs, change } = estimatesOf(mean, [sampleOf(without), sampleOf(b)], columns, Z, 1);
    expect(pairs?.pairs).toBe(100);
    // 0.9 between twins, of whom there are 100 to 100 and 200 runs.
    expect(pairs?.correlation).toBeGreaterThan(0.9 * Math.sqrt(0.5) - 0.1);
    expect(pairs?.correlation).toBeLessThan(Math.sqrt(0.5));
    expect(widthOf(change)).toBeLessThan(
      widthOf(estimatesOf(mean, [sampleOf(without), sampleOf(b)], null, Z, 1).change),
    );
  });

  test('of paired shares is that of Newcombe (1998, method 10, table II: 36, 12, 2, 0 of 50)', () => {
    const [e, f, g, h] = [36, 12, 2, 0] as const;
    const ones = (counts: readonly (readonly [number, number])[]): Float64Array =>
      Float64Array.from(counts.flatMap(([count, value]) => Array<number>(count).fill(value)));
    const first = ones([
      [e, 1],
      [f, 1],
      [g, 0],
      [h, 0],
    ]);
    const second = ones([
      [e, 1],
      [f, 0],
      [g, 1],
      [h, 0],
    ]);
    const { change } = estimatesOf(any, [sampleOf([...second]), sampleOf([...first])], [second, first], Z, 1);
    expect(change.value).toBeCloseTo(0.2, 10);
    expect([change.least, change.most]).toEqual([expect.closeTo(0.0569, 3), expect.closeTo(0.3404, 3)]);
    expect(agreementOf(first, second, 0, 0)).toBeCloseTo((0 - 24) / Math.sqrt(48 * 2 * 38 * 12), 10);
    expect(difference({ least: 0, value: 1, most: 3 }, { least: 2, value: 3, most: 4 }, 1).least).toBeCloseTo(1, 10);
  });
});

describe('two sweeps of the same seeds', () => {
  const sample = sampleDocument(40);
  const [first] = sample.scenarios as [ScenarioDocument];
  const next = uniform(6);
  const [before, after] = twins(400, next, 1.12);

  /** A sweep whose recoveries these are, and whose other figures never vary. */
  function sweepOf(values: readonly number[], from = 1, bad: readonly number[] = []): ExploreDocument {
    const flat = Object.keys(first.per_run).filter((key) => key !== 'recovery_us');
    const zeros = values.map(() => 0);
    const scenario: ScenarioDocument = {
      ...first,
      digest: `${values[0]}-${values[1]}-${bad.length}-${from}`,
      runs: values.length,
      broken_runs: bad.length,
      budget_runs: 0,
      per_run: {
        ...Object.fromEntries(flat.map((key) => [key, sampleOf(zeros)])),
        recovery_us: sampleOf(values),
      },
      per_seed: {
        ...{ format: 'hangup/per-seed/1', from: seedText(from), runs: values.length, bad: bad.join(' ') },
        values: {
          ...Object.fromEntries(flat.map((key) => [key, zeros.join(' ')])),
          recovery_us: values.map((value) => (value < 0 ? '-' : value)).join(' '),
        },
      },
    };
    const document = { ...sample, seeds: values.length, from: seedText(from), scenarios: [scenario] };
    const read = parseSweep(JSON.stringify(document));
    if ('problem' in read) throw new Error(read.problem);
    return read.document;
  }
  const without = (document: ExploreDocument, per_seed: unknown): ExploreDocument => ({
    ...document,
    scenarios: document.scenarios.map((scenario) => ({ ...scenario, per_seed }) as ScenarioDocument),
  });
  const p50Of = (rows: readonly Row[]): Row => rows.find(({ metric }) => metric === 'recovery p50') as Row;

  test('are paired, and say how well', () => {
    const { rows, twins, regressions } = compare(sweepOf(before), sweepOf(after));
    expect(twins).toEqual({ [first.name]: 400 });
    const row = p50Of(rows);
    expect(row).toMatchObject({ verdict: 'worse', pairs: { pairs: 400 } });
    expect(row.pairs?.correlation).toBeGreaterThan(0.5);
    expect(row.pairs?.gain).toBeGreaterThan(2);
    expect(regressions).toBeGreaterThan(0);
    const events = rows.find(({ metric }) => metric === 'events mean');
    expect(events).toMatchObject({
      verdict: 'same',
      change: { least: 0, most: 0 },
      pairs: { correlation: null, gain: null },
    });
  });

  test.each<[string, unknown]>([
    ['none', undefined],
    ['null', null],
    ['those of another form', { format: 'hangup/per-seed/9', runs: 1 }],
  ])('are compared as independent when a document has no values by seed: %s', (_, per_seed) => {
    const [a, b] = [sweepOf(before), sweepOf(after)];
    const alone = compare(a, without(b, per_seed));
    expect(alone.twins).toEqual({});
    expect(alone.rows.every(({ pairs }) => pairs === null)).toBe(true);
    expect(p50Of(alone.rows).verdict).toBe('same');
    expect(alone.rows).toEqual(compare(without(a, undefined), without(b, undefined)).rows);
    expect(parseSweep(JSON.stringify(without(b, per_seed)))).toHaveProperty('document');
  });

  test('that have a part of their seeds in common are paired in it, and others not', () => {
    const { rows, twins } = compare(sweepOf(before.slice(0, 300)), sweepOf(after.slice(100), 101));
    expect(twins).toEqual({ [first.name]: 200 });
    const { pairs, change } = p50Of(rows);
    const whole = p50Of(compare(sweepOf(before), sweepOf(after)).rows);
    expect(pairs?.pairs).toBe(200);
    expect(pairs?.correlation).toBeLessThan((whole.pairs?.correlation ?? 1) * 0.8);
    expect(widthOf(change)).toBeGreaterThan(widthOf(whole.change));
    // The wrong seeds would not go together.
    const shifted = p50Of(compare(sweepOf(before), sweepOf(after, 2)).rows);
    expect(Math.abs(shifted.pairs?.correlation ?? 1)).toBeLessThan(0.2);
    expect(compare(sweepOf(before), sweepOf(after, 1001)).twins).toEqual({});
  });

  test('know which runs were broken in both', () => {
    const bad = Array.from({ length: 60 }, (_, i) => i * 5);
    const { rows } = compare(sweepOf(before, 1, bad), sweepOf(after, 1, [...bad, 301, 303, 306]));
    const broken = rows.find(({ metric }) => metric === 'broken runs');
    expect(broken?.pairs?.correlation).toBeGreaterThan(0.9);
    expect(widthOf(broken?.change as Interval)).toBeLessThan(0.06);
  });

  test('and more are each held against the first, all intervals together', () => {
    const [a, b, c] = [sweepOf(before), sweepOf(after), sweepOf(before.map((value) => value * 2))];
    const both = compareAll(a, [b, c]);
    const one = compare(a, b);
    expect(both.map(({ intervals }) => intervals)).toEqual([2 * one.intervals, 2 * one.intervals]);
    expect(both[0]?.reach).toBeGreaterThan(one.reach);
    expect(widthOf(p50Of(both[0]?.rows ?? []).change)).toBeGreaterThan(widthOf(p50Of(one.rows).change));
    expect(p50Of(both[1]?.rows ?? [])).toMatchObject({ verdict: 'worse', percent: expect.closeTo(100, 1) });
  });

  test.each<[string, object, string]>([
    ['no seed', { from: 'A!' }, '`scenarios[0].per_seed.from`: expected a seed, got '],
    ['fewer runs', { runs: 39 }, '`scenarios[0].per_seed.runs`: expected all runs, 100000 at most, got 39'],
    ['bad runs out of order', { bad: '5 3' }, '`scenarios[0].per_seed.bad`: expected ascending numbers of runs'],
    ['bad runs that are none', { bad: '400' }, '`scenarios[0].per_seed.bad`: expected ascending numbers of runs'],
    ['no columns', { values: [] }, '`scenarios[0].per_seed.values`: expected an object'],
    ['a column too short', { values: { events: '1 2' } }, '`scenarios[0].per_seed.values.events`: expected 40 numbers'],
    ['a column of text', { values: { events: Array(40).fill('x').join(' ') } }, 'per_seed.values.events`: expected 40'],
    [
      'a column with more',
      { values: { events: Array(40).fill('-').join(' ') } },
      'per_seed.values.events`: expected 40',
    ],
    [
      'a column of nothing',
      { values: { other: Array(40).fill('-').join(' ') } },
      'per_seed.values.other`: expected 40',
    ],
    ['another form without a name', { format: 7 }, '`scenarios[0].per_seed.format`: expected a text, got 7'],
  ])('are told in one line what is wrong with values by seed: %s', (_, changes, problem) => {
    const broken = { ...first, per_seed: { ...first.per_seed, ...changes } };
    const read = parseSweep(JSON.stringify({ ...sample, scenarios: [broken] }));
    expect('problem' in read ? read.problem : '').toContain(problem);
  });
});
