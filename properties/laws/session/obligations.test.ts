/** PROTOCOL.md says of each of its obligations which law judges it: every section is there, every law is one, and every law has its place. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LAWS } from './all.ts';

interface Row {
  readonly section: string;
  readonly obligation: string;
  readonly judges: readonly string[];
  readonly reason: string;
}

/** The sections of a protocol's text, and the rows of its table. */
function read(text: string): { readonly sections: readonly string[]; readonly rows: readonly Row[] } {
  const [body = '', judged = ''] = text.split('\n## What is judged\n');
  const rows = judged.split('\n').flatMap((line): Row[] => {
    const [, section, obligation, by] = /^\| (.+?) \| (.+?) \| (.+) \|$/.exec(line) ?? [];
    if (section === undefined || obligation === undefined || by === undefined || section === 'section') return [];
    const [names = '', ...reason] = by.split(/: | \(/);
    const judges = names.startsWith('none') ? [] : names.split(', ');
    return [{ section, obligation, judges, reason: reason.join(': ') }];
  });
  return { sections: [...body.matchAll(/^## (.+)$/gm)].map(([, name]) => name as string), rows };
}

/** What is wrong with a table. */
function flawsOf({ sections, rows }: ReturnType<typeof read>, laws: readonly string[]): string[] {
  const judging = new Set(rows.flatMap(({ judges }) => judges));
  return [
    ...sections.filter((name) => !rows.some(({ section }) => section === name)).map((name) => `${name}: no row`),
    ...rows.filter(({ section }) => !sections.includes(section)).map(({ section }) => `${section}: no such section`),
    ...[...judging].filter((name) => !laws.includes(name)).map((name) => `${name}: no such law`),
    ...laws.filter((name) => !judging.has(name)).map((name) => `${name}: judges nothing`),
    ...rows
      .filter(({ judges, reason }) => judges.length === 0 && reason === '')
      .map(({ obligation }) => `${obligation}: no law, and no reason`),
  ];
}

const NAMES = LAWS.map(({ name }) => name);
const text = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');

test('every obligation of the protocol has a law, or a reason for having none', () => {
  const table = read(text);
  expect(table.rows.length).toBeGreaterThan(30);
  expect(flawsOf(table, NAMES)).toEqual([]);
});

test('a section, a law or a reason that is missing is found', () => {
  const table = read(text);
  const [first] = table.rows;
  expect(flawsOf({ ...table, sections: [...table.sections, 'Poems'] }, NAMES)).toEqual(['Poems: no row']);
  expect(flawsOf(table, [...NAMES, 'mercy'])).toEqual(['mercy: judges nothing']);
  expect(
    flawsOf(
      table,
      NAMES.filter((name) => name !== 'prefix'),
    ),
  ).toEqual(['prefix: no such law']);
  const bare = { ...(first as Row), judges: [], reason: '' };
  expect(flawsOf({ ...table, rows: [...table.rows, bare] }, NAMES)).toEqual([
    `${bare.obligation}: no law, and no reason`,
  ]);
  expect(flawsOf({ ...table, rows: [...table.rows, { ...bare, section: 'Poems', reason: 'x' }] }, NAMES)).toEqual([
    'Poems: no such section',
  ]);
});
