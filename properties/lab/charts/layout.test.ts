/** What pictures are laid out with: places of labels, widths of text, colours. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearAxis, logAxis } from '../../../sim/lab/charts/chart.ts';
import { dodged } from '../../../sim/lab/charts/dodge.ts';
import { chosen, figure, inUnit, percent, titleOf } from '../../../sim/lab/charts/figure.ts';
import { fitted, textWidth } from '../../../sim/lab/charts/font.ts';
import { quantity } from '../../../sim/lab/charts/heat-scatter.ts';
import { letterOf, SERIES_MOST, seriesOf, TOKENS } from '../../../sim/lab/charts/palette.ts';
import { compact } from '../../../sim/lab/charts/svg.ts';

describe('labels along a line', () => {
  const wanted = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 12 });

  test('keep their distance and their order, and stay within the line where there is room', () => {
    fc.assert(
      fc.property(wanted, (places) => {
        const got = dodged(places, 10, 0, 300);
        const order = places.map((_, nth) => nth).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0) || a - b);
        for (const [rank, nth] of order.entries()) {
          expect(got[nth]).toBeGreaterThanOrEqual(0);
          expect(got[nth]).toBeLessThanOrEqual(300 + 1e-9);
          if (rank > 0)
            expect((got[nth] ?? 0) - (got[order[rank - 1] as number] ?? 0)).toBeGreaterThanOrEqual(10 - 1e-9);
        }
      }),
    );
  });

  test('stand where they belong if nobody is near', () => {
    expect(dodged([100, 20, 250], 10, 0, 300)).toEqual([100, 20, 250]);
    expect(dodged([100, 100], 10, 0, 300)).toEqual([95, 105]);
  });
});

describe('text', () => {
  test('is as wide as in Helvetica, whose widths are published: W 944, i 222, 0 556, space 278 thousandths', () => {
    for (const [char, thousandths] of [
      ['W', 944],
      ['i', 222],
      ['0', 556],
      [' ', 278],
      ['M', 833],
    ] as const)
      expect(Math.round(textWidth(char, 1000))).toBe(thousandths);
    expect(Math.round(textWidth('i', 1000, 'bold'))).toBe(278);
  });

  test('that is too long keeps its beginning and its end, and never more than its room', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }),
        fc.integer({ min: 20, max: 200 }),
        (text, room) => {
          const shown = fitted(text, room, 9);
          expect(textWidth(shown, 9)).toBeLessThanOrEqual(room);
          if (shown !== text && shown !== '…') {
            const [head = '', tail = ''] = shown.split('…');
            expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('axes', () => {
  test('have two ticks or more, within their domain, in order', () => {
    const ends = fc.tuple(
      fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
      fc.double({ min: 2, max: 1e5, noNaN: true }),
    );
    fc.assert(
      fc.property(ends, ([least, times]) => {
        for (const axis of [linearAxis(least, least * times), ...(times > 12 ? [logAxis(least, least * times)] : [])]) {
          expect(axis.ticks.length).toBeGreaterThan(axis.type === 'linear' ? 1 : 0);
          expect(axis.ticks.length).toBeLessThan(13);
          for (const [nth, tick] of axis.ticks.entries()) {
            expect(tick).toBeGreaterThanOrEqual(axis.domain[0] * (1 - 1e-6));
            expect(tick).toBeLessThanOrEqual(axis.domain[1] * (1 + 1e-6));
            if (nth > 0) expect(tick).toBeGreaterThan(axis.ticks[nth - 1] as number);
          }
          expect([axis.at(axis.domain[0]), axis.at(axis.domain[1])]).toEqual([0, expect.closeTo(1, 9)]);
        }
      }),
    );
  });
});

test('figures have three digits, and say so when there is none', () => {
  const pairs: readonly (readonly [number | null, string])[] = [
    [0, '0'],
    [null, '–'],
    [Number.NaN, '–'],
    [30.44, '30.4'],
    [1.406, '1.41'],
    [9.996, '10.0'],
    [99.96, '100'],
    [5971.4, '5,971'],
    [-2.5, '−2.50'],
    [0.01234, '0.0123'],
    [0.0000123, '1.2×10⁻⁵'],
    [1234567, '1,234,567'],
  ];
  for (const [value, text] of pairs) expect(figure(value)).toBe(text);
  expect([inUnit('s', 0.85), inUnit('s', 5971), inUnit('ratio', 1.406), inUnit('count', 2.887)]).toEqual([
    '850 ms',
    '5,971 s',
    '1.41×',
    '2.89',
  ]);
  expect([chosen(60), chosen(0.1), chosen(1800), chosen(7200), chosen(90)]).toEqual([
    '60 s',
    '100 ms',
    '30 min',
    '2 h',
    '90 s',
  ]);
  expect([percent(0.99), percent(1), percent(0.9999), percent(0.005)]).toEqual(['99 %', '100 %', '> 99.9 %', '0.5 %']);
  expect(titleOf('recovery_p999')).toBe('time until 99.9 % are back');
  expect([quantity('250ms'), quantity('1m30s'), quantity('1.6'), quantity('x')]).toEqual([0.25, 90, 1.6, Number.NaN]);
});

describe('colours', () => {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
    return (high + 0.05) / (low + 0.05);
  };

  test.each([0, 1] as const)('stand out from the page, text by 4.5 and marks by 3 (theme %i)', (theme) => {
    const paper = TOKENS.paper[theme];
    for (const token of ['ink', 'ink2', 'ink3', 'broken', 'data', 'lost', 'ack', 'late', 'held'] as const)
      expect([token, contrast(TOKENS[token][theme], paper) >= 4.5]).toEqual([token, true]);
    for (const token of ['ink', 'ink2', 'ink3'] as const)
      expect([token, contrast(TOKENS[token][theme], TOKENS.band[theme]) >= 4.5]).toEqual([token, true]);
  });

  test('are each written in one way, so that a page can put its own in their place', () => {
    const all = Object.values(TOKENS).map(([light]) => light);
    expect(new Set(all).size).toBe(all.length);
  });

  test('and dashes and letters tell policies apart', () => {
    const looks = Array.from({ length: SERIES_MOST }, (_, nth) => seriesOf(nth));
    expect(new Set(looks.map(({ token, dash }) => `${token} ${dash}`)).size).toBe(SERIES_MOST);
    expect(new Set(looks.map(({ letter }) => letter)).size).toBe(SERIES_MOST);
    expect([0, 25, 26, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
  });
});

test('a smaller SVG says the same: boxes that touch still touch, and text keeps its digits', () => {
  const svg =
    '<svg><path d="M0.333333,1h0.333333v2h-0.333333Z" fill="#0b5cad"/><path d="M0.666666,1h0.333333v2h-0.333333Z" fill="#0b5cad"/><text x="1.23456">d="1.23456" 7.654321</text></svg>';
  expect(compact(svg)).toBe(
    '<svg><path d="M0.33,1h0.34v2h-0.34ZM0.67,1h0.33v2h-0.33Z" fill="#0b5cad"/><text x="1.23">d="1.23456" 7.654321</text></svg>',
  );
});
