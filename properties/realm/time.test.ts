/** A realm is in UTC and speaks English, wherever this machine stands: what it says is what Node says that stands there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alone } from './alone.ts';

const EXPRESSIONS = [
  'new Date(2026, 6, 1, 2, 30).toISOString()',
  "new Date('2026-03-29T02:30').toISOString()",
  "new Date('2026-03-29').toISOString()",
  "new Date('2026-03-29T02:30:00+02:00').toISOString()",
  "new Date('Mar 29, 2026 02:30').toISOString()",
  "new Date('Mar 29, 2026 02:30 PST').toISOString()",
  "new Date('Sun Mar 29 2026 02:30:00 GMT+0200 (CEST)').toISOString()",
  "new Date('2026-03-29 02:30').toISOString()",
  "new Date('2026-03-29 02:30 -0500').toISOString()",
  "String(new Date('no date'))",
  'String(new Date(-1e15))',
  'new Date(0).toDateString() + new Date(0).toTimeString()',
  'new Date(0).toLocaleString()',
  "new Date(0).toLocaleDateString('de-DE')",
  "new Date(0).toLocaleString('en-GB', { timeZone: 'America/New_York' })",
  'new Date(99, 0).getFullYear() + new Date(99, 0).getYear()',
  'new Date(2026, 5, 1).getTimezoneOffset()',
  'new Date(new Date(2026, 5, 1).setHours(25)).toISOString()',
  'new Date(new Date(2026, 5, 1).setFullYear(2020, 1, 29)).getDay()',
  'new Date({ valueOf: () => 7 }).getTime() + new Date(new Date(5)).getTime()',
  'new Date(2026, 0, 1, 0, 0, 0, NaN).getTime()',
  'new (class Day extends Date {})(5) instanceof Date',
  'Date.name + Date.length + (new Date().constructor === Date) + Date.prototype.setHours.length',
  'Intl.DateTimeFormat().resolvedOptions().timeZone + Intl.DateTimeFormat().resolvedOptions().locale',
  "new Intl.NumberFormat('xx').resolvedOptions().locale",
  "new Intl.DateTimeFormat('fr', { dateStyle: 'long' }).format(new Date(0))",
  '[1234.5, new Date(0), 1234567n].toLocaleString()',
  "(1234.5).toLocaleString('de')",
  "['z', 'a', '\\u00e4'].sort((one, other) => one.localeCompare(other)).join()",
  "'i'.toLocaleUpperCase() + 'i'.toLocaleUpperCase('tr')",
];
const CODE = `for (const say of [${EXPRESSIONS.map((each) => `() => ${each}`).join(',\n')}]) console.log(String(say()));`;

/** What a script says in a process that stands somewhere else. */
function said(script: string, env: Readonly<Record<string, string>>): readonly string[] {
  const path = join(mkdtempSync(join(tmpdir(), 'hangup-time-')), 'script.mjs');
  writeFileSync(path, script);
  const options = { env: { ...process.env, ...env }, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, ['--import', import.meta.resolve('tsx'), path], options)
    .trim()
    .split('\n');
}

test('Dates, numbers and words are those of Node in UTC and English, in Kolkata and in German, too', () => {
  const there = { TZ: 'Asia/Kolkata', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };
  const wanted = said(CODE, { TZ: 'UTC', LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8' });
  const inside = said(
    `const { alone } = await import(${JSON.stringify(new URL('./alone.ts', import.meta.url).href)});
    console.log(new Date(0).getHours());
    for (const line of alone(${JSON.stringify(CODE)}).said) console.log(line);`,
    there,
  );
  expect(inside[0], 'the host itself stands there').toBe('5');
  const pairs = (lines: readonly string[]) => EXPRESSIONS.map((each, i) => `${each}: ${lines[i]}`);
  expect(pairs(inside.slice(1))).toEqual(pairs(wanted));
});

test('Time is that of the world: it stands still in a step, and a wall clock begins in 2026', () => {
  const code =
    'const then = Date.now(); for (let i = 0; i < 1e5; i++); console.log(Date.now() - then, new Date(then).toISOString()); setTimeout(() => console.log(Date.now() - then, performance.now(), performance.timeOrigin === then), 1500);';
  expect(alone(code).said).toEqual(['0 2026-01-01T00:00:00.000Z', '1500 1500 true']);
});

test('Marks are kept, and measured from one to the other', () => {
  const code =
    "performance.mark('a'); setTimeout(() => { performance.mark('b'); console.log(performance.measure('m', 'a', 'b').duration, performance.getEntriesByType('mark').length); }, 30);";
  expect(alone(code).said).toEqual(['30 2']);
});
