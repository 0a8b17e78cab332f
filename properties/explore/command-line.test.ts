/** Lines to paste: a shell makes of them the very arguments that the sweep was given. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSweep } from '../../sim/compare/read.ts';
import { NOTHING_GIVEN as none } from '../../sim/core/overrides.ts';
import { argumentsText, pasteLine, shellWord } from '../../sim/explore/command-line.ts';
import { junit } from '../../sim/report/junit.ts';
import { reportPage } from '../../sim/report/page.ts';
import { brokenDocument } from '../report/sample.ts';

/** The arguments that a shell makes of each line. */
function wordsOf(lines: readonly string[]): string[][] {
  const script = lines.map((line) => `printf '%s\\0' ${line}; printf '\\0'`).join('\n');
  const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  return stdout
    .split('\0\0')
    .slice(0, -1)
    .map((words) => words.split('\0'));
}

describe('a line to paste', () => {
  test('stays as it is where a shell sees nothing in it', () => {
    const origin = { ...none, cell: 'condition=late', faults: 'cut,sleep', network: './a.down,/b/c-1.up' };
    expect(pasteLine('midstream/text', 'k7f3', origin)).toBe(
      'npx hangup replay midstream/text@k7f3 --cell condition=late --faults cut,sleep --network ./a.down,/b/c-1.up',
    );
    expect(pasteLine('midstream/text', 'k7f3', none)).toBe('npx hangup replay midstream/text@k7f3');
  });

  test('has words in single quotes where a path holds a space, a quote or a sign of the shell', () => {
    expect(argumentsText({ ...none, input: "it's mine.txt" })).toBe("--input 'it'\\''s mine.txt'");
    for (const text of ['', '~', '$HOME', '`ls`', 'a;b', '*', 'a#b', 'a\\b', 'ä'])
      expect(shellWord(text)).toBe(`'${text}'`);
  });

  test('holds nothing that a terminal would obey, and no second line, whatever a path is called', () => {
    expect(shellWord("a\n::error::it's \u001b[31m\\\u202e")).toBe(
      "$'a\\x0a::error::it\\'s \\x1b[31m\\\\\\xe2\\x80\\xae'",
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => !/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(shellWord(text)),
      ),
    );
  });

  test('reaches the command as it was given, whatever a path is called', () => {
    const paths = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));
    const origins = fc.record({ input: paths, schema: paths, network: paths });
    fc.assert(
      fc.property(fc.array(origins, { minLength: 1, maxLength: 40 }), (all) => {
        const lines = all.map((each) => pasteLine('midstream/text', '1', { ...none, ...each }));
        expect(wordsOf(lines)).toEqual(
          all.map(({ input, schema, network }) => [
            ...['npx', 'hangup', 'replay', 'midstream/text@1'],
            ...['--input', input, '--network', network, '--schema', schema],
          ]),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('comes through reports and comparisons', () => {
    const paste = pasteLine('midstream/json', 'k7f3', { ...none, input: "my  file's.json" });
    const sample = brokenDocument();
    const document = {
      ...sample,
      scenarios: sample.scenarios.map((each) => ({ ...each, broken: each.broken.map((one) => ({ ...one, paste })) })),
    };
    const escaped = paste.replaceAll("'", '&#39;');
    expect(junit(document)).toContain(`\n${escaped}<`);
    expect(reportPage(document, null)).toContain(`<code tabindex="0">${escaped}</code>`);
    const read = parseSweep(JSON.stringify(document));
    expect('document' in read && read.document.scenarios[1]?.broken[0]?.paste).toBe(paste);
  });
});
