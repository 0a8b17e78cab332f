import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { sweep as sweepCases } from '../../sim/explore/sweep.ts';
import { digestOf } from '../../sim/explore/tally.ts';
import { coarseToFine } from '../../sim/search/coarse.ts';
import { exhaustive } from '../../sim/search/exhaustive.ts';
import { groundOf } from '../../sim/search/ground.ts';
import { lengthsFor } from '../../sim/search/lengths.ts';
import { momentsOf } from '../../sim/search/moments.ts';
import { faultAt, variantsOf } from '../../sim/search/variants.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { type Instant, seconds, us } from '../../src/time.ts';

const json = scenarioNamed('midstream/json') as SessionScenario;
const ground = groundOf(json, '1', {});

test('an order from coarse to fine has every number once, and the middle first', () => {
  for (const count of [0, 1, 2, 7, 100]) {
    const order = [...coarseToFine(count)];
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  }
  expect([...coarseToFine(7)]).toEqual([3, 1, 5, 0, 2, 4, 6]);
});

test('faults last shorter and longer than each bound, once between two, and once for no time to speak of', () => {
  expect(lengthsFor([seconds(10), seconds(300)])).toEqual([
    us(200_000),
    us(7_500_000),
    us(12_500_000),
    us(375_000_000),
  ]);
  // Nothing lies between two bounds that are nearly one.
  expect(lengthsFor([seconds(10), seconds(11)])).toEqual([us(200_000), us(7_500_000), us(13_750_000)]);
});

describe('the moments of a run', () => {
  const { events, moments } = momentsOf(ground);

  test('are all instants at which anything happens, each once, with the first event there', () => {
    const at: number[] = [];
    const seen = new Set<number>();
    run(json, '1', { plan: [], witness: (entry) => seen.add(entry.at) });
    for (const moment of moments) at.push(moment.at);
    expect(at).toEqual([...new Set(at)].toSorted((a, b) => a - b));
    expect(events).toBe(run(json, '1', { plan: [] }).events);
    expect([...seen].filter((each) => !at.includes(each))).toEqual([]);
    expect(moments.length).toBeGreaterThan(100);
  });

  test('miss none: a fault between two of them finds what one at the second finds', () => {
    // A reset in the middle of a stretch, and at its end: the same machines are told, in the same order.
    const reset = variantsOf(ground).find(({ kind }) => kind === 'reset');
    const names = (at: number): readonly string[] => {
      const said: string[] = [];
      run(json, '1', {
        plan: [faultAt(reset as never, at as Instant)],
        witness: ({ kind, node, at: when }) => void (when < at && said.push(`${kind} ${node}`)),
      });
      return said;
    };
    for (const [i, { at }] of moments.entries()) {
      const before = moments[i - 1];
      if (before === undefined || at - before.at < 2 || i % 40 !== 0) continue;
      expect(names(before.at + 1)).toEqual(names(at));
    }
  });
});

describe('the faults of a search', () => {
  const variants = variantsOf(ground);

  test('are of every kind that hits something, on each of its targets, each once', () => {
    expect(new Set(variants.map(({ kind }) => kind))).toEqual(new Set(ground.kinds.map(({ name }) => name)));
    expect(new Set(variants.map((each) => JSON.stringify(each))).size).toBe(variants.length);
    const crashed = new Set(variants.filter(({ kind }) => kind === 'crash').map(({ target }) => target));
    expect(crashed).toEqual(new Set(['s1', 's2']));
  });

  test('have every choice of a few, and every length that matters', () => {
    const cuts = variants.filter(({ kind, target }) => kind === 'cut' && target === 'c1-lb');
    expect(new Set(cuts.map(({ direction }) => direction))).toEqual(new Set(['both', 'up', 'down']));
    expect(new Set(cuts.map(({ lasts }) => lasts)).size).toBe(lengthsFor(ground.thresholds).length);
    expect(cuts).toHaveLength(3 * lengthsFor(ground.thresholds).length);
  });

  test('are only those of the kinds that were chosen', () => {
    const chosen = variantsOf(groundOf(json, '1', { faults: ['cut', 'reset'] }));
    expect(new Set(chosen.map(({ kind }) => kind))).toEqual(new Set(['cut', 'reset']));
  });
});

describe('an exhaustive search', () => {
  const swept = { from: 1, seeds: 2 };
  const faults = { faults: ['reset', 'tokenRevoked'] };

  test('has every fault at every moment of every seed, each run once', () => {
    const cases = exhaustive(json, swept, faults);
    const all = cases.from(0, cases.size + 1);
    expect(all).toHaveLength(cases.size);
    expect(new Set(all.map(({ seed, name }) => `${seed} ${name}`)).size).toBe(cases.size);
    expect(new Set(all.map(({ seed, plan }) => JSON.stringify([seed, plan]))).size).toBe(cases.size);
    expect(cases.size).toBe(cases.searched.reduce((sum, { moments, faults }) => sum + moments * faults, 0));
    // In portions it is the same.
    const portions = [];
    for (let i = 0; i < cases.size; i += 333) portions.push(...cases.from(i, 333));
    expect(portions).toEqual(all);
  });

  test('has one result whatever the portions', async () => {
    const cases = exhaustive(json, { from: 1, seeds: 1 }, { faults: ['reset'] });
    const few = { ...cases, size: 24 };
    const digests = [];
    for (const portion of [7, 24]) {
      const { tallies } = await sweepCases({ scenarios: [json], seeds: 1, jobs: 1, portion, targets: false }, [], {
        casesOf: () => few,
      });
      digests.push([digestOf(tallies[0]!.tally), tallies[0]!.tally.runs]);
    }
    expect(digests[0]).toEqual(digests[1]);
    expect(digests[0]?.[1]).toBe(24);
  });
});
