import { describe, expect, test } from 'vitest';
import { dice } from '../../sim/core/dice.ts';
import { planAt, run } from '../../sim/core/run.ts';
import { sweep } from '../../sim/explore/sweep.ts';
import { digestOf } from '../../sim/explore/tally.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import type { Figure } from '../../sim/figures/figure.ts';
import { Corpus } from '../../sim/search/corpus.ts';
import { groundOf, isSound } from '../../sim/search/ground.ts';
import { GENERATION, Guided } from '../../sim/search/guided.ts';
import { Maximised } from '../../sim/search/maximised.ts';
import { mutate } from '../../sim/search/mutate.ts';
import { FIGURES } from '../../sim/session/figures/catalogue.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';

const json = scenarioNamed('midstream/json') as SessionScenario;
const observed = { observed: { coverage: false, traces: true, objective: null } };
const RUNS = 2 * GENERATION + 8;

const guidedBy = async (portion: number) => {
  const guided = new Guided({ scenario: json, runs: RUNS, from: 1, overrides: {} });
  const { tallies } = await sweep({ scenarios: [json], seeds: 1, jobs: 1, portion, targets: false }, [], {
    casesOf: () => guided,
    observed,
  });
  const tally = tallies[0]?.tally;
  if (tally === undefined) throw new Error('nothing was run');
  return { runs: tally.runs, digest: digestOf(tally), kept: guided.corpus.kept, features: guided.corpus.features };
};

describe('a guided search', () => {
  test('is the same whatever the portions, and makes as many runs as it was given', async () => {
    const whole = await guidedBy(200);
    expect(whole.runs).toBe(RUNS);
    expect(await guidedBy(7)).toEqual(whole);
    expect(whole.kept.length).toBeGreaterThan(10);
  });

  test('begins with what seeds draw, and goes on with changes of what was kept', () => {
    const guided = new Guided({ scenario: json, runs: RUNS, from: 1, overrides: {} });
    const first = guided.from(0, 2);
    expect(first.map(({ seed }) => seed)).toEqual(['1', '2']);
    expect(first[0]?.plan).toEqual(planAt(json, '1'));
    expect(first[1]?.plan).toEqual(planAt(json, '2', { faults: 'all' }));
    // Two generations are made at the beginning, and the third of what the first one met.
    expect(guided.from(2 * GENERATION, 1)).toEqual([]);
  });
});

test('mutations can be carried out, are in order, and have no more harm in them than plans that seeds draw', () => {
  const ground = groundOf(json, '1', {});
  const { world, faults, menu } = ground;
  let plan: FaultPlan = planAt(json, '1', { faults: 'all' });
  const sizes = new Set<number>();
  let changed = 0;
  let hung = 0;
  for (let i = 0; i < 400; i++) {
    const next = mutate(plan, { dice: dice(`mutations/${i}`), ground, other: planAt(json, '2', { faults: 'all' }) });
    expect(isSound(next, world, faults)).toBe(true);
    expect(next.length).toBeLessThanOrEqual(12);
    expect(next.map(({ at }) => at)).toEqual(next.map(({ at }) => at).toSorted((a, b) => a - b));
    for (const { lasts = 0 } of next as readonly { lasts?: number }[])
      expect(lasts).toBeLessThanOrEqual(1.1 * Math.max(menu.lasts[1], ...(menu.scales ?? [])));
    if (JSON.stringify(next) !== JSON.stringify(plan)) changed++;
    sizes.add(next.length);
    if (next.some(({ upon }) => upon !== undefined)) hung++;
    plan = next;
  }
  expect(changed).toBeGreaterThan(380);
  expect(sizes.size).toBeGreaterThan(5);
  expect(hung).toBeGreaterThan(20);
});

describe('a corpus', () => {
  const trace = (features: readonly number[], score = 0) => ({ features, score });

  test('keeps a run that met something new, and no other', () => {
    const corpus = new Corpus();
    expect(corpus.note('1', [], trace([1, 2]))).toBe(true);
    expect(corpus.note('2', [], trace([1]))).toBe(false);
    expect(corpus.note('3', [], trace([2, 3]))).toBe(true);
    expect(corpus.kept.map(({ seed, features }) => [seed, features])).toEqual([
      ['1', [1, 2]],
      ['3', [3]],
    ]);
    expect(corpus.features).toBe(3);
  });

  test('prefers what was met rarely', () => {
    const corpus = new Corpus();
    corpus.note('often', [], trace([1]));
    for (let i = 0; i < 20; i++) corpus.note('again', [], trace([1]));
    corpus.note('rarely', [], trace([2]));
    const picked = Array.from({ length: 100 }, (_, i) => corpus.pick(dice(`pick/${i}`)).seed);
    expect(picked.filter((seed) => seed === 'rarely').length).toBeGreaterThan(80);
  });

  test('climbs from the farthest, where there is a way', () => {
    const corpus = new Corpus();
    for (let i = 0; i < 20; i++) corpus.note(`${i}`, [], trace([i], i));
    expect(corpus.farthest.map(({ score }) => score)).toEqual([19, 18, 17, 16, 15, 14, 13, 12]);
  });
});

test('the worst that climbing found is what its plan comes to, and both ways had as many runs', async () => {
  const figure = FIGURES.recovery as Figure;
  const maximised = new Maximised({ scenario: json, runs: 40, from: 1, overrides: {} }, figure);
  const { tallies } = await sweep({ scenarios: [json], seeds: 1, jobs: 1, portion: 9, targets: false }, [], {
    casesOf: () => maximised,
    observed: { observed: { ...observed.observed, objective: 'recovery' } },
  });
  expect(tallies[0]?.tally.runs).toBe(80);
  for (const found of [maximised.worst, maximised.random]) {
    if (found === null) throw new Error('nothing was measured');
    const { recovery } = run(json, found.seed, { plan: found.plan }).figures;
    expect(Math.max(...recovery)).toBe(found.score);
  }
});
