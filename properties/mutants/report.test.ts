/** What a mutation report comes to, and that a sample is one of all lines of code and always the same. */
import { describe, expect, test } from 'vitest';
import { interval, type MutationReport, scoresOf, survivorsOf } from './report.ts';
import { filesOf, sampleOf } from './sample.ts';

const mutant = (status: 'Killed' | 'Survived' | 'Timeout' | 'NoCoverage' | 'RuntimeError', line: number) => ({
  ...{ mutatorName: 'BooleanLiteral', replacement: 'false', status },
  location: { start: { line, column: 9 }, end: { line, column: 13 } },
});
const REPORT: MutationReport = {
  files: {
    'src/link/a.ts': {
      source: 'let a = true;\nlet b = true;\n',
      mutants: [mutant('Killed', 1), mutant('Survived', 2)],
    },
    'src/session/b.ts': {
      source: 'let a = true;\n',
      mutants: [mutant('Timeout', 1), mutant('RuntimeError', 1), mutant('NoCoverage', 1)],
    },
  },
};

describe('a mutation report', () => {
  test('counts what was noticed, by room and in all; what cannot run says nothing', () => {
    const scores = scoresOf(REPORT);
    expect(scores.get('src/link')).toEqual({ killed: 1, of: 2 });
    expect(scores.get('src/session')).toEqual({ killed: 1, of: 2 });
    expect(scores.get('')).toEqual({ killed: 2, of: 4 });
  });

  test('names each survivor by its place, and what stood there', () => {
    expect(survivorsOf(REPORT)).toEqual([
      'src/link/a.ts:2:9 BooleanLiteral: true -> false',
      'src/session/b.ts:1:9 BooleanLiteral: true -> false, which no test runs',
    ]);
  });

  test('an interval narrows with the sample and holds the share', () => {
    const [least, most] = interval({ killed: 85, of: 100 });
    expect(least).toBeCloseTo(76.7, 1);
    expect(most).toBeCloseTo(90.7, 1);
    expect(interval({ killed: 0, of: 0 })).toEqual([0, 100]);
  });
});

describe('a sample of lines', () => {
  test('is the same for a seed, another for another, and never names a line twice', () => {
    const files = filesOf('src/link/');
    const sample = sampleOf(files, 40, '1');
    expect(sample).toEqual(sampleOf(files, 40, '1'));
    expect(sample).not.toEqual(sampleOf(files, 40, '2'));
    expect(new Set(sample).size).toBe(40);
    for (const line of sample) expect(line).toMatch(/^src\/link\/.*\.ts:\d+-\d+$/);
  });

  test('is all lines of code where it asks for more than there are', () => {
    const files = filesOf('src/count.ts');
    expect(sampleOf(files, 1000, '1').length).toBe(sampleOf(files, 1000, '2').length);
  });
});
