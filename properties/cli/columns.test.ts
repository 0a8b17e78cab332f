/** Tables fit the width at hand, whole: nothing in them is cut, and a name can be pasted from them at any width. */
import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { hanging, share, table, widthOf } from '../../sim/cli/columns.ts';
import { excludedBy, notEnough } from '../../sim/report/words.ts';

const cell = fc.string({ unit: fc.constantFrom('a', 'B', '7', '.', '/', '-'), minLength: 1, maxLength: 30 });
const tables = fc
  .integer({ min: 1, max: 12 })
  .chain((columns) =>
    fc.tuple(
      fc.array(cell, { minLength: columns, maxLength: columns }),
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 5 }),
    ),
  );
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours, which take no room.
const plain = (text: string): string => text.replace(/\u001b\[\d+m/g, '');

describe('a table', () => {
  test('is as wide as it may be at the most, and holds every cell in one piece and in its order', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 40, max: 200 }), ([head, rows], width) => {
        const text = plain(table(head, rows, width));
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
        expect(text.split(/\s+/).filter((word) => word !== '')).toEqual([head, ...rows].flat());
      }),
    );
  });

  test('takes one line a row where it fits, and more where it does not, which stand under the first', () => {
    const rows = [['midstream/text', 60, '447 4888 4888 4888', '6/6']] as const;
    const head = ['scenario', 'runs', 'recovery', 'sometimes'];
    expect(plain(table(head, rows, 60))).toBe(
      ['scenario        runs  recovery            sometimes', 'midstream/text  60    447 4888 4888 4888  6/6'].join(
        '\n',
      ),
    );
    expect(plain(table(head, rows, 40))).toBe(
      ['scenario        runs  recovery', '  sometimes', 'midstream/text  60    447 4888 4888 4888', '  6/6'].join('\n'),
    );
  });

  test('is aligned whatever its colours, and a line end in a name begins no row', () => {
    const colours = pc.createColors(true);
    const text = table(
      ['a', 'b'],
      [
        [colours.red('xx'), 'y'],
        ['x\n::error::z', 'y'],
      ],
      80,
    );
    expect(text.split('\n')).toHaveLength(3);
    expect(
      plain(text)
        .split('\n')
        .map((line) => line.trimEnd().lastIndexOf(line.trimEnd().at(-1) ?? '')),
    ).toEqual(new Array(3).fill('x ::error::z  '.length));
  });
});

test('the width is the terminal’s; off a terminal it is what COLUMNS says, or always the same', () => {
  expect(widthOf({ isTTY: true, columns: 93 }, undefined)).toBe(93);
  expect(widthOf({ isTTY: true, columns: 0 }, undefined)).toBe(120);
  expect(widthOf({ isTTY: false, columns: undefined as never }, '100')).toBe(100);
  expect(widthOf({ isTTY: false, columns: undefined as never }, 'wide')).toBe(120);
  expect(widthOf({ isTTY: true, columns: 7 }, undefined)).toBe(40);
});

test('a sentence of a list hangs below its name on a terminal, and is one line for a search elsewhere', () => {
  const text = 'one two three four five six seven eight nine ten';
  expect(hanging(text, 10, { isTTY: true, columns: 40 })).toBe(
    'one two three four five six\n          seven eight nine ten',
  );
  expect(hanging(text, 10, { isTTY: false, columns: 40 })).toBe(text);
});

test('a share is whole only when it is, and nothing of nothing is no share', () => {
  expect([share(3, 3), share(0, 3), share(999_999, 1_000_000), share(9_999_999, 10_000_000), share(0, 0)]).toEqual([
    '100',
    '0',
    '99.999',
    '99.999',
    '-',
  ]);
});

test('what is not judged says why, and so many clean runs say what they exclude in runs', () => {
  expect(notEnough(5_400, { runs: 60, samples: 3 })).toBe('not enough seeds (5,400 needed)');
  expect(notEnough(null, { runs: 60, samples: 0 })).toBe('not enough seeds (no sample in 60 runs)');
  expect(notEnough(null, { runs: 0, samples: 0 })).toBe('not enough seeds (no run yet)');
  expect(notEnough(null, { runs: 60, samples: 60 })).toMatch(/more than 1,000,000 needed/);
  expect(excludedBy(60)).toBe('a bug shows in at most 1 run of 20 (95 % confidence)');
  expect(excludedBy(5)).toBe('');
});
