/** Figures that a scenario brings: folded in each run, added up, judged and shown like those of the protocol. */
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../sim/catalogue.ts';
import { targetsIn } from '../../sim/cli/list.ts';
import { report } from '../../sim/cli/table.ts';
import { compare } from '../../sim/compare/compare.ts';
import { parseSweep } from '../../sim/compare/read.ts';
import { run } from '../../sim/core/run.ts';
import { documentOf, type ExploreDocument } from '../../sim/explore/document.ts';
import { runSeeds } from '../../sim/explore/portion.ts';
import { Sources } from '../../sim/explore/source.ts';
import { type Sweep, sweep } from '../../sim/explore/sweep.ts';
import { count, emptyTally, merge, type Tally } from '../../sim/explore/tally.ts';
import { rowsOf } from '../../sim/explore/verdict.ts';
import { type Figure, type FoldedFigure, figure, type Readings, type Statistic } from '../../sim/figures/figure.ts';
import { github } from '../../sim/report/github.ts';
import { junit } from '../../sim/report/junit.ts';
import { reportPage } from '../../sim/report/page.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { type Exception, type Level, type TargetUse, targetsOf } from '../../sim/targets/target.ts';
import { ms, seconds } from '../../src/time.ts';

const SOURCES = new Sources([CATALOGUE]);

const opening = figure({
  name: 'opening',
  states: 'from a dial of a client to the opening of its connection',
  unit: 'us',
  statistic: 'p95',
  remember: ({ clients }) => ({
    clients: new Set(clients.map(({ node }) => node)),
    dialled: new Map<number, number>(),
    samples: [] as number[],
  }),
  on: {
    dialled: ({ clients, dialled }, { node, conn, at }) => {
      if (clients.has(node)) dialled.set(conn, at);
    },
    opened: ({ clients, dialled, samples }, { node, conn, at }) => {
      const since = dialled.get(conn);
      if (clients.has(node) && since !== undefined) samples.push(at - since);
    },
  },
  come: ({ samples }) => samples,
});

const base = scenarioNamed('context/basic') as SessionScenario;
const { dimensions: _, ...alike } = base;

function scenarioWith(targets: readonly TargetUse[], figures: readonly Figure[] = [opening]): SessionScenario {
  return { ...alike, name: 'mine/opening', figures, targets, sometimes: [] };
}

const kept = scenarioWith([{ figure: opening, is: 'below', held: seconds(30) }]);

const seedsOf = (scenario: SessionScenario, seeds: number): Promise<Sweep> =>
  sweep({ scenarios: [scenario], seeds, jobs: 1 });

const origin = { input: null, schema: null, network: null, policy: null, faults: null, cell: null };
const documentFor = (result: Sweep, seeds = 100): ExploreDocument =>
  documentOf(result, [], { version: '1', seeds, from: 1, origin });

const asText = (result: Sweep): string => report(result, [], { byCell: false, targets: true });

describe('a figure of a scenario', () => {
  test('is measured in each run, under its name', () => {
    const outcome = run(kept, '1');
    const { opening: samples } = outcome.figures as unknown as { opening: readonly number[] };
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) expect(sample).toBeGreaterThan(ms(1));
    // The figures of the protocol stay what they were.
    expect(outcome.figures).toMatchObject(run({ ...kept, figures: [] }, '1').figures);
  });

  test('adds up to the same in whatever portions', () => {
    const shared = { overrides: {}, targets: true };
    const whole = runSeeds(kept, { from: 1, seeds: 24 }, shared, SOURCES);
    for (const size of [1, 7]) {
      const merged = emptyTally();
      for (let from = 1; from <= 24; from += size)
        // As it travels between processes, and through a journal.
        merge(
          merged,
          JSON.parse(
            JSON.stringify(runSeeds(kept, { from, seeds: Math.min(size, 25 - from) }, shared, SOURCES)),
          ) as Tally,
        );
      expect(merged).toEqual(whole);
    }
    expect(whole.figures.opening).toMatchObject({ as: 'spread' });
  });

  test('holds its target, and says so in table, document, page and reporters', async () => {
    const result = await seedsOf(kept, 130);
    const text = asText(result);
    expect(text).toContain('recovery, opening: p50 p95 p99 max in virtual milliseconds; buffer: ');
    expect(text).toMatch(/^scenario.*\n.* {2}opening/m);
    expect(text).toMatch(/opening +< 30 s p95 +\S+ m?s +\d+ \d+ \d+ \d+ +met/);
    const document = documentFor(result);
    const [scenario] = document.scenarios;
    expect(scenario?.figures).toMatchObject([{ name: 'opening', unit: 'ms', statistic: 'p95' }]);
    expect(scenario?.targets).toMatchObject([{ name: 'opening', unit: 'ms', held: 30_000, verdict: 'met' }]);
    const { samples, p95 } = scenario?.figures[0]?.spread ?? {};
    expect(scenario?.metrics).toMatchObject({ opening_ms: { samples, p95 } });
    expect(scenario?.per_run.opening_us?.samples).toBe(130);
    expect(scenario?.compared).toContainEqual({
      ...{ key: 'opening_us', name: 'opening', unit: 'us', by: [50, 95], more_is_better: false },
      states: `${opening.states}: the most of a run`,
    });
    const page = reportPage(document, null);
    expect(page).toContain('<section id="figures">');
    expect(page).toContain(opening.states);
    expect(junit(document)).toContain('name="target opening"/>');
  });

  test('misses a target that is too much for it', async () => {
    const result = await seedsOf(scenarioWith([{ figure: opening, is: 'below', held: ms(1) }]), 100);
    expect(asText(result)).toMatch(/opening +< 1 ms p95 +.*MISSED/);
    const document = documentFor(result);
    expect(document.scenarios[0]?.targets).toMatchObject([{ verdict: 'missed' }]);
    expect(junit(document)).toMatch(/name="target opening"><failure message="\S+ \S+, promised below 1 ms"/);
    expect(github(document)).toContain(`title=mine/opening%3A target opening::`);
  });

  test('has not enough seeds where so few cannot tell', async () => {
    const result = await seedsOf(kept, 10);
    expect(documentFor(result).scenarios[0]?.targets).toMatchObject([
      { verdict: 'not enough seeds', needed: expect.any(Number) },
    ]);
  });

  test('is judged by the bound of an exception', () => {
    const except: readonly Exception[] = [{ cells: {}, bound: seconds(30), reason: 'planted.' }];
    const scenario = scenarioWith([{ figure: opening, is: 'below', held: 1, except }]);
    const tally = emptyTally();
    for (let seed = 1; seed <= 130; seed++) count(tally, run(scenario, seed), scenario);
    expect(rowsOf(targetsOf(scenario), tally)).toMatchObject([{ verdict: 'bound', cells: 'every cell' }]);
  });

  test('is compared, run by run', async () => {
    const slow = figure({
      ...opening,
      come: (memory, ended) => tenfold(opening.come(memory, ended)),
    } as typeof opening);
    const before = documentFor(await seedsOf(kept, 60));
    const after = documentFor(await seedsOf({ ...kept, figures: [slow], targets: [] }, 60));
    const [scenario] = after.scenarios;
    if (scenario === undefined) throw new Error('no scenario');
    // Runs are the same event by event, and digests with them: the comparison must look all the same.
    const { rows } = compare(before, { ...after, scenarios: [{ ...scenario, digest: 'another' }] });
    expect(rows.filter(({ metric }) => metric.startsWith('opening'))).toMatchObject([
      { metric: 'opening p50', unit: 'us', verdict: 'worse' },
      { metric: 'opening p95' },
    ]);
    expect(parseSweep(JSON.stringify(after))).toEqual({ document: JSON.parse(JSON.stringify(after)) });
  });

  test('is named by `hangup list targets` where a scenario promises it', () => {
    expect(targetsIn([base, kept]).map(({ name }) => name)).toEqual([...Object.keys(session.targets ?? {}), 'opening']);
    expect(targetsIn([kept]).at(-1)?.about).toBe(`${opening.states}: < 30 s p95`);
  });
});

const tenfold = (samples: unknown): readonly number[] => (samples as readonly number[]).map((each) => 10 * each);

/** A figure of every statistic, of which each run says the same. */
const says = <S extends Statistic>(statistic: S, reading: Readings[S], unit: Figure['unit'] = 'count'): FoldedFigure =>
  figure<null, S>({
    name: `says-${statistic}`,
    states: 'the same in every run',
    unit,
    statistic,
    remember: () => null,
    on: { healed() {} },
    come: () => reading,
  });

/** So many runs of one outcome, judged by this. */
function verdictOn(figures: readonly FoldedFigure[], target: TargetUse, runs = 200): unknown {
  const scenario = scenarioWith([target], figures);
  const outcome = run(scenario, '1');
  const tally = emptyTally();
  for (let i = 0; i < runs; i++) count(tally, outcome, scenario);
  return rowsOf(targetsOf(scenario), tally)[0]?.verdict;
}

describe('a protocol that measures nothing of what sessions do', () => {
  const { measure: _, ...speaking } = session;
  const { figures: __, targets: ___, ...bare } = speaking;
  const scenario: SessionScenario = {
    ...kept,
    protocol: bare as typeof session,
    dimensions: { ring: ['short', 'long'], kind: ['old', 'new'] },
  };

  test('has no column, no section and no metric of theirs', async () => {
    const result = await seedsOf(scenario, 20);
    expect(report(result, [], { byCell: true, targets: false }).split('\n')[0]).toMatch(
      /^scenario +runs +laws broken +opening +sometimes$/,
    );
    const document = documentFor(result);
    expect(Object.keys(document.scenarios[0]?.metrics ?? {})).toEqual(['opening_ms', 'events', 'virtual_s']);
    expect(Object.keys(document.scenarios[0]?.per_run ?? {})).toEqual(['opening_us', 'events', 'virtual_us']);
    const page = reportPage(document, null).replace(/<script>[\s\S]*/, '');
    for (const section of ['figure-recovery', 'buffers', 'errors', 'admission'])
      expect(page).not.toContain(`<section id="${section}"`);
    for (const words of ['Streams complete', 'Largest<br>buffer', 'undefined', 'NaN'])
      expect(page).not.toContain(words);
    expect(page).toContain('Opening p95 by ring and kind');
    expect(page).toMatch(/title="\d+ runs?, \d+ samples"/);
  });

  test('may not promise a target of theirs, and is compared by what it measures', async () => {
    await expect(seedsOf({ ...scenario, targets: [{ name: 'recovery' }] }, 1)).rejects.toThrow(
      'expected targets of overhead, or with a figure of its own, got "recovery"',
    );
    const document = documentFor(await seedsOf(scenario, 20));
    const [first] = document.scenarios;
    if (first === undefined) throw new Error('no scenario');
    const text = JSON.stringify({ ...document, scenarios: [{ ...first, digest: 'another' }] });
    const parsed = parseSweep(text);
    if (!('document' in parsed)) throw new Error(parsed.problem);
    const names = compare(document, parsed.document).rows.map(({ metric }) => metric);
    expect(names).toEqual([
      'broken runs',
      ...['opening p50', 'opening p95', 'opening p99'],
      'events mean',
      'virtual time mean',
    ]);
  });
});

describe('every statistic is judged in both directions', () => {
  const mean = says('mean', [3, 5]);
  const most = says('max', 12.5, 'percent');
  const share = says('share', { part: 1, whole: 4 }, 'percent');
  const growth = says('ratio', { before: 100, after: 120 }, 'percent');
  test.each<[of: FoldedFigure, is: Level['is'], held: number, missed: number]>([
    [mean, 'below', 5, 3],
    [mean, 'at most', 4, 3],
    [mean, 'at least', 4, 5],
    [most, 'below', 13, 12],
    [most, 'at most', 12.5, 12],
    [share, 'below', 50, 10],
    [share, 'at most', 50, 0],
    [share, 'at least', 10, 50],
    [growth, 'below', 21, 19],
    [growth, 'at least', 19, 21],
  ])('%o is %s %d, and not %d', (each, is, held, missed) => {
    expect(verdictOn([each], { figure: each, is, held })).toBe('met');
    expect(verdictOn([each], { figure: each, is, held: missed })).toBe('missed');
  });

  test('and a run without anything to say has no part in it', () => {
    const silent = says('share', null, 'percent');
    expect(verdictOn([silent], { figure: silent, is: 'at least', held: 50 })).toBe('not enough seeds');
  });
});

describe('what cannot be measured or judged is refused when a sweep starts, in one line', () => {
  const swept = (changes: Partial<SessionScenario>): Promise<Sweep> => seedsOf({ ...kept, ...changes }, 1);
  const bad = (changes: object): Partial<SessionScenario> => ({
    figures: [{ ...opening, ...changes } as Figure],
    targets: [],
  });
  const onOpening = (changes: object): Partial<SessionScenario> => ({
    targets: [{ figure: opening, is: 'below', held: 1, ...changes } as TargetUse],
  });
  test.each<[what: string, changes: Partial<SessionScenario>, line: string]>([
    ['a figure without a name', bad({ name: 'Catch Up' }), '`figures`: "Catch Up": `name`: expected lower-case words'],
    ['a name that every object has', bad({ name: 'constructor' }), '`name`: expected lower-case words with hyphens'],
    ['two figures of one name', { figures: [opening, { ...opening }], targets: [] }, 'got opening again'],
    [
      'one with the name of the protocol’s',
      bad({ name: 'recovery' }),
      'figures of different names, got recovery again',
    ],
    ['a unit that there is none of', bad({ unit: 'hours' }), '`unit`: expected us, bytes, percent, count, got "hours"'],
    ['a statistic that there is none of', bad({ statistic: 'p42' }), '`statistic`: expected p95, mean'],
    ['a share of microseconds', bad({ statistic: 'share' }), '`unit`: expected percent, in which a share is told'],
    ['a fold that hears nothing', bad({ on: {} }), '`on`: expected kinds of entries of history'],
    ['a fold of what does not exist', bad({ on: { dialed() {} } }), 'got "dialed"'],
    [
      'a target by a name that nobody knows',
      { targets: [{ name: 'opening' }] },
      'expected targets of hangup list targets',
    ],
    [
      'a target on a figure that it does not bring',
      { figures: [] },
      'got one on "opening", which is not in its `figures`',
    ],
    ['a bound that is none', onOpening({ held: Number.NaN }), '`held` of opening to be a number, got NaN'],
    ['no direction', onOpening({ is: 'under' }), 'to be `below`, `at most` or `at least`, got "under"'],
    ['a percentile from below', onOpening({ is: 'at least' }), 'opening, a p95, to be `below` or `at most`'],
    [
      'one target twice',
      { targets: [...(kept.targets ?? []), ...(kept.targets ?? [])] },
      'each target once, got opening again',
    ],
  ])('%s', async (_, changes, line) => {
    const error = await swept(changes).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain('mine/opening: `');
    expect((error as Error).message).toContain(line);
    expect((error as Error).message).not.toContain('\n');
  });

  test('what a fold comes to is no run of its own when it cannot be counted', async () => {
    const wrong = figure({ ...opening, come: () => [1.5] } as typeof opening);
    const result = await swept({ figures: [wrong], targets: [] });
    const [bad] = result.tallies[0]?.tally.bad ?? [];
    expect(bad).toMatchObject({ verdict: 'threw', ended: { ours: false } });
    expect(bad?.ended?.message).toContain('figure `opening`: `come`: expected samples, a list of whole numbers');
  });
});
