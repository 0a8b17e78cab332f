/** A difference may be sure and yet not worth a word: verdicts of differences that are small beside the reference. */
import { expect, test } from 'vitest';
import type { LabMetric } from '../../../sim/lab/experiment/document.ts';
import { differencesOf, type Sample } from '../../../sim/lab/experiment/estimates.ts';

const METRIC: LabMetric = { name: 'recovery_p99', unit: 's', better: 'less', states: '', shown: true };
const BASE = Array.from({ length: 20 }, (_, nth) => 20 + (nth % 5) / 10);
const NOISE = BASE.map((_, nth) => (nth % 2 === 0 ? 1e-4 : -1e-4));

const sample = (contender: string, values: readonly number[]): Sample => ({
  ...{ storm: 'storm', contender, phase: 'estimate', from: 0 },
  rows: values.map((value) => [value]) as unknown as Sample['rows'],
});

const verdict = (shift: number, leastChange: number, better: LabMetric['better'] = 'less', base = BASE) =>
  differencesOf(
    [
      sample('a', base),
      sample(
        'b',
        base.map((value, nth) => value + shift + (NOISE[nth] as number)),
      ),
    ],
    { contender: 'a', chosenByRows: false },
    [{ ...METRIC, better }],
    { confidence: 0.95, leastChange },
  )[0]?.verdict;

test('a difference that is sure counts from the least change on, in either direction', () => {
  expect(verdict(0.1, 0.01)).toBe('too small to count');
  expect(verdict(-0.1, 0.01)).toBe('too small to count');
  expect(verdict(0.3, 0.01)).toBe('worse');
  expect(verdict(-0.3, 0.01)).toBe('better');
  expect(verdict(-0.3, 0.01, 'more')).toBe('worse');
  expect(verdict(-0.3, 0.02)).toBe('too small to count');
});

test('with a least change of 0, and beside a reference of 0, every sure difference counts', () => {
  expect(verdict(0.001, 0)).toBe('worse');
  expect(
    verdict(
      0.001,
      0.01,
      'less',
      BASE.map(() => 0),
    ),
  ).toBe('worse');
});

test('a difference that may be luck is none, however large it is', () => {
  expect(verdict(0, 0.000001)).toBe('no difference seen');
});
