/** Designs of a search: which candidates there are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { variedOf } from '../../../sim/cli/lab/vary.ts';
import { gridOf, randomOf, type Varied, valuesOf } from '../../../sim/lab/experiment/design.ts';
import { between, spread } from '../../../sim/lab/experiment/spacing.ts';

describe('values between two ends', () => {
  const ends = fc
    .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 1_000_000 }))
    .map(([a, b]) => ({ least: a, most: a + b }));

  test('begin and end there, ascend, and are as far apart as powers or sums say, to three digits', () => {
    fc.assert(
      fc.property(
        ends,
        fc.constantFrom('log', 'linear'),
        fc.integer({ min: 2, max: 30 }),
        ({ least, most }, spacing, count) => {
          const values = spread(least, most, count, spacing);
          expect([values[0], values.at(-1)]).toEqual([least, most]);
          expect(values).toEqual(values.toSorted((a, b) => a - b));
          for (const [nth, value] of values.entries()) {
            const share = nth / (count - 1);
            const exact = spacing === 'linear' ? least + (most - least) * share : least * (most / least) ** share;
            expect(Math.abs(value - exact)).toBeLessThanOrEqual(exact * 0.00501);
          }
        },
      ),
    );
  });

  test('stay inside, whatever is asked for', () => {
    fc.assert(
      fc.property(
        ends,
        fc.double({ min: -1, max: 2, noNaN: true }),
        fc.constantFrom('log', 'linear'),
        ({ least, most }, share, spacing) => {
          const value = between(least, most, share, spacing);
          expect(value >= least && value <= most).toBe(true);
        },
      ),
    );
  });
});

describe('a design', () => {
  const two: readonly Varied[] = [variedOf('base=100ms..10s/3'), variedOf('jitter.kind=full,equal')];

  test('of a grid has every combination once, the last knob fastest', () => {
    expect(gridOf(two)).toEqual(
      ['100ms', '1s', '10s'].flatMap((base) =>
        ['full', 'equal'].map((kind) => [
          ['base', base],
          ['jitter.kind', kind],
        ]),
      ),
    );
  });

  test('that is random has one value in each part of a range, whichever seed drew it', () => {
    const range = [variedOf('cap=1s..1001s:linear')];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (seed) => {
        const caps = randomOf(range, 100, seed).map(([[, value] = ['', '']]) => value);
        const parts = caps.map((cap) => Math.floor((seconds(cap) - 1) / 10));
        // A value is rounded to three digits, so one at the edge of a part may be counted in its neighbour, or be another's.
        for (let nth = 0; nth < 100; nth++) expect(parts.some((part) => Math.abs(part - nth) <= 1)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('that is random is the same for the same seed, and another one for another', () => {
    const ranges = [variedOf('base=100ms..10s'), variedOf('cap=20s..200s')];
    expect(randomOf(ranges, 20, 7)).toEqual(randomOf(ranges, 20, 7));
    expect(randomOf(ranges, 20, 7)).not.toEqual(randomOf(ranges, 20, 8));
  });
});

const seconds = (text: string): number =>
  text.endsWith('ms')
    ? Number(text.slice(0, -2)) / 1000
    : text.endsWith('m')
      ? Number(text.slice(0, -1)) * 60
      : Number(text.slice(0, -1));

describe('--vary', () => {
  test.each([
    ['base=100ms..10s', ['100ms', '316ms', '1s', '3160ms', '10s']],
    ['base=100..10000', ['100', '316', '1000', '3160', '10000']],
    ['cap=5s..20s/4:linear', ['5s', '10s', '15s', '20s']],
    ['cap=10s..20s', ['10s', '12500ms', '15s', '17500ms', '20s']],
    ['delay.factor=1.5..3/4', ['1.5', '2', '2.5', '3']],
    ['attemptsMax=2..10/5', ['2', '3', '4', '7', '10']],
    ['jitter.floor=0s..2s/3', ['0us', '1s', '2s']],
    ['cap=5s, 7s', ['5s', '7s']],
  ])('%s is %j', (text, values) => {
    expect(valuesOf(variedOf(text))).toEqual(values);
  });

  test.each([
    'base',
    '=3s',
    'base=',
    'base=1s..',
    'base=2s..1s',
    'base=1s..5',
    'cap=0s..5s:log',
    'cap=1s..2s/1',
    'cap=1s..2s/3:cubic',
    'cap=NaN..2s',
    'cap=-1s..2s',
    'cap=5s,5s',
    'cap=5s,',
  ])('%s is refused in one line', (text) => {
    expect(() => variedOf(text)).toThrow(/^--vary/);
  });
});
