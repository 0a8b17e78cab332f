/** What realms say beside what Chromium and Node said: whoever changes either finds out here. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROGRAMS } from './catalogue.ts';
import { compare, sideBySide } from './compared.ts';
import { DIFFERENCES, differencesOf, NOT_RUN } from './differences.ts';
import { type Real, realOf, recorded } from './expected.ts';
import { listed, listedIn, PAGE } from './listed.ts';
import type { Logs, Program } from './program.ts';
import { runRealm } from './realm.ts';

const KEPT = { chromium: recorded('chromium').programs, node: recorded('node').programs };
const expectedOf = (program: Program): readonly Logs[] => KEPT[realOf(program)][program.name] ?? [];
const runnable = PROGRAMS.filter(({ name }) => !Object.hasOwn(NOT_RUN, name));

/** What is wrong with each program, in the words of `npm run conformance`. */
function faultsOf(real: Real): string[] {
  return runnable
    .filter((program) => realOf(program) === real)
    .flatMap((program) => {
      const verdict = compare(runRealm(program), expectedOf(program), differencesOf(program.name));
      if (verdict.kind === 'not recorded') return [`${program.name} is not recorded`];
      if (verdict.kind !== 'differs') return [];
      const rows = sideBySide(verdict.expected, verdict.got, ['recorded', 'realm']);
      return [`${program.name} ${verdict.note}`, ...rows];
    });
}

describe('a realm', () => {
  test('says what Chromium says in every situation, but for the differences that are listed', () => {
    expect(faultsOf('chromium')).toEqual([]);
  });

  test('says what Node says in every situation, but for the differences that are listed', () => {
    expect(faultsOf('node')).toEqual([]);
  });

  test('is found out by one line that is another one, missing, or one too many', () => {
    const program = PROGRAMS.find(({ name }) => name === 'server-closes-4000') as Program;
    const got = runRealm(program);
    const { client = [], server = [] } = got;
    const listed = differencesOf(program.name);
    expect(compare(got, [got], listed).kind).toBe('agrees');
    for (const other of [
      { client: [...client.slice(0, -1), 'close 4001 "because" "clean" 3'], server },
      { client: client.slice(0, -1), server },
      { client, server: [...server, 'closed'] },
      { client, server, tab: ['sees nothing'] },
    ])
      expect(compare(other, [got], listed).kind).toBe('differs');
  });
});

describe('the list of differences', () => {
  test('names programs that there are', () => {
    const names = new Set(PROGRAMS.map(({ name }) => name));
    const named = [...DIFFERENCES.map(({ program }) => program), ...Object.keys(NOT_RUN)];
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  test('stands in docs/real.md as it is (`npm run conformance -- --list` writes it there)', () => {
    expect(listedIn(readFileSync(PAGE, 'utf8'))).toBe(listed());
  });
});
