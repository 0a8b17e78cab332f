/** What a sweep keeps of each seed: in order, whoever ran the portions, and nothing where it cannot say whose run is whose. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seedText } from '../../sim/core/seeds.ts';
import {
  badColumnOf,
  columnOf,
  emptyPerSeed,
  mergePerSeed,
  noteSeed,
  PER_SEED_MAX,
  type PerSeed,
  perSeedDocument,
} from '../../sim/explore/per-seed.ts';
import { countEnded, emptyTally, foldDigests, merge } from '../../sim/explore/tally.ts';
import { START } from '../../src/time.ts';

interface Run {
  readonly bad: boolean;
  readonly values: Readonly<Record<string, number | null>>;
}

const noted = (from: number, runs: readonly Run[]): PerSeed | null =>
  runs.reduce<PerSeed | null>(
    (into, { bad, values }, index) => noteSeed(into, seedText(from + index), bad, values),
    emptyPerSeed(),
  );

/** A run that threw has no values at all. */
const RUN: fc.Arbitrary<Run> = fc.oneof(
  fc.record({
    bad: fc.boolean(),
    values: fc.record({ recovery_us: fc.option(fc.nat({ max: 2 ** 40 })), events: fc.nat() }),
  }),
  fc.constant({ bad: true, values: {} }),
);

describe('what each seed came to', () => {
  test('adds up to the same columns, however the seeds were portioned', () => {
    fc.assert(
      fc.property(
        fc.array(RUN, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.array(fc.nat({ max: 40 }), { maxLength: 5 }),
        (runs, from, cuts) => {
          const bounds = [0, ...cuts.filter((cut) => cut < runs.length).sort((a, b) => a - b), runs.length];
          let merged: PerSeed | null = emptyPerSeed();
          for (const [index, end] of bounds.slice(1).entries()) {
            const start = bounds[index] as number;
            // As a journal or a worker hands it over.
            const portion = JSON.parse(JSON.stringify(noted(from + start, runs.slice(start, end))));
            merged = mergePerSeed(merged, portion);
          }
          const keys = ['recovery_us', 'events', 'never'];
          const document = perSeedDocument(merged, runs.length, keys);
          expect(document).toEqual(perSeedDocument(noted(from, runs), runs.length, keys));
          if (document === null) throw new Error('expected columns');
          for (const key of keys)
            expect([...(columnOf(document.values[key], runs.length) ?? [])]).toEqual(
              runs.map(({ values }) => values[key] ?? Number.NaN),
            );
          expect([...(badColumnOf(document.bad, runs.length) ?? [])]).toEqual(runs.map(({ bad }) => (bad ? 1 : 0)));
          expect(document).toMatchObject({ format: 'hangup/per-seed/1', from: seedText(from), runs: runs.length });
        },
      ),
    );
  });

  const run: Run = { bad: false, values: { events: 7 } };

  test('is nothing when seeds do not follow each other', () => {
    const [one, other] = [noted(5, [run, run]), noted(8, [run])];
    expect(mergePerSeed(one, other)).toBe(null);
    expect(noteSeed(noted(5, [run]), seedText(5), false, {})).toBe(null);
    expect(mergePerSeed(null, noted(5, [run]))).toBe(null);
    // A journal of before it was noted.
    expect(mergePerSeed(noted(5, [run]), undefined)).toBe(null);
    expect(perSeedDocument(null, 3, ['events'])).toBe(null);
    expect(perSeedDocument(noted(5, [run, run]), 3, ['events'])).toBe(null);
  });

  test('is nothing of a search, and of a sweep without an end', () => {
    const ended = { verdict: 'threw', message: '', event: 0, at: START, stack: '', ours: false } as const;
    const at = (seed: number, named: object) => {
      const tally = emptyTally();
      countEnded(tally, { seed: seedText(seed), cell: {}, plan: null, ...named }, ended);
      return tally;
    };
    const swept = emptyTally();
    merge(swept, at(1, {}));
    merge(swept, at(2, {}));
    expect(perSeedDocument(swept.perSeed, 2, ['events'])).toMatchObject({ bad: '0 1', values: { events: '- -' } });
    const searched = emptyTally();
    merge(searched, at(1, { name: '1-0' }));
    expect(searched.perSeed).toBe(null);
    foldDigests(swept);
    merge(swept, at(3, {}));
    expect(swept.perSeed).toBe(null);
  });

  test('is kept of the first 100,000 seeds', () => {
    const many = emptyPerSeed();
    for (let seed = 0; seed < PER_SEED_MAX + 3; seed++)
      noteSeed(many, seedText(seed), seed >= PER_SEED_MAX - 1, run.values);
    const next = noted(PER_SEED_MAX + 3, [{ bad: true, values: { events: 9 } }]);
    const merged = mergePerSeed(many, next);
    const document = perSeedDocument(merged, PER_SEED_MAX + 4, ['events']);
    expect(document?.runs).toBe(PER_SEED_MAX);
    expect(columnOf(document?.values.events, PER_SEED_MAX)?.at(-1)).toBe(7);
    expect(document?.bad).toBe(String(PER_SEED_MAX - 1));
    const late = mergePerSeed(noted(0, [run]), { ...many, from: 1 } as PerSeed);
    expect(late?.values.events).toHaveLength(PER_SEED_MAX);
  });
});
