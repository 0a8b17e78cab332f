import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare } from '../../sim/compare/compare.ts';
import { difference, meanInterval, quantileInterval, reach, shareInterval } from '../../sim/compare/interval.ts';
import { parseSweep } from '../../sim/compare/read.ts';
import { dice } from '../../sim/core/dice.ts';
import type { ExploreDocument, ScenarioDocument } from '../../sim/explore/document.ts';
import type { SampleDocument } from '../../sim/explore/per-run.ts';
import { sampleDocument } from './sample.ts';

/** A histogram of these values. */
function histogramOf(values: readonly number[]): SampleDocument {
  const at = new Map<number, number>();
  for (const value of values) at.set(value, (at.get(value) ?? 0) + 1);
  return { samples: values.length, buckets: [...at].sort(([a], [b]) => a - b) };
}

/** Recovery as it is: a bulk, and now and then a rung of a doubling ladder. */
function recoveries(name: string, runs: number, factor: number): SampleDocument {
  const luck = dice(name);
  return histogramOf(
    Array.from({ length: runs }, () => {
      let value = luck.between('bulk', 200_000, 900_000);
      while (luck.chance('rung', 1, 4) && value < 60_000_000) value *= 2;
      return Math.round(value * factor);
    }),
  );
}

describe('an interval', () => {
  const z = reach(1);
  const estimates: Readonly<Record<string, (sample: SampleDocument) => { least: number; most: number }>> = {
    p50: (sample) => quantileInterval(sample, 50, 100, z),
    p95: (sample) => quantileInterval(sample, 95, 100, z),
    mean: (sample) => meanInterval(sample, z),
  };

  test.each(Object.keys(estimates))(
    'of the %s cries wolf in about one in twenty equal sweeps, and sees half as much again',
    (name) => {
      const estimate = estimates[name] as (sample: SampleDocument) => ReturnType<typeof quantileInterval>;
      let wolves = 0;
      let seen = 0;
      const pairs = 400;
      for (let i = 0; i < pairs; i++) {
        const a = estimate(recoveries(`a${i}`, 400, 1));
        if (excludesZero(difference(a, estimate(recoveries(`b${i}`, 400, 1))))) wolves++;
        if (excludesZero(difference(a, estimate(recoveries(`b${i}`, 400, 1.5))))) seen++;
      }
      // 20 are expected; 35 would be more than three standard errors above.
      expect(wolves).toBeLessThan(35);
      expect(seen).toBeGreaterThan(name === 'p95' ? pairs / 4 : pairs / 2);
    },
  );

  test('of a difference of shares is that of Newcombe: 56 of 70 against 48 of 80', () => {
    const { least, value, most } = difference(shareInterval(48, 80, z), shareInterval(56, 70, z));
    expect(value).toBeCloseTo(0.2, 10);
    expect(least).toBeCloseTo(0.0524, 4);
    expect(most).toBeCloseTo(0.3339, 4);
  });

  test('reaches as far as the normal tail demands, for every number of comparisons', () => {
    for (const comparisons of [1, 2, 3, 100, 450, 30_000]) {
      const each = tail(reach(comparisons)) * 2;
      expect(each * comparisons).toBeLessThanOrEqual(0.0501);
      // Not wider than for the next power of two.
      expect(each * comparisons).toBeGreaterThan(0.0249 * (comparisons <= 1 ? 2 : 1));
    }
  });

  test('has no bound where the sample is too small to have one', () => {
    expect(quantileInterval(histogramOf([1, 2, 3]), 95, 100, z).most).toBe(Number.POSITIVE_INFINITY);
    expect(quantileInterval(histogramOf([]), 50, 100, z)).toMatchObject({ least: Number.NEGATIVE_INFINITY });
    expect(meanInterval(histogramOf([7]), z).most).toBe(Number.POSITIVE_INFINITY);
  });

  test('holds its estimate, and a wider reach holds the narrower interval', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 2, maxLength: 200 }),
        fc.integer({ min: 1, max: 99 }),
        (values, percent) => {
          const sample = histogramOf(values);
          for (const of of [
            (reached: number) => quantileInterval(sample, percent, 100, reached),
            (reached: number) => meanInterval(sample, reached),
          ]) {
            const [near, far] = [of(2), of(4)];
            expect(near.least).toBeLessThanOrEqual(near.value);
            expect(near.value).toBeLessThanOrEqual(near.most);
            expect(far.least).toBeLessThanOrEqual(near.least);
            expect(far.most).toBeGreaterThanOrEqual(near.most);
          }
        },
      ),
    );
  });
});

const excludesZero = ({ least, most }: { least: number; most: number }): boolean => least > 0 || most < 0;

/** The normal distribution's tail beyond z, by Simpson's rule: good to ten digits here. */
function tail(z: number): number {
  const steps = 4000;
  const width = 10 / steps;
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const x = z + i * width;
    sum += (width / 6) * (density(x) + 4 * density(x + width / 2) + density(x + width));
  }
  return sum;
}

describe('two sweeps', () => {
  const sample = sampleDocument();
  const [first] = sample.scenarios as [ScenarioDocument];
  const manyRuns = { ...first.per_run, recovery_us: recoveries('a', 2000, 1) };
  const before: ExploreDocument = { ...sample, scenarios: [{ ...first, runs: 2000, per_run: manyRuns }] };
  const changed = (changes: Partial<ScenarioDocument>): ExploreDocument => ({
    ...before,
    scenarios: [{ ...(before.scenarios[0] as ScenarioDocument), digest: 'another', ...changes }],
  });

  test('of the same events are identical, and nothing is estimated', () => {
    expect(compare(before, before)).toMatchObject({ identical: [first.name], rows: [], regressions: 0 });
  });

  test('that differ by luck alone have no regression', () => {
    const luck = changed({ per_run: { ...manyRuns, recovery_us: recoveries('b', 2000, 1) } });
    const { rows, regressions } = compare(before, luck);
    // Broken runs, and what each figure says that it is compared by.
    const by = first.compared.map(({ by }) => (Array.isArray(by) ? by.length : 1));
    expect(rows).toHaveLength(1 + by.reduce((sum, each) => sum + each));
    expect(rows.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['recovery p99', 'runs with a missing stream', 'bytes-resent mean', 'events mean']),
    );
    expect(regressions).toBe(0);
  });

  test('of ten scenarios that differ by luck alone cry wolf in about one in twenty comparisons, all metrics together', () => {
    const lucky = (name: string): ExploreDocument => ({
      ...before,
      scenarios: Array.from({ length: 10 }, (_, i) => {
        const times = (of: string): SampleDocument => recoveries(`${name}/${i}/${of}`, 300, 1);
        const perRun = {
          ...manyRuns,
          recovery_us: times('recovery'),
          reconnect_us: times('reconnect'),
          events: times('events'),
        };
        return { ...first, name: `s${i}`, digest: `${name}${i}`, per_run: perRun };
      }),
    });
    const wolves = Array.from({ length: 24 }, (_, i) => compare(lucky(`a${i}`), lucky(`b${i}`))).filter(
      ({ regressions }) => regressions > 0,
    ).length;
    expect(wolves).toBeLessThanOrEqual(4);
  });

  test('of which the second recovers a third slower have a regression, and the other way round an improvement', () => {
    const slower = changed({ per_run: { ...manyRuns, recovery_us: recoveries('b', 2000, 1.33) } });
    const worse = compare(before, slower);
    expect(worse.rows.find(({ metric }) => metric === 'recovery p50')?.verdict).toBe('worse');
    expect(worse.regressions).toBeGreaterThan(0);
    const better = compare(slower, before);
    expect(better.rows.find(({ metric }) => metric === 'recovery p50')?.verdict).toBe('better');
    expect(better.regressions).toBe(0);
  });

  test('of which the second is worse by less than the least change are the same', () => {
    const slower = changed({ per_run: { ...manyRuns, recovery_us: recoveries('b', 2000, 1.33) } });
    expect(compare(before, slower, { leastPercent: 100 }).regressions).toBe(0);
  });

  test('say of runs that threw that they did, and name no law', () => {
    const threw = {
      law: 'threw',
      seed: '7',
      runs: 3,
      at_us: 5,
      event: 3,
      message: 'boom',
      confirmed: true,
      paste: 'x',
    };
    const states = compare(before, changed({ broken: [threw] })).facts.map((fact) => fact.states);
    const back = compare(changed({ broken: [threw] }), before).facts.map((fact) => fact.states);
    expect([states, back]).toEqual([
      ['it threw in 3 of 2000 runs: boom'],
      ['it threw in 3 of 2000 runs, and in none now'],
    ]);
  });

  test('have a regression when a law that held is broken, however rarely', () => {
    const broken = [
      {
        law: 'prefix',
        seed: '7',
        runs: 1,
        at_us: 5,
        event: 3,
        message: 'twice',
        confirmed: true,
        paste: 'npx hangup replay x@7',
      },
    ];
    const { facts, regressions } = compare(before, changed({ broken, broken_runs: 1 }));
    expect(facts).toEqual([expect.objectContaining({ regression: true, paste: 'npx hangup replay x@7' })]);
    expect(regressions).toBe(1);
    expect(compare(changed({ broken, broken_runs: 1 }), before)).toMatchObject({ regressions: 0 });
  });

  test('have a regression when a target that was met is missed', () => {
    const [target] = first.targets;
    if (target === undefined) throw new Error('the sample has no target');
    const met = { ...target, verdict: 'met' as const };
    const missed = { ...target, verdict: 'missed' as const, value: 9_999 };
    const { facts, regressions } = compare(changed({ targets: [met] }), changed({ targets: [missed] }));
    expect(facts[0]?.states).toContain(`target ${target.name} was met and is missed`);
    expect(regressions).toBe(1);
    expect(compare(changed({ targets: [missed] }), changed({ targets: [met] })).regressions).toBe(0);
  });

  test('have none when a target that was met, or missed, has not enough seeds now', () => {
    const [target] = first.targets;
    if (target === undefined) throw new Error('the sample has no target');
    const as = (verdict: typeof target.verdict): ExploreDocument => changed({ targets: [{ ...target, verdict }] });
    for (const [a, b] of [
      ['met', 'not enough seeds'],
      ['missed', 'not enough seeds'],
      ['not enough seeds', 'missed'],
    ] as const)
      expect(compare(as(a), as(b))).toMatchObject({ facts: [], regressions: 0 });
  });

  test('have a regression when a claim came true, and now never did where it should have', () => {
    const sometimes = first.sometimes.map((claim) => ({ ...claim, runs: 0, verdict: 'never reached' as const }));
    expect(compare(before, changed({ sometimes })).regressions).toBeGreaterThan(0);
  });

  test('have a note when a claim is no longer reached', () => {
    const sometimes = first.sometimes.map((claim) => ({ ...claim, runs: 0, verdict: 'not enough seeds' as const }));
    const { facts, regressions } = compare(before, changed({ sometimes }));
    expect(facts.length).toBeGreaterThan(0);
    expect(regressions).toBe(0);
  });

  test('name the scenarios that only one of them has', () => {
    const other = changed({ name: 'context/other' });
    expect(compare(before, other)).toMatchObject({ onlyA: [first.name], onlyB: ['context/other'] });
  });
});

describe('a file that is no sweep is told in one line', () => {
  const good = JSON.parse(JSON.stringify(sampleDocument())) as Record<string, unknown>;
  const scenario = (good.scenarios as Record<string, unknown>[])[0] as Record<string, unknown>;
  const withScenario = (changes: object): string =>
    JSON.stringify({ ...good, scenarios: [{ ...scenario, ...changes }] });
  const perRun = scenario.per_run as object;

  test.each<[what: string, text: string, problem: string]>([
    ['nothing', '', 'is empty'],
    ['no JSON', '{"a"', 'does not parse as JSON'],
    ['a list', '[]', 'expected a JSON object, got []'],
    ['another schema', '{"schema":"hangup/explore/1"}', '`schema`: expected hangup/explore/3, got "hangup/explore/1"'],
    [
      'no scenario',
      JSON.stringify({ ...good, scenarios: [] }),
      '`scenarios`: expected a list with at least one scenario',
    ],
    ['no name', withScenario({ name: 3 }), '`scenarios[0].name`: expected a text, got 3'],
    ['no runs', withScenario({ runs: 0 }), '`scenarios[0].runs`: expected a number of runs, 1 or more, got 0'],
    ['broken of another kind', withScenario({ broken: [3] }), '`scenarios[0].broken`: expected a list with law'],
    [
      'no histograms',
      withScenario({ per_run: null }),
      '`scenarios[0].per_run`: expected histograms over runs, got null',
    ],
    [
      'a histogram that does not add up',
      withScenario({ per_run: { ...perRun, events: { samples: 3, buckets: [[1, 2]] } } }),
      '`scenarios[0].per_run.events`: expected a histogram',
    ],
    [
      'a histogram out of order',
      withScenario({
        per_run: {
          ...perRun,
          events: {
            samples: 3,
            buckets: [
              [5, 2],
              [1, 1],
            ],
          },
        },
      }),
      '`scenarios[0].per_run.events`: expected a histogram',
    ],
    ['nothing to compare', withScenario({ compared: undefined }), '`scenarios[0].compared`: expected a list with key '],
    [
      'something to compare that is not there',
      withScenario({ compared: [{ key: 'x', name: 'x', states: 'x', unit: 'us', by: 'mean' }] }),
      '`scenarios[0].compared`: expected a list with key ',
    ],
    ['two problems', withScenario({ runs: -1, digest: null }), '(and 1 more)'],
  ])('%s', (_, text, problem) => {
    const parsed = parseSweep(text);
    expect('problem' in parsed ? parsed.problem : 'parsed').toContain(problem);
    expect('problem' in parsed && parsed.problem.includes('\n')).toBe(false);
  });

  test('and whatever else a file may hold', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const parsed = parseSweep(text);
        expect('problem' in parsed && parsed.problem).toBeTruthy();
      }),
    );
  });

  test('while a sweep is read as it is, but for what would move a terminal', () => {
    expect(parseSweep(JSON.stringify(good))).toEqual({ document: good });
    const hostile = parseSweep(withScenario({ name: 'a\u001b[2Jb\nc' }));
    expect('document' in hostile && hostile.document.scenarios[0]?.name).toBe('a\ufffd[2Jb c');
  });
});
