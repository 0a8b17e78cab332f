/** How times are written and read: one way each. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatInstant, formatRounded, parseDuration } from '../../src/time.ts';

const durations = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000 }),
  fc.integer({ min: 0, max: 4_000_000_000 }),
  fc.integer({ min: 0, max: 3_000_000_000_000 }),
  fc.integer({ min: 0, max: 5_000 }).map((n) => n * 60_000_000),
);

describe('a time that is written', () => {
  test('as a duration is read back as the same one, to the microsecond', () => {
    fc.assert(fc.property(durations, (d) => void expect(parseDuration(formatDuration(d))).toBe(d)));
  });

  test('as an instant is read back as the same one, to the microsecond', () => {
    fc.assert(fc.property(durations, (t) => void expect(parseDuration(formatInstant(t))).toBe(t)));
  });

  test('as a figure is off by half a percent or half a unit at the most, and written like a duration', () => {
    fc.assert(
      fc.property(durations, (d) => {
        const read = parseDuration(formatRounded(d)) as number;
        expect(Math.abs(read - d)).toBeLessThanOrEqual(Math.max(d / 120, 0.5));
        expect(formatDuration(read)).toBe(formatRounded(d));
      }),
    );
  });

  test.each([
    [0, '0 s', '0.000000 s', '0 s'],
    [250, '250 us', '0.000250 s', '250 us'],
    [12_345, '12.345 ms', '0.012345 s', '12.3 ms'],
    [999_999, '999.999 ms', '0.999999 s', '1 s'],
    [9_506_882, '9.506882 s', '9.506882 s', '9.51 s'],
    [117_184_000, '1 min 57.184 s', '1 min 57.184000 s', '1 min 57 s'],
    [122_500_000, '2 min 2.5 s', '2 min 2.500000 s', '2 min 3 s'],
    [3_600_000_000, '1 h', '1 h 0.000000 s', '1 h'],
    [3_840_000_000, '1 h 4 min', '1 h 4 min 0.000000 s', '1 h 4 min'],
    [2_592_000_000_000, '720 h', '720 h 0.000000 s', '720 h'],
    [-1500, '-1.5 ms', '', '-1.5 ms'],
  ])('%i us is %s, as an instant %s, as a figure %s', (d, duration, instant, figure) => {
    expect(formatDuration(d)).toBe(duration);
    if (d >= 0) expect(formatInstant(d)).toBe(instant);
    expect(formatRounded(d)).toBe(figure);
  });
});

test.each([
  ...['2 min 2.5', '2 s 3 min', '1 h 4', 's', '', ' ', '1.5 min 2 s', '5 s 5 s', '1  s', '1 min ', ' 1 s', '1\ts'],
  ...['1 min  2 s', '1.5m30s', 'PT1.5M2S', 'P1.5DT1S', 'PT', 'P', 'PT5'],
])('%j is no duration', (text) => expect(parseDuration(text)).toBeUndefined());
